/** A bucket as all of ours are: private, versioned, encrypted, TLS only, and not growing for ever. */
import * as pulumi from "@pulumi/pulumi";
import { Bucket } from "@pulumi/aws/s3/bucket.js";
import { BucketLifecycleConfiguration } from "@pulumi/aws/s3/bucketLifecycleConfiguration.js";
import { BucketLogging } from "@pulumi/aws/s3/bucketLogging.js";
import { BucketOwnershipControls } from "@pulumi/aws/s3/bucketOwnershipControls.js";
import { BucketPolicy } from "@pulumi/aws/s3/bucketPolicy.js";
import { BucketPublicAccessBlock } from "@pulumi/aws/s3/bucketPublicAccessBlock.js";
import { BucketServerSideEncryptionConfiguration } from "@pulumi/aws/s3/bucketServerSideEncryptionConfiguration.js";
import { BucketVersioning } from "@pulumi/aws/s3/bucketVersioning.js";
import type { PlatformContext } from "../context.ts";
import { buildPolicy } from "../iam/policy.ts";
import type { Statement } from "../iam/policy.ts";
import type { LifecycleRule } from "./lifecycle.ts";

export interface DataBucketArgs {
    readonly context: PlatformContext;
    /** What the bucket is for, as it stands in its name: `raw`. */
    readonly part: string;
    /** Keeps the name unique in the world. */
    readonly randomSuffix: pulumi.Input<string>;
    /** @default S3's own key: log delivery writes into no bucket with another one. */
    readonly kmsKeyArn?: pulumi.Input<string>;
    readonly lifecycleRules: readonly LifecycleRule[];
    /** Receives the bucket's access logs, below `s3/<part>/`. @default they are not logged */
    readonly accessLogs?: DataBucket;
    /** Beside the one that refuses whoever comes without TLS. @default [] */
    readonly policyStatements?: pulumi.Input<readonly Statement[]>;
}

export class DataBucket extends pulumi.ComponentResource {
    readonly bucketName: pulumi.Output<string>;
    readonly bucketArn: pulumi.Output<string>;
    /** All settings in place: what writes into the bucket depends on this. */
    readonly settings: readonly pulumi.Resource[];

    constructor(name: string, args: DataBucketArgs, opts?: pulumi.ComponentResourceOptions) {
        super("firstlight:data:DataBucket", name, {}, opts);
        const bucket = this.createBucket(name, args);
        const accessBlock = this.createAccessBlock(name, bucket);
        this.settings = [
            accessBlock,
            this.createOwnership(name, bucket),
            this.createEncryption(name, bucket, args.kmsKeyArn),
            this.createPolicy(name, args, { bucket, accessBlock }),
            this.createLifecycle(name, args, bucket),
            ...this.createLogging(name, args, bucket),
        ];
        this.bucketName = bucket.bucket;
        this.bucketArn = bucket.arn;
        this.registerOutputs({ bucketName: this.bucketName, bucketArn: this.bucketArn });
    }

    private createBucket(name: string, { context, part, randomSuffix }: DataBucketArgs): Bucket {
        return new Bucket(`${name}-bucket`, {
            bucket: pulumi.output(randomSuffix).apply((suffix) => context.naming.bucket(part, suffix)),
            forceDestroy: context.destroyData,
            tags: context.tags,
        }, { parent: this });
    }

    private createAccessBlock(name: string, bucket: Bucket): BucketPublicAccessBlock {
        return new BucketPublicAccessBlock(`${name}-access-block`, {
            bucket: bucket.bucket,
            blockPublicAcls: true,
            blockPublicPolicy: true,
            ignorePublicAcls: true,
            restrictPublicBuckets: true,
        }, { parent: this });
    }

    private createOwnership(name: string, bucket: Bucket): BucketOwnershipControls {
        return new BucketOwnershipControls(`${name}-ownership`, {
            bucket: bucket.bucket,
            rule: { objectOwnership: "BucketOwnerEnforced" },
        }, { parent: this });
    }

    private createEncryption(
        name: string,
        bucket: Bucket,
        kmsKeyArn: pulumi.Input<string> | undefined,
    ): BucketServerSideEncryptionConfiguration {
        return new BucketServerSideEncryptionConfiguration(`${name}-encryption`, {
            bucket: bucket.bucket,
            rules: [kmsKeyArn === undefined ? { applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } } : {
                applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: kmsKeyArn },
                // One data key per bucket instead of one per object: far fewer calls to KMS.
                bucketKeyEnabled: true,
            }],
        }, { parent: this });
    }

    private createPolicy(
        name: string,
        args: DataBucketArgs,
        given: { bucket: Bucket; accessBlock: BucketPublicAccessBlock },
    ): BucketPolicy {
        const { bucket, accessBlock } = given;
        return new BucketPolicy(`${name}-policy`, {
            bucket: bucket.bucket,
            policy: pulumi.all([bucket.arn, args.policyStatements ?? []])
                .apply(([bucketArn, statements]) => buildPolicy([denyWithoutTls(bucketArn), ...statements])),
            // S3 answers OperationAborted when both settings are written at once.
        }, { parent: this, dependsOn: [accessBlock] });
    }

    private createLifecycle(name: string, { lifecycleRules }: DataBucketArgs, bucket: Bucket): BucketLifecycleConfiguration {
        const versioning = new BucketVersioning(`${name}-versioning`, {
            bucket: bucket.bucket,
            versioningConfiguration: { status: "Enabled" },
        }, { parent: this });
        return new BucketLifecycleConfiguration(`${name}-lifecycle`, {
            bucket: bucket.bucket,
            rules: [...lifecycleRules],
            // A rule about noncurrent versions needs versioning.
        }, { parent: this, dependsOn: [versioning] });
    }
    private createLogging(name: string, { accessLogs, part }: DataBucketArgs, bucket: Bucket): readonly BucketLogging[] {
        if (accessLogs === undefined) return [];
        return [new BucketLogging(`${name}-access-logging`, {
            bucket: bucket.bucket,
            targetBucket: accessLogs.bucketName,
            targetPrefix: accessLogPrefix(part),
            // S3 tries the delivery out when logging is switched on.
        }, { parent: this, dependsOn: [...accessLogs.settings] })];
    }
}

/** Where the access logs of a bucket lie in the bucket for logs. */
export function accessLogPrefix(part: string): string {
    return `s3/${part}/`;
}

/** Denies every call that does not come over TLS. */
function denyWithoutTls(bucketArn: string): Statement {
    return {
        sid: "DenyWithoutTls",
        effect: "Deny",
        principals: "*",
        actions: ["s3:*"],
        resources: [bucketArn, `${bucketArn}/*`],
        conditions: { Bool: { "aws:SecureTransport": "false" } },
    };
}
