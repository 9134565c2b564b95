/** F06: no policy allows more than it has to. */
import { boundValues, tellsCaller } from "../iam/conditions.ts";
import { isOwnersKey, reasonFor, reasonForPattern, WHOLE_KINDS, WIDE_POLICIES } from "../iam/wildcardReasons.ts";
import { covers, findForeignPolicies, readPolicies, ROLE, ROLE_POLICY } from "../planReading/policies.ts";
import type { ForeignPolicy, PolicyReading, Statement } from "../planReading/policies.ts";
import { ATTACHMENT } from "../planReading/policyPlaces.ts";
import type { PolicyKind } from "../planReading/policyPlaces.ts";
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
const PASS_ROLE = "iam:PassRole";
const OIDC = "arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com";
const PASSED_TO_SAGEMAKER = { StringEquals: { "iam:PassedToService": "sagemaker.amazonaws.com" } };

/** What is looked for in a statement that allows something, by what the policy is for. */
const LOOKS: Readonly<Record<PolicyKind, (statement: Statement) => readonly string[]>> = {
    identity: findProblems, trust: findOpenTrust, resource: findOpenDoors, endpoint: findOpenEndpoint,
};

function checkPolicy({ resource, kind, statements = [] }: PolicyReading, stack: string): Finding[] {
    const problems = statements.filter(({ effect }) => effect === "Allow").flatMap(LOOKS[kind]);
    return problems.map((what) => ({ severity: "blocker", where: `${stack}/${resource.name}`, what, urn: resource.urn }));
}

function checkForeign({ resource, arn }: ForeignPolicy, stack: string): Finding[] {
    if (!isWide(arn)) return [];
    const what = `gives its role ${arn.slice(arn.lastIndexOf("/") + 1)}, a policy of AWS's that allows far more than one work needs`;
    return [{ severity: "blocker", where: `${stack}/${resource.name}`, what, urn: resource.urn }];
}

function isWide(arn: string): boolean {
    return /^arn:[^:]*:iam::aws:/.test(arn) && WIDE_POLICIES.test(arn);
}

/** Who may take on a role. */
function findOpenTrust(statement: Statement): readonly string[] {
    const { providers, actions } = statement;
    // https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_create_oidc.html (the subject tells whose workload it is)
    const open = providers.filter((provider) => /:oidc-provider\//.test(provider) && !tellsSubject(statement, provider));
    return [
        ...(isOpen(statement) ? [`lets everybody take on the role, for ${actions.join(", ")}`] : []),
        ...findWildcards(actions),
        ...open.map((provider) => `lets whoever ${provider.split("/")[1] ?? provider} vouches for take on the role: no condition on its sub`),
    ];
}

function tellsSubject({ conditions }: Statement, provider: string): boolean {
    const issuer = provider.slice(provider.indexOf("/") + 1);
    return boundValues(conditions, `${issuer}:sub`)?.every((value) => !/^[*?]*$/.test(value)) === true;
}

/** A resource's policy names no more than its resource; what it can be is open to all, or to every action. */
function findOpenDoors(statement: Statement): readonly string[] {
    const { actions, isInverted } = statement;
    return [
        ...(isOpen(statement) ? [`lets everybody in, for ${actions.join(", ")}`] : []),
        ...(isInverted ? [ALL_BUT] : findWildcards(actions.filter((action) => !isOwnersKey(action, statement)))),
    ];
}

/** An endpoint may let through whatever comes from or goes to our account, or from anybody what it names. */
function findOpenEndpoint(statement: Statement): readonly string[] {
    const { actions, resources, isInverted, conditions } = statement;
    if (tellsCaller(conditions) || boundValues(conditions, "aws:ResourceAccount") !== undefined) return [];
    const isWhole = isInverted || actions.some(isWholeService) || resources.some((resource) => resource === "*" || matchesWholeKind(resource));
    return isWhole ? [`lets everybody through, for ${actions.join(", ")} on ${resources.join(", ")}`] : [];
}

function isOpen({ isForEverybody, conditions }: Statement): boolean {
    return isForEverybody && !tellsCaller(conditions);
}

const ALL_BUT = "allows everything except what it names (NotAction or NotResource)";

/** Exported for the audit of policies that are already in an account. */
export function findProblems(statement: Statement): readonly string[] {
    if (statement.isInverted) return [ALL_BUT];
    return [
        ...findWildcards(statement.actions),
        ...(statement.actions.some((action) => covers(action, PASS_ROLE)) ? findPassRoleProblems(statement) : []),
        ...findResourceProblems(statement),
    ];
}

function findWildcards(actions: readonly string[]): readonly string[] {
    return actions.filter((action) => /[*?]/.test(action) && reasonForPattern(action) === undefined).map((action) => (
        isWholeService(action) ? `allows every action: ${action}` : `allows whatever begins like ${action}, without a listed reason`));
}

function isWholeService(action: string): boolean {
    return /^([^:]*:)?\*+$/.test(action);
}

/** One role, and one service that it may be given to. */
function findPassRoleProblems({ resources, conditions }: Statement): readonly string[] {
    const problems = resources.filter((resource) => /[*?]/.test(resource)).map((resource) => `may pass any role that matches ${resource}`);
    const services = boundValues(conditions, "iam:PassedToService") ?? [];
    if (services.length === 0) return [...problems, "may pass a role to any service (no condition on iam:PassedToService)"];
    if (services.length === 1 && !/[*?]/.test(services[0] ?? "")) return problems;
    return [...problems, `may pass a role to more than one service: ${services.join(", ")}`];
}

function findResourceProblems({ actions, resources, conditions }: Statement): readonly string[] {
    const named = actions.filter((action) => !isWholeService(action) && !covers(action, PASS_ROLE));
    return resources.flatMap((resource) => {
        if (/^\*+$/.test(resource)) return named.flatMap((action) => findEverythingProblems(action, conditions));
        if (!matchesWholeKind(resource)) return [];
        return named.filter((action) => !WHOLE_KINDS.some((kind) => covers(kind.action, action) && kind.resource.test(resource)))
            .map((action) => `allows ${action} on everything that matches ${resource}, without a listed reason`);
    });
}

function findEverythingProblems(action: string, conditions: Statement["conditions"]): readonly string[] {
    const reason = reasonFor(action);
    if (reason === undefined) return [`allows ${action} on every resource`];
    const { condition } = reason;
    if (condition === undefined || boundValues(conditions, condition)?.every((value) => !/^[*?]*$/.test(value)) === true) return [];
    return [`allows ${action} without a condition on ${condition}`];
}

/** `arn:aws:s3:::*`, `arn:aws:dynamodb:eu-central-1:123456789012:table/*`, or any region's or account's. */
function matchesWholeKind(resource: string): boolean {
    if (!/[*?]/.test(resource)) return false;
    const [, , service = "", region = "", account = "", ...rest] = resource.split(":");
    // A pattern that ends before the name: arn:*.
    if (rest.length === 0 || /[*?]/.test(`${service}${region}${account}`)) return true;
    const name = rest.join(":");
    // What stands before the first / of an S3 resource is the bucket's name, elsewhere the kind.
    return /^\/?[*?]/.test(service === "s3" ? name : name.replace(/^[A-Za-z-]+[/:]/, ""));
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
