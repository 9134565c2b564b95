/**
 * The cases of the comparison. A case is one stack and three to four runs of it. Programs whose runs all succeed share a stack, one
 * of each theme, as independent groups of resources; a program with a run that must fail has a stack of its own.
 */
import { createRandom } from "../proof.ts";
import type { ArgumentMap, ProgramDescription } from "./description.ts";
import { EDITS, change, isUsed, pick, randomProgram, remove } from "./draft.ts";
import type { EditKind, Edited, Random } from "./draft.ts";
import type { PlannedFailure } from "./world.ts";

export type CaseKind = EditKind | "protect" | "retainOnDelete" | "failure" | "deletedWith" | "programError" | "destroy" | "noChange";

/** What a run is there to show, for one program of the stack. */
export interface Claim {
    readonly kinds: readonly CaseKind[];
    /** Names of the program's resources, before and after the run. */
    readonly names: ReadonlySet<string>;
}

export interface CaseStep {
    /** All programs of the stack as one; undefined destroys the stack. */
    readonly program: ProgramDescription | undefined;
    readonly failure?: PlannedFailure | undefined;
    readonly claims: readonly Claim[];
}

export interface ComparisonCase {
    readonly id: string;
    /** How many generated programs the stack holds. */
    readonly programs: number;
    readonly steps: readonly CaseStep[];
}

/** One program through its runs, before it is put into a stack. */
interface ProgramStep {
    readonly program: ProgramDescription | undefined;
    readonly failure?: PlannedFailure | undefined;
    readonly kinds: readonly CaseKind[];
}

const SHARED_THEMES = ["create", "update", "replace", "rename", "ignoreChanges", "deleteBeforeReplace", "remove", "retainOnDelete"] as const;
const OWN_THEMES = ["protect", "failure"] as const;
const ROUNDS = 82;
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

function editSteps(kind: EditKind, start: ProgramDescription, random: Random): ProgramStep[] | undefined {
    const edited = combine(start, kind, random);
    if (edited === undefined) return undefined;
    const again = random() < 0.6 ? combine(edited.program, pick(SIDE_EDITS, random) ?? "update", random) : undefined;
    return [
        { program: start, kinds: [] }, { program: edited.program, kinds: edited.kinds },
        again === undefined ? { program: edited.program, kinds: ["noChange"] } : { program: again.program, kinds: again.kinds },
    ];
}

/** What is retained leaves the state, when it is removed or replaced, and stays in the cloud. */
function retainSteps(start: ProgramDescription, random: Random): ProgramStep[] | undefined {
    const edited = EDITS[random() < 0.4 ? "replace" : "remove"](start, random);
    if (edited === undefined) return undefined;
    const retained = change(start, edited.name, { options: { retainOnDelete: true } });
    return [
        { program: random() < 0.5 ? start : retained, kinds: [] }, { program: retained, kinds: [] },
        { program: change(edited.program, edited.name, { options: { retainOnDelete: true } }), kinds: ["retainOnDelete"] },
    ];
}

/** Something that is deleted with another is not deleted by a call of its own. */
function deletedWithSteps(start: ProgramDescription, random: Random): ProgramStep[] | undefined {
    const host = pick(start.resources.filter(({ kind, name }) => kind !== "Group" && !isUsed(start, name)), random);
    if (host === undefined) return undefined;
    const guest = { kind: "Thing", name: `${host.name}guest`, args: { value: "x" }, options: { deletedWith: host.name } } as const;
    const base = { ...start, resources: [...start.resources, guest] };
    const without = remove(base, guest.name);
    const ends = [without, remove(without, host.name), change(base, host.name, { args: { size: "another" } })];
    return [{ program: base, kinds: [] }, { program: base, kinds: ["noChange"] }, { program: pick(ends, random) ?? without, kinds: ["deletedWith"] }];
}

/** Deleting or replacing what is protected is refused; after protect is taken away it goes through. */
function protectSteps(start: ProgramDescription, random: Random): ProgramStep[] | undefined {
    const edited = EDITS[random() < 0.5 ? "replace" : "remove"](start, random);
    const isCustom = start.resources.some(({ name, kind }) => name === edited?.name && kind !== "Group");
    if (edited === undefined || !isCustom) return undefined;
    const base = change(start, edited.name, { options: { protect: true } });
    const attempt = change(edited.program, edited.name, { options: { protect: true } });
    const side = random() < 0.5 ? EDITS.update(attempt, random)?.program ?? attempt : attempt;
    const unprotected = change(start, edited.name, { options: { protect: false } });
    return [
        { program: base, kinds: [] }, { program: side, kinds: ["protect"] },
        { program: unprotected, kinds: [] }, ...(random() < 0.4 ? [{ program: edited.program, kinds: [] }] : []),
    ];
}

