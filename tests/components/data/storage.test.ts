import { expect } from "chai";
import { Storage } from "../../../components/data/storage.ts";
import { runProgram } from "../../support/mocks.ts";
import { statementsOf, testConfig, testContext, testLocation } from "../../support/programContexts.ts";

async function createStorage(region = "eu-central-1") {
    return runProgram(() => {
        const { storage } = testConfig();
        const args = { context: testContext({ location: testLocation(region) }), storage, dataPrefix: "data/", predictionDays: 90, kmsKeyArn: "arn:key" };
        const { raw, processed, models, logs } = new Storage("storage", args);
        return { raw: raw.bucketName, processed: processed.bucketName, models: models.bucketName, logs: logs.bucketName };
    }, { region });
}

describe("Storage", () => {
    it("has the access to each data bucket logged, and lets S3 write those logs, for these buckets alone", async () => {
        const { outputs, resources } = await createStorage("cn-north-1");
        expect(resources.ofType("aws:s3/bucketLogging:BucketLogging").map(({ inputs }) => [inputs["bucket"], inputs["targetBucket"], inputs["targetPrefix"]]))
            .to.have.deep.members((["raw", "processed", "models"] as const).map((part) => [outputs[part], outputs.logs, `s3/${part}/`]));
        const [deny, ...deliveries] = statementsOf(resources.named("logs-policy").inputs["policy"]);
        expect(deny?.Effect).to.equal("Deny");
        expect(deliveries.map(({ Sid, ...statement }) => statement)).to.deep.equal((["raw", "processed", "models"] as const).map((part) => ({
            Effect: "Allow",
            Principal: { Service: ["logging.s3.amazonaws.com"] },
            Action: ["s3:PutObject"],
            Resource: [`arn:aws-cn:s3:::${outputs.logs}/s3/${part}/*`],
            Condition: { StringEquals: { "aws:SourceAccount": "123456789012" }, ArnLike: { "aws:SourceArn": `arn:aws-cn:s3:::${outputs[part]}` } },
        })));
    });

    it("encrypts data with our key and logs with S3's own, which log delivery can use", async () => {
        const { resources } = await createStorage();
        const algorithms = resources.ofType("aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration")
            .map(({ name, inputs }) => [name, inputs["rules"][0].applyServerSideEncryptionByDefault.sseAlgorithm]);
        expect(Object.fromEntries(algorithms)).to.deep.equal({
            "raw-encryption": "aws:kms", "processed-encryption": "aws:kms", "models-encryption": "aws:kms", "logs-encryption": "AES256",
        });
    });

    it("gives each bucket its own lifecycle", async () => {
        const { resources } = await createStorage();
        const rules = ["raw", "processed", "models", "logs"].map((part) => resources.named(`${part}-lifecycle`).inputs["rules"].map(({ id }: { id: string }) => id));
        expect(rules).to.deep.equal([
            ["clean-up", "archive", "expire-data"],
            ["clean-up", "archive", "expire-runs", "expire-predictions", "expire-aws-lambda"],
            ["clean-up", "archive"],
            ["clean-up", "expire"],
        ]);
    });

    it("takes over the buckets that once stood alone", async () => {
        const { resources } = await createStorage();
        for (const name of ["bucket-suffix", "raw", "processed", "models"]) {
            expect(resources.all.find((resource) => resource.name === name)?.aliases, name).to.deep.equal([{ parent: "none" }]);
        }
    });
});
