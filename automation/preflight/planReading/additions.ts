/** What an up would add: what is planned and what exists, each held against the state. */
import type { OwnedResource } from "../../account/ownedResource.ts";
import type { Plan, PlannedResource, StackResource } from "../../engine/engine.ts";

/**
 * The pipeline makes models and configurations anew for every model, and keeps the ones before: no state is meant to know them. An endpoint
 * is still there for minutes when the state has forgotten it; what that means for its name is a matter of its own (F02).
 */
const NOT_FOR_THE_STATE: ReadonlySet<string> = new Set([
    "aws:sagemaker/model:Model", "aws:sagemaker/endpointConfiguration:EndpointConfiguration", "aws:sagemaker/endpoint:Endpoint",
]);

/** Planned resources that the state does not know; components, and what is only read, left out. */
export function findAdditions({ resources }: Plan, state: readonly StackResource[]): readonly PlannedResource[] {
    const known = new Set(state.map(({ urn }) => urn));
    return resources.filter((resource) => isMade(resource) && !known.has(resource.urn));
}

/** The same without a state, as far as numbers go: of each type what is planned, less as many as carry the stack's tags already. */
export function estimateAdditions({ resources }: Plan, owned: readonly OwnedResource[]): readonly PlannedResource[] {
    const left = new Map<string, number>();
    for (const { type = "" } of owned) left.set(type, (left.get(type) ?? 0) + 1);
    return resources.filter(isMade).filter(({ type }) => {
        const there = left.get(type) ?? 0;
        left.set(type, there - 1);
        return there <= 0;
    });
}

function isMade({ custom, operation }: PlannedResource): boolean {
    return custom && operation !== "read";
}

/**
 * What is ours by its tags and in no state, of the kinds that programs declare. Of a type that a killed run has begun to make one of,
 * nothing is said: which one that is only the next up finds out.
 */
export function findOrphans(owned: readonly OwnedResource[], state: readonly StackResource[]): readonly OwnedResource[] {
    const begun = new Set(state.filter(({ custom, id }) => custom && id === undefined).map(({ type }) => type));
    const known = new Set(state.map(({ type, id = "" }) => `${type} ${id}`));
    const declarable = owned.filter(({ type, pendingUntil }) => (
        type !== undefined && pendingUntil === undefined && !NOT_FOR_THE_STATE.has(type) && !begun.has(type)));
    return declarable.filter((resource) => !namesOf(resource).some((name) => known.has(name)));
}

/** The state's id may be the import's, the ARN, or the name alone. */
function namesOf({ type = "", id = "", label, arn }: OwnedResource): readonly string[] {
    return [id, label, arn].map((name) => `${type} ${name}`);
}
