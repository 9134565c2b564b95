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
    readonly Type: "Task" | "Pass" | "Choice" | "Succeed" | "Fail";
    readonly Comment?: string;
    readonly Next?: string;
    readonly Retry?: readonly Retrier[];
    readonly Catch?: readonly Catcher[];
    readonly TimeoutSeconds?: number;
    readonly [field: string]: unknown;
}

export interface StateMachineDefinition {
    readonly Comment: string;
    readonly StartAt: string;
    readonly TimeoutSeconds: number;
    readonly States: Readonly<Record<string, State>>;
}

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
 * a retrier sees no more than the name. Such a call fails 35 seconds later than it could; a role that was made a moment ago passes.
 */
export const SAGEMAKER_RETRY: readonly Retrier[] = [
    {
        ErrorEquals: ["SageMaker.AmazonSageMakerException", "SageMaker.SageMakerException"],
        IntervalSeconds: 5,
        MaxAttempts: 3,
        BackoffRate: 2,
    },
    { ErrorEquals: ["SageMaker.ResourceLimitExceededException", "SageMaker.ResourceLimitExceeded"], IntervalSeconds: 60, MaxAttempts: 3, BackoffRate: 2 },
];

/** Throttling of DynamoDB. */
export const DYNAMODB_RETRY: readonly Retrier[] = [{
    ErrorEquals: ["DynamoDB.ProvisionedThroughputExceededException", "DynamoDB.RequestLimitExceededException", "DynamoDB.ThrottlingException"],
    IntervalSeconds: 1,
    MaxAttempts: 4,
    BackoffRate: 2,
}];

/** Throttling of SNS. */
export const SNS_RETRY: readonly Retrier[] = [{ ErrorEquals: ["SNS.ThrottledException"], IntervalSeconds: 1, MaxAttempts: 4, BackoffRate: 2 }];

/** Whatever goes wrong leads to `next`, with error and cause under `$.error`. */
export function catchAll(next: string): readonly Catcher[] {
    return [{ ErrorEquals: ["States.ALL"], ResultPath: "$.error", Next: next }];
}
