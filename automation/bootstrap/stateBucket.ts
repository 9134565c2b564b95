/** The bucket that holds Pulumi's states: private, versioned, encrypted, TLS only. */
import { CreateBucketCommand, HeadBucketCommand } from "@aws-sdk/client-s3";
import type { BucketLocationConstraint, S3Client } from "@aws-sdk/client-s3";
import type { Location } from "../../components/context.ts";
import { nameRules } from "../../components/facts/nameRules.ts";
import { fitName } from "../../components/naming.ts";
import { OperatorError } from "../errors.ts";
import { bucketSettings } from "./bucketSettings.ts";
import { canonical } from "./comparing.ts";
import { retryWhileNew } from "./newResource.ts";

/** The one region that must not be named when a bucket is made: https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateBucket.html */
const UNNAMED_REGION = "us-east-1";

export interface StateBucketOptions {
    readonly s3: S3Client;
    readonly location: Location;
    readonly project: string;
    /** Told of everything that is made or put right. */
    readonly onChange: (message: string) => void;
}

/** The same for everybody in the account, so that nobody has to be told. */
export function stateBucketName(project: string, { accountId, region }: Location): string {
    const tail = `-${accountId}-${region}`;
    return fitName(`${project.toLowerCase().replaceAll(/[^a-z0-9-]/g, "-")}-state`, nameRules.bucket.maxLength - tail.length) + tail;
}

/**
 * Makes the bucket. Killed before its settings were made, the next run makes them.
 *
 * @throws OperatorError when the name is taken by another account, or the bucket lies in another region
 */
export async function ensureStateBucket(options: StateBucketOptions): Promise<{ readonly isNew: boolean }> {
    const { s3, location, project, onChange } = options;
    const name = stateBucketName(project, location);
    if (await findBucket(options, name)) return { isNew: false };
    const isUnnamed = location.region === UNNAMED_REGION;
    const place = isUnnamed ? {} : { CreateBucketConfiguration: { LocationConstraint: location.region as BucketLocationConstraint } };
    try {
        await s3.send(new CreateBucketCommand({ Bucket: name, ObjectOwnership: "BucketOwnerEnforced", ...place }));
    } catch (error) {
        const refusal = error instanceof Error ? error.name : "";
        if (refusal === "BucketAlreadyExists") throw takenByOthers(name, location, error);
        // Somebody of this account was faster, or the first answer was lost.
        if (refusal !== "BucketAlreadyOwnedByYou") throw error;
    }
    onChange(`bucket ${name}: made`);
    return { isNew: true };
}

/** Makes all settings as they must be. What is as it should be is not written. */
export async function ensureBucketSettings(options: StateBucketOptions, given: { readonly keyArn: string; readonly isNew: boolean }): Promise<void> {
    const { s3, location, project, onChange } = options;
    const bucketName = stateBucketName(project, location);
    for (const setting of bucketSettings({ s3, location, project, bucketName, keyArn: given.keyArn })) {
        const current = await retryWhileNew(setting.read);
        const wanted = setting.wanted(current);
        if (canonical(current) === canonical(wanted)) continue;
        await retryWhileNew(() => setting.write(wanted));
        const isRepair = !given.isNew && current !== undefined;
        onChange(`bucket ${bucketName}: ${setting.name} ${isRepair ? `put right (was ${canonical(current)})` : "set"}`);
    }
}

async function findBucket({ s3, location }: StateBucketOptions, name: string): Promise<boolean> {
    try {
        const { BucketRegion } = await s3.send(new HeadBucketCommand({ Bucket: name, ExpectedBucketOwner: location.accountId }));
        if (BucketRegion === undefined || BucketRegion === location.region) return true;
        throw elsewhere(name, BucketRegion);
    } catch (error) {
        // Answers to HEAD have no body, so the status is all there is.
        const { httpStatusCode } = (error as { $metadata?: { httpStatusCode?: number } }).$metadata ?? {};
        if (httpStatusCode === 404) return false;
        if (httpStatusCode === 403) throw takenByOthers(name, location, error);
        if (httpStatusCode === 301) throw elsewhere(name, "another region");
        throw error;
    }
}

function takenByOthers(name: string, { accountId }: Location, cause: unknown): OperatorError {
    return new OperatorError(`bucket ${name} exists, and is not account ${accountId}'s, or not yours to see`,
        `check your rights (s3:ListBucket, s3:CreateBucket); if another account holds that name, put the state into a bucket of your own: pulumi login s3://BUCKET`, { cause });
}

function elsewhere(name: string, region: string): OperatorError {
    return new OperatorError(`bucket ${name} lies in ${region}, although its name says otherwise`, "empty and delete it, then run bootstrap again");
}
