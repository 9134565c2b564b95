/** Deletes what a stack owns, kind by kind, in the order in which AWS lets go of it. */
import { setTimeout as delay } from "node:timers/promises";
import { isAbort } from "../errors.ts";
import { waitFor } from "../waiting.ts";
import type { OwnedResource } from "./ownedResource.ts";
import type { UnseenPart } from "./ownedResources.ts";
import { describeArn } from "./owned/arnKinds.ts";
import { unlessGone } from "./owned/search.ts";
import { alias, key, role } from "./removal/access.ts";
import { api, eventSourceMapping, lambdaFunction, rule, stateMachine } from "./removal/compute.ts";
import { endpoint, endpointConfiguration, model, trainingJob, transformJob } from "./removal/learning.ts";
import {
    elasticIp, flowLog, internetGateway, natGateway, networkInterface, routeTable, securityGroup, securityGroupRules, subnet, vpc, vpcEndpoint,
} from "./removal/network.ts";
import { alarm, budget, dashboard, logGroup, logStream, parameter, queryDefinition, queue, topic } from "./removal/observation.ts";
import { MINUTE_MS } from "./removal/remover.ts";
import type { RemovalContext, Remover } from "./removal/remover.ts";
import { bucket, stream, table } from "./removal/storage.ts";

/**
 * What starts other things comes first, then what runs, what it used, what it wrote, and at last what everything used. Between two kinds is
 * waited until the first has gone. A function or a flow log that still runs writes its log group anew, so those come before the groups.
 */
const ORDER: readonly Remover[] = [
    eventSourceMapping, rule, api, stateMachine, trainingJob, transformJob, lambdaFunction,
    endpoint, endpointConfiguration, model,
    flowLog, vpcEndpoint, natGateway, elasticIp, networkInterface, subnet, routeTable, internetGateway, securityGroupRules, securityGroup, vpc,
    stream, queue, topic, alarm, dashboard, queryDefinition, budget, parameter,
    table, logGroup, logStream, bucket,
    role, alias, key,
];

/** What others still hold, what goes on there, or more calls than are allowed: passes by itself. */
const PASSES = new RegExp([
    "^(Throttl|TooManyRequests|RequestLimitExceeded|SlowDown|ServiceUnavailable|InternalError|InternalFailure|LimitExceededException$)",
    "^(DependencyViolation|ResourceInUse|ConflictException|ResourceConflict|OperationAborted|ConcurrentModification|DeleteConflict|BucketNotEmpty)",
    "\\.InUse$|Cannot (update|delete) in-progress",
].join("|"));
const DEFAULT_LIMIT_MS = 10 * MINUTE_MS;

/** A resource, and why it stays. */
export interface KeptResource {
    readonly resource: OwnedResource;
    readonly reason: string;
    /** Nobody asked for its deletion: it holds data, or is the key of some. */
    readonly isSpared: boolean;
}

export interface RemovalPlan {
    /** In the order in which they go. */
    readonly steps: readonly OwnedResource[];
    readonly kept: readonly KeptResource[];
}

export interface RemovalRequest {
    readonly deletesData: boolean;
    /** What could not be looked at: there may be data in it. @default nothing */
    readonly unseen?: readonly UnseenPart[];
}

/** Buckets, tables and streams go only when `deletesData`; and with them the keys, without which nobody could read what stays. */
export function planRemoval(resources: readonly OwnedResource[], { deletesData, unseen = [] }: RemovalRequest): RemovalPlan {
    const ranked = resources.map((resource) => ({ resource, rank: rankOf(resource) }));
    const holdsData = ({ rank }: { readonly rank: number }): boolean => ORDER[rank]?.holdsData === true;
    const keepsData = !deletesData && (unseen.length > 0 || ranked.some(holdsData));
    const kept: KeptResource[] = [];
    const steps: { readonly resource: OwnedResource; readonly rank: number }[] = [];
    for (const one of ranked) {
        const spared = keepsData ? reasonToSpare(one.rank) : undefined;
        if (one.rank < 0) kept.push({ resource: one.resource, reason: "this program makes none of its kind: delete it by hand", isSpared: false });
        else if (spared !== undefined) kept.push({ resource: one.resource, reason: spared, isSpared: true });
        else steps.push(one);
    }
    return { steps: steps.sort((a, b) => a.rank - b.rank).map(({ resource }) => resource), kept };
}

