/**
 * What became of the creates that a killed run had begun, written into the state.
 *
 * The CLI's own way, `pulumi refresh --import-pending-creates`, is not used: it turns them into pending imports, which nothing reads and
 * the next step drops, so that the next `up` creates them a second time (tried with 3.259.0; source: `pkg/cmd/pulumi/operations/refresh.go`
 * and `pkg/backend/snapshot.go` of Pulumi). Nor is `pulumi import`, which takes other ids than the state has and knows no dependencies.
 */
import { EngineError } from "../engine.ts";
import type { Settlement } from "../engine.ts";
import { nameOf } from "../embedded/urn.ts";
import type { CheckpointResource, StackExport } from "./checkpoint.ts";

export interface SettledState {
    readonly state: StackExport;
    /** URNs of those that were taken in. They are to be read: the state knows their inputs only. */
    readonly adopted: readonly string[];
}

/**
 * The state with the pending creates ended: what has an id becomes a resource as it was asked for, the rest is forgotten. Undefined when
 * none is pending. Other pending operations go too, since their resources are in the state and the next refresh reads them.
 *
 * @throws EngineError when nothing is said of a pending create: it would be forgotten with the others
 */
export function settleState({ deployment, ...rest }: StackExport, settlements: readonly Settlement[]): SettledState | undefined {
    const pending = (deployment?.pending_operations ?? []).filter(({ type }) => type === "creating").map(({ resource }) => resource);
    if (deployment === null || pending.length === 0) return undefined;
    const adopted = pending.flatMap((resource): CheckpointResource[] => {
        const settlement = settlements.find(({ urn }) => urn === resource.urn);
        const { urn, type } = resource;
        if (settlement === undefined) {
            throw new EngineError(`${type} ${nameOf(urn)}: its create is pending, and nothing was said of what became of it`, { urn });
        }
        return settlement.id === undefined ? [] : [adoptPending(resource, settlement.id)];
    });
    const { pending_operations: _ended, ...kept } = deployment;
    const state = { ...rest, deployment: { ...kept, resources: [...deployment.resources ?? [], ...adopted] } };
    return { state, adopted: adopted.map(({ urn }) => urn) };
}

/**
 * Outputs begin as the inputs: a provider takes a resource without any for one that is to be imported, and its id for an import's (source:
 * `Read` in `pkg/tfbridge/provider.go` of pulumi-terraform-bridge). Until it has been read it counts as not initialised, so that an `up`
 * looks at it again.
 */
function adoptPending(resource: CheckpointResource, id: string): CheckpointResource {
    return { ...resource, id, outputs: { ...resource.inputs, id }, initErrors: ["its create was interrupted, and it was not read since"] };
}
