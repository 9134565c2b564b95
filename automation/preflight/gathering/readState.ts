/** What the stack's state knows, for rules that compare it with the plan and the account. */
import type { Engine, PendingOperation, StackResource } from "../../engine/engine.ts";
import { offlineEngine } from "../../engine/offlineEngine.ts";

export type StateReader = Pick<Engine, "resources" | "pendingOperations">;

/**
 * The resources of the state, and those that a killed run began to make: without an id, since only the next `up` finds out whether they
 * exist. Empty before the first deployment. Undefined when no state was opened, or it cannot be read: whoever changes the stack says why.
 */
export async function readState(engine: StateReader): Promise<readonly StackResource[] | undefined> {
    if (engine === offlineEngine) return undefined;
    try {
        // At once: an engine that reads its state as a whole reads it once for both.
        const [resources, pending] = await Promise.all([engine.resources(), engine.pendingOperations()]);
        return [...resources, ...pending.filter(({ operation }) => operation === "creating").map(describeBegun)];
    } catch {
        return undefined;
    }
}

function describeBegun({ urn, type, name, inputs }: PendingOperation): StackResource {
    return { urn, type, name, custom: true, dependencies: [], inputs, outputs: {} };
}
