/** F58: an endpoint gets a configuration that SageMaker may not know everywhere yet. */
import type { Plan, PlannedResource } from "../../engine/engine.ts";
import { findTasks, readDefinitions, STATE_MACHINE } from "../planReading/definitions.ts";
import type { StateReading } from "../planReading/definitions.ts";
import { ancestorsOf, sourcesOf } from "../planReading/order.ts";
import { checkEach } from "../planReading/remarks.ts";
import type { Remark } from "../planReading/remarks.ts";
import { buildPlanEvidence, buildStatesEvidence, urnOf } from "../samples.ts";
import type { SampleResource } from "../samples.ts";
import { defineRule } from "../rule.ts";
import type { Evidence } from "../rule.ts";

const ENDPOINT = "aws:sagemaker/endpoint:Endpoint";
const CONFIGURATION = "aws:sagemaker/endpointConfiguration:EndpointConfiguration";
const ACTIONS = ["createEndpoint", "updateEndpoint"] as const;

/**
 * Errors by which Step Functions reports a ValidationException of SageMaker's, which has no name of its own there. The first two take
 * everything; the others are of its own integration, and of calls by `aws-sdk`.
 */
const GENERAL = ["States.ALL", "States.TaskFailed", "SageMaker.AmazonSageMakerException", "SageMaker.SageMakerException"];
/** Seconds of all tries together; the platform's own retries take 35. An estimate: AWS says "a few seconds" for its other services. */
const ENOUGH_SECONDS = 10;

export const rule = defineRule({
    id: "F58",
    kind: "plan",
    needs: ["plan"],
    title: "A new endpoint configuration is given time before it is used",
    story: "CreateEndpoint came right after CreateEndpointConfig and was answered with a ValidationException: no such configuration. "
        + "SageMaker had not told all of itself yet; the same call passed a few seconds later, but the deployment was over.",
    source: "https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateEndpoint.html",
    prevention: "The guard runs between configuration and endpoint; in the pipeline, the call is tried again for 35 seconds.",
    fix: "retry createEndpoint and updateEndpoint on SageMaker's general exception, and put a step between configuration and endpoint",
    applies: ({ plan }) => plan.resources.some(({ type }) => type === ENDPOINT)
        || readDefinitions(plan).some(({ states }) => states === undefined || findCalls(states).length > 0),
    check(evidence) {
        const { plan } = evidence;
        const definitions = new Map(readDefinitions(plan).map((reading) => [reading.resource.urn, reading.states]));
        const places = plan.resources.filter(({ type }) => type === ENDPOINT || type === STATE_MACHINE);
        return checkEach(evidence, places, (place): readonly Remark[] => {
            if (place.type === ENDPOINT) return checkEndpoint(place, plan);
            const states = definitions.get(place.urn);
            return states === undefined ? [{ open: "its definition is not known before the deployment" }] : findHasty(states);
        });
    },
    mustFind: [
        { title: "an endpoint right after its configuration", evidence: () => buildEvidence(false) },
        { title: "a call without a retry", evidence: () => buildCall() },
        {
            title: "a retry of something else",
            evidence: () => buildCall({ ErrorEquals: ["SageMaker.ResourceLimitExceeded"], IntervalSeconds: 60, MaxAttempts: 3 }),
        },
        {
            title: "a retry that ends too soon",
            evidence: () => buildCall({ ErrorEquals: [GENERAL[2]], IntervalSeconds: 1, MaxAttempts: 2, BackoffRate: 1 }),
        },
    ],
    mustPass: [
        { title: "an endpoint with a step between", evidence: () => buildEvidence(true) },
        {
            title: "a call that is tried again for ten seconds",
            evidence: () => buildCall({ ErrorEquals: [GENERAL[2]], IntervalSeconds: 5, MaxAttempts: 2, BackoffRate: 1 }),
        },
        {
            title: "a call that is tried again",
            evidence: () => buildCall({ ErrorEquals: [GENERAL[2]], IntervalSeconds: 5, MaxAttempts: 3, BackoffRate: 2 }),
        },
    ],
});

/** Not certain to fail: SageMaker is often fast enough. */
function checkEndpoint(endpoint: PlannedResource, plan: Plan): readonly Remark[] {
    const [configuration] = sourcesOf(endpoint, "endpointConfigName", { plan, type: CONFIGURATION });
    if (configuration === undefined) return [];
    const before = ancestorsOf(endpoint, plan);
    const between = plan.resources.filter((other) => before.has(other.urn) && ancestorsOf(other, plan).has(configuration.urn));
    if (between.length > 0) return [];
    return [{
        severity: "warning", what: `is created right after its configuration ${configuration.name}, with nothing between them`,
        fix: "put a step between them; the guard that F57 wants is one (components/inference/inferenceEndpoint.ts)",
    }];
}

function findCalls(states: readonly StateReading[]): readonly StateReading[] {
    return ACTIONS.flatMap((action) => findTasks(states, action));
}

function findHasty(states: readonly StateReading[]): readonly Remark[] {
    const calls = findCalls(states).map(({ name, fields }) => ({ name, seconds: sumSeconds(fields["Retry"]) }));
    return calls.filter(({ seconds }) => seconds < ENOUGH_SECONDS).map(({ name, seconds }) => ({
        severity: "warning",
        fix: `let its Retry for ${GENERAL[2]} have IntervalSeconds 5, MaxAttempts 3 and BackoffRate 2`,
        what: `${name} tries again for ${seconds} seconds when the configuration is not known yet, not for ${ENOUGH_SECONDS}`,
    }));
}

interface Retrier {
    readonly ErrorEquals?: readonly string[];
    readonly IntervalSeconds?: number;
    readonly MaxAttempts?: number;
    readonly BackoffRate?: number;
}

/**
 * Pauses of the first retrier that takes the error.
 * Defaults: https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html
 */
function sumSeconds(retriers: unknown): number {
    const list = Array.isArray(retriers) ? retriers as readonly Retrier[] : [];
    const fitting = list.find(({ ErrorEquals = [] }) => ErrorEquals.some((error) => GENERAL.includes(error)));
    if (fitting === undefined) return 0;
    const { IntervalSeconds = 1, MaxAttempts = 3, BackoffRate = 2 } = fitting;
    const pauses = Array.from({ length: MaxAttempts }, (_, attempt) => IntervalSeconds * BackoffRate ** attempt);
    return pauses.reduce((sum, pause) => sum + pause, 0);
}

function buildEvidence(hasStep: boolean): Evidence {
    const configuration: SampleResource = { type: CONFIGURATION, name: "champion-config" };
    const step: SampleResource = { type: "command:local:Command", name: "guard", dependencies: [urnOf(configuration)] };
    return buildPlanEvidence(configuration, step, {
        type: ENDPOINT, name: "champion-endpoint", dependencies: [configuration, ...(hasStep ? [step] : [])].map(urnOf),
        propertyDependencies: { endpointConfigName: [urnOf(configuration)] },
    });
}

function buildCall(...Retry: readonly object[]): Evidence {
    const task = { Type: "Task", Resource: "arn:aws:states:::sagemaker:updateEndpoint", Parameters: {} };
    return buildStatesEvidence({ UpdateEndpoint: { ...task, Retry, End: true } });
}