function reasonToSpare(rank: number): string | undefined {
    const remover = ORDER[rank];
    if (remover?.holdsData === true) return "it holds data (--delete-data takes it too)";
    return opensData(remover) ? OPENS_DATA : undefined;
}

const OPENS_DATA = "data that stays may be encrypted with it";

function opensData(remover: Remover | undefined): boolean {
    return remover === key || remover === alias;
}

/** -1 for a kind that nobody here can delete. */
function rankOf({ arn }: OwnedResource): number {
    const { kind } = describeArn(arn);
    return ORDER.findIndex((remover) => remover.kind === kind);
}

export interface RemovalOptions extends RemovalContext {
    /** Longest wait for anything. @default as long as AWS is known to take */
    readonly longestMs?: number;
}

/**
 * Deletes what the plan names; what has gone already is no error, and one that fails does not keep the others. Gives those that failed, with
 * the service's words; where data is among them, the keys too. @throws AbortError when the signal fires
 */
export async function removeResources(steps: readonly OwnedResource[], options: RemovalOptions): Promise<readonly KeptResource[]> {
    const failed: KeptResource[] = [];
    for (const remover of ORDER) {
        const chosen = steps.filter(({ arn }) => describeArn(arn).kind === remover.kind && !failed.some(({ resource }) => resource.arn === arn));
        if (opensData(remover) && failed.some(({ resource }) => ORDER[rankOf(resource)]?.holdsData === true)) {
            failed.push(...chosen.map((resource) => ({ resource, reason: OPENS_DATA, isSpared: false })));
            continue;
        }
        const begun = await attemptAll(chosen, failed, async (resource) => {
            await removeOne(remover, resource, options);
            if (remover.isGone === undefined) options.progress(`deleted ${remover.kind} ${resource.label}`);
        });
        await attemptAll(begun, failed, (resource) => awaitGone(remover, resource, options));
    }
    return failed;
}

/** Those with which it went well. */
async function attemptAll(
    resources: readonly OwnedResource[],
    failed: KeptResource[],
    attempt: (resource: OwnedResource) => Promise<void>,
): Promise<readonly OwnedResource[]> {
    const done: OwnedResource[] = [];
    for (const resource of resources) {
        try {
            await attempt(resource);
            done.push(resource);
        } catch (error) {
            if (isAbort(error) || !(error instanceof Error)) throw error;
            failed.push({ resource, reason: `${error.name}: ${error.message}`, isSpared: false });
        }
    }
    return done;
}

async function removeOne(remover: Remover, resource: OwnedResource, options: RemovalOptions): Promise<void> {
    const until = Date.now() + limitOf(remover, options);
    for (let pauseMs = options.intervalMs; ; pauseMs = Math.min(pauseMs * 2, 8 * options.intervalMs)) {
        options.signal.throwIfAborted();
        try {
            await unlessGone(() => remover.remove(resource, options));
            return;
        } catch (error) {
            if (!(error instanceof Error) || !passesByItself(error) || Date.now() + pauseMs > until) throw error;
        }
        await delay(pauseMs, undefined, { signal: options.signal });
    }
}

function passesByItself({ name, message }: Error): boolean {
    return PASSES.test(name) || PASSES.test(message);
}

async function awaitGone(remover: Remover, resource: OwnedResource, options: RemovalOptions): Promise<void> {
    const { isGone } = remover;
    if (isGone === undefined) return;
    const { intervalMs, signal } = options;
    const limitMs = limitOf(remover, options);
    const startedAt = Date.now();
    let toldAt = startedAt;
    const gone = await waitFor(async () => {
        if (await isGone(resource, options)) return true;
        if (Date.now() - toldAt >= MINUTE_MS) {
            toldAt = Date.now();
            const minutes = Math.round((toldAt - startedAt) / MINUTE_MS);
            options.progress(`waiting for the end of ${remover.kind} ${resource.label}: ${minutes} min of at most ${limitMs / MINUTE_MS}`);
        }
        return undefined;
    }, { intervalMs, limitMs, signal });
    if (gone === undefined) throw new Error(`still there ${Math.round(limitMs / 1000)} s after its deletion began`);
    options.progress(`${remover.verb ?? "deleted"} ${remover.kind} ${resource.label}`);
}

function limitOf({ limitMs = DEFAULT_LIMIT_MS }: Remover, { longestMs = Infinity }: RemovalOptions): number {
    return Math.min(limitMs, longestMs);
}
