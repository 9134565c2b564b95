/** IAM policies as they stand in a plan: what each resource holds, and what each role may by them. */
import type { Plan, PlannedResource } from "../../engine/engine.ts";
import { ATTACHMENT, POLICY, POLICY_PLACES, ROLE, ROLE_POLICY } from "./policyPlaces.ts";
import type { PolicyPlace } from "./policyPlaces.ts";
import { sectionsOf } from "./sections.ts";
import { isMalformed, parseStatements } from "./statements.ts";
import type { Statement } from "./statements.ts";

export { ROLE, ROLE_POLICY } from "./policyPlaces.ts";
export type { PolicyKind } from "./policyPlaces.ts";
export { covers, parseStatements } from "./statements.ts";
export type { Statement } from "./statements.ts";

export interface PolicyReading extends Pick<PolicyPlace, "kind" | "service"> {
    readonly resource: PlannedResource;
    /** Undefined when the document is not known before the deployment, or is malformed. */
    readonly statements: readonly Statement[] | undefined;
    /** The document is a text that is no policy at all. */
    readonly isMalformed: boolean;
}

export interface RolePolicyReading {
    /** What gives the role the policy: it is there before whatever depends on it. */
    readonly resource: PlannedResource;
    /** Name of the role it is attached to, when that is known. */
    readonly role: unknown;
    /** URNs of the roles of this program that it is attached to. */
    readonly roleUrns: readonly string[];
    /** Undefined when the document is not known before the deployment: a policy of AWS's own, for one. */
    readonly statements: readonly Statement[] | undefined;
}

/** A managed policy that is none of this program's. */
export interface ForeignPolicy { readonly resource: PlannedResource; readonly arn: string }

/** All policy documents of the plan, in one shape. */
export function readPolicies(plan: Plan): readonly PolicyReading[] {
    return plan.resources.flatMap((resource) => [
        ...POLICY_PLACES.filter(({ type, property }) => type === resource.type && isThere(resource.inputs[property]))
            .map(({ property, kind, service }) => readDocument(resource, resource.inputs[property], { kind, ...(service && { service }) })),
        ...inlineOf(resource).map((document) => readDocument(resource, document, { kind: "identity" })),
    ]);
}

function readDocument(resource: PlannedResource, document: unknown, place: Pick<PolicyPlace, "kind" | "service">): PolicyReading {
    return { resource, ...place, statements: parseStatements(document), isMalformed: isMalformed(document) };
}

/** An empty text is how providers write that there is none. */
function isThere(document: unknown): boolean {
    return document !== undefined && document !== null && document !== "";
}

function inlineOf({ type, inputs }: PlannedResource): readonly unknown[] {
    return type === ROLE ? sectionsOf(inputs["inlinePolicies"]).map(({ policy }) => policy).filter(isThere) : [];
}

/** What the roles may: by policies of their own, those written into them, and managed ones that are attached. */
export function readRolePolicies(plan: Plan): readonly RolePolicyReading[] {
    return plan.resources.flatMap((resource): readonly RolePolicyReading[] => {
        const { type, urn, inputs, propertyDependencies } = resource;
        const attached = { resource, role: inputs["role"], roleUrns: propertyDependencies["role"] ?? [] };
        if (type === ROLE_POLICY) return [{ ...attached, statements: parseStatements(inputs["policy"]) }];
        if (type === ATTACHMENT) return managedOf(resource, "policyArn", plan).map((statements) => ({ ...attached, statements }));
        if (type !== ROLE) return [];
        return [...inlineOf(resource).map(parseStatements), ...managedOf(resource, "managedPolicyArns", plan)]
            .map((statements) => ({ resource, role: inputs["name"], roleUrns: [urn], statements }));
    });
}

/** Of each managed policy that an input names, its statements when the policy is of this program. */
function managedOf(resource: PlannedResource, property: string, plan: Plan): readonly (readonly Statement[] | undefined)[] {
    const own = ownPolicies(resource, property, plan);
    const foreign = Math.max(0, arnsOf(resource, property).length - own.length);
    return [...own.map(({ inputs }) => parseStatements(inputs["policy"])), ...Array.from({ length: foreign }, () => undefined)];
}

function ownPolicies({ propertyDependencies }: PlannedResource, property: string, { resources }: Plan): readonly PlannedResource[] {
    return resources.filter(({ type, urn }) => type === POLICY && (propertyDependencies[property] ?? []).includes(urn));
}

function arnsOf({ inputs }: PlannedResource, property: string): readonly unknown[] {
    const value = inputs[property];
    return Array.isArray(value) ? value : isThere(value) ? [value] : [];
}

/** Managed policies of AWS's own or of others that roles of the plan are given. */
export function findForeignPolicies(plan: Plan): readonly ForeignPolicy[] {
    const places: Readonly<Record<string, string>> = { [ATTACHMENT]: "policyArn", [ROLE]: "managedPolicyArns" };
    return plan.resources.flatMap((resource) => {
        const property = places[resource.type];
        if (property === undefined || ownPolicies(resource, property, plan).length > 0) return [];
        return arnsOf(resource, property).filter((arn) => typeof arn === "string").map((arn) => ({ resource, arn }));
    });
}
