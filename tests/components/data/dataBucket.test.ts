import { expect } from "chai";
import { DataBucket } from "../../../components/data/dataBucket.ts";
import type { PlatformContext } from "../../../components/context.ts";
import { runProgram } from "../../support/mocks.ts";
import { expectTags, statementsOf, testContext } from "../../support/programContexts.ts";

async function createBucket(overrides: Partial<PlatformContext> = {}) {
    return runProgram(() => {
        const bucket = new DataBucket("raw", {
            context: testContext(overrides), part: "raw", randomSuffix: "a1b2c3", kmsKeyArn: "arn:key", noncurrentRetentionDays: 30,
        });
        return { name: bucket.bucketName };
    });
}

describe("DataBucket", () => {
    it("encrypts with our key, and one data key per bucket", async () => {
        const { resources } = await createBucket();
        expect(resources.named("raw-encryption").inputs["rules"]).to.deep.equal([
            { applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: "arn:key" }, bucketKeyEnabled: true },
        ]);
    });

    it("is open to nobody, and to nobody without TLS", async () => {
        const { outputs, resources } = await createBucket();
        expect(resources.named("raw-access-block").inputs).to.deep.equal({
            bucket: outputs.name, blockPublicAcls: true, blockPublicPolicy: true, ignorePublicAcls: true, restrictPublicBuckets: true,
        });
        expect(resources.named("raw-ownership").inputs["rule"]).to.deep.equal({ objectOwnership: "BucketOwnerEnforced" });
        expect(statementsOf(resources.named("raw-policy").inputs["policy"])).to.deep.equal([{
            Sid: "DenyWithoutTls",
            Effect: "Deny",
            Principal: "*",
            Action: ["s3:*"],
            Resource: [`arn:aws:s3:::${outputs.name}`, `arn:aws:s3:::${outputs.name}/*`],
            Condition: { Bool: { "aws:SecureTransport": "false" } },
        }]);
    });

    it("keeps old versions for a while, and unfinished uploads for less", async () => {
        const { resources } = await createBucket();
        expect(resources.named("raw-versioning").inputs["versioningConfiguration"]).to.deep.equal({ status: "Enabled" });
        expect(resources.named("raw-lifecycle").inputs["rules"]).to.deep.equal([{
            id: "expire-noncurrent",
            status: "Enabled",
            filter: {},
            noncurrentVersionExpiration: { noncurrentDays: 30 },
            abortIncompleteMultipartUpload: { daysAfterInitiation: 7 },
        }]);
    });

    it("sets what depends on another setting after it", async () => {
        const { resources } = await createBucket();
        expect(resources.named("raw-lifecycle").explicitDependencies).to.deep.equal(["raw-versioning"]);
        expect(resources.named("raw-policy").explicitDependencies).to.deep.equal(["raw-access-block"]);
        for (const { name, parent } of resources.all.filter(({ type }) => type.startsWith("aws:"))) expect(parent, name).to.equal("raw");
    });

    it("is emptied on destroy only where data may go, and carries the tags", async () => {
        const [throwaway, kept] = [await createBucket(), await createBucket({ destroyData: false })];
        expect(throwaway.resources.named("raw-bucket").inputs["forceDestroy"]).to.equal(true);
        expect(kept.resources.named("raw-bucket").inputs["forceDestroy"]).to.equal(false);
        expectTags(throwaway.resources.named("raw-bucket"));
    });
});
