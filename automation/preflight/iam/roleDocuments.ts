/** Policy documents from what shall be allowed: one statement per set of resources and conditions, cut where IAM takes no more. */
import { buildPolicy } from "../../../components/iam/policy.ts";
import type { Statement } from "../../../components/iam/policy.ts";
import type { Location } from "../../../components/context.ts";

/** Characters of a managed policy, blanks not counted. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */
export const MAX_POLICY_LENGTH = 6144;

/** What the resources of one stack are told by. */
export interface RoleScope {
    readonly location: Location;
    /** What the stack's names begin with. */
    readonly prefix: string;
    /** `/<project>/<environment>/inference`. */
    readonly parameterPath: string;
    /** Names of the stack's buckets, with `*` for what is random. Cut where they are too long, so that the prefix does not tell them all. */
    readonly buckets: readonly string[];
    /** Tags that tell the stack's own: `Project`, `Environment`. */
    readonly tags: Readonly<Record<string, string>>;
    /** Where states lie, when they lie in S3. @default the role cannot read or write states */
    readonly state?: { readonly bucketName: string; readonly keyAlias: string };
}

/** Actions that are allowed on the same resources under the same condition. */
export interface Permission {
    /** Letters and digits: what the statement is called. */
    readonly label: string;
    readonly actions: readonly string[];
    readonly resources: readonly string[];
    readonly conditions?: Statement["conditions"];
}

/** A policy of its own, to be attached with the others. */
export interface RoleDocument {
    readonly name: string;
    /** Valid JSON of at most 6,144 characters. */
    readonly policy: string;
}

/** Fills in `{partition}`, `{region}`, `{account}`, `{prefix}`, `{path}` and `{state}`; a template with `{bucket}` is one for each bucket. */
export function fillIn(template: string, scope: RoleScope): readonly string[] {
    const { location, prefix, parameterPath, state, buckets } = scope;
    const values: Readonly<Record<string, string>> = {
        partition: location.partition, region: location.region, account: location.accountId, prefix, path: parameterPath, state: state?.bucketName ?? "",
    };
    const filled = template.replaceAll(/\{(\w+)\}/g, (whole, name: string) => values[name] ?? whole);
    return filled.includes("{bucket}") ? buckets.map((bucket) => filled.replace("{bucket}", bucket)) : [filled];
}

/** Documents named `<prefix>-<purpose>-1` and so on, as few as the limit allows. */
export function buildDocuments(name: string, permissions: readonly Permission[]): readonly RoleDocument[] {
    const documents: Statement[][] = [[]];
    for (const statement of mergePermissions(permissions).flatMap(cutStatement)) {
        const last = documents.at(-1) ?? [];
        if (last.length > 0 && buildPolicy([...last, statement]).length > MAX_POLICY_LENGTH) documents.push([statement]);
        else last.push(statement);
    }
    return documents.map((statements, index) => ({ name: `${name}-${index + 1}`, policy: buildPolicy(numberLabels(statements)) }));
}

function mergePermissions(permissions: readonly Permission[]): readonly Statement[] {
    const merged = new Map<string, { readonly first: Permission; readonly actions: Set<string> }>();
    for (const permission of permissions) {
        const key = JSON.stringify([[...permission.resources].sort(), permission.conditions ?? {}]);
        const entry = merged.get(key) ?? { first: permission, actions: new Set<string>() };
        for (const action of permission.actions) entry.actions.add(action);
        merged.set(key, entry);
    }
    return [...merged.values()].filter(({ actions }) => actions.size > 0).map(({ first: { label, resources, conditions }, actions }) => ({
        sid: label, actions: [...actions].sort(), resources, ...(conditions === undefined ? {} : { conditions }),
    }));
}

/** A statement that fills more than a document by itself is written in halves. */
function cutStatement(statement: Statement): readonly Statement[] {
    if (buildPolicy([statement]).length <= MAX_POLICY_LENGTH || statement.actions.length < 2) return [statement];
    const middle = Math.ceil(statement.actions.length / 2);
    return [statement.actions.slice(0, middle), statement.actions.slice(middle)].flatMap((actions) => cutStatement({ ...statement, actions }));
}

/** Labels must differ within a document. */
function numberLabels(statements: readonly Statement[]): readonly Statement[] {
    const seen = new Map<string, number>();
    return statements.map((statement) => {
        const count = (seen.get(statement.sid) ?? 0) + 1;
        seen.set(statement.sid, count);
        return count === 1 ? statement : { ...statement, sid: `${statement.sid}${count}` };
    });
}
