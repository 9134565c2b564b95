/** Building blocks of a state machine definition (Amazon States Language): plain objects, so that tests can read them. */

export interface Retrier {
    readonly ErrorEquals: readonly string[];
    readonly IntervalSeconds: number;
    readonly MaxAttempts: number;
    readonly BackoffRate: number;
}

export interface Catcher {
    readonly ErrorEquals: readonly string[];
    readonly Next: string;
    readonly ResultPath?: string;
    /** JSONata states only. */
    readonly Output?: string;
}

export interface State {
    readonly Type: "Task" | "Pass" | "Choice" | "Wait" | "Map" | "Succeed" | "Fail";
    readonly Comment?: string;
    readonly Next?: string;
    readonly End?: true;
    readonly Retry?: readonly Retrier[];
    readonly Catch?: readonly Catcher[];
    readonly TimeoutSeconds?: number;
    /** Map only: what each element goes through. */
    readonly ItemProcessor?: ItemProcessor;
    readonly [field: string]: unknown;
}

export type States = Readonly<Record<string, State>>;

export interface ItemProcessor {
    readonly ProcessorConfig: { readonly Mode: "INLINE" };
    readonly StartAt: string;
    readonly States: States;
}

export interface StateMachineDefinition {
    readonly Comment: string;
    readonly StartAt: string;
    readonly TimeoutSeconds: number;
    readonly States: States;
}

/** Longer than any function of the pipeline may run. */
export const FUNCTION_TIMEOUT_SECONDS = 930;
export const API_TIMEOUT_SECONDS = 60;

/** Faults of Lambda itself, not of the function. https://docs.aws.amazon.com/step-functions/latest/dg/bp-lambda-serviceexception.html */
export const LAMBDA_RETRY: readonly Retrier[] = [{
    ErrorEquals: ["Lambda.ServiceException", "Lambda.AWSLambdaException", "Lambda.SdkClientException", "Lambda.TooManyRequestsException"],
    IntervalSeconds: 2,
    MaxAttempts: 4,
    BackoffRate: 2,
}];

/**
 * Throttling and capacity. A job that failed (`States.TaskFailed`) is not among them: a second try would meet the first one's name
 * and hide its reason. SageMaker's API has no modelled throttling error, so Step Functions reports it by the service's general name:
 * one for its own integrations, another for calls by `aws-sdk`. Both names also stand for a call that is not allowed or not valid, and
 * a retrier sees no more than the name. Such a call fails 35 seconds later than it could; a role that was made a moment ago passes, and
 * so does an endpoint configuration that not all of SageMaker knows yet.
 */
export const SAGEMAKER_RETRY: readonly Retrier[] = [
    {
        ErrorEquals: ["SageMaker.AmazonSageMakerException", "SageMaker.SageMakerException"],
        IntervalSeconds: 5,
        MaxAttempts: 3,
        BackoffRate: 2,
    },
    {
        ErrorEquals: ["SageMaker.ResourceLimitExceededException", "SageMaker.ResourceLimitExceeded"],
        IntervalSeconds: 60,
        MaxAttempts: 3,
        BackoffRate: 2,
    },
];

/** Shorter: the general name also stands for an endpoint that does not exist, which is no fault before endpoints are switched on. */
export const ENDPOINT_LOOKUP_RETRY: readonly Retrier[] = [{
    ErrorEquals: ["SageMaker.SageMakerException"],
    IntervalSeconds: 2,
    MaxAttempts: 2,
    BackoffRate: 2,
}];

/** Throttling of DynamoDB. */
export const DYNAMODB_RETRY: readonly Retrier[] = [{
    ErrorEquals: [
        "DynamoDB.ProvisionedThroughputExceededException", "DynamoDB.RequestLimitExceededException", "DynamoDB.ThrottlingException",
    ],
    IntervalSeconds: 1,
    MaxAttempts: 4,
    BackoffRate: 2,
}];

/** Faults and throttling of the parameter store: by its general name, for want of a modelled one. */
export const SSM_RETRY: readonly Retrier[] = [
    { ErrorEquals: ["Ssm.InternalServerErrorException", "Ssm.SsmException"], IntervalSeconds: 1, MaxAttempts: 4, BackoffRate: 2 },
];

/** Throttling of Step Functions: by its general name, for want of a modelled one. */
export const SFN_RETRY: readonly Retrier[] = [{ ErrorEquals: ["Sfn.SfnException"], IntervalSeconds: 1, MaxAttempts: 4, BackoffRate: 2 }];

/** Throttling of SNS. */
export const SNS_RETRY: readonly Retrier[] = [
    { ErrorEquals: ["SNS.ThrottledException"], IntervalSeconds: 1, MaxAttempts: 4, BackoffRate: 2 },
];

/** Whatever goes wrong leads to `next`, with error and cause under `$.error`. */
export function catchAll(next: string): readonly Catcher[] {
    return [{ ErrorEquals: ["States.ALL"], ResultPath: "$.error", Next: next }];
}

/** The same for a state in JSONata. */
export function catchAllInJsonata(next: string): readonly Catcher[] {
    return [{ ErrorEquals: ["States.ALL"], Output: mergeIntoInput("{ 'error': $states.errorOutput }"), Next: next }];
}

/** JSONata: the state's input with more fields, as `ResultPath` does it in JSONPath. */
export function mergeIntoInput(fields: string): string {
    return `{% $merge([$states.input, ${fields}]) %}`;
}

/** A pause and a count of it, so that a loop has an end: `counter` is a JSONPath like `$.updateWaits`. */
export function buildCountedWait(
    names: { readonly wait: string; readonly count: string; readonly next: string },
    counter: string,
    seconds: number,
): States {
    return {
        [names.wait]: { Type: "Wait", Seconds: seconds, Next: names.count },
        [names.count]: {
            Type: "Pass",
            Parameters: { "count.$": `States.MathAdd(${counter}.count, 1)` },
            ResultPath: counter,
            Next: names.next,
        },
    };
}

/** Error and cause of our own making, where a catcher puts those of a task. */
export function buildError(error: string, cause: string, next: string): State {
    return { Type: "Pass", Parameters: { Error: error, "Cause.$": cause }, ResultPath: "$.error", Next: next };
}

/** Seconds that the states take at most when each is passed once: timeouts and pauses. */
export function sumSeconds(states: States): number {
    return Object.values(states).reduce((sum, state) => {
        const own = state.TimeoutSeconds ?? (typeof state["Seconds"] === "number" ? state["Seconds"] : 0);
        return sum + own + (state.ItemProcessor === undefined ? 0 : sumSeconds(state.ItemProcessor.States));
    }, 0);
}
