/** Roles, keys and their aliases. */
import { ListRoleTagsCommand, paginateListRoles } from "@aws-sdk/client-iam";
import { DescribeKeyCommand, ListResourceTagsCommand, paginateListAliases, paginateListKeys } from "@aws-sdk/client-kms";
import type { KMSClient } from "@aws-sdk/client-kms";
import type { OwnedResource } from "../ownedResource.ts";
import { confirmOurs, fromTagList, gather, toOwned, unlessGone } from "./search.ts";
import type { Finder, Search, Tags } from "./search.ts";

/**
 * The Resource Groups Tagging API does not know roles:
 * https://docs.aws.amazon.com/resourcegroupstagging/latest/APIReference/supported-services.html
 * They are the account's, not the region's, so the tags alone would also find those of the same stack in another region: the names end with it.
 */
export const roles: Finder = {
    what: "roles of IAM",
    async find(search) {
        const { iam, aws: { target: { region } } } = search.clients;
        const listed = await gather(paginateListRoles({ client: iam }, {}), ({ Roles }) => Roles);
        const named = listed.map(({ RoleName = "", Arn = "" }) => ({ name: RoleName, arn: Arn }));
        const likely = named.filter(({ name }) => name.startsWith(`${search.naming.prefix}-`) && name.endsWith(`-${region}`));
        return confirmOurs(search, likely, async ({ name }) => fromTagList((await iam.send(new ListRoleTagsCommand({ RoleName: name }))).Tags));
    },
};

/** Keys have no names, so the tags of all are read, but for AWS's own. An alias belongs to whom its key belongs to. */
export const keys: Finder = {
    what: "keys of KMS",
    async find(search) {
        const { kms } = search.clients.aws;
        const aliases = await gather(paginateListAliases({ client: kms }, {}), ({ Aliases }) => Aliases);
        const ofAws = new Set(aliases.flatMap(({ AliasName = "", TargetKeyId = "" }) => (AliasName.startsWith("alias/aws/") ? [TargetKeyId] : [])));
        const listed = await gather(paginateListKeys({ client: kms }, {}), ({ Keys }) => Keys);
        const own = listed.filter(({ KeyId = "" }) => !ofAws.has(KeyId));
        const found: OwnedResource[] = [];
        for (const { KeyId = "", KeyArn = "" } of own) {
            const tags = await readOwnTags(search, KeyId);
            if (tags === undefined) continue;
            const ours = aliases.filter(({ TargetKeyId }) => TargetKeyId === KeyId).map(({ AliasName = "" }) => AliasName);
            const { description, pendingUntil } = await readKey(kms, KeyId);
            const known = ours[0] ?? description;
            found.push(...ours.map((name) => toOwned(search.arn("kms", name), tags)));
            found.push(toOwned(KeyArn, tags, { label: known === "" ? KeyId : `${KeyId} (${known})`, ...(pendingUntil === undefined ? {} : { pendingUntil }) }));
        }
        return found;
    },
};

/** Undefined for somebody else's key, also for one whose policy keeps its tags from us: such a policy is none of this program's. */
async function readOwnTags(search: Search, keyId: string): Promise<Tags | undefined> {
    try {
        const { Tags: list = [] } = await search.clients.aws.kms.send(new ListResourceTagsCommand({ KeyId: keyId }));
        const tags = Object.fromEntries(list.map(({ TagKey = "", TagValue = "" }) => [TagKey, TagValue]));
        return search.isOurs(tags) ? tags : undefined;
    } catch (error) {
        if (error instanceof Error && /^(AccessDenied|NotFound)/.test(error.name)) return undefined;
        throw error;
    }
}

/** What it is for, and when it will be gone if it was given up. */
async function readKey(kms: KMSClient, keyId: string): Promise<{ readonly description: string; readonly pendingUntil: Date | undefined }> {
    const metadata = (await unlessGone(() => kms.send(new DescribeKeyCommand({ KeyId: keyId }))))?.KeyMetadata;
    return { description: metadata?.Description ?? "", pendingUntil: metadata?.DeletionDate };
}
