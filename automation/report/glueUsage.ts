/**
 * Whether glue was used: resources that no call names, because they only let other resources work. Each has one question to the calls
 * of the run; glue without such a question (an alias, a bucket's versioning) stays `recorded only`.
 */
import type { StackResource } from "../engine/engine.ts";
import { covers, parseStatements } from "../preflight/planReading/policies.ts";
import type { UsageRecord } from "../rehearsal/cloud/cloud.ts";

/** All that happened, and all that there is. */
export interface RunFacts {
    readonly resources: readonly StackResource[];
    readonly usage: readonly UsageRecord[];
}

type Question = (resource: StackResource, facts: RunFacts) => string | undefined;

const API_GATEWAY = "apigateway.amazonaws.com";

const QUESTIONS: Readonly<Record<string, Question>> = {
    "aws:iam/rolePolicy:RolePolicy": findDecidedCall,
    "aws:lambda/permission:Permission": (permission, facts) => describe(findApiCall(facts, textOf(permission, "function"))),
    "aws:apigatewayv2/integration:Integration": (integration, facts) => describe(findApiCall(facts, functionIn(textOf(integration, "integrationUri")))),
    "aws:cloudwatch/eventTarget:EventTarget": (target, facts) => describe(findTargetCall(target, facts)),
    "aws:cloudwatch/eventRule:EventRule": findRuleCall,
    "aws:s3/bucketNotification:BucketNotification": (notification, facts) => rulesFor(notification, facts).map((rule) => findRuleCall(rule, facts)).find(isText),
    "aws:sagemaker/endpointConfiguration:EndpointConfiguration": findConfigurationCall,
    "aws:sagemaker/model:Model": (model, facts) => configurationsOf(model, facts).map((found) => findConfigurationCall(found, facts)).find(isText),
    // A command is a process that ran when the resource was created; it would not be in the state had it failed.
    "command:local/command:Command": () => "its command ended with 0",
    "command:local:Command": () => "its command ended with 0",
};

/** The proof that this resource was used in the run, or undefined when nothing says so. */
export function findGlueProof(resource: StackResource, facts: RunFacts): string | undefined {
    return QUESTIONS[resource.type]?.(resource, facts);
}

/** A call that the role was allowed, and that a statement of this policy covers. */
function findDecidedCall(policy: StackResource, { resources, usage }: RunFacts): string | undefined {
    const role = resources.find(({ type, outputs }) => type === "aws:iam/role:Role" && outputs["name"] === policy.outputs["role"]);
    const statements = (parseStatements(policy.outputs["policy"]) ?? []).filter(({ effect }) => effect === "Allow");
    const isCovered = ({ action }: UsageRecord): boolean => statements.some(({ actions }) => actions.some((pattern) => covers(pattern, action)));
    return describe(usage.find((record) => record.allowed && record.principal === role?.outputs["arn"] && isCovered(record)));
}

/** The API's call of a function, given by its name or its ARN. */
function findApiCall({ usage }: RunFacts, name: string): UsageRecord | undefined {
    const isMeant = (arn: string): boolean => name !== "" && (arn === name || arn.endsWith(`:function:${name}`));
    return usage.find(({ action, resource, principal, allowed }) => allowed && principal === API_GATEWAY && action === "lambda:InvokeFunction" && isMeant(resource));
}

/** The function's ARN in an invocation URI, or the URI itself. */
function functionIn(uri: string): string {
    return /arn:[^:]+:lambda:[^:]+:\d+:function:[^/]+/.exec(uri)?.[0] ?? uri;
}

/** The execution that the target's role started. */
function findTargetCall(target: StackResource, { usage }: RunFacts): UsageRecord | undefined {
    const role = textOf(target, "roleArn");
    return usage.find(({ action, principal, resource, allowed }) => allowed && action === "states:StartExecution" && principal === role
        && resource === textOf(target, "arn"));
}

function findRuleCall(rule: StackResource, facts: RunFacts): string | undefined {
    const targets = facts.resources.filter(({ type, outputs }) => type === "aws:cloudwatch/eventTarget:EventTarget" && outputs["rule"] === rule.outputs["name"]);
    return describe(targets.map((target) => findTargetCall(target, facts)).find((record) => record !== undefined));
}

/** Rules whose pattern names the bucket. */
function rulesFor(notification: StackResource, { resources }: RunFacts): readonly StackResource[] {
    const bucket = JSON.stringify(textOf(notification, "bucket"));
    return resources.filter((resource) => resource.type === "aws:cloudwatch/eventRule:EventRule" && textOf(resource, "eventPattern").includes(bucket));
}

/** The invocation of an endpoint with this configuration. */
function findConfigurationCall(configuration: StackResource, { resources, usage }: RunFacts): string | undefined {
    const endpoints = resources.filter(({ type, outputs }) => type === "aws:sagemaker/endpoint:Endpoint" && outputs["endpointConfigName"] === configuration.outputs["name"]);
    const arns = endpoints.map((endpoint) => textOf(endpoint, "arn"));
    return describe(usage.find(({ action, resource, allowed }) => allowed && action === "sagemaker:InvokeEndpoint" && arns.includes(resource)));
}

function configurationsOf(model: StackResource, { resources }: RunFacts): readonly StackResource[] {
    return resources.filter(({ type, outputs }) => {
        const variants = (outputs["productionVariants"] ?? []) as readonly { modelName?: unknown }[];
        return type === "aws:sagemaker/endpointConfiguration:EndpointConfiguration" && variants.some(({ modelName }) => modelName === model.outputs["name"]);
    });
}

function textOf({ outputs }: StackResource, name: string): string {
    const value = outputs[name];
    return typeof value === "string" ? value : "";
}

function describe(record: UsageRecord | undefined): string | undefined {
    return record?.action;
}

function isText(value: string | undefined): value is string {
    return value !== undefined;
}
