/** `aws:kms/key:Key`. */
import {
    CreateKeyCommand, DescribeKeyCommand, DisableKeyCommand, DisableKeyRotationCommand, EnableKeyCommand, EnableKeyRotationCommand,
    GetKeyPolicyCommand, GetKeyRotationStatusCommand, ListResourceTagsCommand, PutKeyPolicyCommand, ScheduleKeyDeletionCommand,
    TagResourceCommand, UntagResourceCommand, UpdateKeyDescriptionCommand, type CreateKeyCommandInput, type KeyMetadata,
} from "@aws-sdk/client-kms";
import { UNKNOWN, type PropertyMap } from "../../engine/provider.ts";
import type { HandlerContext, ResourceDefinition } from "./definition.ts";
import { asAsked } from "./documents.ts";
import { amount, flag, reported, text } from "./inputs.ts";
import { applied, appliedFree, appliedReplaces, hasChanged, recorded, recordedReplaces, region, registryPage } from "./rules.ts";
import { applyTagChange, observeTagged, readTags, tagChange, tagsOf } from "./tags.ts";
import { unless } from "./wait.ts";

const POLICY_NAME = "default";
/** What the provider uses when the program says nothing; source: `deletionWindowInDays` in the registry. */
const DEFAULT_DELETION_WINDOW_DAYS = 30;
const GONE = ["NotFoundException"];

function kmsTags(tags: Readonly<Record<string, string>>): { TagKey: string; TagValue: string }[] {
    return Object.entries(tags).map(([TagKey, TagValue]) => ({ TagKey, TagValue }));
}

async function describeKey(id: string, context: HandlerContext): Promise<KeyMetadata | undefined> {
    const answer = await unless(GONE, () => context.clients.kms.send(new DescribeKeyCommand({ KeyId: id })));
    const key = answer?.KeyMetadata;
    return key?.KeyState === "PendingDeletion" ? undefined : key;
}

async function setRotation(id: string, inputs: PropertyMap, { clients }: HandlerContext): Promise<void> {
    if (flag(inputs, "enableKeyRotation") === true) {
        await clients.kms.send(new EnableKeyRotationCommand({ KeyId: id, RotationPeriodInDays: amount(inputs, "rotationPeriodInDays") }));
    } else {
        await clients.kms.send(new DisableKeyRotationCommand({ KeyId: id }));
    }
}

async function setEnabled(id: string, inputs: PropertyMap, { clients }: HandlerContext): Promise<void> {
    const enabled = flag(inputs, "isEnabled") ?? true;
    await clients.kms.send(enabled ? new EnableKeyCommand({ KeyId: id }) : new DisableKeyCommand({ KeyId: id }));
}

async function observe(id: string, inputs: PropertyMap, context: HandlerContext) {
    const key = await describeKey(id, context);
    if (key === undefined) return undefined;
    const { kms } = context.clients;
    const [policy, rotation, tagAnswer] = await Promise.all([
        kms.send(new GetKeyPolicyCommand({ KeyId: id, PolicyName: POLICY_NAME })),
        kms.send(new GetKeyRotationStatusCommand({ KeyId: id })),
        kms.send(new ListResourceTagsCommand({ KeyId: id })),
    ]);
    const tags = readTags(tagAnswer.Tags?.map(({ TagKey, TagValue }) => ({ Key: TagKey, Value: TagValue })));
    const values = reported({
        description: key.Description ?? "",
        keyUsage: key.KeyUsage,
        customerMasterKeySpec: key.KeySpec,
        isEnabled: key.Enabled,
        multiRegion: key.MultiRegion ?? false,
        enableKeyRotation: rotation.KeyRotationEnabled ?? false,
        rotationPeriodInDays: rotation.RotationPeriodInDays,
        policy: asAsked(text(inputs, "policy"), policy.Policy),
    });
    return observeTagged({ id, values, tags, computed: { arn: key.Arn, keyId: key.KeyId, region: context.place.region } });
}

