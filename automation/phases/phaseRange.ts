/** Which of the phases of a deployment are to run. Loads none of them, so that a mistyped name is answered at once. */
import { OperatorError } from "../errors.ts";
import type { PhaseName } from "../progress/reporter.ts";

/** In order. */
export const DEPLOY_PHASES = ["preflight", "up", "train", "enable-endpoints", "verify"] as const satisfies readonly PhaseName[];

export interface PhaseRange {
    /** @default the first */
    readonly from?: string | undefined;
    /** Inclusive. @default the last */
    readonly until?: string | undefined;
}

/** @throws OperatorError when a name is unknown, or `until` comes before `from`. */
export function selectPhases<T extends { readonly name: PhaseName }>(all: readonly T[], { from, until }: PhaseRange): readonly T[] {
    const names = all.map(({ name }) => name);
    const first = from === undefined ? 0 : indexOf(names, from, "--from");
    const last = until === undefined ? all.length - 1 : indexOf(names, until, "--until");
    if (first > last) throw new OperatorError(`--until ${until} comes before --from ${from}`, `the order is ${names.join(", ")}`);
    return all.slice(first, last + 1);
}

/** Names alone. @throws OperatorError as `selectPhases` */
export function selectPhaseNames(range: PhaseRange): readonly PhaseName[] {
    return selectPhases(DEPLOY_PHASES.map((name) => ({ name })), range).map(({ name }) => name);
}

function indexOf(names: readonly PhaseName[], name: string, option: string): number {
    const index = names.findIndex((each) => each === name);
    if (index >= 0) return index;
    throw new OperatorError(`${option}: there is no phase ${JSON.stringify(name)}`, `choose one of ${names.join(", ")}`);
}
