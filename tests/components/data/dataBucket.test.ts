import { expect } from "chai";
import { DataBucket } from "../../../components/data/dataBucket.ts";
import type { LifecycleRule } from "../../../components/data/lifecycle.ts";
import type { Statement } from "../../../components/iam/policy.ts";
import type { PlatformContext } from "../../../components/context.ts";
import { runProgram } from "../../support/mocks.ts";
import { expectTags, statementsOf, testContext } from "../../support/programContexts.ts";

const RULE: LifecycleRule = { id: "expire", status: "Enabled", filter: {}, expiration: { days: 3 } };

async function createBucket(overrides: Partial<PlatformContext> = {}) {
    return runProgram(() => {
        const context = testContext(overrides);
        const bucketArgs = { context, randomSuffix: "a1b2c3", lifecycleRules: [RULE] };
        const statement: Statement = { sid: "Extra", actions: ["s3:PutObject"], resources: ["arn:x"], principals: { Service: ["logging.s3.amazonaws.com"] } };
        const accessLogs = new DataBucket("logs", { ...bucketArgs, part: "logs", policyStatements: [statement] });
        const bucket = new DataBucket("raw", { ...bucketArgs, part: "raw", kmsKeyArn: "arn:key", accessLogs });
        return { name: bucket.bucketName };
    });
}

describe("DataBucket", () => {
    it("encrypts with our key, and one data key per bucket; without one, with S3's own", async () => {
        const { resources } = await createBucket();
        expect(resources.named("raw-encryption").inputs["rules"]).to.deep.equal([
            { applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: "arn:key" }, bucketKeyEnabled: true },
        ]);
        expect(resources.named("logs-encryption").inputs["rules"]).to.deep.equal([{ applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } }]);
    });

    it("has its access logged into its own folder, once the other bucket takes logs; the other's is not", async () => {
        const { outputs, resources } = await createBucket();
        const logging = resources.ofType("aws:s3/bucketLogging:BucketLogging");
        expect(logging.map(({ inputs }) => inputs)).to.deep.equal([
            { bucket: outputs.name, targetBucket: resources.named("logs-bucket").inputs["bucket"], targetPrefix: "s3/raw/" },
        ]);
        expect(logging[0]?.explicitDependencies).to.include("logs-policy");
    });

    it("puts what else is to be allowed beside the refusal of whoever comes without TLS", async () => {
        const { resources } = await createBucket();
        expect(statementsOf(resources.named("logs-policy").inputs["policy"]).map(({ Sid }) => Sid)).to.deep.equal(["DenyWithoutTls", "Extra"]);
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

    it("keeps old versions, and has the rules it was given", async () => {
        const { resources } = await createBucket();
        expect(resources.named("raw-versioning").inputs["versioningConfiguration"]).to.deep.equal({ status: "Enabled" });
        expect(resources.named("raw-lifecycle").inputs["rules"]).to.deep.equal([RULE]);
    });

    it("sets what depends on another setting after it", async () => {
        const { resources } = await createBucket();
        expect(resources.named("raw-lifecycle").explicitDependencies).to.deep.equal(["raw-versioning"]);
        expect(resources.named("raw-policy").explicitDependencies).to.deep.equal(["raw-access-block"]);
        for (const { name, parent } of resources.all.filter(({ type }) => type.startsWith("aws:"))) expect(parent, name).to.equal(name.split("-")[0]);
    });

    it("is emptied on destroy only where data may go, and carries the tags", async () => {
        const [throwaway, kept] = [await createBucket(), await createBucket({ destroyData: false })];
        expect(throwaway.resources.named("raw-bucket").inputs["forceDestroy"]).to.equal(true);
        expect(kept.resources.named("raw-bucket").inputs["forceDestroy"]).to.equal(false);
        expectTags(throwaway.resources.named("raw-bucket"));
    });
});