/** One call is refused, in the first run or in a later one; the next run is not refused anything. */
function failureSteps(start: ProgramDescription, random: Random): ProgramStep[] | undefined {
    if (random() < 0.2) {
        const victim = pick(start.resources.filter(({ kind }) => kind !== "Group"), random);
        if (victim === undefined) return undefined;
        return [{ program: start, failure: { operation: "create", name: victim.name }, kinds: ["failure"] }, { program: start, kinds: [] }];
    }
    if (random() < 0.15) {
        const { outputs: _, ...left } = { ...start, resources: start.resources.slice(0, -1) };
        return [{ program: start, kinds: [] }, { program: { ...left, throws: "the program gives up" }, kinds: ["programError"] }, { program: start, kinds: ["noChange"] }];
    }
    const kind = pick(["create", "update", "replace", "remove", "deleteBeforeReplace"] as const, random) ?? "update";
    const edited = combine(start, kind, random);
    const failure = pick(edited?.calls ?? [], random);
    if (edited === undefined || failure === undefined || edited.kinds.includes("rename")) return undefined;
    // Which of several deletes come before a failed one is left to chance by the real engine, so there is only the one.
    if (failure.operation === "delete" && (edited.kinds.length > 1 || isUsed(start, failure.name))) return undefined;
    const resumed = random() < 0.3 ? start : edited.program;
    return [{ program: start, kinds: [] }, { program: edited.program, failure, kinds: ["failure"] }, { program: random() < 0.15 ? undefined : resumed, kinds: [] }];
}

function stepsFor(theme: typeof SHARED_THEMES[number] | typeof OWN_THEMES[number], random: Random): readonly ProgramStep[] {
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
        const start = randomProgram(random);
        const steps = theme === "protect" ? protectSteps(start, random) : theme === "failure" ? failureSteps(start, random)
            : theme !== "retainOnDelete" ? editSteps(theme, start, random) : random() < 0.15 ? deletedWithSteps(start, random) : retainSteps(start, random);
        if (steps !== undefined) return steps;
    }
    throw new Error(`no program with ${theme} in ${ATTEMPTS} attempts`);
}

function namesOf(steps: readonly ProgramStep[]): ReadonlySet<string> {
    return new Set(steps.flatMap(({ program }) => program?.resources.map(({ name }) => name) ?? []));
}

function merge(programs: readonly ProgramDescription[]): ProgramDescription {
    const outputs: [string, ArgumentMap][] = programs.map((program, index) => [`program${index + 1}`, program.outputs ?? {}]);
    const [{ throws } = {}] = programs;
    return { resources: programs.flatMap(({ resources }) => resources), outputs: Object.fromEntries(outputs), ...(throws === undefined ? {} : { throws }) };
}

/** Puts programs with the same number of runs into one stack. */
function share(id: string, members: readonly (readonly ProgramStep[])[], endsDestroyed: boolean): ComparisonCase {
    const names = members.map(namesOf);
    const steps = (members[0] ?? []).map((first, run): CaseStep => {
        const current = members.map((steps) => steps[run]?.program).filter((program) => program !== undefined);
        return {
            program: first.program === undefined ? undefined : merge(current), failure: first.failure,
            claims: members.map((steps, index): Claim => ({ kinds: steps[run]?.kinds ?? [], names: names[index] ?? new Set() })),
        };
    });
    const end: CaseStep = { program: undefined, claims: names.map((own) => ({ kinds: ["destroy"], names: own })) };
    return { id, programs: members.length, steps: endsDestroyed ? [...steps, end] : steps };
}

/** All cases of a seed. */
export function createCases(seed: number): ComparisonCase[] {
    const cases: ComparisonCase[] = [];
    for (let round = 1; round <= ROUNDS; round++) {
        const random = createRandom(seed * 1_000_003 + round);
        const members = SHARED_THEMES.map((theme) => stepsFor(theme, random));
        const all = members.flatMap((steps) => [...namesOf(steps)]);
        // Names are drawn; the same name twice would be one resource.
        const distinct = new Set(all).size === all.length ? members : members.slice(0, 1);
        cases.push(share(`shared-${round}`, distinct, random() < 0.3), ...OWN_THEMES.map((theme) => share(`${theme}-${round}`, [stepsFor(theme, random)], false)));
    }
    return cases;
}
