/** F72: who trusts a service asks it on whose behalf it comes. */
import { asksForSource, namesAccount, sendersOf } from "../iam/serviceSenders.ts";
import { readPolicies, ROLE } from "../planReading/policies.ts";
import type { PolicyReading } from "../planReading/policies.ts";
import type { PlannedResource } from "../../engine/engine.ts";
import { buildPlanEvidence } from "../samples.ts";
import { defineRule } from "../rule.ts";
import type { Evidence, Finding } from "../rule.ts";

const PERMISSION = "aws:lambda/permission:Permission";
const KEY = "aws:kms/key:Key";
const BUCKET_POLICY = "aws:s3/bucketPolicy:BucketPolicy";

export const rule = defineRule({
    id: "F72",
    kind: "plan",
    needs: ["plan"],
    title: "A trusted service is asked on whose behalf it comes",
    story: "A role trusted sagemaker.amazonaws.com, a topic cloudwatch.amazonaws.com, and nothing more. Every customer of AWS can have "
        + "that service act, so everybody's resources could use ours. Nothing fails then: security reviews find it, and hold the release back.",
    source: "https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html",
    prevention: "Trust policies and statements for services are built by functions that add the condition where the service documents it.",
    fix: "add a condition on aws:SourceAccount, and on aws:SourceArn where the resource is known",
    applies: ({ plan }) => readPolicies(plan).length > 0 || plan.resources.some(({ type }) => type === PERMISSION),
    check({ plan, stack }) {
        const policies = readPolicies(plan);
        const unknown = policies.filter(({ statements, isMalformed }) => statements === undefined && !isMalformed).map(({ resource }) => resource.name);
        const permissions = plan.resources.filter(({ type }) => type === PERMISSION);
        return {
            findings: [
                ...policies.flatMap((policy) => checkPolicy(policy, stack)),
                ...permissions.flatMap((permission) => checkPermission(permission, stack)),
            ],
            ...(unknown.length === 0 ? {} : { open: `not known before the deployment: ${unknown.join(", ")}` }),
        };
    },
    mustFind: [
        { title: "a role that any training job may take on", evidence: () => buildTrust("sagemaker.amazonaws.com") },
        {
            title: "a condition that a missing key passes",
            evidence: () => buildTrust("states.amazonaws.com", { StringEqualsIfExists: OURS }),
        },
        {
            title: "a condition on any account",
            evidence: () => buildTrust("events.amazonaws.com", { StringLike: { "aws:SourceAccount": "*" } }),
        },
        {
            title: "a condition on another key",
            evidence: () => buildTrust("sagemaker.amazonaws.com", { StringEquals: { "aws:RequestedRegion": "eu-central-1" } }),
        },
        {
            title: "a key for the logs of every account",
            evidence: () => buildPolicy(KEY, "policy", {
                Action: "kms:Encrypt", Resource: "*", Principal: { Service: "logs.eu-central-1.amazonaws.com" },
            }),
        },
        {
            title: "access logs of a bucket of whatever account",
            evidence: () => buildPolicy(BUCKET_POLICY, "policy", {
                Action: "s3:PutObject", Resource: "arn:aws:s3:::logs/*", Principal: { Service: "logging.s3.amazonaws.com" },
                Condition: { ArnLike: { "aws:SourceArn": "arn:aws:s3:::raw" } },
            }),
        },
        {
            title: "a condition on an account of any number",
            evidence: () => buildTrust("states.amazonaws.com", { StringLike: { "aws:SourceAccount": "1*" } }),
        },
        {
            title: "a condition without a value",
            evidence: () => buildTrust("states.amazonaws.com", { StringEquals: { "aws:SourceAccount": [] } }),
        },
        { title: "subscriptions of everybody's log groups", evidence: () => buildTrust("logs.eu-central-1.amazonaws.com") },
        { title: "a function that any API may call", evidence: () => buildPermission({ principal: "apigateway.amazonaws.com" }) },
        {
            title: "a function that a bucket of that name may call, whoever owns it",
            evidence: () => buildPermission({ principal: "s3.amazonaws.com", sourceArn: "arn:aws:s3:::raw" }),
        },
    ],
    mustPass: [
        { title: "a role for jobs of our account", evidence: () => buildTrust("sagemaker.amazonaws.com", { StringEquals: OURS }) },
        { title: "a role for Lambda, which does not say for whom", evidence: () => buildTrust("lambda.amazonaws.com") },
        {
            title: "a role for one rule of ours",
            evidence: () => buildTrust("events.amazonaws.com.cn", {
                ArnLike: { "aws:sourcearn": "arn:aws-cn:events:cn-north-1:123456789012:rule/upload" },
            }),
        },
        {
            title: "a key for our log groups",
            evidence: () => buildPolicy(KEY, "policy", {
                Action: "kms:Encrypt", Resource: "*", Principal: { Service: "logs.eu-central-1.amazonaws.com" },
                Condition: {
                    ArnLike: { "kms:EncryptionContext:aws:logs:arn": ["arn:aws:logs:eu-central-1:123456789012:log-group:/aws/lambda/dev-*"] },
                },
            }),
        },
        {
            title: "a function for one API",
            evidence: () => buildPermission({ principal: "apigateway.amazonaws.com", sourceArn: "<executionArn of api>/*/*" }),
        },
        {
            title: "a function for our bucket",
            evidence: () => buildPermission({ principal: "s3.amazonaws.com", sourceArn: "arn:aws:s3:::raw", sourceAccount: "123456789012" }),
        },
    ],
});

