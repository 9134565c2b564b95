/** The key that encrypts the state bucket and the secrets in Pulumi's states. Costs 1 USD a month. */
import {
    CreateAliasCommand, CreateKeyCommand, DescribeKeyCommand, EnableKeyRotationCommand, GetKeyPolicyCommand, GetKeyRotationStatusCommand,
    ListResourceTagsCommand, paginateListKeys, PutKeyPolicyCommand, TagResourceCommand,
} from "@aws-sdk/client-kms";
import type { KeyMetadata, KMSClient } from "@aws-sdk/client-kms";
import type { Location } from "../../components/context.ts";
import { fitName } from "../../components/naming.ts";
import { accountRootArn, bucketArn } from "../../components/iam/arns.ts";
import { buildPolicy } from "../../components/iam/policy.ts";
import { OperatorError } from "../errors.ts";
import { canonical } from "./comparing.ts";
import { retryWhileNew } from "./newResource.ts";
import { hasTags, stateTags } from "./stateTags.ts";

/** https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateAlias.html: 256 with `alias/`. */
const MAX_ALIAS_LENGTH = 250;

export interface StateKeyOptions {
    readonly kms: KMSClient;
    readonly location: Location;
    readonly project: string;
    readonly bucketName: string;
    /** Told of everything that is made or put right. */
    readonly onChange: (message: string) => void;
}

/** With its `alias/`. */
export function stateKeyAlias(project: string): string {
    return `alias/${fitName(`${project}-state`, MAX_ALIAS_LENGTH)}`;
}

/**
 * Makes the key, or puts right what deviates. Killed at any point, the next run goes on: a key that has no alias yet is found by its tags.
 *
 * @returns its ARN
 * @throws OperatorError when the alias is another key's, or the key is disabled or to be deleted
 */
export async function ensureStateKey(options: StateKeyOptions): Promise<string> {
    const { kms, project, onChange } = options;
    const alias = stateKeyAlias(project);
    const aliased = await describeKey(kms, alias);
    const key = aliased ?? await findUnaliased(options) ?? await createKey(options);
    const { Arn: arn = "", KeyId: keyId = "", KeyState: state = "" } = key;
    if (state !== "Enabled" && state !== "Creating") {
        throw new OperatorError(`the key ${arn} of ${alias} is ${state}: without it no state can be read`,
            "cancel its deletion (`aws kms cancel-key-deletion`) and enable it (`aws kms enable-key`); what it has encrypted is lost with it");
    }
    if (aliased === undefined) {
        await retryWhileNew(() => kms.send(new CreateAliasCommand({ AliasName: alias, TargetKeyId: keyId })));
        onChange(`${alias}: made for key ${keyId}`);
    }
    await repairKey(options, keyId);
    return arn;
}

async function describeKey(kms: KMSClient, keyId: string): Promise<KeyMetadata | undefined> {
    try {
        return (await kms.send(new DescribeKeyCommand({ KeyId: keyId }))).KeyMetadata;
    } catch (error) {
        if (error instanceof Error && error.name === "NotFoundException") return undefined;
        throw error;
    }
}

/** A key of ours that was made by a run which did not get as far as the alias. */
async function findUnaliased({ kms, project }: StateKeyOptions): Promise<KeyMetadata | undefined> {
    for await (const { Keys = [] } of paginateListKeys({ client: kms }, {})) {
        for (const { KeyId: keyId = "" } of Keys) {
            // Keys of others may forbid to look at their tags; ours does not.
            const tags = await readTags(kms, keyId).catch(() => ({}));
            if (!hasTags(tags, stateTags(project))) continue;
            const key = await describeKey(kms, keyId);
            if (key?.KeyState === "Enabled") return key;
        }
    }
    return undefined;
}

async function createKey(options: StateKeyOptions): Promise<KeyMetadata> {
    const { kms, project, onChange } = options;
    const { KeyMetadata: key } = await kms.send(new CreateKeyCommand({
        Description: `${project}: Pulumi's states and the secrets in them`,
        Policy: buildKeyPolicy(options),
        Tags: Object.entries(stateTags(project)).map(([TagKey, TagValue]) => ({ TagKey, TagValue })),
    }));
    if (key === undefined) throw new Error("KMS made a key and did not say which");
    onChange(`key ${key.KeyId}: made`);
    return key;
}

