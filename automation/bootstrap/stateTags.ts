/** How what `bootstrap` makes is told apart: it belongs to no stack, so nothing that sweeps a stack may take it. */

/** Tags of the state bucket and its key. */
export function stateTags(project: string): Readonly<Record<string, string>> {
    return { Project: project, ManagedBy: "firstlight-bootstrap" };
}

/** Whether all of the tags are there, with these values. Others beside them are somebody's own. */
export function hasTags(tags: Readonly<Record<string, string>>, wanted: Readonly<Record<string, string>>): boolean {
    return Object.entries(wanted).every(([name, value]) => tags[name] === value);
}
