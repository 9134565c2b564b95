/** The settings of a bucket that are resources of their own: versioning, encryption, public access, ownership, policy. */
import {
    DeleteBucketEncryptionCommand, DeleteBucketOwnershipControlsCommand, DeleteBucketPolicyCommand, DeletePublicAccessBlockCommand,
    GetBucketEncryptionCommand, GetBucketOwnershipControlsCommand, GetBucketPolicyCommand, GetBucketVersioningCommand,
    GetPublicAccessBlockCommand, PutBucketEncryptionCommand, PutBucketOwnershipControlsCommand, PutBucketPolicyCommand,
    PutBucketVersioningCommand, PutPublicAccessBlockCommand, type ServerSideEncryptionRule,
} from "@aws-sdk/client-s3";
import type { PropertyMap, PropertyRule, ResourceTable } from "../../engine/provider.ts";
import { whenKnown } from "./arn.ts";
import type { HandlerContext, ResourceDefinition } from "./definition.ts";
import { asAsked } from "./documents.ts";
import { flag, map, maps, reported, requiredText, text } from "./inputs.ts";
import { applied, appliedFree, appliedReplaces, recorded, recordedReplaces, region, registryPage } from "./rules.ts";
import { unless } from "./wait.ts";

/** One setting of a bucket: what differs between the five types. */
interface BucketSetting {
    readonly table: ResourceTable;
    put(bucket: string, inputs: PropertyMap, context: HandlerContext): Promise<unknown>;
    /** The setting in the program's shape, without `bucket`; undefined when the bucket or the setting does not exist. */
    get(bucket: string, inputs: PropertyMap, context: HandlerContext): Promise<PropertyMap | undefined>;
    /** Absent errors of the SDK are listed in `absentErrors`. */
    remove(bucket: string, inputs: PropertyMap, context: HandlerContext): Promise<unknown>;
    readonly absentErrors: readonly string[];
}

function describeTable(kind: string, inputs: Record<string, PropertyRule>, outputs: readonly string[]): ResourceTable {
    const type = `aws:s3/${kind.charAt(0).toLowerCase()}${kind.slice(1)}:${kind}`;
    return { type, source: registryPage(`s3/${kind.toLowerCase()}`), inputs: { ...region, bucket: appliedReplaces, ...inputs }, outputs };
}

/** The life that the five have in common: their id is the bucket's name, and a create overwrites what is there. */
export function bucketSetting(setting: BucketSetting): ResourceDefinition {
    const missing = ["NoSuchBucket", ...setting.absentErrors];
    return {
        table: setting.table,
        predict: ({ inputs }, place) => ({
            id: whenKnown(inputs["bucket"], (bucket) => bucket),
            outputs: { region: place.region },
        }),
        async create({ inputs }, context) {
            const bucket = requiredText(inputs, "bucket");
            await setting.put(bucket, inputs, context);
            return bucket;
        },
        async read({ id, inputs }, context) {
            const values = await unless(missing, () => setting.get(id, inputs, context));
            if (values === undefined) return undefined;
            return { id, inputs: { bucket: id, ...values }, outputs: { bucket: id, region: context.place.region, ...values } };
        },
        async update({ id, inputs }, context) {
            await setting.put(id, inputs, context);
        },
        async delete({ id, inputs }, context) {
            await unless(missing, () => setting.remove(id, inputs, context));
        },
    };
}

export const s3BucketVersioning = bucketSetting({
    table: describeTable(
        "BucketVersioning",
        {
            "versioningConfiguration.status": applied,
            "versioningConfiguration.mfaDelete": recorded,
            mfa: recorded,
            expectedBucketOwner: recordedReplaces,
        },
        ["bucket", "expectedBucketOwner", "mfa", "region", "versioningConfiguration"],
    ),
    absentErrors: [],
    put: (Bucket, inputs, { clients }) => clients.s3.send(new PutBucketVersioningCommand({
        Bucket,
        VersioningConfiguration: { Status: requiredText(map(inputs, "versioningConfiguration") ?? {}, "status") as "Enabled" | "Suspended" },
    })),
    async get(Bucket, _inputs, { clients }) {
        const { Status } = await clients.s3.send(new GetBucketVersioningCommand({ Bucket }));
        return Status === undefined ? undefined : { versioningConfiguration: { status: Status } };
    },
    // Versioning cannot be removed, only suspended: as the provider does.
    remove: (Bucket, _inputs, { clients }) => clients.s3.send(new PutBucketVersioningCommand({
        Bucket, VersioningConfiguration: { Status: "Suspended" },
    })),
});

function encryptionRule(rule: PropertyMap): ServerSideEncryptionRule {
    const byDefault = map(rule, "applyServerSideEncryptionByDefault");
    return {
        BucketKeyEnabled: flag(rule, "bucketKeyEnabled"),
        ...(byDefault === undefined ? {} : {
            ApplyServerSideEncryptionByDefault: {
                SSEAlgorithm: requiredText(byDefault, "sseAlgorithm") as "aws:kms" | "AES256",
                KMSMasterKeyID: text(byDefault, "kmsMasterKeyId"),
            },
        }),
    };
}

