/** F06: no policy allows more than it has to. */
import { findExcess, isWide } from "../iam/excess.ts";
import { findForeignPolicies, readPolicies, ROLE, ROLE_POLICY } from "../planReading/policies.ts";
import type { ForeignPolicy, PolicyReading } from "../planReading/policies.ts";
import { ATTACHMENT } from "../planReading/policyPlaces.ts";
import { buildPlanEvidence } from "../samples.ts";
import { defineRule } from "../rule.ts";
import type { Evidence, Finding } from "../rule.ts";

export const rule = defineRule({
    id: "F06",
    kind: "plan",
    needs: ["plan"],
    title: "No policy is wider than its work",
    story: "Policies allowed s3:* or passed any role to any service. Nothing fails then: the deployment is green, and the wildcard is found "
        + "by the security review, or by somebody who uses it.",
    source: "field reports S0-S4",
    prevention: "Policies are built from permission sets that name actions and resources.",
    fix: "name the actions and the resources; give iam:PassRole the one role and iam:PassedToService",
    applies: ({ plan }) => readPolicies(plan).length > 0 || findForeignPolicies(plan).length > 0,
    check({ plan, stack }) {
        const policies = readPolicies(plan);
        const foreign = findForeignPolicies(plan);
        // What is malformed is refused by IAM: F71.
        const open = [
            ...policies.filter(({ statements, isMalformed }) => statements === undefined && !isMalformed)
                .map(({ resource: { name } }) => `${name} is not known before the deployment`),
            ...foreign.filter(({ arn }) => !isWide(arn)).map(({ arn }) => `${arn} stands in no plan`),
        ];
        return {
            findings: [...policies.flatMap((policy) => checkPolicy(policy, stack)), ...foreign.flatMap((policy) => checkForeign(policy, stack))],
            ...(open.length === 0 ? {} : { open: [...new Set(open)].join("; ") }),
        };
    },
    mustFind: [
        { title: "every action of a service", evidence: () => buildEvidence({ Action: "s3:*", Resource: "*" }) },
        { title: "every action there is", evidence: () => buildEvidence({ Action: "*", Resource: "arn:aws:s3:::raw/*" }) },
        { title: "a read of every bucket", evidence: () => buildEvidence({ Action: ["s3:GetObject"], Resource: ["*"] }) },
        {
            title: "passing any role",
            evidence: () => buildEvidence({ Action: "iam:PassRole", Resource: "*", Condition: PASSED_TO_SAGEMAKER }),
        },
        { title: "passing a role to any service", evidence: () => buildEvidence({ Action: "iam:PassRole", Resource: TRAINING_ROLE }) },
        {
            title: "passing all roles that begin alike",
            evidence: () => buildEvidence({ Action: "iam:PassRole", Resource: "arn:aws:iam::123456789012:role/*", Condition: PASSED_TO_SAGEMAKER }),
        },
        {
            title: "passing a role to whatever service begins alike",
            evidence: () => buildEvidence({
                Action: "iam:PassRole", Resource: TRAINING_ROLE, Condition: { StringLike: { "iam:PassedToService": "*.amazonaws.com" } },
            }),
        },
        {
            title: "every action that begins alike",
            evidence: () => buildEvidence({ Action: "s3:Put*", Resource: "arn:aws:s3:::raw/data/*" }),
        },
        {
            title: "every table of the account",
            evidence: () => buildEvidence({ Action: "dynamodb:Query", Resource: "arn:aws:dynamodb:eu-central-1:123456789012:table/*" }),
        },
        { title: "the objects of every bucket", evidence: () => buildEvidence({ Action: "s3:GetObject", Resource: "arn:aws:s3:::*/*" }) },
        {
            title: "a queue of any account",
            evidence: () => buildEvidence({ Action: "sqs:SendMessage", Resource: "arn:aws:sqs:eu-central-1:*:letters" }),
        },
        { title: "metrics in any namespace", evidence: () => buildEvidence({ Action: "cloudwatch:PutMetricData", Resource: "*" }) },
        {
            title: "a bucket that is open to everybody",
            evidence: () => buildBucketPolicy({ Principal: "*", Action: "s3:GetObject", Resource: "arn:aws:s3:::raw/*" }),
        },
        {
            title: "a bucket that is open to everybody who comes by TLS",
            evidence: () => buildBucketPolicy({
                Principal: "*", Action: "s3:GetObject", Resource: "arn:aws:s3:::raw/*", Condition: { Bool: { "aws:SecureTransport": "true" } },
            }),
        },
        {
            title: "a bucket that is open to all but one",
            evidence: () => buildBucketPolicy({ NotPrincipal: { AWS: "123456789012" }, Action: "s3:GetObject", Resource: "arn:aws:s3:::raw/*" }),
        },
        {
            title: "every action on a bucket, for a service",
            evidence: () => buildBucketPolicy({ Principal: { Service: "logging.s3.amazonaws.com" }, Action: "s3:*", Resource: "arn:aws:s3:::raw" }),
        },
        { title: "a role that everybody may take on", evidence: () => buildTrust({ Principal: { AWS: "*" }, Action: "sts:AssumeRole" }) },
        {
            title: "a role that every repository may take on",
            evidence: () => buildTrust({
                Principal: { Federated: OIDC }, Action: "sts:AssumeRoleWithWebIdentity",
                Condition: { StringEquals: { "token.actions.githubusercontent.com:aud": "sts.amazonaws.com" } },
            }),
        },
        { title: "an endpoint that lets everything through", evidence: () => buildEndpoint({ Action: "*", Resource: "*" }) },
        {
            title: "a policy that stands in the role itself",
            evidence: () => buildPlanEvidence({
                type: ROLE, name: "worker-role",
                inputs: { inlinePolicies: [{ name: "work", policy: buildDocument({ Action: "s3:*", Resource: "*" }) }] },
            }),
        },
        { title: "AWS's own policy for administrators", evidence: () => buildAttachment("AdministratorAccess") },
        { title: "AWS's own policy for a whole service", evidence: () => buildAttachment("AmazonSageMakerFullAccess") },
        {
            title: "passing a role to every service but one",
            evidence: () => buildEvidence({
                Action: "iam:PassRole", Resource: TRAINING_ROLE, Condition: { StringNotEquals: { "iam:PassedToService": "ec2.amazonaws.com" } },
            }),
        },
        {
            title: "metrics in whatever namespace",
            evidence: () => buildEvidence({
                Action: "cloudwatch:PutMetricData", Resource: "*", Condition: { StringLike: { "cloudwatch:namespace": "*" } },
            }),
        },
        { title: "a pattern that ends before the name", evidence: () => buildEvidence({ Action: "s3:GetObject", Resource: "arn:*" }) },
        {
            title: "every state machine of the account",
            evidence: () => buildEvidence({
                Action: "states:StartExecution", Resource: "arn:aws:states:eu-central-1:123456789012:stateMachine:*",
            }),
        },
        { title: "everything but some actions", evidence: () => buildEvidence({ NotAction: "iam:*", Resource: "arn:aws:s3:::raw/*" }) },
    ],
    mustPass: [
        {
            title: "named actions on named resources",
            evidence: () => buildEvidence({ Action: ["s3:GetObject"], Resource: ["arn:aws:s3:::raw/data/*"] }),
        },
        {
            title: "one role passed to one service",
            evidence: () => buildEvidence({ Action: "iam:PassRole", Resource: TRAINING_ROLE, Condition: PASSED_TO_SAGEMAKER }),
        },
        {
            title: "log delivery, which AWS offers on every resource only",
            evidence: () => buildEvidence({ Action: ["logs:CreateLogDelivery"], Resource: "*" }),
        },
        {
            title: "a bucket that is open to everybody of one account",
            evidence: () => buildBucketPolicy({
                Principal: { AWS: "*" }, Action: "s3:GetObject", Resource: "arn:aws:s3:::raw/*",
                Condition: { StringEquals: { "aws:PrincipalAccount": "123456789012" } },
            }),
        },
        {
            title: "patterns with a listed reason, in whatever letters",
            evidence: () => buildEvidence({ Action: ["kms:GenerateDataKey*", "KMS:reencrypt*"], Resource: "<arn of s3-key>" }),
        },
        {
            title: "the same in other letters, which IAM takes for the same",
            evidence: () => buildEvidence({ Action: "logs:createlogdelivery", Resource: "*" }),
        },
        {
            title: "a key in other letters, which IAM takes for the same",
            evidence: () => buildEvidence({
                Action: "iam:PassRole", Resource: TRAINING_ROLE, Condition: { StringEquals: { "iam:passedToService": ["sagemaker.amazonaws.com"] } },
            }),
        },
        {
            title: "all keys below a prefix",
            evidence: () => buildEvidence({
                Action: "ssm:GetParameter", Resource: "arn:aws:ssm:eu-central-1:123456789012:parameter/firstlight/dev/*",
            }),
        },
        {
            title: "a key that its account owns",
            evidence: () => buildPlanEvidence({
                type: "aws:kms/key:Key", name: "s3-key",
                inputs: { policy: buildDocument({ Principal: { AWS: "arn:aws:iam::123456789012:root" }, Action: "kms:*", Resource: "*" }) },
            }),
        },
        {
            title: "an endpoint for callers of one account",
            evidence: () => buildEndpoint({ Action: "*", Resource: "*", Condition: { StringEquals: { "aws:PrincipalAccount": "123456789012" } } }),
        },
        {
            title: "an endpoint that lets everybody read what it names",
            evidence: () => buildEndpoint({ Action: "s3:GetObject", Resource: "arn:aws:s3:::layers/*" }),
        },
        {
            title: "a role for one repository",
            evidence: () => buildTrust({
                Principal: { Federated: OIDC }, Action: "sts:AssumeRoleWithWebIdentity",
                Condition: { StringLike: { "token.actions.githubusercontent.com:sub": "repo:us/ours:*" } },
            }),
        },
        { title: "a deny of everything", evidence: () => buildEvidence({ Effect: "Deny", Action: "*", Resource: "*" }) },
    ],
});

