/** What a planned resource does with its role, by what it is told to do: the permissions without which it fails at its first work. */
import type { Plan, PlannedResource } from "../../engine/engine.ts";
import { readDefinitions, STATE_MACHINE } from "../planReading/definitions.ts";
import type { Place } from "../planReading/place.ts";
import { sectionsOf } from "../planReading/sections.ts";
import type { RequiredAction } from "./allowance.ts";
import { known, requiredByState } from "./requiredByState.ts";

export interface Requirement {
    readonly resource: PlannedResource;
    /** URNs of the role that does it. */
    readonly roles: readonly string[];
    /** The service that takes on the role, as in its principal: `lambda`. */
    readonly service: string;
    readonly required: readonly RequiredAction[];
}

const FUNCTION = "aws:lambda/function:Function";
const EVENT_SOURCE = "aws:lambda/eventSourceMapping:EventSourceMapping";
const EVENT_TARGET = "aws:cloudwatch/eventTarget:EventTarget";
const STREAM = "aws:kinesis/stream:Stream";
const FLOW_LOG = "aws:ec2/flowLog:FlowLog";

/** All of a plan's requirements. Of an undefined place no ARN is built. A state machine whose definition is not known has none here; F05 and others say so. */
export function readRequirements(plan: Plan, place: Place | undefined): readonly Requirement[] {
    return [
        ...readDefinitions(plan).map(({ resource, states = [] }) => ({
            resource, roles: urnsOf(resource, "roleArn"), service: "states",
            required: [...states.flatMap((state) => requiredByState(state, place)), ...requiredByTracing(resource, "tracingConfiguration")],
        })),
        ...ofType(plan, EVENT_SOURCE).map((resource) => ({
            resource, roles: functionsOf(resource, plan).flatMap((each) => urnsOf(each, "role")), service: "lambda",
            required: requiredBySource(resource, plan, place),
        })),
        ...ofType(plan, FUNCTION).map((resource) => ({
            resource, roles: urnsOf(resource, "role"), service: "lambda", required: requiredByFunction(resource, place),
        })),
        ...ofType(plan, EVENT_TARGET).filter(isStart).map((resource) => ({
            resource, roles: urnsOf(resource, "roleArn"), service: "events",
            required: [{ action: "states:StartExecution", ...known(resource.inputs["arn"]), because: "the rule starts the state machine" }],
        })),
        // https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-iam-role.html
        ...ofType(plan, FLOW_LOG).filter(({ inputs }) => inputs["logDestinationType"] === "cloud-watch-logs").map((resource) => ({
            resource, roles: urnsOf(resource, "iamRoleArn"), service: "vpc-flow-logs",
            required: ["logs:CreateLogStream", "logs:PutLogEvents", "logs:DescribeLogGroups", "logs:DescribeLogStreams"]
                .map((action) => ({ action, because: "the service writes the flow logs with this role" })),
        })),
    ];
}

/** Whether there is anything that works with a role. */
export function worksWithRoles({ resources }: Plan): boolean {
    return resources.some(({ type }) => [STATE_MACHINE, EVENT_SOURCE, FUNCTION, EVENT_TARGET, FLOW_LOG].includes(type));
}

function isStart(target: PlannedResource): boolean {
    return serviceOf(target.inputs["arn"]) === "states" || urnsOf(target, "arn").some((urn) => urn.includes(STATE_MACHINE));
}

