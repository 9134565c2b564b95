/** The policy that deploying this very stack needs: what its planned types call, on its own names and tags, and what the driver calls. */
import { deployActions } from "../../../components/facts/deployActions.ts";
import type { DeployActions } from "../../../components/facts/deployActions/entry.ts";
import type { PlannedResource } from "../../engine/engine.ts";
import { parseStatements, ROLE } from "../planReading/policies.ts";
import type { Plans } from "../rule.ts";
import { findActions } from "./actionFacts.ts";
import { readDriverCalls } from "./driverCalls.ts";
import { placeGrant } from "./grants.ts";
import type { Grant } from "./grants.ts";
import { buildDocuments, fillIn } from "./roleDocuments.ts";
import type { Permission, RoleDocument, RoleScope } from "./roleDocuments.ts";

const BUCKET = "aws:s3/bucket:Bucket";
/** Types that call nothing of AWS: made by Pulumi itself, by a script of ours, or of others. */
const CALLS_NOTHING = /^(pulumi|firstlight|random|command|awsx):/;

/**
 * Managed policies to attach to one role; each is valid JSON within IAM's limit. Nobody has deployed with them yet: what the provider asks
 * beside CloudFormation's handlers is from memory (`components/facts/deployActions.ts`).
 *
 * @throws Error when a planned type has no entry in the table
 */
export async function buildDeployRole(plans: Plans, place: Omit<RoleScope, "buckets">): Promise<readonly RoleDocument[]> {
    const resources = [...plans.asIs.resources, ...plans.endpointsOn.resources];
    const scope = { ...place, buckets: readBuckets(plans) };
    const types = [...new Set(resources.map(({ type }) => type))].filter((type) => !CALLS_NOTHING.test(type)).sort();
    const grants = await Promise.all(types.map((type) => grantsOfType(type, scope)));
    const permissions = await Promise.all([...grants.flat(), ...readDriverCalls(scope)].map((grant) => placeGrant(grant, scope)));
    return buildDocuments(`${scope.prefix}-deploy`, [...permissions.flat(), ...passRoles(resources, scope)]);
}

/** Names of the planned buckets. Their random suffix is not known before the deployment. */
export function readBuckets({ asIs }: Pick<Plans, "asIs">): readonly string[] {
    const names = asIs.resources.filter(({ type }) => type === BUCKET).map(({ inputs }) => inputs["bucket"]);
    return names.filter((name) => typeof name === "string").map((name) => name.replace(/<[^>]+>$/, "*"));
}

/** Planned types that have no entry; empty for the platform's own. */
export function findUnknownTypes(resources: readonly Pick<PlannedResource, "type">[]): readonly string[] {
    return [...new Set(resources.map(({ type }) => type))].filter((type) => !CALLS_NOTHING.test(type) && !(type in deployActions));
}

async function grantsOfType(type: string, scope: RoleScope): Promise<readonly Grant[]> {
    const entry = deployActions[type];
    if (entry === undefined) throw new Error(`${type} has no entry in components/facts/deployActions.ts; fix: add what deploying one calls`);
    const changing = [entry.read, entry.update, entry.delete, entry.tag, entry.besides].flatMap((text) => namesOf(entry, text));
    return [
        { actions: namesOf(entry, entry.everywhere), on: ["*"] },
        { actions: namesOf(entry, entry.atOnce), on: entry.on },
        ...await Promise.all(namesOf(entry, entry.create).map((action) => grantCreate(entry, action, scope))),
        ...(await Promise.all(changing.map((action) => grantChange(entry, action, scope)))).flat(),
    ];
}

/** `ListTags lambda:Get` -> `s3:ListTags`, `lambda:Get`, in an entry of s3. */
function namesOf({ service }: DeployActions, text = ""): readonly string[] {
    return text.split(" ").filter((word) => word !== "").map((word) => (word.includes(":") ? word : `${service}:${word}`));
}

/** What is made has no tags yet that it could be told by, but the request carries them, where the service can be held to it. */
async function grantCreate(entry: DeployActions, action: string, { tags }: RoleScope): Promise<Grant> {
    const [facts] = await findActions(action);
    const isOnNothing = facts?.resourceTypes.length === 0;
    const isBound = entry.isToldByTags === true && isOnNothing && facts?.conditionKeys.includes(REQUEST_TAG) === true;
    return { actions: [action], on: entry.on, ...(isBound ? { conditions: equalTags("aws:RequestTag", tags) } : {}) };
}

const REQUEST_TAG = "aws:RequestTag/${TagKey}";
const RESOURCE_TAG = "aws:ResourceTag/${TagKey}";
const MAKE_TAGS = "ec2:CreateTags";

/** By name where the names are ours, by tags where AWS gave them. */
async function grantChange(entry: DeployActions, action: string, { tags }: RoleScope): Promise<readonly Grant[]> {
    const [facts] = await findActions(action);
    const isForeign = !action.startsWith(`${entry.service}:`);
    if (isForeign || entry.isToldByTags !== true || facts?.conditionKeys.includes(RESOURCE_TAG) !== true) return [{ actions: [action], on: isForeign ? ["*"] : entry.on }];
    const [named, told] = [entry.on.filter(isNamed), entry.on.filter((template) => !isNamed(template))];
    const bound: Grant = { actions: [action], on: told, conditions: equalTags("aws:ResourceTag", tags) };
    // EC2 asks for the right to tag on top of the right to make.
    if (action === MAKE_TAGS) return [bound, { actions: [action], on: told, conditions: { Null: { "ec2:CreateAction": "false" } } }];
    const making = facts.conditionKeys.includes(REQUEST_TAG) ? [grantFirstTags(action, told, tags)] : [];
    return [bound, ...making, ...(named.length === 0 ? [] : [{ actions: [action], on: named }])];
}

/** A create with tags asks for the right to tag what has none yet: ours may be given to what belongs to no project. */
function grantFirstTags(action: string, on: readonly string[], tags: RoleScope["tags"]): Grant {
    const noProject = Object.fromEntries(Object.keys(tags).map((name) => [`aws:ResourceTag/${name}`, "true"]));
    return { actions: [action], on, conditions: { ...equalTags("aws:RequestTag", tags), Null: noProject } };
}

function isNamed(template: string): boolean {
    return /\{(prefix|path|bucket)\}/.test(template);
}

function equalTags(key: string, tags: RoleScope["tags"]): NonNullable<Grant["conditions"]> {
    return { StringEquals: Object.fromEntries(Object.entries(tags).map(([name, value]) => [`${key}/${name}`, value])) };
}

/** Each service gets the roles that trust it, and no others. */
function passRoles(resources: readonly PlannedResource[], scope: RoleScope): readonly Permission[] {
    const byService = new Map<string, Set<string>>();
    for (const { type, inputs } of resources) {
        if (type !== ROLE || typeof inputs["name"] !== "string") continue;
        for (const service of (parseStatements(inputs["assumeRolePolicy"]) ?? []).flatMap(({ services }) => services)) {
            byService.set(service, (byService.get(service) ?? new Set()).add(inputs["name"]));
        }
    }
    return [...byService].map(([service, names]) => ({
        label: "PassRole", actions: ["iam:PassRole"], resources: [...names].sort().flatMap((name) => fillIn(`arn:{partition}:iam::{account}:role/${name}`, scope)),
        conditions: { StringEquals: { "iam:PassedToService": service } },
    }));
}
