/** What IAM makes of a statement: whether it knows the actions, and whether they can meet the resources and conditions at all. */
import type { PolicyReading, Statement } from "../planReading/policies.ts";
import { findGrammarFaults } from "./statementGrammar.ts";
import { findActions, keyExists, knowsKey } from "./actionFacts.ts";
import type { ActionFacts } from "./actionFacts.ts";
import { couldName } from "./arnPatterns.ts";

/**
 * What AWS writes into a policy of its own although it can allow nothing; nothing needs it either.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
 */
const AS_DOCUMENTED = [{ pattern: "kms:Describe*", key: "kms:EncryptionContext:aws:logs:arn" }] as const;

/** An action or a pattern of a statement, and what IAM knows by it. */
interface ReadAction {
    readonly pattern: string;
    readonly facts: readonly ActionFacts[];
}

/** A key of a condition, and whether the statement needs the request to carry it. */
interface ReadKey {
    readonly key: string;
    readonly isNeeded: boolean;
}

/** The resource that holds the policy is asked where a policy is about its resource alone. */
export type JudgedPolicy = Pick<PolicyReading, "kind" | "service"> & Partial<Pick<PolicyReading, "resource">>;

/** What is wrong with a statement in a policy of this kind; empty when nothing is. */
export async function judgeStatement(statement: Statement, policy: JudgedPolicy): Promise<readonly string[]> {
    const refused = findGrammarFaults(statement, policy.resource);
    // What is turned round (NotAction) is too wide before it is anything else: F06.
    if (statement.isInverted || refused.length > 0) return refused;
    const patterns = statement.actions.filter((action) => action !== "*");
    const actions = await Promise.all(patterns.map(async (pattern) => ({ pattern, facts: await findActions(pattern) })));
    const known = actions.filter(({ facts }) => facts.length > 0);
    return [
        ...actions.filter(({ facts }) => facts.length === 0).map(({ pattern }) => `IAM knows no action ${pattern}`),
        ...known.flatMap((action) => judgePlace(action, policy)),
        ...judgeResources(statement, known, policy),
        ...await judgeConditions(statement, known),
    ];
}

/** A policy of a resource is about its own service's actions, and a trust policy about taking on the role. */
function judgePlace({ pattern }: ReadAction, { kind, service }: Pick<PolicyReading, "kind" | "service">): readonly string[] {
    const [prefix = ""] = pattern.split(":");
    const expected = kind === "trust" ? "sts" : service;
    if (expected === undefined || prefix.toLowerCase() === expected) return [];
    return [`${pattern} has no place in a policy of ${kind === "trust" ? "who may take on a role" : `a resource of ${expected}`}`];
}

function judgeResources(
    { resources, actions: all }: Statement, actions: readonly ReadAction[], { kind }: Pick<PolicyReading, "kind">,
): readonly string[] {
    if (kind === "trust") return resources.length === 0 ? [] : ["a trust policy names no resources: its role is the resource"];
    const lost = actions.filter(({ facts }) => !facts.some((fact) => resources.some((resource) => worksOn(fact, resource))));
    const isAboutAll = all.includes("*");
    const idle = resources.filter((resource) => !isAboutAll && !actions.some(({ facts }) => facts.some((fact) => worksOn(fact, resource))));
    return [
        ...lost.map(({ pattern, facts }) => `${pattern} never meets ${resources.join(", ") || "a resource"}: it works on ${describeTypes(facts)}`),
        // When no action meets any resource, that is said already.
        ...(lost.length === actions.length ? [] : idle).map((resource) => `none of the actions works on ${resource}`),
    ];
}

/** An action without resource types is asked for on `*` alone. */
function worksOn({ resourceTypes }: ActionFacts, resource: string): boolean {
    return resource === "*" || resourceTypes.some(({ arnFormat }) => couldName(resource, arnFormat));
}

function describeTypes(facts: readonly ActionFacts[]): string {
    const formats = [...new Set(facts.flatMap(({ resourceTypes }) => resourceTypes.map(({ arnFormat }) => arnFormat)))];
    if (formats.length === 0) return "\"*\" alone";
    const [shown, more] = [formats.slice(0, 3), formats.length - 3];
    return `${shown.join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}

async function judgeConditions(statement: Statement, actions: readonly ReadAction[]): Promise<readonly string[]> {
    const problems: string[] = [];
    for (const { key, isNeeded } of readKeys(statement)) {
        if (!await keyExists(key)) {
            problems.push(`IAM knows no condition key ${key}`);
            continue;
        }
        // What must not be there, or may be missing, does not keep an action from being allowed.
        if (!isNeeded) continue;
        for (const { pattern, facts } of actions) {
            const carries = await Promise.all(facts.map((fact) => knowsKey(fact, key)));
            const isDocumented = AS_DOCUMENTED.some((each) => each.pattern === pattern && each.key === key);
            if (!carries.includes(true) && !isDocumented) problems.push(`${pattern} is never sent with ${key}, which the condition asks for`);
        }
    }
    return problems;
}

function readKeys({ conditions }: Statement): readonly ReadKey[] {
    return Object.entries(conditions).flatMap(([operator, keys]) => Object.entries(keys)
        .map(([key, value]) => ({ key, isNeeded: needsKey(operator, value) })));
}

/**
 * Whether a request without the key fails the condition. `Bool` with false stands for "is not so" in many a policy, and is left alone.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
 */
function needsKey(operator: string, value: unknown): boolean {
    if (/^Bool$/i.test(operator)) return String(value) === "true";
    return !/IfExists$|^ForAllValues:|^Null$|Not(Equals|Like|IpAddress)/i.test(operator);
}