/** What Lambda does with a function's role before the function does anything. */
function requiredByFunction(resource: PlannedResource, place: Place | undefined): readonly RequiredAction[] {
    const { kmsKeyArn, environment, vpcConfig, deadLetterConfig } = resource.inputs;
    const letters = sectionsOf(deadLetterConfig).map(({ targetArn }) => targetArn);
    return [
        ...requiredByLogs(resource, place),
        ...(kmsKeyArn === undefined || environment === undefined ? [] : [{
            action: "kms:Decrypt", ...knownKey(kmsKeyArn), because: "Lambda reads the environment with the function's role",
        }]),
        ...(sectionsOf(vpcConfig).some(({ subnetIds }) => subnetIds !== undefined) ? NETWORK_ACTIONS : [])
            .map((action) => ({ action, because: "Lambda makes its network interfaces with the function's role" })),
        ...letters.flatMap((arn) => (DESTINATION_ACTIONS[serviceOf(arn)] ?? [])
            .map((action) => ({ action, ...known(arn), because: "Lambda puts failed events aside with the function's role" }))),
        ...requiredByTracing(resource, "tracingConfig"),
    ];
}

/** https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html#configuration-vpc-permissions */
const NETWORK_ACTIONS = [
    "ec2:CreateNetworkInterface", "ec2:DescribeNetworkInterfaces", "ec2:DescribeSubnets", "ec2:DeleteNetworkInterface",
];

/** A function without them runs, and nobody can see what it does. https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs.html */
function requiredByLogs({ inputs }: PlannedResource, place: Place | undefined): readonly RequiredAction[] {
    const [config] = sectionsOf(inputs["loggingConfig"]);
    const group = config?.["logGroup"] ?? (typeof inputs["name"] === "string" ? `/aws/lambda/${inputs["name"]}` : undefined);
    if (typeof group !== "string" || place === undefined) return [];
    const on = `arn:${place.partition}:logs:${place.region}:${place.account}:log-group:${group}:log-stream:\${stream}`;
    return ["logs:CreateLogStream", "logs:PutLogEvents"].map((action) => ({ action, on, because: "the function writes its log with this role" }));
}

/** https://docs.aws.amazon.com/step-functions/latest/dg/xray-iam.html, https://docs.aws.amazon.com/lambda/latest/dg/services-xray.html */
function requiredByTracing({ inputs }: PlannedResource, property: string): readonly RequiredAction[] {
    const isOn = sectionsOf(inputs[property]).some(({ mode, enabled }) => mode === "Active" || enabled === true);
    return (isOn ? ["xray:PutTraceSegments", "xray:PutTelemetryRecords"] : []).map((action) => ({ action, because: "it is traced" }));
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

function requiredBySource(source: PlannedResource, plan: Plan, place: Place | undefined): readonly RequiredAction[] {
    const { onFailure } = (source.inputs["destinationConfig"] ?? {}) as { readonly onFailure?: { readonly destinationArn?: unknown } };
    const { eventSourceArn } = source.inputs;
    const streams = ofType(plan, STREAM).filter(({ urn }) => urnsOf(source, "eventSourceArn").includes(urn));
    const keys = streams.map(({ inputs }) => inputs["kmsKeyId"]);
    const through = place && { context: { "kms:viaservice": ["", ".cn"].map((end) => `kinesis.${place.region}.amazonaws.com${end}`) } };
    return [
        ...(SOURCE_ACTIONS[serviceOf(eventSourceArn)] ?? [])
            .map((action) => ({ action, ...known(eventSourceArn), because: "Lambda reads the source with the function's role" })),
        ...keys.filter((key) => key !== undefined)
            .map((key) => ({ action: "kms:Decrypt", ...knownKey(key), ...through, because: "the stream is encrypted" })),
        ...(DESTINATION_ACTIONS[serviceOf(onFailure?.destinationArn)] ?? [])
            .map((action) => ({ action, because: "Lambda writes what it gives up with the function's role" })),
    ];
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

/** Everybody has a planned key's ARN from the key itself, so its stand-in (`<arn of s3-key>`) is as good. */
function knownKey(value: unknown): { on?: string } {
    return typeof value === "string" && value.startsWith("<arn of ") ? { on: value } : known(value);
}

function serviceOf(arn: unknown): string {
    return typeof arn === "string" ? arn.split(":")[2] ?? "" : "";
}
