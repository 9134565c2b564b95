/** Every mutation of the program, found in the plans of two stacks. */
import type { PlannedResource } from "../../../automation/engine/engine.ts";
import type { Plans } from "../../../automation/preflight/rule.ts";
import { describeChange } from "./mutation.ts";
import type { Change, MutatedStack, Mutation, MutationKind } from "./mutation.ts";
import type { StackPlans } from "./planLayer.ts";
import { PROTECTIONS } from "./protections.ts";
import type { SetChange } from "./protections.ts";

/** Where policies stand, by resource type. */
const POLICY_PROPERTIES: Readonly<Record<string, string>> = {
    "aws:iam/rolePolicy:RolePolicy": "policy",
    "aws:iam/role:Role": "assumeRolePolicy",
    "aws:kms/key:Key": "policy",
    "aws:s3/bucketPolicy:BucketPolicy": "policy",
    "aws:sns/topicPolicy:TopicPolicy": "policy",
    "aws:ec2/vpcEndpoint:VpcEndpoint": "policy",
};

interface FoundResource extends PlannedResource { readonly stack: MutatedStack }

/** Those of the development stack, and then those of staging that the other does not have. */
export function findMutations(plans: StackPlans): readonly Mutation[] {
    const found = (["dev", "staging"] as const).flatMap((stack) => listResources(plans[stack], stack))
        .flatMap((resource) => [...mutatePolicy(resource), ...mutateProtections(resource)]);
    const first = new Map<string, Mutation>();
    for (const mutation of found) if (!first.has(mutation.id)) first.set(mutation.id, mutation);
    return [...first.values()];
}

/** In order of the plan with endpoints on, which holds all that the other one does. */
function listResources({ asIs, endpointsOn }: Plans, stack: MutatedStack): readonly FoundResource[] {
    const resources = new Map([...asIs.resources, ...endpointsOn.resources].map((resource) => [resource.urn, resource]));
    return [...resources.values()].filter(({ custom }) => custom).map((resource) => ({ ...resource, stack }));
}

/** @throws Error for a policy that is not known before the deployment: leaving it out would look like a proof. */
function mutatePolicy(resource: FoundResource): readonly Mutation[] {
    const property = POLICY_PROPERTIES[resource.type];
    if (property === undefined) return [];
    const text = resource.inputs[property];
    if (typeof text !== "string") throw new Error(`${resource.name}: ${property} is not known in the plan, so its statements cannot be removed`);
    const { Statement } = JSON.parse(text) as { Statement: readonly { readonly Sid: string; readonly Action: readonly string[] }[] };
    return Statement.flatMap(({ Sid: sid, Action }) => [
        buildMutation("statement", resource, { op: "dropStatement", property, sid }),
        ...(Action.length > 1 ? Action : []).map((action) => buildMutation("action", resource, { op: "dropAction", property, sid, action })),
    ]);
}

/** A setting that is not there, or already as weak on purpose, cannot be taken away. */
function mutateProtections(resource: FoundResource): readonly Mutation[] {
    return (PROTECTIONS[resource.type] ?? [])
        .filter((change) => isThere(resource, change))
        .map((change) => buildMutation("protection", resource, { op: "set", ...change }));
}

function isThere({ inputs }: PlannedResource, { document, path, value }: SetChange): boolean {
    let found: unknown = document === undefined ? inputs : JSON.parse(String(inputs[document]));
    for (const step of path) found = (found as Record<string | number, unknown> | undefined)?.[step];
    return found !== undefined && found !== value;
}

function buildMutation(kind: MutationKind, { type, name, stack }: FoundResource, change: Change): Mutation {
    return { id: `${name} ${describeChange(change)}`, kind, type, stack, resource: name, change };
}
