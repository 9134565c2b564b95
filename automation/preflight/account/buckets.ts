/** Buckets, wherever in the world they lie. */
import { GetBucketEncryptionCommand, GetBucketVersioningCommand, HeadBucketCommand, S3Client } from "@aws-sdk/client-s3";
import { clientSettings } from "../../aws.ts";
import type { AwsClients } from "../../aws.ts";
import type { BucketFacts } from "./accountView.ts";

/** Undefined when there is none; `foreign` when it may not be looked at. */
export async function readBucket(aws: AwsClients, name: string): Promise<BucketFacts | "foreign" | undefined> {
    const { s3, target } = aws;
    const region = await findRegion(aws, name);
    if (region === undefined || region === "foreign") return region;
    if (region === target.region) return { region, ...await readSettings(s3, name) };
    const there = new S3Client({ ...clientSettings({ ...target, region }), forcePathStyle: target.endpoint !== undefined });
    try {
        return { region, ...await readSettings(there, name) };
    } finally {
        there.destroy();
    }
}

/** An error of the SDK, with what S3 said beside it. */
interface S3Refusal {
    readonly $metadata?: { readonly httpStatusCode?: number };
    readonly $response?: { readonly headers?: Readonly<Record<string, string>> };
}

/**
 * A region that has the bucket answers, any other sends the caller there; the region's name stands in the answer either way.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadBucket.html
 */
async function findRegion({ s3, target }: AwsClients, Bucket: string): Promise<string | undefined> {
    try {
        const { BucketRegion } = await s3.send(new HeadBucketCommand({ Bucket }));
        return BucketRegion ?? target.region;
    } catch (error) {
        const { $metadata, $response } = error as S3Refusal;
        const status = $metadata?.httpStatusCode;
        if (status === 404) return undefined;
        if (status === 403) return "foreign";
        const region = $response?.headers?.["x-amz-bucket-region"];
        if (status === 301 && region !== undefined) return region;
        throw error;
    }
}

async function readSettings(s3: S3Client, Bucket: string): Promise<Omit<BucketFacts, "region">> {
    const [{ Status }, isEncrypted] = await Promise.all([
        s3.send(new GetBucketVersioningCommand({ Bucket })), isBucketEncrypted(s3, Bucket),
    ]);
    return { isVersioned: Status === "Enabled", isEncrypted };
}

async function isBucketEncrypted(s3: S3Client, Bucket: string): Promise<boolean> {
    try {
        const { ServerSideEncryptionConfiguration } = await s3.send(new GetBucketEncryptionCommand({ Bucket }));
        return (ServerSideEncryptionConfiguration?.Rules ?? []).length > 0;
    } catch (error) {
        if (error instanceof Error && error.name === "ServerSideEncryptionConfigurationNotFoundError") return false;
        throw error;
    }
}
