/** What a statement allows beyond its work: everybody, every action, every resource, any role for any service. */
import { covers } from "../planReading/policies.ts";
import type { Statement } from "../planReading/policies.ts";
import type { PolicyKind } from "../planReading/policyPlaces.ts";
import { boundValues, tellsCaller } from "./conditions.ts";
import { isOwnersKey, reasonFor, reasonForPattern, WHOLE_KINDS, WIDE_POLICIES } from "./wildcardReasons.ts";

const PASS_ROLE = "iam:PassRole";
const ALL_BUT = "allows everything except what it names (NotAction or NotResource)";

/** What is looked for in a statement that allows something, by what the policy is for. */
const LOOKS: Readonly<Record<PolicyKind, (statement: Statement) => readonly string[]>> = {
    identity: findProblems, trust: findOpenTrust, resource: findOpenDoors, endpoint: findOpenEndpoint,
};

/** What a statement allows beyond its work, one text each; a statement that denies allows nothing. */
export function findExcess(kind: PolicyKind, statement: Statement): readonly string[] {
    return statement.effect === "Allow" ? LOOKS[kind](statement) : [];
}

/** A managed policy of AWS's that allows far more than one work needs. */
export function isWide(arn: string): boolean {
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

function findProblems(statement: Statement): readonly string[] {
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
