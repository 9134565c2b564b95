/** The longest chain of resources that had to wait for each other: making anything else faster would not have helped. Pure. */
import type { HtmlReportInput } from "../htmlInput.ts";

type Resource = Pick<HtmlReportInput["resources"][number], "urn" | "parent" | "dependencies">;

export interface ChainLink {
    readonly urn: string;
    readonly durationMs: number;
}

/**
 * Durations along the chain are summed; a resource without a duration took none and may still stand between two that did. A resource waits
 * for what it depends on and for its parent; whoever depends on a component waits for everything in it, as the engine has it.
 *
 * @param durations milliseconds by URN
 * @returns in the order of waiting, without links that took no time; empty when nothing took any
 */
export function findCriticalPath(resources: readonly Resource[], durations: ReadonlyMap<string, number>): readonly ChainLink[] {
    const waitsFor = findPredecessors(resources);
    const longest = new Map<string, { readonly totalMs: number; readonly before: string | undefined }>();
    for (const urn of inOrder(waitsFor)) {
        let best: { totalMs: number; before: string | undefined } = { totalMs: 0, before: undefined };
        for (const before of waitsFor.get(urn) ?? []) {
            const totalMs = longest.get(before)?.totalMs ?? 0;
            if (totalMs > best.totalMs) best = { totalMs, before };
        }
        longest.set(urn, { totalMs: best.totalMs + (durations.get(urn) ?? 0), before: best.before });
    }
    const chain: ChainLink[] = [];
    let urn = [...longest].reduce<string | undefined>((last, [each, { totalMs }]) => (totalMs > (longest.get(last ?? "")?.totalMs ?? 0) ? each : last), undefined);
    for (; urn !== undefined; urn = longest.get(urn)?.before) chain.unshift({ urn, durationMs: durations.get(urn) ?? 0 });
    return chain.filter(({ durationMs }) => durationMs > 0);
}

function findPredecessors(resources: readonly Resource[]): ReadonlyMap<string, readonly string[]> {
    const known = new Set(resources.map(({ urn }) => urn));
    const children = new Map<string, string[]>();
    for (const { urn, parent } of resources) if (parent !== undefined) children.set(parent, [...children.get(parent) ?? [], urn]);
    const within = (urn: string): readonly string[] => [urn, ...(children.get(urn) ?? []).flatMap(within)];
    const parents = new Map(resources.map(({ urn, parent }) => [urn, parent]));
    const isAbove = (ancestor: string, urn: string): boolean => {
        for (let above = parents.get(urn); above !== undefined; above = parents.get(above)) if (above === ancestor) return true;
        return false;
    };
    return new Map(resources.map(({ urn, parent, dependencies }) => {
        const expanded = dependencies.flatMap((dependency) => (isAbove(dependency, urn) ? [dependency] : within(dependency)));
        return [
            urn,
            [...new Set([...expanded, ...(parent === undefined ? [] : [parent])])].filter((each) => known.has(each) && each !== urn),
        ];
    }));
}

/** Each after what it waits for. A cycle, which no engine lets through, is cut where it is met. */
function inOrder(waitsFor: ReadonlyMap<string, readonly string[]>): readonly string[] {
    const ordered = new Set<string>();
    const entered = new Set<string>();
    const visit = (urn: string): void => {
        if (entered.has(urn)) return;
        entered.add(urn);
        for (const before of waitsFor.get(urn) ?? []) visit(before);
        ordered.add(urn);
    };
    for (const urn of waitsFor.keys()) visit(urn);
    return [...ordered];
}
