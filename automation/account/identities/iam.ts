/** Roles and their inline policies. */
import { GetRoleCommand, GetRolePolicyCommand, ListRoleTagsCommand, type IAMClient } from "@aws-sdk/client-iam";
import { importPage, knownText, outputsOf, readTags, unless } from "./lookup.ts";
import type { Lookup, Tags } from "./lookup.ts";

const GONE = ["NoSuchEntityException", "NoSuchEntity"];

/** Undefined when there is no such role. */
async function readRoleTags(iam: IAMClient, RoleName: string): Promise<Tags | undefined> {
    const answer = await unless(GONE, () => iam.send(new ListRoleTagsCommand({ RoleName })));
    return answer === undefined ? undefined : readTags(answer.Tags);
}

const role: Lookup = {
    type: "aws:iam/role:Role",
    source: importPage("iam/role"),
    async candidates(inputs, { iam }) {
        const name = knownText(inputs, "name");
        const found = name === undefined ? undefined : (await unless(GONE, () => iam.send(new GetRoleCommand({ RoleName: name }))))?.Role;
        if (name === undefined || found === undefined) return [];
        return [{ id: name, outputs: outputsOf({ arn: found.Arn, uniqueId: found.RoleId }), tags: await readRoleTags(iam, name) ?? {} }];
    },
};

const rolePolicy: Lookup = {
    type: "aws:iam/rolePolicy:RolePolicy",
    source: importPage("iam/rolepolicy"),
    repeatable: true,
    async candidates(inputs, { iam }) {
        const RoleName = knownText(inputs, "role");
        const PolicyName = knownText(inputs, "name");
        if (RoleName === undefined || PolicyName === undefined) return [];
        const found = await unless(GONE, () => iam.send(new GetRolePolicyCommand({ RoleName, PolicyName })));
        if (found === undefined) return [];
        return [{ id: `${RoleName}:${PolicyName}`, outputs: {}, parentTags: await readRoleTags(iam, RoleName) ?? {} }];
    },
};

export const iamLookups: readonly Lookup[] = [role, rolePolicy];
