/** Where a state machine goes: one level of it, since nothing leads from a map or a branch to the states around it. */
import type { StateFields } from "./definitions.ts";

export type States = Readonly<Record<string, StateFields>>;

/** Names of the states that may come next: chosen, by default, after an error, or simply next. They need not exist. */
export function targetsOf(fields: StateFields): readonly string[] {
    const choices = listOf(fields["Choices"]);
    const named = [fields["Next"], fields["Default"], ...[...choices, ...listOf(fields["Catch"])].map(({ Next }) => Next)];
    return [...new Set(named.filter((name) => typeof name === "string"))];
}

export function findReachable(start: string, states: States): ReadonlySet<string> {
    const found = new Set([start]);
    for (const name of found) for (const target of targetsOf(states[name] ?? {})) found.add(target);
    return found;
}

/** Loops that pass none of the states left out, each by the names of its states in order. */
export function findLoops(states: States, isLeftOut: (fields: StateFields) => boolean): readonly (readonly string[])[] {
    const left = Object.fromEntries(Object.entries(states).filter(([, fields]) => !isLeftOut(fields)));
    const after = new Map(Object.keys(left).map((name) => {
        const seen = new Set(targetsOf(left[name] ?? {}).filter((target) => target in left));
        for (const each of seen) for (const target of targetsOf(left[each] ?? {})) if (target in left) seen.add(target);
        return [name, seen] as const;
    }));
    const around = (name: string): readonly string[] => [...after]
        .filter(([other, seen]) => after.get(name)?.has(other) === true && seen.has(name)).map(([other]) => other);
    const loops = [...after].filter(([name, seen]) => seen.has(name)).map(([name]) => around(name));
    return loops.filter((loop, index) => loops.findIndex(([first]) => first === loop[0]) === index);
}

/** Items of a field that holds a list of objects. */
export function listOf(value: unknown): readonly StateFields[] {
    return Array.isArray(value) ? value.filter((item): item is StateFields => typeof item === "object" && item !== null) : [];
}
