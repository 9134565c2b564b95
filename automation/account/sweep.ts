/** Deletes what carries a stack's tags and no state knows: left of an environment whose state was lost, or whose destroy never ended. */
import { OperatorError } from "../errors.ts";
import { paceOf } from "../phases/pace.ts";
import { waitFor } from "../waiting.ts";
import type { BackendEvidence } from "./backendEvidence.ts";
import type { AccountClients } from "./clients.ts";
import type { AccountSurvey, UnseenPart } from "./ownedResources.ts";
import { surveyAccount } from "./ownedResources.ts";
import type { OwnedResource, ResourceOwner } from "./ownedResource.ts";
import { planRemoval, removeResources } from "./removal.ts";
import type { KeptResource, RemovalOptions, RemovalPlan } from "./removal.ts";

export interface SweepRequest {
    readonly clients: AccountClients;
    readonly owner: ResourceOwner;
    /** Name of the Pulumi stack, for the texts: `dev--pr123`. */
    readonly stack: string;
    /** Whether it is an environment beside a stack: one of its own is not touched unless it `isNamed`. */
    readonly hasSuffix: boolean;
    /** Whether the stack was named a second time (--confirm). */
    readonly isNamed: boolean;
    /** How many resources the state of the stack has; 0 where there is no state. */
    readonly knownToState: number;
    /** Where that was asked. */
    readonly backend: BackendEvidence;
    /** Whether it was said that the states are lost (--state-lost): nothing has to speak for the backend then. */
    readonly isStateLost: boolean;
    /** False: only says what it would do. */
    readonly applies: boolean;
    readonly deletesData: boolean;
    readonly signal: AbortSignal;
    progress(message: string): void;
}

export interface SweepResult {
    /** In the order in which they went, or would go. */
    readonly resources: readonly OwnedResource[];
    /** What stays, and why. */
    readonly kept: readonly KeptResource[];
    /** Keys that wait for their deletion. */
    readonly pending: readonly OwnedResource[];
    /** What could not be looked at. */
    readonly unseen: readonly UnseenPart[];
}

/** Deletions make work of their own: a function that still ran writes its log group anew. */
const ROUNDS = 3;
/** A stuck emulator is noticed sooner than a slow AWS. */
const EMULATOR_LONGEST_MS = 20_000;
/**
 * Until lists have forgotten what was deleted; SQS takes a minute.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_DeleteQueue.html
 */
const FORGETTING_MS = 3 * 60_000;

/**
 * Says what it would delete, in order; with `applies`, deletes it.
 *
 * @throws OperatorError when a state knows the stack (destroy is meant), when it is no environment beside another and was not named twice, or
 * when nothing says that the backend is the right one and nobody says that its states are lost
 */
export async function sweepAccount(request: SweepRequest): Promise<SweepResult> {
    refuse(request);
    const survey = await surveyAccount(request.clients, request.owner);
    const { steps, kept } = planSweep(survey, request);
    if (!request.applies) return { resources: steps, kept, pending: survey.pending, unseen: survey.unseen };
    if (steps.length > 0) refuseDoubtfulBackend(request, steps.length);
    return applySweep(request, survey);
}

/** What lives, and is known to another backend, is not told from what was lost. */
function refuseDoubtfulBackend({ backend, isStateLost, stack }: SweepRequest, found: number): void {
    if (backend.isFound || isStateLost) return;
    throw new OperatorError(
        `${found} resources of ${stack} exist, and ${backend.text}: if another backend has its state, they are in use`,
        "set PULUMI_BACKEND_URL to the backend that it was deployed with; only if the states are lost, add --state-lost",
    );
}

function refuse({ stack, knownToState, hasSuffix, isNamed, applies }: SweepRequest): void {
    if (knownToState > 0) {
        throw new OperatorError(
            `the state of ${stack} still has ${knownToState} resources; sweep takes only what no state knows`, "take the stack away with the command destroy",
        );
    }
    if (!applies || hasSuffix || isNamed) return;
    const what = `${stack} is no environment of a pull request: sweep --apply does not touch it`;
    throw new OperatorError(what, `if you mean it, add --confirm ${stack}`);
}

function planSweep({ resources, unseen }: AccountSurvey, { deletesData }: SweepRequest): RemovalPlan {
    return planRemoval(resources, { deletesData, unseen });
}

async function applySweep(request: SweepRequest, first: AccountSurvey): Promise<SweepResult> {
    const removed: OwnedResource[] = [];
    let survey = first;
    let failures: readonly KeptResource[] = [];
    for (let round = 1; round <= ROUNDS; round++) {
        const { steps } = planSweep(survey, request);
        if (steps.length === 0) break;
        const { clients, signal, progress } = request;
        failures = await removeResources(steps, { clients, signal, progress, ...removalPace(clients) });
        if (failures.length === steps.length) break;
        removed.push(...steps.filter((step) => !failures.some(({ resource }) => resource.arn === step.arn)));
        survey = await surveyUntilSettled(request);
    }
    const plan = planSweep(survey, request);
    const left = plan.steps.map((resource) => ({ resource, reason: reasonOf(resource, failures), isSpared: false }));
    return { resources: uniqueByArn(removed), kept: [...plan.kept, ...left], pending: survey.pending, unseen: survey.unseen };
}

function reasonOf({ arn }: OwnedResource, failures: readonly KeptResource[]): string {
    return failures.find(({ resource }) => resource.arn === arn)?.reason ?? "it was deleted and is still listed";
}

/** What the lists show once they have had time to forget what was deleted. */
async function surveyUntilSettled(request: SweepRequest): Promise<AccountSurvey> {
    const { clients, owner, signal } = request;
    let last = await surveyAccount(clients, owner);
    const isSettled = async (): Promise<true | undefined> => {
        last = await surveyAccount(clients, owner);
        return planSweep(last, request).steps.length === 0 ? true : undefined;
    };
    if (planSweep(last, request).steps.length > 0) {
        await waitFor(isSettled, { intervalMs: paceOf(clients.aws).intervalMs, limitMs: forgettingMs(clients), signal });
    }
    return last;
}

/** How long lists may show what has gone: an emulator's do not. */
export function forgettingMs({ aws }: AccountClients): number {
    return aws.target.endpoint === undefined ? FORGETTING_MS : 2 * paceOf(aws).intervalMs;
}

/** How often, and how long at most, the removal waits. */
export function removalPace({ aws }: AccountClients): Pick<RemovalOptions, "intervalMs" | "longestMs"> {
    const isEmulator = aws.target.endpoint !== undefined;
    return { intervalMs: paceOf(aws).intervalMs, ...(isEmulator ? { longestMs: EMULATOR_LONGEST_MS } : {}) };
}

function uniqueByArn(resources: readonly OwnedResource[]): readonly OwnedResource[] {
    return [...new Map(resources.map((resource) => [resource.arn, resource])).values()];
}

/** One line of a list for people. */
export function describeOwned({ type, label, arn }: OwnedResource): string {
    return type === undefined ? `  ${arn}` : `  ${type} ${label}`;
}

/** Keys that are given up, with the day on which KMS will have deleted them. */
export function describePending(pending: readonly OwnedResource[]): readonly string[] {
    return pending.map(({ label, pendingUntil }) => `  key ${label}: pending deletion until ${pendingUntil?.toISOString().slice(0, 10) ?? "unknown"}`);
}