const TRAINING_ROLE = "arn:aws:iam::123456789012:role/training";
const OIDC = "arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com";
const PASSED_TO_SAGEMAKER = { StringEquals: { "iam:PassedToService": "sagemaker.amazonaws.com" } };

function checkPolicy({ resource, kind, statements = [] }: PolicyReading, stack: string): Finding[] {
    const problems = statements.flatMap((statement) => findExcess(kind, statement));
    return problems.map((what) => ({ severity: "blocker", where: `${stack}/${resource.name}`, what, urn: resource.urn }));
}

function checkForeign({ resource, arn }: ForeignPolicy, stack: string): Finding[] {
    if (!isWide(arn)) return [];
    const what = `gives its role ${arn.slice(arn.lastIndexOf("/") + 1)}, a policy of AWS's that allows far more than one work needs`;
    return [{ severity: "blocker", where: `${stack}/${resource.name}`, what, urn: resource.urn }];
}

function buildEvidence(statement: Readonly<Record<string, unknown>>): Evidence {
    return buildPlanEvidence({ type: ROLE_POLICY, name: "worker-policy", inputs: { policy: buildDocument(statement) } });
}

function buildBucketPolicy(statement: Readonly<Record<string, unknown>>): Evidence {
    return buildPlanEvidence({ type: "aws:s3/bucketPolicy:BucketPolicy", name: "raw-policy", inputs: { policy: buildDocument(statement) } });
}

function buildTrust(statement: Readonly<Record<string, unknown>>): Evidence {
    return buildPlanEvidence({ type: ROLE, name: "worker-role", inputs: { assumeRolePolicy: buildDocument(statement) } });
}

function buildEndpoint(statement: Readonly<Record<string, unknown>>): Evidence {
    const policy = buildDocument({ Principal: "*", ...statement });
    return buildPlanEvidence({ type: "aws:ec2/vpcEndpoint:VpcEndpoint", name: "s3-endpoint", inputs: { policy } });
}

function buildAttachment(name: string): Evidence {
    return buildPlanEvidence({ type: ATTACHMENT, name: "worker-attachment", inputs: { policyArn: `arn:aws:iam::aws:policy/${name}` } });
}

function buildDocument(statement: Readonly<Record<string, unknown>>): string {
    return JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect: "Allow", ...statement }] });
}