export const kmsKey: ResourceDefinition = {
    table: {
        type: "aws:kms/key:Key",
        source: registryPage("kms/key"),
        inputs: {
            ...region,
            description: applied,
            policy: appliedFree,
            enableKeyRotation: applied,
            rotationPeriodInDays: applied,
            isEnabled: applied,
            keyUsage: appliedReplaces,
            customerMasterKeySpec: appliedReplaces,
            multiRegion: appliedReplaces,
            // Used by the delete; until then the cloud has nothing to read back.
            deletionWindowInDays: recorded,
            bypassPolicyLockoutSafetyCheck: recorded,
            customKeyStoreId: recordedReplaces,
            xksKeyId: recordedReplaces,
            tags: appliedFree,
        },
        outputs: [
            "arn", "bypassPolicyLockoutSafetyCheck", "customKeyStoreId", "customerMasterKeySpec", "deletionWindowInDays", "description",
            "enableKeyRotation", "isEnabled", "keyId", "keyUsage", "multiRegion", "policy", "region", "rotationPeriodInDays", "tags",
            "tagsAll", "xksKeyId",
        ],
    },
    usage: {
        actions: ["kms:GenerateDataKey", "kms:Encrypt", "kms:Decrypt"],
        resourceArn: (outputs) => text(outputs, "arn") ?? "",
    },
    predict: ({ inputs }, place) => ({
        id: UNKNOWN,
        outputs: { region: place.region, tagsAll: inputs["tags"] ?? {} },
    }),
    async create({ inputs }, context) {
        const { KeyMetadata } = await context.clients.kms.send(new CreateKeyCommand({
            Description: text(inputs, "description"),
            Policy: text(inputs, "policy"),
            KeyUsage: text(inputs, "keyUsage") as CreateKeyCommandInput["KeyUsage"],
            KeySpec: text(inputs, "customerMasterKeySpec") as CreateKeyCommandInput["KeySpec"],
            MultiRegion: flag(inputs, "multiRegion"),
            BypassPolicyLockoutSafetyCheck: flag(inputs, "bypassPolicyLockoutSafetyCheck"),
            Tags: kmsTags(tagsOf(inputs)),
        }));
        const id = KeyMetadata!.KeyId!;
        if (flag(inputs, "enableKeyRotation") === true) await setRotation(id, inputs, context);
        if (flag(inputs, "isEnabled") === false) await setEnabled(id, inputs, context);
        return id;
    },
    read: ({ id, inputs }, context) => observe(id, inputs, context),
    async update({ id, inputs, oldInputs }, context) {
        const { kms } = context.clients;
        if (hasChanged(oldInputs, inputs, "isEnabled")) await setEnabled(id, inputs, context);
        if (hasChanged(oldInputs, inputs, "enableKeyRotation", "rotationPeriodInDays")) await setRotation(id, inputs, context);
        if (hasChanged(oldInputs, inputs, "description")) {
            await kms.send(new UpdateKeyDescriptionCommand({ KeyId: id, Description: text(inputs, "description") ?? "" }));
        }
        const policy = text(inputs, "policy");
        if (policy !== undefined && hasChanged(oldInputs, inputs, "policy")) {
            await kms.send(new PutKeyPolicyCommand({ KeyId: id, PolicyName: POLICY_NAME, Policy: policy }));
        }
        await applyTagChange(
            tagChange(oldInputs, inputs),
            (tags) => kms.send(new TagResourceCommand({ KeyId: id, Tags: kmsTags(tags) })),
            (keys) => kms.send(new UntagResourceCommand({ KeyId: id, TagKeys: keys })),
        );
    },
    /** A key is never deleted at once: it is scheduled, and counts as gone from then on. */
    async delete({ id, inputs }, context) {
        if ((await describeKey(id, context)) === undefined) return;
        await context.clients.kms.send(new ScheduleKeyDeletionCommand({
            KeyId: id, PendingWindowInDays: amount(inputs, "deletionWindowInDays") ?? DEFAULT_DELETION_WINDOW_DAYS,
        }));
    },
};
