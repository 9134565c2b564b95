/** State machines as they stand in a plan, with the states inside of maps and branches laid open. */
import type { Plan, PlannedResource } from "../../engine/engine.ts";

export type StateFields = Readonly<Record<string, unknown>>;

export interface StateReading {
    readonly name: string;
    readonly fields: StateFields;
}

export interface DefinitionReading {
    readonly resource: PlannedResource;
    /** Undefined when the definition is not known before the deployment. */
    readonly states: readonly StateReading[] | undefined;
}

export const STATE_MACHINE = "aws:sfn/stateMachine:StateMachine";

export function readDefinitions(plan: Plan): readonly DefinitionReading[] {
    return plan.resources.filter(({ type }) => type === STATE_MACHINE).map((resource) => {
        const { definition } = resource.inputs;
        return { resource, states: typeof definition === "string" ? openStates(JSON.parse(definition) as StateFields) : undefined };
    });
}

/** States that call an API action of Step Functions' own integrations or of the SDK's: `createTrainingJob`. */
export function findTasks(states: readonly StateReading[], action: string): readonly StateReading[] {
    return states.filter(({ fields }) => typeof fields["Resource"] === "string" && new RegExp(`:${action}(\\.|$)`, "i").test(fields["Resource"]));
}

/** What a task hands over: `Parameters`, or `Arguments` in JSONata. */
export function parametersOf({ fields }: StateReading): StateFields {
    return (fields["Parameters"] ?? fields["Arguments"] ?? {}) as StateFields;
}

/** All states of a machine, those of maps and branches too. */
export function openStates(machine: StateFields): readonly StateReading[] {
    const states = Object.entries((machine["States"] ?? {}) as Readonly<Record<string, StateFields>>);
    return states.flatMap(([name, fields]) => [{ name, fields }, ...innerMachines(fields).flatMap(openStates)]);
}

/** What a map does with each element, or the branches of a parallel state. */
export function innerMachines(fields: StateFields): readonly StateFields[] {
    const branches = (fields["Branches"] ?? []) as readonly StateFields[];
    const processor = fields["ItemProcessor"] ?? fields["Iterator"];
    return processor === undefined ? branches : [...branches, processor as StateFields];
}