async function repairKey(options: StateKeyOptions, keyId: string): Promise<void> {
    const { kms, project, onChange } = options;
    const tags = await retryWhileNew(() => readTags(kms, keyId));
    const wanted = stateTags(project);
    if (tags["ManagedBy"] !== wanted["ManagedBy"]) {
        throw new OperatorError(`${stateKeyAlias(project)} names the key ${keyId}, which bootstrap has not made`,
            "remove that alias, or tag the key Project and ManagedBy as docs/state.md says");
    }
    if (!hasTags(tags, wanted)) {
        await kms.send(new TagResourceCommand({ KeyId: keyId, Tags: Object.entries(wanted).map(([TagKey, TagValue]) => ({ TagKey, TagValue })) }));
        onChange(`key ${keyId}: tags put right`);
    }
    if ((await kms.send(new GetKeyRotationStatusCommand({ KeyId: keyId }))).KeyRotationEnabled !== true) {
        await kms.send(new EnableKeyRotationCommand({ KeyId: keyId }));
        onChange(`key ${keyId}: yearly rotation switched on`);
    }
    const policy = buildKeyPolicy(options);
    const { Policy: current = "{}" } = await kms.send(new GetKeyPolicyCommand({ KeyId: keyId, PolicyName: "default" }));
    if (canonical(JSON.parse(current)) !== canonical(JSON.parse(policy))) {
        await kms.send(new PutKeyPolicyCommand({ KeyId: keyId, PolicyName: "default", Policy: policy }));
        onChange(`key ${keyId}: policy put right`);
    }
}

async function readTags(kms: KMSClient, keyId: string): Promise<Record<string, string>> {
    const { Tags = [] } = await kms.send(new ListResourceTagsCommand({ KeyId: keyId }));
    return Object.fromEntries(Tags.map(({ TagKey = "", TagValue = "" }) => [TagKey, TagValue]));
}

/** What the account may give to its people and roles by IAM policies: administration and two uses, no grants. Exported for its test. */
export function buildKeyPolicy({ location, bucketName }: Pick<StateKeyOptions, "location" | "bucketName">): string {
    const account = { AWS: [accountRootArn(location)] };
    // In a key policy, `*` is the key itself.
    const resources = ["*"];
    const bucket = bucketArn(location, bucketName);
    return buildPolicy([
        {
            sid: "AccountAdministersKey", principals: account, resources,
            actions: [
                "kms:CancelKeyDeletion", "kms:CreateAlias", "kms:DeleteAlias", "kms:DescribeKey", "kms:DisableKey", "kms:EnableKey", "kms:EnableKeyRotation",
                "kms:GetKeyPolicy", "kms:GetKeyRotationStatus", "kms:ListGrants", "kms:ListKeyPolicies", "kms:ListKeyRotations", "kms:ListResourceTags",
                "kms:PutKeyPolicy", "kms:RevokeGrant", "kms:RotateKeyOnDemand", "kms:ScheduleKeyDeletion", "kms:TagResource", "kms:UntagResource",
                "kms:UpdateAlias", "kms:UpdateKeyDescription",
            ],
        },
        // Pulumi encrypts the key of a state's secrets, and decrypts it: https://www.pulumi.com/docs/iac/concepts/secrets/#available-encryption-providers
        { sid: "PulumiEncryptsSecrets", principals: account, actions: ["kms:Decrypt", "kms:Encrypt"], resources },
        {
            // With a bucket key the context names the bucket, without one the object: https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-key.html
            sid: "BucketEncryptsStates", principals: account, actions: ["kms:Decrypt", "kms:GenerateDataKey"], resources,
            conditions: {
                StringEquals: { "kms:ViaService": `s3.${location.region}.${location.dnsSuffix}` },
                StringLike: { "kms:EncryptionContext:aws:s3:arn": [bucket, `${bucket}/*`] },
            },
        },
    ]);
}
