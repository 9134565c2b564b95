/** F06: no policy allows more than it has to. */
import { ACTION_PATTERNS, reasonFor, WHOLE_KINDS } from "../iam/wildcardReasons.ts";
import { covers, readPolicies, ROLE_POLICY } from "../planReading/policies.ts";
import type { PolicyReading, Statement } from "../planReading/policies.ts";
import { buildPlanEvidence } from "../samples.ts";
import { defineRule } from "../rule.ts";
import type { Evidence, Finding } from "../rule.ts";

export const rule = defineRule({
    id: "F06",
    kind: "plan",
    needs: ["plan"],
    title: "No policy is wider than its work",
    story: "Policies allowed s3:* or passed any role to any service. Nothing fails then: the deployment is green, and the wildcard is found by the security "
        + "review, or by somebody who uses it.",
    source: "field reports S0-S4",
    prevention: "Policies are built from permission sets that name actions and resources.",
    fix: "name the actions and the resources; give iam:PassRole the one role and iam:PassedToService",
    applies: ({ plan }) => readPolicies(plan).some(({ kind }) => kind === "identity" || kind === "resource"),
    check({ plan, stack }) {
        const policies = readPolicies(plan).filter(({ kind }) => kind === "identity" || kind === "resource");
        const unknown = policies.filter(({ statements }) => statements === undefined).map(({ resource }) => resource.name);
        return {
            findings: policies.flatMap((policy) => checkPolicy(policy, stack)),
            ...(unknown.length === 0 ? {} : { open: `not known before the deployment: ${unknown.join(", ")}` }),
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
            evidence: () => buildEvidence({ Action: "iam:PassRole", Resource: TRAINING_ROLE, Condition: { StringLike: { "iam:PassedToService": "*.amazonaws.com" } } }),
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
            title: "a pattern with a listed reason",
            evidence: () => buildEvidence({ Action: "kms:GenerateDataKey*", Resource: "<arn of s3-key>" }),
        },
        {
            title: "all keys below a prefix",
            evidence: () => buildEvidence({ Action: "ssm:GetParameter", Resource: "arn:aws:ssm:eu-central-1:123456789012:parameter/firstlight/dev/*" }),
        },
        { title: "a deny of everything", evidence: () => buildEvidence({ Effect: "Deny", Action: "*", Resource: "*" }) },
    ],
});

const TRAINING_ROLE = "arn:aws:iam::123456789012:role/training";
const PASS_ROLE = "iam:PassRole";
const PASSED_TO_SAGEMAKER = { StringEquals: { "iam:PassedToService": "sagemaker.amazonaws.com" } };

function checkPolicy({ resource, kind, statements = [] }: PolicyReading, stack: string): Finding[] {
    const problems = statements.filter(({ effect }) => effect === "Allow").flatMap(kind === "identity" ? findProblems : findOpenDoors);
    return problems.map((what) => ({ severity: "blocker", where: `${stack}/${resource.name}`, what, urn: resource.urn }));
}

/** A resource's policy names no more than its resource; what it can be is open to all. */
function findOpenDoors({ isForEverybody, actions, conditions }: Statement): readonly string[] {
    return isForEverybody && Object.keys(conditions).length === 0 ? [`lets everybody in, for ${actions.join(", ")}`] : [];
}

/** Exported for the audit of policies that are already in an account. */
export function findProblems(statement: Statement): readonly string[] {
    if (statement.isInverted) return ["allows everything except what it names (NotAction or NotResource)"];
    return [
        ...findActionProblems(statement),
        ...(statement.actions.some((action) => covers(action, PASS_ROLE)) ? findPassRoleProblems(statement) : []),
        ...findResourceProblems(statement),
    ];
}

function findActionProblems({ actions }: Statement): readonly string[] {
    return actions.filter((action) => /[*?]/.test(action) && !(action in ACTION_PATTERNS)).map((action) => (
        isWholeService(action) ? `allows every action: ${action}` : `allows whatever begins like ${action}, without a listed reason`));
}

function isWholeService(action: string): boolean {
    return action === "*" || action.endsWith(":*");
}

/** One role, and one service that it may be given to. */
function findPassRoleProblems({ resources, conditions }: Statement): readonly string[] {
    const problems = resources.filter((resource) => /[*?]/.test(resource)).map((resource) => `may pass any role that matches ${resource}`);
    const services = Object.values(conditions).flatMap((keys) => asTexts(keys["iam:PassedToService"]));
    if (services.length === 0) return [...problems, "may pass a role to any service (no condition on iam:PassedToService)"];
    if (services.length === 1 && !/[*?]/.test(services[0] ?? "")) return problems;
    return [...problems, `may pass a role to more than one service: ${services.join(", ")}`];
}

function findResourceProblems({ actions, resources, conditions }: Statement): readonly string[] {
    const named = actions.filter((action) => !isWholeService(action) && !covers(action, PASS_ROLE));
    return resources.flatMap((resource) => {
        if (resource === "*") return named.flatMap((action) => findEverythingProblems(action, conditions));
        if (!matchesWholeKind(resource)) return [];
        return named.filter((action) => !WHOLE_KINDS.some((kind) => covers(kind.action, action) && kind.resource.test(resource)))
            .map((action) => `allows ${action} on everything that matches ${resource}, without a listed reason`);
    });
}

function findEverythingProblems(action: string, conditions: Statement["conditions"]): readonly string[] {
    const reason = reasonFor(action);
    if (reason === undefined) return [`allows ${action} on every resource`];
    const { condition } = reason;
    if (condition === undefined || Object.values(conditions).some((keys) => condition in keys)) return [];
    return [`allows ${action} without a condition on ${condition}`];
}

/** `arn:aws:s3:::*`, `arn:aws:dynamodb:eu-central-1:123456789012:table/*`, or any region's or account's. */
function matchesWholeKind(resource: string): boolean {
    const [, , service = "", region = "", account = "", ...rest] = resource.split(":");
    if (/[*?]/.test(`${service}${region}${account}`)) return true;
    const name = rest.join(":");
    // What stands before the first / of an S3 resource is the bucket's name, elsewhere the kind.
    return (service === "s3" ? name : name.replace(/^[a-z-]+[/:]/, "")).startsWith("*");
}

function asTexts(value: unknown): readonly string[] {
    return value === undefined ? [] : (Array.isArray(value) ? value : [value]).map(String);
}

function buildEvidence(statement: Readonly<Record<string, unknown>>): Evidence {
    return buildPlanEvidence({ type: ROLE_POLICY, name: "worker-policy", inputs: { policy: buildDocument(statement) } });
}

function buildBucketPolicy(statement: Readonly<Record<string, unknown>>): Evidence {
    return buildPlanEvidence({ type: "aws:s3/bucketPolicy:BucketPolicy", name: "raw-policy", inputs: { policy: buildDocument(statement) } });
}

function buildDocument(statement: Readonly<Record<string, unknown>>): string {
    return JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect: "Allow", ...statement }] });
}
