/** What a planned resource does with its role, by what it is told to do: the permissions without which it fails at its first work. */
import type { Plan, PlannedResource } from "../../engine/engine.ts";
import { parametersOf, readDefinitions, STATE_MACHINE } from "../planReading/definitions.ts";
import type { StateReading } from "../planReading/definitions.ts";

export interface RequiredAction {
    readonly action: string;
    /** The ARN it is done on, where it is known; otherwise any resource is good enough. */
    readonly on?: string;
    /** What it is done for: "RunTraining waits for its job". */
    readonly because: string;
}

export interface Requirement {
    readonly resource: PlannedResource;
    /** URNs of the role that does it. */
    readonly roles: readonly string[];
    readonly required: readonly RequiredAction[];
}

const FUNCTION = "aws:lambda/function:Function";
const EVENT_SOURCE = "aws:lambda/eventSourceMapping:EventSourceMapping";
const EVENT_TARGET = "aws:cloudwatch/eventTarget:EventTarget";
const STREAM = "aws:kinesis/stream:Stream";
const FLOW_LOG = "aws:ec2/flowLog:FlowLog";

/** All of a plan's requirements. A state machine whose definition is not known has none here; F05 and others say so. */
export function readRequirements(plan: Plan): readonly Requirement[] {
    return [
        ...readDefinitions(plan).map(({ resource, states = [] }) => ({
            resource, roles: urnsOf(resource, "roleArn"), required: states.flatMap(requiredByState),
        })),
        ...ofType(plan, EVENT_SOURCE).map((resource) => ({
            resource, roles: functionsOf(resource, plan).flatMap((each) => urnsOf(each, "role")), required: requiredBySource(resource, plan),
        })),
        ...ofType(plan, FUNCTION).filter(({ inputs }) => inputs["kmsKeyArn"] !== undefined && inputs["environment"] !== undefined).map((resource) => ({
            resource, roles: urnsOf(resource, "role"),
            required: [{ action: "kms:Decrypt", ...knownKey(resource.inputs["kmsKeyArn"]), because: "Lambda reads the environment with the function's role" }],
        })),
        ...ofType(plan, EVENT_TARGET).filter((target) => urnsOf(target, "arn").some((urn) => urn.includes(STATE_MACHINE))).map((resource) => ({
            resource, roles: urnsOf(resource, "roleArn"),
            required: [{ action: "states:StartExecution", ...known(resource.inputs["arn"]), because: "the rule starts the state machine" }],
        })),
        // https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-iam-role.html
        ...ofType(plan, FLOW_LOG).filter(({ inputs }) => inputs["logDestinationType"] === "cloud-watch-logs").map((resource) => ({
            resource, roles: urnsOf(resource, "iamRoleArn"),
            required: ["logs:CreateLogStream", "logs:PutLogEvents", "logs:DescribeLogGroups", "logs:DescribeLogStreams"]
                .map((action) => ({ action, because: "the service writes the flow logs with this role" })),
        })),
    ];
}

/** What Lambda reads a source with, by service. https://docs.aws.amazon.com/lambda/latest/dg/services-kinesis-create.html and its like. */
const SOURCE_ACTIONS: Readonly<Record<string, readonly string[]>> = {
    kinesis: ["kinesis:DescribeStream", "kinesis:DescribeStreamSummary", "kinesis:GetRecords", "kinesis:GetShardIterator", "kinesis:ListShards"],
    dynamodb: ["dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator", "dynamodb:ListStreams"],
    sqs: ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"],
};

/** What Lambda gives up a batch with. https://docs.aws.amazon.com/lambda/latest/dg/kinesis-on-failure-destination.html */
const DESTINATION_ACTIONS: Readonly<Record<string, readonly string[]>> = {
    s3: ["s3:PutObject", "s3:ListBucket"], sqs: ["sqs:SendMessage"], sns: ["sns:Publish"],
};

