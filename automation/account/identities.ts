/** The identities of every type that the program declares. */
import { OperatorError } from "../errors.ts";
import type { AccountClients } from "./clients.ts";
import type { PropertyMap } from "../engine/provider.ts";
import type { FoundResource, Identity, NameHolder } from "./identity.ts";
import { eventLookups } from "./identities/events.ts";
import { httpApiLookups } from "./identities/httpApi.ts";
import { iamLookups } from "./identities/iam.ts";
import { kmsLookups } from "./identities/kms.ts";
import { lambdaLookups } from "./identities/lambda.ts";
import { isOwnedBy } from "./identities/lookup.ts";
import type { Candidate, Lookup } from "./identities/lookup.ts";
import { networkLookups } from "./identities/network.ts";
import { observabilityLookups } from "./identities/observability.ts";
import { privateAccessLookups } from "./identities/privateAccess.ts";
import { randomLookups } from "./identities/randomId.ts";
import { s3Lookups } from "./identities/s3.ts";
import { sagemakerLookups } from "./identities/sagemaker.ts";
import { storeLookups } from "./identities/stores.ts";
import { uniqueNames } from "./identities/uniqueNames.ts";
import { workflowLookups } from "./identities/workflow.ts";
import type { ResourceOwner } from "./ownedResource.ts";

const lookups: readonly Lookup[] = [
    ...kmsLookups, ...s3Lookups, ...randomLookups, ...storeLookups, ...iamLookups, ...lambdaLookups, ...httpApiLookups, ...eventLookups,
    ...workflowLookups, ...observabilityLookups, ...sagemakerLookups, ...networkLookups, ...privateAccessLookups,
];

/** Types that exist in the state only: nothing can be found, so one that is lost is made anew, and that does no harm. */
export const STATE_ONLY_TYPES: ReadonlySet<string> = new Set(["command:local:Command"]);

export type Identities = ReadonlyMap<string, Identity>;

/** By type token; what they find carries the owner's tags, or belongs to something that does, where the type has tags at all. */
export function createIdentities(owner: ResourceOwner): Identities {
    return new Map(lookups.map((lookup) => [lookup.type, createIdentity(lookup, owner)]));
}

function createIdentity(lookup: Lookup, owner: ResourceOwner): Identity {
    return {
        type: lookup.type,
        source: lookup.source,
        isRepeatable: lookup.repeatable === true,
        async find(inputs, clients: AccountClients, taken) {
            const candidates = await lookup.candidates(inputs, clients, owner);
            return choose(lookup, candidates.filter((candidate) => isOurs(candidate, owner) && taken?.has(stateIdOf(candidate)) !== true));
        },
    };
}

/** Whether the type is one that this program makes, or at least looks for. */
export function hasIdentity(type: string): boolean {
    return lookups.some((lookup) => lookup.type === type);
}

export interface NameSearch {
    readonly clients: AccountClients;
    readonly owner: ResourceOwner;
}

/** What has the name that a create would take, whoever's it is. Undefined when the name is free, and for a type without unique names. */
export async function findNameHolder(
    { type, inputs }: { readonly type: string; readonly inputs: PropertyMap }, { clients, owner }: NameSearch,
): Promise<NameHolder | undefined> {
    const lookup = uniqueNames[type] === undefined ? undefined : lookups.find((each) => each.type === type);
    const [holder] = await (lookup?.holders ?? lookup?.candidates)?.(inputs, clients, owner) ?? [];
    if (holder === undefined) return undefined;
    const { parentTags: _parentTags, ...found } = holder;
    return { ...found, isOurs: isOurs(holder, owner) };
}

/** What the state calls a found resource. */
export function stateIdOf({ id, stateId }: FoundResource): string {
    return stateId ?? id;
}

function isOurs({ tags, parentTags }: Candidate, owner: ResourceOwner): boolean {
    const judged = tags ?? parentTags;
    return judged === undefined || isOwnedBy(judged, owner);
}

/** Between two that could be meant nobody can decide, unless it makes no difference; to go on would make a third. */
function choose({ type, interchangeable }: Lookup, candidates: readonly Candidate[]): FoundResource | undefined {
    if (candidates.length > 1 && interchangeable !== true) {
        const what = `${type}: ${candidates.length} of this stack's exist where it has one, and the state knows none of them: ${candidates.map(({ id }) => id).join(", ")}`;
        throw new OperatorError(what, "look which one is used, delete the others, and run this again");
    }
    const [first] = candidates;
    if (first === undefined) return undefined;
    const { parentTags: _parentTags, ...found } = first;
    return found;
}
