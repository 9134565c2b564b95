/** IAM policies as they stand in a plan, in one shape for all rules. */
import type { Plan, PlannedResource } from "../../engine/engine.ts";

export interface Statement {
    readonly effect: string;
    readonly actions: readonly string[];
    readonly resources: readonly string[];
    /** Services that a resource's policy speaks of, e.g. `cloudwatch.amazonaws.com`. */
    readonly services: readonly string[];
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
    return {
        effect: String(statement["Effect"]),
        actions: asList(statement["Action"] ?? statement["NotAction"]).map(String),
        resources: asList(statement["Resource"] ?? statement["NotResource"]).map(String),
        services: asList((statement["Principal"] as { Service?: unknown } | undefined)?.Service).map(String),
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
