/** Whether two settings mean the same, however the service has written them down. */

/** Text that is the same for settings that mean the same: keys in order, a list of one as its only member, lists of texts in order. */
export function canonical(value: unknown): string {
    return JSON.stringify(simplify(value)) ?? "undefined";
}

function simplify(value: unknown): unknown {
    if (Array.isArray(value)) {
        const members = value.map(simplify);
        if (members.length === 1) return members[0];
        return members.every((member) => typeof member === "string") ? [...members].sort() : members;
    }
    if (typeof value !== "object" || value === null) return value;
    const entries = Object.entries(value).filter(([, member]) => member !== undefined).sort(([left], [right]) => (left < right ? -1 : 1));
    return Object.fromEntries(entries.map(([name, member]) => [name, simplify(member)]));
}
