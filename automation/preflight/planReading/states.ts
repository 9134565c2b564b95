/** For rules that look at states of state machines: what they say of each becomes the rule's result, at the machine and the state. */
import type { Plan } from "../../engine/engine.ts";
import type { CheckResult, Having } from "../rule.ts";
import { findTasks, readDefinitions } from "./definitions.ts";
import type { StateReading } from "./definitions.ts";
import { checkEach } from "./remarks.ts";
import type { Remark } from "./remarks.ts";

/** Picks the states of a machine that a rule is about. */
export type StateChoice = (states: readonly StateReading[]) => readonly StateReading[];

/** Tasks that start training jobs. */
export const findTrainings: StateChoice = (states) => findTasks(states, "createTrainingJob");

/** Whether the plan has such states, or may have: the definition of a machine may not be known yet. */
export function hasStates(plan: Plan, choose: StateChoice): boolean {
    return readDefinitions(plan).some(({ states }) => states === undefined || choose(states).length > 0);
}

/** Looks at the chosen states, each beside all states of its machine. Findings name `<machine>.<state>` and carry the machine's URN. */
export function checkStates(
    evidence: Having<"plan">, choose: StateChoice, look: (state: StateReading, states: readonly StateReading[]) => readonly Remark[],
): Promise<CheckResult> {
    const places = readDefinitions(evidence.plan).flatMap(({ resource: { name, urn }, states }) => (states === undefined
        ? [{ name, urn, remarks: [{ open: "its definition is not known before the deployment" }] }]
        : choose(states).map((state) => ({ name: `${name}.${state.name}`, urn, remarks: look(state, states) }))));
    return checkEach(evidence, places, ({ remarks }) => remarks);
}
