import { CreateBucketCommand, GetBucketLoggingCommand, PutBucketLoggingCommand, PutBucketPolicyCommand, S3Client } from "@aws-sdk/client-s3";
import { expect } from "chai";
import { ACCOUNT, refusalOf, startTestCloud, type TestCloud } from "./testCloud.ts";

describe("the access log of a bucket", () => {
    let test: TestCloud;
    let s3: S3Client;
    before(async () => {
        test = await startTestCloud();
        s3 = new S3Client(test.settings);
        for (const Bucket of ["watched", "logs"]) await s3.send(new CreateBucketCommand({ Bucket }));
    });
    after(() => test.stop());

    const watch = (TargetBucket: string, TargetPrefix = "s3/watched/") => s3.send(new PutBucketLoggingCommand({
        Bucket: "watched", BucketLoggingStatus: { LoggingEnabled: { TargetBucket, TargetPrefix } },
    }));
    const permit = (source: string, account = ACCOUNT) => s3.send(new PutBucketPolicyCommand({ Bucket: "logs", Policy: JSON.stringify({
        Version: "2012-10-17",
        Statement: [{
            Effect: "Allow", Principal: { Service: "logging.s3.amazonaws.com" }, Action: "s3:PutObject", Resource: "arn:aws:s3:::logs/s3/watched/*",
            Condition: { StringEquals: { "aws:SourceAccount": account }, ArnLike: { "aws:SourceArn": `arn:aws:s3:::${source}` } },
        }],
    }) }));

    it("needs a bucket that exists and lets the logging service write, for that very bucket", async () => {
        expect((await refusalOf(watch("nowhere"))).name).to.equal("InvalidTargetBucketForLogging");
        expect((await refusalOf(watch("logs"))).name).to.equal("InvalidTargetBucketForLogging");
        await permit("another");
        await refusalOf(watch("logs"));
        await permit("watched", "999999999999");
        await refusalOf(watch("logs"));
        await permit("watched");
        await refusalOf(watch("logs", "elsewhere/"));
        await watch("logs");
        const { LoggingEnabled } = await s3.send(new GetBucketLoggingCommand({ Bucket: "watched" }));
        expect(LoggingEnabled).to.deep.equal({ TargetBucket: "logs", TargetPrefix: "s3/watched/" });
    });

    it("can be switched off, and counts as permitted in the account of what was used", async () => {
        await s3.send(new PutBucketLoggingCommand({ Bucket: "watched", BucketLoggingStatus: {} }));
        expect((await s3.send(new GetBucketLoggingCommand({ Bucket: "watched" }))).LoggingEnabled).to.equal(undefined);
        const usage = await test.cloud.usage();
        expect(usage.some(({ principal, resource, allowed }) => principal === "logging.s3.amazonaws.com" && resource.startsWith("arn:aws:s3:::logs/s3/watched/") && allowed)).to.equal(true);
    });
});