function requiredBySource(source: PlannedResource, plan: Plan): readonly RequiredAction[] {
    const { onFailure } = (source.inputs["destinationConfig"] ?? {}) as { readonly onFailure?: { readonly destinationArn?: unknown } };
    const keys = ofType(plan, STREAM).filter(({ urn }) => urnsOf(source, "eventSourceArn").includes(urn)).map(({ inputs }) => inputs["kmsKeyId"]);
    return [
        ...(SOURCE_ACTIONS[serviceOf(source.inputs["eventSourceArn"])] ?? [])
            .map((action) => ({ action, ...known(source.inputs["eventSourceArn"]), because: "Lambda reads the source with the function's role" })),
        ...keys.filter((key) => key !== undefined).map((key) => ({ action: "kms:Decrypt", ...knownKey(key), because: "the stream is encrypted" })),
        ...(DESTINATION_ACTIONS[serviceOf(onFailure?.destinationArn)] ?? [])
            .map((action) => ({ action, because: "Lambda writes what it gives up with the function's role" })),
    ];
}

/** `arn:aws:states:::sagemaker:createTrainingJob.sync`, `arn:aws:states:::aws-sdk:sfn:describeExecution`. */
const INTEGRATION = /^arn:[^:]*:states:::(?:aws-sdk:)?([a-z0-9]+):([A-Za-z0-9]+)(\.sync)?/;
/** IAM prefixes that are not the integration's own name. */
const PREFIXES: Readonly<Record<string, string>> = { sfn: "states", eventbridge: "events", cloudwatchlogs: "logs" };
/** Calls whose action has another name. */
const RENAMED: Readonly<Record<string, string>> = {
    "lambda:Invoke": "lambda:InvokeFunction", "s3:ListObjectsV2": "s3:ListBucket", "s3:HeadObject": "s3:GetObject", "s3:HeadBucket": "s3:ListBucket",
};
/** How Step Functions hears of the end of a job. https://docs.aws.amazon.com/step-functions/latest/dg/sagemaker-iam.html */
const HEARING = ["events:PutTargets", "events:PutRule", "events:DescribeRule"];

function requiredByState({ name, fields }: StateReading): readonly RequiredAction[] {
    const [, service, call = "", sync] = INTEGRATION.exec(String(fields["Resource"] ?? "")) ?? [];
    if (service === undefined) return [];
    const action = `${PREFIXES[service] ?? service}:${call.charAt(0).toUpperCase()}${call.slice(1)}`;
    const parameters = parametersOf({ name, fields });
    const target = parameters["FunctionName"] ?? parameters["TopicArn"] ?? parameters["StateMachineArn"];
    const roles = [parameters["RoleArn"], parameters["ExecutionRoleArn"]].filter((role) => typeof role === "string");
    return [
        { action: RENAMED[action] ?? action, ...known(target), because: `${name} calls it` },
        ...roles.map((role) => ({ action: "iam:PassRole", ...known(role), because: `${name} hands over the role` })),
        ...(sync === undefined ? [] : waitingActions(action).map((each) => ({ action: each, because: `${name} waits for its job` }))),
    ];
}

/** A `.sync` task of SageMaker describes the job, stops it when the execution is stopped, and hears of its end. */
function waitingActions(action: string): readonly string[] {
    const [, job] = /^sagemaker:Create(\w+)$/.exec(action) ?? [];
    return job === undefined ? [] : [`sagemaker:Describe${job}`, `sagemaker:Stop${job}`, ...HEARING];
}

function functionsOf(source: PlannedResource, plan: Plan): readonly PlannedResource[] {
    return ofType(plan, FUNCTION).filter(({ urn }) => urnsOf(source, "functionName").includes(urn));
}

function ofType({ resources }: Plan, wanted: string): readonly PlannedResource[] {
    return resources.filter(({ type }) => type === wanted);
}

function urnsOf({ propertyDependencies }: PlannedResource, property: string): readonly string[] {
    return propertyDependencies[property] ?? [];
}

/** An ARN, when it is one. A JSONata or JSONPath expression is none, and a topic's ARN may have come from its policy. */
function known(value: unknown): { on?: string } {
    return typeof value === "string" && value.startsWith("arn:") ? { on: value } : {};
}

/** Everybody has a planned key's ARN from the key itself, so its stand-in (`<arn of s3-key>`) is as good. */
function knownKey(value: unknown): { on?: string } {
    return typeof value === "string" && value.startsWith("<arn of ") ? { on: value } : known(value);
}

function serviceOf(arn: unknown): string {
    return typeof arn === "string" ? arn.split(":")[2] ?? "" : "";
}
