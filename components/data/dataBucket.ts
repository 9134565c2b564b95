/** A bucket as all of ours are: private, versioned, encrypted, TLS only, and not growing for ever. */
import * as pulumi from "@pulumi/pulumi";
import { Bucket } from "@pulumi/aws/s3/bucket.js";
import { BucketLifecycleConfiguration } from "@pulumi/aws/s3/bucketLifecycleConfiguration.js";
import { BucketOwnershipControls } from "@pulumi/aws/s3/bucketOwnershipControls.js";
import { BucketPolicy } from "@pulumi/aws/s3/bucketPolicy.js";
import { BucketPublicAccessBlock } from "@pulumi/aws/s3/bucketPublicAccessBlock.js";
import { BucketServerSideEncryptionConfiguration } from "@pulumi/aws/s3/bucketServerSideEncryptionConfiguration.js";
import { BucketVersioning } from "@pulumi/aws/s3/bucketVersioning.js";
import type { PlatformContext } from "../context.ts";
import { buildPolicy } from "../iam/policy.ts";

/** Days after which parts of an upload that nobody finished are removed. */
const ABORT_UPLOAD_DAYS = 7;

export interface DataBucketArgs {
    readonly context: PlatformContext;
    /** What the bucket is for, as it stands in its name: `raw`. */
    readonly part: string;
    /** Keeps the name unique in the world. */
    readonly randomSuffix: pulumi.Input<string>;
    readonly kmsKeyArn: pulumi.Input<string>;
    /** Days that overwritten and deleted objects can be brought back. */
    readonly noncurrentRetentionDays: number;
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
            this.createTlsOnlyPolicy(name, bucket, accessBlock),
            this.createLifecycle(name, bucket, args.noncurrentRetentionDays),
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

    private createEncryption(name: string, bucket: Bucket, kmsKeyArn: pulumi.Input<string>): BucketServerSideEncryptionConfiguration {
        return new BucketServerSideEncryptionConfiguration(`${name}-encryption`, {
            bucket: bucket.bucket,
            rules: [{
                applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: kmsKeyArn },
                // One data key per bucket instead of one per object: far fewer calls to KMS.
                bucketKeyEnabled: true,
            }],
        }, { parent: this });
    }

    private createTlsOnlyPolicy(name: string, bucket: Bucket, accessBlock: BucketPublicAccessBlock): BucketPolicy {
        return new BucketPolicy(`${name}-policy`, {
            bucket: bucket.bucket,
            policy: bucket.arn.apply(buildTlsOnlyPolicy),
            // S3 answers OperationAborted when both settings are written at once.
        }, { parent: this, dependsOn: [accessBlock] });
    }

    private createLifecycle(name: string, bucket: Bucket, retentionDays: number): BucketLifecycleConfiguration {
        const versioning = new BucketVersioning(`${name}-versioning`, {
            bucket: bucket.bucket,
            versioningConfiguration: { status: "Enabled" },
        }, { parent: this });
        return new BucketLifecycleConfiguration(`${name}-lifecycle`, {
            bucket: bucket.bucket,
            rules: [{
                id: "expire-noncurrent",
                status: "Enabled",
                // Empty: all objects. Left out, S3 refuses the rule.
                filter: {},
                noncurrentVersionExpiration: { noncurrentDays: retentionDays },
                abortIncompleteMultipartUpload: { daysAfterInitiation: ABORT_UPLOAD_DAYS },
            }],
            // A rule about noncurrent versions needs versioning.
        }, { parent: this, dependsOn: [versioning] });
    }
}

/** Denies every call that does not come over TLS. */
export function buildTlsOnlyPolicy(bucketArn: string): string {
    return buildPolicy([{
        sid: "DenyWithoutTls",
        effect: "Deny",
        principals: "*",
        actions: ["s3:*"],
        resources: [bucketArn, `${bucketArn}/*`],
        conditions: { Bool: { "aws:SecureTransport": "false" } },
    }]);
}
