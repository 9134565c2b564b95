/** What the stack's state knows, for rules that compare it with the plan and the account. */
import type { Engine, PendingOperation, StackResource } from "../../engine/engine.ts";

export type StateReader = Pick<Engine, "resources" | "pendingOperations">;

/** The state, or why it is not known: that is not the same as empty. */
export interface StateLook {
    readonly state?: readonly StackResource[];
    readonly problem?: string;
}

/**
 * The resources of the state, and those that a killed run began to make: without an id, since only the next `up` finds out whether they
 * exist. Empty before the first deployment.
 */
export async function readState(engine: StateReader): Promise<StateLook> {
    try {
        // At once: an engine that reads its state as a whole reads it once for both.
        const [resources, pending] = await Promise.all([engine.resources(), engine.pendingOperations()]);
        return { state: [...resources, ...pending.filter(({ operation }) => operation === "creating").map(describeBegun)] };
    } catch (error) {
        return { problem: (error instanceof Error ? error.message : String(error)).split("\n")[0] ?? "" };
    }
}

function describeBegun({ urn, type, name, inputs }: PendingOperation): StackResource {
    return { urn, type, name, custom: true, dependencies: [], inputs, outputs: {} };
}
