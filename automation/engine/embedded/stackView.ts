/** What others see of a state: without secrets. */
import type { PendingOperation, StackOutputs, StackResource } from "../engine.ts";
import type { PendingStep, ResourceRecord } from "./state.ts";
import { STACK_TYPE, nameOf } from "./urn.ts";
import { withoutSecrets } from "./values.ts";

/** Without secrets. Empty when the stack was never deployed. */
export function stackOutputs(resources: readonly ResourceRecord[]): StackOutputs {
    const stack = resources.find((record) => record.type === STACK_TYPE);
    return stack === undefined ? {} : withoutSecrets(stack.outputs);
}

export function toStackResource(record: ResourceRecord): StackResource {
    const { urn, type, custom, id, parent, dependencies, inputs, outputs } = record;
    return {
        urn, type, name: nameOf(urn), custom, dependencies, inputs: withoutSecrets(inputs), outputs: withoutSecrets(outputs),
        ...(id === undefined ? {} : { id }), ...(parent === undefined ? {} : { parent }),
    };
}

export function toPendingOperation({ operation, resource: { urn, type, inputs } }: PendingStep): PendingOperation {
    return { urn, type, name: nameOf(urn), operation, inputs: withoutSecrets(inputs) };
}
