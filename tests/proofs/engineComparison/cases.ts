/** The cases of the comparison: each is a program of its own stack, and what becomes of it in two to four further runs. */
import { createRandom } from "../proof.ts";
import type { ProgramDescription } from "./description.ts";
import { EDITS, change, pick, randomProgram, remove } from "./draft.ts";
import type { EditKind, Edited, Random } from "./draft.ts";
import type { PlannedFailure } from "./world.ts";

export type CaseKind = EditKind | "protect" | "retainOnDelete" | "failure" | "deletedWith" | "programError" | "destroy" | "noChange";

export interface CaseStep {
    /** Undefined destroys the stack. */
    readonly program: ProgramDescription | undefined;
    readonly failure?: PlannedFailure | undefined;
    /** What this step is there to show. */
    readonly kinds: readonly CaseKind[];
}

export interface ComparisonCase {
    readonly id: string;
    readonly steps: readonly CaseStep[];
}

/** Every theme gives the same number of cases; each brings at least one step of its kind. */
const THEMES = ["create", "update", "replace", "rename", "ignoreChanges", "deleteBeforeReplace", "remove", "protect", "retainOnDelete", "failure"] as const;
const CASES_PER_THEME = 54;
const ATTEMPTS = 20;
const SIDE_EDITS: readonly EditKind[] = ["create", "update", "replace", "rename", "remove", "dependsOn", "secret", "replaceOnChanges", "deleteBeforeReplace"];

interface Combined extends Edited {
    readonly kinds: readonly EditKind[];
    readonly calls: readonly PlannedFailure[];
}

/** The first edit is of the given kind; up to two others follow. */
function combine(start: ProgramDescription, kind: EditKind, random: Random): Combined | undefined {
    let edited = EDITS[kind](start, random);
    if (edited === undefined) return undefined;
    const kinds: EditKind[] = [kind];
    const calls = edited.call === undefined ? [] : [edited.call];
    const { name } = edited;
    for (let extra = Math.floor(random() * 3); extra > 0; extra--) {
        const sideKind = pick(SIDE_EDITS, random) ?? "update";
        const next: Edited | undefined = EDITS[sideKind](edited.program, random);
        // The themed resource must stay as the theme made it.
        if (next === undefined || next.name === name || !next.program.resources.some((resource) => resource.name === name || kind === "remove")) continue;
        edited = next;
        kinds.push(sideKind);
        if (next.call !== undefined) calls.push(next.call);
    }
    return { program: edited.program, name, kinds, calls };
}

function lastStep(program: ProgramDescription, random: Random): CaseStep[] {
    const choice = random();
    if (choice < 0.25) return [{ program: undefined, kinds: ["destroy"] }];
    if (choice < 0.4) return [{ program, kinds: ["noChange"] }];
    if (choice < 0.5) return [{ program: { ...program, resources: program.resources.slice(0, -1), outputs: {}, throws: "the program gives up" }, kinds: ["programError"] }];
    const edited = choice < 0.9 ? combine(program, pick(SIDE_EDITS, random) ?? "update", random) : undefined;
    return edited === undefined ? [] : [{ program: edited.program, kinds: edited.kinds }];
}

function editSteps(kind: EditKind, start: ProgramDescription, random: Random): CaseStep[] | undefined {
    const edited = combine(start, kind, random);
    if (edited === undefined) return undefined;
    return [{ program: start, kinds: [] }, { program: edited.program, kinds: edited.kinds }, ...lastStep(edited.program, random)];
}

/** Deleting or replacing what is protected is refused; after protect is taken away it goes through. */
function protectSteps(start: ProgramDescription, random: Random): CaseStep[] | undefined {
    const edited = EDITS[random() < 0.5 ? "replace" : "remove"](start, random);
    const isCustom = start.resources.some(({ name, kind }) => name === edited?.name && kind !== "Group");
    if (edited === undefined || !isCustom) return undefined;
    const base = change(start, edited.name, { options: { protect: true } });
    const attempt = change(edited.program, edited.name, { options: { protect: true } });
    const side = random() < 0.5 ? EDITS.update(attempt, random)?.program ?? attempt : attempt;
    const unprotected = change(start, edited.name, { options: { protect: false } });
    return [
        { program: base, kinds: [] }, { program: side, kinds: ["protect"] },
        { program: unprotected, kinds: [] }, { program: random() < 0.3 ? undefined : edited.program, kinds: [] },
    ];
}

