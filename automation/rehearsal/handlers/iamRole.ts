/** `aws:iam/role:Role` and `aws:iam/rolePolicy:RolePolicy`. */
import {
    CreateRoleCommand, DeleteRoleCommand, DeleteRolePermissionsBoundaryCommand, DeleteRolePolicyCommand, DetachRolePolicyCommand,
    GetRoleCommand, GetRolePolicyCommand, ListAttachedRolePoliciesCommand, ListRolePoliciesCommand, ListRoleTagsCommand,
    PutRolePermissionsBoundaryCommand, PutRolePolicyCommand, TagRoleCommand, UntagRoleCommand, UpdateAssumeRolePolicyCommand,
    UpdateRoleCommand, type IAMClient,
} from "@aws-sdk/client-iam";
import { UNKNOWN } from "../../engine/provider.ts";
import { globalArn } from "./arn.ts";
import type { ResourceDefinition } from "./definition.ts";
import { asAsked } from "./documents.ts";
import { amount, flag, reported, requiredText, text } from "./inputs.ts";
import { applied, appliedFree, appliedReplaces, hasChanged, recorded, recordedReplaces, registryPage } from "./rules.ts";
import { applyTagChange, observeTagged, readTags, tagChange, tagList, toTagList } from "./tags.ts";
import { unless } from "./wait.ts";

const GONE = ["NoSuchEntityException", "NoSuchEntity"];
/** Source: `maxSessionDuration` in the registry. */
const DEFAULT_SESSION_SECONDS = 3600;

/** IAM answers with URL-encoded documents. */
function decode(document: string | undefined): string | undefined {
    return document === undefined ? undefined : decodeURIComponent(document);
}

async function detachAll(role: string, iam: IAMClient): Promise<void> {
    const { AttachedPolicies } = await iam.send(new ListAttachedRolePoliciesCommand({ RoleName: role }));
    for (const { PolicyArn } of AttachedPolicies ?? []) await iam.send(new DetachRolePolicyCommand({ RoleName: role, PolicyArn }));
    const { PolicyNames } = await iam.send(new ListRolePoliciesCommand({ RoleName: role }));
    for (const PolicyName of PolicyNames ?? []) await iam.send(new DeleteRolePolicyCommand({ RoleName: role, PolicyName }));
}

