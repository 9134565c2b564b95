/**
 * Everything in the account that carries a stack's tags. The Resource Groups Tagging API alone would not do: it lags behind changes, both ways, and
 * does not know all kinds (roles, dashboards). So every kind that the program makes is listed by its own service, which is asked for the tags of
 * what could be meant, and the tagging API adds what nobody thought of.
 */
import { paginateGetResources } from "@aws-sdk/client-resource-groups-tagging-api";
import type { AccountClients } from "./clients.ts";
import { keys, roles } from "./owned/access.ts";
import { describeArn, isKnownKind } from "./owned/arnKinds.ts";
import { apis, eventSourceMappings, functions, parameters, queues, rules, stateMachines, topics } from "./owned/compute.ts";
import { endpointConfigurations, endpoints, models, trainingJobs, transformJobs } from "./owned/learning.ts";
import { network } from "./owned/network.ts";
import { alarms, budgets, dashboards, jobLogStreams, logGroups, queryDefinitions } from "./owned/observation.ts";
import { createSearch, fromTagList, toOwned } from "./owned/search.ts";
import type { Finder } from "./owned/search.ts";
import { buckets, streams, tables } from "./owned/storage.ts";
import type { OwnedResource, ResourceOwner } from "./ownedResource.ts";

const FINDERS: readonly Finder[] = [
    buckets, tables, streams,
    functions, eventSourceMappings, apis, stateMachines, rules, topics, queues, parameters,
    roles, keys,
    logGroups, jobLogStreams, alarms, dashboards, queryDefinitions, budgets,
    endpoints, endpointConfigurations, models, trainingJobs, transformJobs,
    network,
];

/** What one question could not be answered about. */
export interface UnseenPart {
    /** For people: `buckets of S3`. */
    readonly what: string;
    /** Name of the service's error. */
    readonly error: string;
    /** Whether the caller may not ask; otherwise the service does not know the question, and so has nothing that would be its answer. */
    readonly isDenied: boolean;
}

/** `buckets of S3: AccessDenied` */
export function describeUnseen({ what, error }: UnseenPart): string {
    return `${what}: ${error}`;
}

export interface AccountSurvey {
    /** What lives, sorted by kind and ARN. */
    readonly resources: readonly OwnedResource[];
    /** Given up already: keys of KMS, which AWS keeps for days. */
    readonly pending: readonly OwnedResource[];
    /** What could not be looked at, and why: there may be more of it. */
    readonly unseen: readonly UnseenPart[];
}

/**
 * What lives of the owner's, without keys that wait for their deletion, and without what could not be asked (`surveyAccount` says what that was).
 */
export async function listOwnedResources(clients: AccountClients, owner: ResourceOwner): Promise<readonly OwnedResource[]> {
    return (await surveyAccount(clients, owner)).resources;
}

/** @throws what a service throws, but for a denial and a question that it does not know: these are told in `unseen`. */
export async function surveyAccount(clients: AccountClients, owner: ResourceOwner): Promise<AccountSurvey> {
    const unseen: UnseenPart[] = [];
    const tagged = await ask("the Resource Groups Tagging API", () => readTagged(clients, owner), unseen);
    const search = createSearch(clients, owner, tagged.map(({ arn }) => arn));
    const found = (await Promise.all(FINDERS.map(({ what, find }) => ask(what, () => find(search), unseen)))).flat();
    // Of a kind that has a list of its own, what that list does not show is gone, or a part that goes with what it is part of.
    const others = tagged.filter(({ arn }) => !isKnownKind(describeArn(arn)));
    const all = unique([...found, ...others]);
    return {
        resources: all.filter(({ pendingUntil }) => pendingUntil === undefined),
        pending: all.filter(({ pendingUntil }) => pendingUntil !== undefined),
        unseen,
    };
}

async function readTagged({ tagging }: AccountClients, owner: ResourceOwner): Promise<readonly OwnedResource[]> {
    const TagFilters = [{ Key: "Project", Values: [owner.project] }, { Key: "Environment", Values: [owner.environment] }];
    const found: OwnedResource[] = [];
    for await (const { ResourceTagMappingList = [] } of paginateGetResources({ client: tagging }, { TagFilters })) {
        found.push(...ResourceTagMappingList.map(({ ResourceARN = "", Tags }) => toOwned(ResourceARN, fromTagList(Tags))));
    }
    return found;
}

const DENIED = /^(AccessDenied|UnauthorizedOperation|AuthorizationError)/;
/** Said by emulators, and by regions that lack a service's newer calls. */
const UNKNOWN_CALL = /^UnknownOperation|^InvalidAction|Unknown (action|operation)/;

/** Nothing, and a part that is unseen, when the caller may not ask or the service does not know the question. */
async function ask(what: string, find: () => Promise<readonly OwnedResource[]>, unseen: UnseenPart[]): Promise<readonly OwnedResource[]> {
    try {
        return await find();
    } catch (error) {
        if (!(error instanceof Error)) throw error;
        const isDenied = DENIED.test(error.name);
        if (!isDenied && !UNKNOWN_CALL.test(`${error.name} ${error.message}`)) throw error;
        unseen.push({ what, error: error.name, isDenied });
        return [];
    }
}

function unique(resources: readonly OwnedResource[]): readonly OwnedResource[] {
    const byArn = new Map(resources.map((resource) => [resource.arn.replace(/:\*$/, ""), resource]));
    return [...byArn.values()].sort((a, b) => a.arn.localeCompare(b.arn));
}
