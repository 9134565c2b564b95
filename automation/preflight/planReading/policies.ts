/** IAM policies as they stand in a plan, in one shape for all rules. */
import type { Plan, PlannedResource } from "../../engine/engine.ts";

export interface Statement {
    readonly effect: string;
    readonly actions: readonly string[];
    readonly resources: readonly string[];
    /** Services that a resource's policy speaks of, e.g. `cloudwatch.amazonaws.com`. */
    readonly services: readonly string[];
    /** Whether a resource's policy speaks of everybody. */
    readonly isForEverybody: boolean;
    /** The statement says what it does *not* cover. */
    readonly isInverted: boolean;
    /** Condition values by operator and key, e.g. `StringEquals` -> `iam:PassedToService`. */
    readonly conditions: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

export interface RolePolicyReading {
    readonly resource: PlannedResource;
    /** Name of the role it is attached to, when that is known. */
    readonly role: unknown;
    /** Undefined when the document is not known before the deployment. */
    readonly statements: readonly Statement[] | undefined;
}

export const ROLE_POLICY = "aws:iam/rolePolicy:RolePolicy";
export const ROLE = "aws:iam/role:Role";

/** What a role may, who may take it on, who may use a resource, or what a VPC endpoint lets through. */
export type PolicyKind = "identity" | "trust" | "resource" | "endpoint";

export interface PolicyReading {
    readonly resource: PlannedResource;
    readonly kind: PolicyKind;
    /** IAM prefix of the resource that a resource's policy belongs to: `s3`. Undefined for the other kinds. */
    readonly service?: string;
    /** Undefined when the document is not known before the deployment. */
    readonly statements: readonly Statement[] | undefined;
}

interface DocumentPlace extends Pick<PolicyReading, "kind" | "service"> { readonly type: string; readonly property: string }

/** Every property of a planned type that holds a policy document. */
const DOCUMENTS: readonly DocumentPlace[] = [
    { type: ROLE_POLICY, property: "policy", kind: "identity" },
    { type: "aws:iam/policy:Policy", property: "policy", kind: "identity" },
    { type: ROLE, property: "assumeRolePolicy", kind: "trust" },
    { type: "aws:ec2/vpcEndpoint:VpcEndpoint", property: "policy", kind: "endpoint" },
    { type: "aws:kms/key:Key", property: "policy", kind: "resource", service: "kms" },
    { type: "aws:kms/keyPolicy:KeyPolicy", property: "policy", kind: "resource", service: "kms" },
    { type: "aws:s3/bucketPolicy:BucketPolicy", property: "policy", kind: "resource", service: "s3" },
    { type: "aws:sns/topic:Topic", property: "policy", kind: "resource", service: "sns" },
    { type: "aws:sns/topicPolicy:TopicPolicy", property: "policy", kind: "resource", service: "sns" },
    { type: "aws:sqs/queue:Queue", property: "policy", kind: "resource", service: "sqs" },
    { type: "aws:sqs/queuePolicy:QueuePolicy", property: "policy", kind: "resource", service: "sqs" },
    { type: "aws:ecr/repositoryPolicy:RepositoryPolicy", property: "policy", kind: "resource", service: "ecr" },
    { type: "aws:secretsmanager/secretPolicy:SecretPolicy", property: "policy", kind: "resource", service: "secretsmanager" },
    { type: "aws:cloudwatch/logResourcePolicy:LogResourcePolicy", property: "policyDocument", kind: "resource", service: "logs" },
];

/** All policy documents of the plan, in one shape. */
export function readPolicies(plan: Plan): readonly PolicyReading[] {
    return plan.resources.flatMap((resource) => DOCUMENTS
        .filter(({ type, property }) => type === resource.type && resource.inputs[property] !== undefined)
        .map(({ property, kind, service }) => ({
            resource, kind, ...(service === undefined ? {} : { service }), statements: parseStatements(resource.inputs[property]),
        })));
}

/** All inline policies of roles. The platform attaches no managed ones. */
export function readRolePolicies(plan: Plan): readonly RolePolicyReading[] {
    return plan.resources.filter(({ type }) => type === ROLE_POLICY).map((resource) => ({
        resource,
        role: resource.inputs["role"],
        statements: parseStatements(resource.inputs["policy"]),
    }));
}

/** Undefined when the value is no JSON document. */
export function parseStatements(document: unknown): readonly Statement[] | undefined {
    if (typeof document !== "string") return undefined;
    const { Statement } = JSON.parse(document) as { Statement?: unknown };
    return asList(Statement).map((statement) => parseStatement(statement as Record<string, unknown>));
}

function parseStatement(statement: Readonly<Record<string, unknown>>): Statement {
    const principals = statement["Principal"] as "*" | { readonly AWS?: unknown; readonly Service?: unknown } | undefined;
    return {
        effect: String(statement["Effect"]),
        actions: asList(statement["Action"] ?? statement["NotAction"]).map(String),
        resources: asList(statement["Resource"] ?? statement["NotResource"]).map(String),
        services: principals === "*" ? [] : asList(principals?.Service).map(String),
        isForEverybody: principals === "*" || asList(principals?.AWS).includes("*"),
        isInverted: "NotAction" in statement || "NotResource" in statement,
        conditions: (statement["Condition"] ?? {}) as Statement["conditions"],
    };
}

/** Whether an action pattern (`logs:Create*`) covers an action. IAM ignores case. */
export function covers(pattern: string, action: string): boolean {
    const expression = pattern.replace(/[.+^${}()|[\]\\]/g, "\\$&").replaceAll("*", ".*").replaceAll("?", ".");
    return new RegExp(`^${expression}$`, "i").test(action);
}

function asList(value: unknown): readonly unknown[] {
    return value === undefined ? [] : Array.isArray(value) ? value : [value];
}
