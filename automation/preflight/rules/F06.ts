/** F06: no policy allows more than it has to. */
import { readRolePolicies, covers, ROLE_POLICY } from "../planReading/policies.ts";
import type { RolePolicyReading, Statement } from "../planReading/policies.ts";
import { buildPlanEvidence } from "../samples.ts";
import { defineRule } from "../rule.ts";
import type { Evidence, Finding } from "../rule.ts";

/** Actions that AWS offers on Resource "*" only, each with the condition key that must narrow it, if there is one. Service authorization reference. */
const WITHOUT_RESOURCE: Readonly<Record<string, string | undefined>> = {
    "logs:CreateLogDelivery": undefined, "logs:GetLogDelivery": undefined, "logs:UpdateLogDelivery": undefined, "logs:DeleteLogDelivery": undefined,
    "logs:ListLogDeliveries": undefined, "logs:PutResourcePolicy": undefined, "logs:DescribeResourcePolicies": undefined, "logs:DescribeLogGroups": undefined,
    "ecr:GetAuthorizationToken": undefined, "sagemaker:ListTags": undefined,
    "xray:PutTraceSegments": undefined, "xray:PutTelemetryRecords": undefined, "xray:GetSamplingRules": undefined, "xray:GetSamplingTargets": undefined,
    "cloudwatch:PutMetricData": "cloudwatch:namespace",
    "ec2:CreateNetworkInterface": undefined, "ec2:DescribeNetworkInterfaces": undefined, "ec2:DeleteNetworkInterface": undefined,
    "ec2:DeleteNetworkInterfacePermission": undefined, "ec2:DescribeVpcs": undefined, "ec2:DescribeDhcpOptions": undefined,
    "ec2:DescribeSubnets": undefined, "ec2:DescribeSecurityGroups": undefined,
};

export const rule = defineRule({
    id: "F06",
    kind: "plan",
    needs: ["plan"],
    title: "No role's policy is wider than its work",
    story: "Policies allowed s3:* or passed any role to any service. Nothing fails then: the deployment is green, and the wildcard is found by the security "
        + "review, or by somebody who uses it.",
    source: "field reports S0-S4",
    prevention: "Policies are built from permission sets that name actions and resources.",
    fix: "name the actions and the resources; give iam:PassRole the one role and iam:PassedToService",
    applies: ({ plan }) => readRolePolicies(plan).length > 0,
    check(evidence) {
        const policies = readRolePolicies(evidence.plan);
        const findings = policies.flatMap((policy) => checkPolicy(policy, evidence));
        const unknown = policies.filter(({ statements }) => statements === undefined).map(({ resource }) => resource.name);
        if (findings.length === 0 && unknown.length > 0) return { findings: [], open: `not known before the deployment: ${unknown.join(", ")}` };
        return { findings };
    },
    mustFind: [
        { title: "every action of a service", evidence: () => buildEvidence({ Action: "s3:*", Resource: "*" }) },
        { title: "every action there is", evidence: () => buildEvidence({ Action: "*", Resource: "arn:aws:s3:::raw/*" }) },
        { title: "a read of every bucket", evidence: () => buildEvidence({ Action: ["s3:GetObject"], Resource: ["*"] }) },
        { title: "passing any role", evidence: () => buildEvidence({ Action: "iam:PassRole", Resource: "*", Condition: PASSED_TO_SAGEMAKER }) },
        { title: "passing a role to any service", evidence: () => buildEvidence({ Action: "iam:PassRole", Resource: "arn:aws:iam::123456789012:role/training" }) },
        { title: "passing all roles that begin alike", evidence: () => buildEvidence({ Action: "iam:PassRole", Resource: "arn:aws:iam::123456789012:role/*", Condition: PASSED_TO_SAGEMAKER }) },
        { title: "metrics in any namespace", evidence: () => buildEvidence({ Action: "cloudwatch:PutMetricData", Resource: "*" }) },
        { title: "everything but some actions", evidence: () => buildEvidence({ NotAction: "iam:*", Resource: "arn:aws:s3:::raw/*" }) },
    ],
    mustPass: [
        { title: "named actions on named resources", evidence: () => buildEvidence({ Action: ["s3:GetObject"], Resource: ["arn:aws:s3:::raw/data/*"] }) },
        { title: "one role passed to one service", evidence: () => buildEvidence({ Action: "iam:PassRole", Resource: "arn:aws:iam::123456789012:role/training", Condition: PASSED_TO_SAGEMAKER }) },
        { title: "log delivery, which AWS offers on every resource only", evidence: () => buildEvidence({ Action: ["logs:CreateLogDelivery"], Resource: "*" }) },
        { title: "a deny of everything", evidence: () => buildEvidence({ Effect: "Deny", Action: "*", Resource: "*" }) },
    ],
});

const PASSED_TO_SAGEMAKER = { StringEquals: { "iam:PassedToService": "sagemaker.amazonaws.com" } };

function checkPolicy({ resource, statements = [] }: RolePolicyReading, { stack }: Evidence): Finding[] {
    const problems = statements.filter(({ effect }) => effect === "Allow").flatMap(findProblems);
    return problems.map((what) => ({ severity: "blocker", where: `${stack}/${resource.name}`, what }));
}

/** Exported for the audit of policies that are already in an account. */
export function findProblems(statement: Statement): readonly string[] {
    if (statement.isInverted) return ["allows everything except what it names (NotAction or NotResource)"];
    const wide = statement.actions.filter((action) => action === "*" || action.endsWith(":*")).map((action) => `allows every action: ${action}`);
    const passing = statement.actions.some((action) => covers(action, "iam:PassRole")) ? findPassRoleProblems(statement) : [];
    return [...wide, ...passing, ...findResourceProblems(statement)];
}

function findPassRoleProblems({ resources, conditions }: Statement): readonly string[] {
    const problems = resources.filter((resource) => resource.includes("*")).map((resource) => `may pass any role that matches ${resource}`);
    const isNarrowed = Object.values(conditions).some((keys) => "iam:PassedToService" in keys);
    return isNarrowed ? problems : [...problems, "may pass a role to any service (no condition on iam:PassedToService)"];
}

function findResourceProblems({ actions, resources, conditions }: Statement): readonly string[] {
    if (!resources.includes("*")) return [];
    const problems: string[] = [];
    for (const action of actions) {
        if (action === "*" || action.endsWith(":*") || covers(action, "iam:PassRole")) continue;
        const condition = WITHOUT_RESOURCE[action];
        if (!(action in WITHOUT_RESOURCE)) problems.push(`allows ${action} on every resource`);
        else if (condition !== undefined && !Object.values(conditions).some((keys) => condition in keys)) problems.push(`allows ${action} without a condition on ${condition}`);
    }
    return problems;
}

function buildEvidence(statement: Readonly<Record<string, unknown>>): Evidence {
    const policy = JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect: "Allow", ...statement }] });
    return buildPlanEvidence({ type: ROLE_POLICY, name: "worker-policy", inputs: { policy } });
}