function checkPolicy({ resource, kind, service, statements = [] }: PolicyReading, stack: string): Finding[] {
    const place = kind === "trust" ? "role" : service ?? kind;
    return statements.filter((statement) => statement.effect === "Allow" && !asksForSource(statement))
        .flatMap((statement) => sendersOf(statement, place))
        .map((principal) => ({
            severity: "blocker", where: `${stack}/${resource.name}`, urn: resource.urn,
            what: `lets ${principal} in for anybody's resource: no condition on aws:SourceAccount, or on aws:SourceArn with an account in it`,
        }));
}

/** Lambda makes the conditions of a function's policy from these. https://docs.aws.amazon.com/lambda/latest/dg/permissions-function-services.html */
function checkPermission({ name, urn, inputs }: PlannedResource, stack: string): Finding[] {
    const { principal, sourceArn, sourceAccount, principalOrgId } = inputs;
    if (typeof principal !== "string" || !/\.amazonaws\.com(\.cn)?$/.test(principal)) return [];
    const isOwned = sourceAccount !== undefined || principalOrgId !== undefined;
    // What is not a text is not known before the deployment, but will be one resource's ARN.
    const isNamed = sourceArn !== undefined && (typeof sourceArn !== "string" || namesAccount(sourceArn));
    if (isOwned || isNamed) return [];
    const found = sourceArn === undefined ? "neither sourceArn nor sourceAccount"
        : `sourceArn ${String(sourceArn)}, in which no account stands, and no sourceAccount`;
    return [{ severity: "blocker", where: `${stack}/${name}`, urn, what: `lets ${principal} call the function for anybody's resource: ${found}` }];
}

const OURS = { "aws:SourceAccount": "123456789012" };

function buildTrust(Service: string, Condition?: object): Evidence {
    const condition = Condition === undefined ? {} : { Condition };
    return buildPolicy(ROLE, "assumeRolePolicy", { Action: "sts:AssumeRole", Principal: { Service }, ...condition });
}

function buildPermission(inputs: { readonly principal: string; readonly sourceArn?: string; readonly sourceAccount?: string }): Evidence {
    return buildPlanEvidence({ type: PERMISSION, name: "worker-permission", inputs });
}

function buildPolicy(type: string, property: string, statement: object): Evidence {
    const document = JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect: "Allow", ...statement }] });
    return buildPlanEvidence({ type, name: "worker-policy", inputs: { [property]: document } });
}