function retainSteps(start: ProgramDescription, random: Random): CaseStep[] | undefined {
    const edited = EDITS[random() < 0.4 ? "replace" : "remove"](start, random);
    if (edited === undefined) return undefined;
    const retained = change(start, edited.name, { options: { retainOnDelete: true } });
    return [
        ...(random() < 0.5 ? [{ program: start, kinds: [] }] : []), { program: retained, kinds: [] },
        { program: random() < 0.2 ? undefined : change(edited.program, edited.name, { options: { retainOnDelete: true } }), kinds: ["retainOnDelete"] },
        ...(random() < 0.3 ? [{ program: undefined, kinds: ["destroy"] as const }] : []),
    ];
}

/** One call is refused, in the first run or in a later one; the next run is not refused anything. */
function failureSteps(start: ProgramDescription, random: Random): CaseStep[] | undefined {
    if (random() < 0.2) {
        const victim = pick(start.resources.filter(({ kind }) => kind !== "Group"), random);
        if (victim === undefined) return undefined;
        return [{ program: start, failure: { operation: "create", name: victim.name }, kinds: ["failure"] }, { program: start, kinds: [] }, ...lastStep(start, random)];
    }
    const edited = combine(start, pick(["create", "update", "replace", "remove", "deleteBeforeReplace"] as const, random) ?? "update", random);
    const failure = pick(edited?.calls ?? [], random);
    if (edited === undefined || failure === undefined || edited.kinds.includes("rename")) return undefined;
    const isAbandoned = random() < 0.3;
    return [
        { program: start, kinds: [] }, { program: edited.program, failure, kinds: ["failure"] },
        { program: isAbandoned ? start : edited.program, kinds: [] }, ...(random() < 0.25 ? [{ program: undefined, kinds: ["destroy"] as const }] : []),
    ];
}

/** Something that is deleted with another is not deleted by a call of its own. */
function deletedWithSteps(start: ProgramDescription, random: Random): CaseStep[] | undefined {
    const host = pick(start.resources.filter(({ kind }) => kind !== "Group"), random);
    if (host === undefined) return undefined;
    const guest = { kind: "Thing", name: `${host.name}guest`, args: { value: "x" }, options: { deletedWith: host.name } } as const;
    const base = { ...start, resources: [...start.resources, guest] };
    return [{ program: base, kinds: [] }, { program: random() < 0.5 ? remove(base, guest.name) : undefined, kinds: ["deletedWith"] }];
}

function stepsFor(theme: typeof THEMES[number], random: Random): CaseStep[] | undefined {
    const start = randomProgram(random);
    switch (theme) {
        case "protect": return protectSteps(start, random);
        case "retainOnDelete": return random() < 0.1 ? deletedWithSteps(start, random) : retainSteps(start, random);
        case "failure": return failureSteps(start, random);
        default: return editSteps(theme, start, random);
    }
}

/** All cases of a seed, themes in turn, so that every shard and every sample has all of them. */
export function createCases(seed: number): ComparisonCase[] {
    const cases: ComparisonCase[] = [];
    for (let round = 0; round < CASES_PER_THEME; round++) {
        for (const [index, theme] of THEMES.entries()) {
            const random = createRandom(seed * 1_000_003 + round * THEMES.length + index);
            let steps: CaseStep[] | undefined;
            for (let attempt = 0; attempt < ATTEMPTS && steps === undefined; attempt++) steps = stepsFor(theme, random);
            if (steps !== undefined) cases.push({ id: `${theme}-${round + 1}`, steps });
        }
    }
    return cases;
}