export const s3BucketEncryption = bucketSetting({
    table: describeTable(
        "BucketServerSideEncryptionConfiguration",
        {
            "rules.applyServerSideEncryptionByDefault.sseAlgorithm": applied,
            "rules.applyServerSideEncryptionByDefault.kmsMasterKeyId": applied,
            "rules.bucketKeyEnabled": applied,
            expectedBucketOwner: recordedReplaces,
        },
        ["bucket", "expectedBucketOwner", "region", "rules"],
    ),
    absentErrors: ["ServerSideEncryptionConfigurationNotFoundError"],
    put: (Bucket, inputs, { clients }) => clients.s3.send(new PutBucketEncryptionCommand({
        Bucket, ServerSideEncryptionConfiguration: { Rules: (maps(inputs, "rules") ?? []).map(encryptionRule) },
    })),
    async get(Bucket, _inputs, { clients }) {
        const { ServerSideEncryptionConfiguration } = await clients.s3.send(new GetBucketEncryptionCommand({ Bucket }));
        const rules = (ServerSideEncryptionConfiguration?.Rules ?? []).map(({ ApplyServerSideEncryptionByDefault: byDefault, BucketKeyEnabled }) => reported({
            ...(byDefault === undefined ? {} : {
                applyServerSideEncryptionByDefault: reported({ sseAlgorithm: byDefault.SSEAlgorithm, kmsMasterKeyId: byDefault.KMSMasterKeyID }),
            }),
            bucketKeyEnabled: BucketKeyEnabled,
        }));
        return { rules };
    },
    remove: (Bucket, _inputs, { clients }) => clients.s3.send(new DeleteBucketEncryptionCommand({ Bucket })),
});

export const s3BucketPublicAccessBlock = bucketSetting({
    table: describeTable(
        "BucketPublicAccessBlock",
        { blockPublicAcls: applied, blockPublicPolicy: applied, ignorePublicAcls: applied, restrictPublicBuckets: applied },
        ["blockPublicAcls", "blockPublicPolicy", "bucket", "ignorePublicAcls", "region", "restrictPublicBuckets", "skipDestroy"],
    ),
    absentErrors: ["NoSuchPublicAccessBlockConfiguration"],
    put: (Bucket, inputs, { clients }) => clients.s3.send(new PutPublicAccessBlockCommand({
        Bucket,
        PublicAccessBlockConfiguration: {
            BlockPublicAcls: flag(inputs, "blockPublicAcls") ?? false,
            BlockPublicPolicy: flag(inputs, "blockPublicPolicy") ?? false,
            IgnorePublicAcls: flag(inputs, "ignorePublicAcls") ?? false,
            RestrictPublicBuckets: flag(inputs, "restrictPublicBuckets") ?? false,
        },
    })),
    async get(Bucket, _inputs, { clients }) {
        const { PublicAccessBlockConfiguration: block } = await clients.s3.send(new GetPublicAccessBlockCommand({ Bucket }));
        return reported({
            blockPublicAcls: block?.BlockPublicAcls,
            blockPublicPolicy: block?.BlockPublicPolicy,
            ignorePublicAcls: block?.IgnorePublicAcls,
            restrictPublicBuckets: block?.RestrictPublicBuckets,
        });
    },
    remove: (Bucket, _inputs, { clients }) => clients.s3.send(new DeletePublicAccessBlockCommand({ Bucket })),
});

export const s3BucketOwnershipControls = bucketSetting({
    table: describeTable("BucketOwnershipControls", { "rule.objectOwnership": applied }, ["bucket", "region", "rule"]),
    absentErrors: ["OwnershipControlsNotFoundError"],
    put: (Bucket, inputs, { clients }) => clients.s3.send(new PutBucketOwnershipControlsCommand({
        Bucket,
        OwnershipControls: {
            Rules: [{ ObjectOwnership: requiredText(map(inputs, "rule") ?? {}, "objectOwnership") as "BucketOwnerEnforced" | "BucketOwnerPreferred" | "ObjectWriter" }],
        },
    })),
    async get(Bucket, _inputs, { clients }) {
        const { OwnershipControls } = await clients.s3.send(new GetBucketOwnershipControlsCommand({ Bucket }));
        const objectOwnership = OwnershipControls?.Rules?.[0]?.ObjectOwnership;
        return objectOwnership === undefined ? undefined : { rule: { objectOwnership } };
    },
    remove: (Bucket, _inputs, { clients }) => clients.s3.send(new DeleteBucketOwnershipControlsCommand({ Bucket })),
});

export const s3BucketPolicy = bucketSetting({
    table: describeTable("BucketPolicy", { policy: appliedFree }, ["bucket", "policy", "region"]),
    absentErrors: ["NoSuchBucketPolicy"],
    put: (Bucket, inputs, { clients }) => clients.s3.send(new PutBucketPolicyCommand({ Bucket, Policy: requiredText(inputs, "policy") })),
    async get(Bucket, inputs, { clients }) {
        const { Policy } = await clients.s3.send(new GetBucketPolicyCommand({ Bucket }));
        return reported({ policy: asAsked(text(inputs, "policy"), Policy) });
    },
    remove: (Bucket, _inputs, { clients }) => clients.s3.send(new DeleteBucketPolicyCommand({ Bucket })),
});
