/** Keys and their aliases. */
import { DescribeKeyCommand, ListAliasesCommand, ListKeysCommand, ListResourceTagsCommand, type KeyMetadata, type KMSClient } from "@aws-sdk/client-kms";
import { gather, importPage, knownText, outputsOf, unless } from "./lookup.ts";
import type { Lookup, Tags } from "./lookup.ts";

const CLOSED = ["AccessDeniedException", "NotFoundException"];
/** Keys that are scheduled for deletion cannot be used for anything. */
const ENDING: readonly (string | undefined)[] = ["PendingDeletion", "PendingReplicaDeletion"];

async function listKeys(kms: KMSClient): Promise<readonly KeyMetadata[]> {
    const keys = await gather(async (Marker) => {
        const { Keys, NextMarker } = await kms.send(new ListKeysCommand({ Marker }));
        return { items: Keys, next: NextMarker };
    });
    // A key whose policy is closed to us is none of ours.
    const described = await Promise.all(keys.map(({ KeyId }) => unless(CLOSED, () => kms.send(new DescribeKeyCommand({ KeyId })))));
    return described.flatMap((answer) => answer?.KeyMetadata ?? []).filter((key) => key.KeyManager !== "AWS" && !ENDING.includes(key.KeyState));
}

async function readKeyTags(kms: KMSClient, KeyId: string): Promise<Tags> {
    const { Tags = [] } = await kms.send(new ListResourceTagsCommand({ KeyId }));
    return Object.fromEntries(Tags.map(({ TagKey = "", TagValue = "" }) => [TagKey, TagValue]));
}

/** The service chooses a key's id. The description says what the key is for, and no two keys of a stack are for the same. */
const key: Lookup = {
    type: "aws:kms/key:Key",
    source: importPage("kms/key"),
    async candidates(inputs, { aws: { kms } }) {
        const description = knownText(inputs, "description");
        if (description === undefined) return [];
        const keys = (await listKeys(kms)).filter((found) => found.Description === description);
        return Promise.all(keys.map(async ({ KeyId = "", Arn }) => ({
            id: KeyId, outputs: outputsOf({ arn: Arn, keyId: KeyId }), tags: await readKeyTags(kms, KeyId),
        })));
    },
};

/** Has no tags; it is ours when the key is that it stands for. */
const alias: Lookup = {
    type: "aws:kms/alias:Alias",
    source: importPage("kms/alias"),
    async candidates(inputs, { aws: { kms } }) {
        const name = knownText(inputs, "name");
        const target = knownText(inputs, "targetKeyId");
        if (name === undefined || target === undefined) return [];
        const aliases = await unless(["NotFoundException"], () => gather(async (Marker) => {
            const { Aliases, NextMarker } = await kms.send(new ListAliasesCommand({ KeyId: target, Marker }));
            return { items: Aliases, next: NextMarker };
        })) ?? [];
        return aliases.some(({ AliasName }) => AliasName === name) ? [{ id: name, outputs: {}, parentTags: await readKeyTags(kms, target) }] : [];
    },
    /** Of whatever key. */
    async holders(inputs, { aws: { kms } }) {
        const name = knownText(inputs, "name");
        const found = name === undefined ? undefined : await unless(["NotFoundException"], () => kms.send(new DescribeKeyCommand({ KeyId: name })));
        if (name === undefined || found?.KeyMetadata?.KeyId === undefined) return [];
        return [{ id: name, outputs: {}, parentTags: await readKeyTags(kms, found.KeyMetadata.KeyId) }];
    },
};

export const kmsLookups: readonly Lookup[] = [key, alias];
