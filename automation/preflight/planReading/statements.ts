/** Statements of IAM policies, in one shape for all rules. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements.html */
import { isUnknown } from "./values.ts";

export interface Statement {
    readonly effect: string;
    readonly actions: readonly string[];
    readonly resources: readonly string[];
    /** Services that the statement speaks of, e.g. `cloudwatch.amazonaws.com`. */
    readonly services: readonly string[];
    /** ARNs or numbers of accounts, roles and users that it speaks of. */
    readonly accounts: readonly string[];
    /** Identity providers that it speaks of. */
    readonly providers: readonly string[];
    /** Whether it speaks of everybody, or of everybody but some (`NotPrincipal`). */
    readonly isForEverybody: boolean;
    /** The actions are those that it does *not* cover. */
    readonly hasNotAction: boolean;
    /** The resources are those that it does *not* cover. */
    readonly hasNotResource: boolean;
    /** Either of both. */
    readonly isInverted: boolean;
    /** Condition values by operator and key, e.g. `StringEquals` -> `iam:PassedToService`. */
    readonly conditions: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

type Fields = Readonly<Record<string, unknown>>;

/** @param document as JSON, or as an object. Undefined when it is not known before the deployment, or is no policy (`isMalformed`). */
export function parseStatements(document: unknown): readonly Statement[] | undefined {
    const fields = readDocument(document);
    return fields === undefined ? undefined : asList(fields["Statement"]).filter(isFields).map(parseStatement);
}

/** Whether it is a text, and no JSON object: IAM refuses it. A text that is still a stand-in as a whole is not. */
export function isMalformed(document: unknown): boolean {
    return typeof document === "string" && !/^\s*<[^<>]+>\s*$/.test(document) && readDocument(document) === undefined;
}

/** Whether an action pattern (`logs:Create*`) covers an action. IAM ignores case. */
export function covers(pattern: string, action: string): boolean {
    const expression = pattern.replace(/[.+^${}()|[\]\\]/g, "\\$&").replaceAll("*", ".*").replaceAll("?", ".");
    return new RegExp(`^${expression}$`, "i").test(action);
}

/** The list that a policy may also write as one text. */
export function textsOf(value: unknown): readonly string[] {
    return asList(value).map(String);
}

function readDocument(document: unknown): Fields | undefined {
    if (isFields(document)) return holdsUnknown(document) ? undefined : document;
    if (typeof document !== "string") return undefined;
    try {
        const parsed: unknown = JSON.parse(document);
        return isFields(parsed) ? parsed : undefined;
    } catch {
        return undefined;
    }
}

/** Stand-ins have a place in policies; what has not even that makes the whole of it unknown. */
function holdsUnknown(value: unknown): boolean {
    if (typeof value === "string") return false;
    if (typeof value !== "object" || value === null) return isUnknown(value);
    return Object.values(value).some(holdsUnknown);
}

function parseStatement(statement: Fields): Statement {
    const principals = statement["Principal"];
    const [services, accounts, providers] = ["Service", "AWS", "Federated"]
        .map((kind) => (isFields(principals) ? textsOf(principals[kind]) : [])) as [readonly string[], readonly string[], readonly string[]];
    const [hasNotAction, hasNotResource] = ["NotAction" in statement, "NotResource" in statement];
    return {
        effect: String(statement["Effect"]),
        actions: textsOf(statement["Action"] ?? statement["NotAction"]),
        resources: textsOf(statement["Resource"] ?? statement["NotResource"]),
        services, accounts, providers,
        isForEverybody: principals === "*" || accounts.includes("*") || "NotPrincipal" in statement,
        hasNotAction, hasNotResource, isInverted: hasNotAction || hasNotResource,
        conditions: (statement["Condition"] ?? {}) as Statement["conditions"],
    };
}

function isFields(value: unknown): value is Fields {
    return typeof value === "object" && value !== null && !Array.isArray(value);
}

function asList(value: unknown): readonly unknown[] {
    return value === undefined || value === null ? [] : Array.isArray(value) ? value : [value];
}
