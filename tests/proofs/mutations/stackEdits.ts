/** Small changes of a deployed stack, made by the handlers that deploy it. */
import type { StackResource } from "../../../automation/engine/engine.ts";
import type { Rehearsal } from "../../../automation/rehearsal/rehearsal.ts";

type Inputs = StackResource["inputs"];

/** The stack cannot be edited as the proof wants: says nothing about what is missing in the stack. */
export class StackEditError extends Error {}

export async function findResource({ engine }: Pick<Rehearsal, "engine">, name: string, type: string): Promise<StackResource> {
    const found = (await engine.resources()).find((resource) => resource.name === name && resource.type === type);
    if (found === undefined) throw new StackEditError(`${name} is not in the stack, so nothing can be taken out of it`);
    return found;
}

/** Runs something while the resource has other inputs, and puts its own back. @throws what the cloud says to the other inputs, or what is run */
export async function changeWhile(rehearsal: Rehearsal, resource: StackResource, inputs: Inputs, run: () => Promise<void>): Promise<void> {
    try {
        await update(rehearsal, resource, { from: resource.inputs, to: inputs });
        await run();
    } finally {
        await update(rehearsal, resource, { from: inputs, to: resource.inputs }).catch((error: unknown) => {
            throw new StackEditError(`${resource.name} cannot be put back: ${String(error)}`);
        });
    }
}

/** Asks the cloud for the resource once more as it is. Functions end by that, and forget what they know by heart. */
export async function makeAgain(rehearsal: Rehearsal, resource: StackResource): Promise<void> {
    if (resource.type === "aws:cloudwatch/logGroup:LogGroup") return makeAnother(rehearsal, resource);
    const isFunction = resource.type === "aws:lambda/function:Function";
    const to = isFunction ? { ...resource.inputs, description: `Made again at ${Date.now()}` } : resource.inputs;
    await update(rehearsal, resource, { from: resource.inputs, to });
}

/** The rehearsal cloud cannot give another key to a log group, so one with another name is made, and removed. */
async function makeAnother({ provider }: Rehearsal, { type, urn, inputs }: StackResource): Promise<void> {
    const handler = provider.resources.get(type);
    if (handler === undefined) throw new StackEditError(`${type} cannot be made`);
    const name = `${String(inputs["name"])}-again`;
    const { id, outputs } = await handler.create({ urn, name, inputs: { ...inputs, name } });
    await handler.delete({ urn, id, inputs: { ...inputs, name }, outputs });
}

async function update({ provider }: Rehearsal, resource: StackResource, { from, to }: { from: Inputs; to: Inputs }): Promise<void> {
    const handler = provider.resources.get(resource.type);
    if (handler?.update === undefined || resource.id === undefined) throw new StackEditError(`${resource.name} cannot be changed in place`);
    const { urn, name, id, outputs } = resource;
    await handler.update({ urn, name, id, inputs: to, oldInputs: from, oldOutputs: outputs });
}