export const iamRole: ResourceDefinition = {
    table: {
        type: "aws:iam/role:Role",
        source: registryPage("iam/role"),
        inputs: {
            name: appliedReplaces,
            namePrefix: recordedReplaces,
            path: appliedReplaces,
            assumeRolePolicy: appliedFree,
            description: applied,
            maxSessionDuration: applied,
            permissionsBoundary: applied,
            // Used by the delete.
            forceDetachPolicies: recorded,
            tags: appliedFree,
        },
        outputs: [
            "arn", "assumeRolePolicy", "createDate", "description", "forceDetachPolicies", "inlinePolicies", "managedPolicyArns",
            "maxSessionDuration", "name", "namePrefix", "path", "permissionsBoundary", "tags", "tagsAll", "uniqueId",
        ],
        autoName: { property: "name", maxLength: 64 },
    },
    // A role is used when somebody calls anything as it.
    usage: { actions: [], principal: true, resourceArn: (outputs) => text(outputs, "arn") ?? "" },
    predict: ({ inputs }, place) => {
        const name = inputs["name"];
        const path = inputs["path"] ?? "/";
        const known = typeof name === "string" && typeof path === "string";
        return {
            id: typeof name === "string" ? name : UNKNOWN,
            outputs: {
                arn: known ? globalArn(place, "iam", `role${path}${name}`) : UNKNOWN,
                tagsAll: inputs["tags"] ?? {},
            },
        };
    },
    async create({ inputs }, { clients }) {
        const name = requiredText(inputs, "name");
        await clients.iam.send(new CreateRoleCommand({
            RoleName: name,
            Path: text(inputs, "path") ?? "/",
            AssumeRolePolicyDocument: requiredText(inputs, "assumeRolePolicy"),
            Description: text(inputs, "description"),
            MaxSessionDuration: amount(inputs, "maxSessionDuration"),
            PermissionsBoundary: text(inputs, "permissionsBoundary"),
            Tags: tagList(inputs),
        }));
        return name;
    },
    async read({ id, inputs }, { clients }) {
        const role = (await unless(GONE, () => clients.iam.send(new GetRoleCommand({ RoleName: id }))))?.Role;
        if (role === undefined) return undefined;
        const tags = readTags((await clients.iam.send(new ListRoleTagsCommand({ RoleName: id }))).Tags);
        const values = reported({
            name: role.RoleName,
            path: role.Path,
            assumeRolePolicy: asAsked(text(inputs, "assumeRolePolicy"), decode(role.AssumeRolePolicyDocument)),
            description: role.Description,
            maxSessionDuration: role.MaxSessionDuration ?? DEFAULT_SESSION_SECONDS,
            permissionsBoundary: role.PermissionsBoundary?.PermissionsBoundaryArn,
        });
        // Left out: `inlinePolicies` and `managedPolicyArns`, the provider's deprecated views of what other resource types set.
        return observeTagged({ id, values, tags, computed: { arn: role.Arn, createDate: role.CreateDate?.toISOString(), uniqueId: role.RoleId } });
    },
    async update({ id, inputs, oldInputs }, { clients }) {
        const { iam } = clients;
        if (hasChanged(oldInputs, inputs, "assumeRolePolicy")) {
            await iam.send(new UpdateAssumeRolePolicyCommand({ RoleName: id, PolicyDocument: requiredText(inputs, "assumeRolePolicy") }));
        }
        if (hasChanged(oldInputs, inputs, "description", "maxSessionDuration")) {
            await iam.send(new UpdateRoleCommand({
                RoleName: id,
                Description: text(inputs, "description") ?? "",
                MaxSessionDuration: amount(inputs, "maxSessionDuration") ?? DEFAULT_SESSION_SECONDS,
            }));
        }
        if (hasChanged(oldInputs, inputs, "permissionsBoundary")) {
            const PermissionsBoundary = text(inputs, "permissionsBoundary");
            if (PermissionsBoundary === undefined) await iam.send(new DeleteRolePermissionsBoundaryCommand({ RoleName: id }));
            else await iam.send(new PutRolePermissionsBoundaryCommand({ RoleName: id, PermissionsBoundary }));
        }
        await applyTagChange(
            tagChange(oldInputs, inputs),
            (tags) => iam.send(new TagRoleCommand({ RoleName: id, Tags: toTagList(tags) })),
            (TagKeys) => iam.send(new UntagRoleCommand({ RoleName: id, TagKeys })),
        );
    },
    /** A role with policies left stays, with the cloud's DeleteConflict, unless `forceDetachPolicies`. */
    async delete({ id, inputs }, { clients }) {
        await unless(GONE, async () => {
            if (flag(inputs, "forceDetachPolicies") === true) await detachAll(id, clients.iam);
            await clients.iam.send(new DeleteRoleCommand({ RoleName: id }));
        });
    },
};

export const iamRolePolicy: ResourceDefinition = {
    table: {
        type: "aws:iam/rolePolicy:RolePolicy",
        source: registryPage("iam/rolepolicy"),
        inputs: { name: appliedReplaces, namePrefix: recordedReplaces, role: appliedReplaces, policy: appliedFree },
        outputs: ["name", "namePrefix", "policy", "role"],
        autoName: { property: "name", maxLength: 128 },
    },
    predict: ({ inputs }) => {
        const { role, name } = inputs;
        return { id: typeof role === "string" && typeof name === "string" ? `${role}:${name}` : UNKNOWN, outputs: {} };
    },
    async create({ inputs }, { clients }) {
        const role = requiredText(inputs, "role");
        const name = requiredText(inputs, "name");
        await clients.iam.send(new PutRolePolicyCommand({ RoleName: role, PolicyName: name, PolicyDocument: requiredText(inputs, "policy") }));
        return `${role}:${name}`;
    },
    async read({ id, inputs }, { clients }) {
        const [RoleName = "", PolicyName = ""] = id.split(":");
        const found = await unless(GONE, () => clients.iam.send(new GetRolePolicyCommand({ RoleName, PolicyName })));
        if (found === undefined) return undefined;
        const policy = asAsked(text(inputs, "policy"), decode(found.PolicyDocument));
        const values = reported({ role: RoleName, name: PolicyName, policy });
        return { id, inputs: values, outputs: values };
    },
    async update({ id, inputs }, { clients }) {
        const [RoleName = "", PolicyName = ""] = id.split(":");
        await clients.iam.send(new PutRolePolicyCommand({ RoleName, PolicyName, PolicyDocument: requiredText(inputs, "policy") }));
    },
    async delete({ id }, { clients }) {
        const [RoleName = "", PolicyName = ""] = id.split(":");
        await unless(GONE, () => clients.iam.send(new DeleteRolePolicyCommand({ RoleName, PolicyName })));
    },
};
