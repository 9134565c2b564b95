/** What protects data and access, over the whole program: nothing is left out because somebody forgot one of several. */
import { expect } from "chai";
import declarePlatform from "../index.ts";
import { runProgram } from "./support/mocks.ts";
import type { RecordedProgram, RecordedResource } from "./support/mocks.ts";
import { SWITCHED_ON } from "./support/programContexts.ts";

const keyArn = (part: string): string => `arn:aws:kms:eu-central-1:123456789012:key/id-of-${part}-key`;

describe("the program's protection", function () {
    this.timeout(30_000);
    let resources: RecordedProgram;

    before(async () => {
        resources = (await runProgram(declarePlatform, { parameters: SWITCHED_ON })).resources;
    });

    /** All of a type; how many there must be is said, so that a missing one is seen. */
    function all(type: string, count: number): readonly RecordedResource[] {
        const found = resources.ofType(type);
        expect(found, type).to.have.length(count);
        return found;
    }

    it("encrypts every bucket with the key for buckets", () => {
        for (const { name, inputs } of all("aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration", 3)) {
            expect(inputs["rules"], name).to.deep.equal([
                { applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: keyArn("s3") }, bucketKeyEnabled: true },
            ]);
        }
    });

    it("closes every bucket to the public, and keeps its old versions", () => {
        for (const { name, inputs } of all("aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock", 3)) {
            expect(inputs, name).to.include({ blockPublicAcls: true, blockPublicPolicy: true, ignorePublicAcls: true, restrictPublicBuckets: true });
        }
        for (const { name, inputs } of all("aws:s3/bucketOwnershipControls:BucketOwnershipControls", 3)) {
            expect(inputs["rule"], name).to.deep.equal({ objectOwnership: "BucketOwnerEnforced" });
        }
        for (const { name, inputs } of all("aws:s3/bucketVersioning:BucketVersioning", 3)) {
            expect(inputs["versioningConfiguration"], name).to.deep.equal({ status: "Enabled" });
        }
    });

    it("encrypts every table with the key for tables, and can bring back any second of it", () => {
        for (const { name, inputs } of all("aws:dynamodb/table:Table", 2)) {
            expect(inputs["serverSideEncryption"], name).to.deep.equal({ enabled: true, kmsKeyArn: keyArn("dynamodb") });
            expect(inputs["pointInTimeRecovery"], name).to.deep.equal({ enabled: true });
        }
    });

    it("encrypts logs, environments and alerts with the key for them", () => {
        for (const { name, inputs } of all("aws:cloudwatch/logGroup:LogGroup", 8)) expect(inputs["kmsKeyId"], name).to.equal(keyArn("lambda"));
        for (const { name, inputs } of all("aws:lambda/function:Function", 6)) expect(inputs["kmsKeyArn"], name).to.equal(keyArn("lambda"));
        for (const { name, inputs } of all("aws:sns/topic:Topic", 1)) expect(inputs["kmsMasterKeyId"], name).to.equal(keyArn("lambda"));
    });

    it("renews every key", () => {
        for (const { name, inputs } of all("aws:kms/key:Key", 4)) expect(inputs["enableKeyRotation"], name).to.equal(true);
    });

    it("logs every run of the pipeline, and encrypts what its jobs write and the disks they work on", () => {
        const { inputs } = resources.named("pipeline-state-machine");
        expect(inputs["loggingConfiguration"]).to.deep.include({ level: "ALL", includeExecutionData: true });
        const { States } = JSON.parse(inputs["definition"]) as { States: Record<string, { Parameters: Record<string, object> }> };
        const { TrainModel, TransformTestSet } = States;
        expect(TrainModel?.Parameters["OutputDataConfig"]).to.include({ KmsKeyId: keyArn("s3") });
        expect(TrainModel?.Parameters["ResourceConfig"]).to.include({ VolumeKmsKeyId: keyArn("sagemaker") });
        expect(TransformTestSet?.Parameters["TransformOutput"]).to.include({ KmsKeyId: keyArn("s3") });
        expect(TransformTestSet?.Parameters["TransformResources"]).to.include({ VolumeKmsKeyId: keyArn("sagemaker") });
    });

    it("lets our API alone call its functions, by one open route, and logs who did", () => {
        for (const { name, inputs } of all("aws:lambda/permission:Permission", 2)) {
            expect(inputs["sourceArn"], name).to.match(/^arn:aws:execute-api:eu-central-1:123456789012:api\/\*\/(GET|POST)\/[a-z]+$/);
        }
        const open = all("aws:apigatewayv2/route:Route", 2).filter(({ inputs }) => inputs["authorizationType"] !== "AWS_IAM");
        expect(open.map(({ inputs }) => inputs["routeKey"])).to.deep.equal(["GET /health"]);
        for (const { name, inputs } of all("aws:apigatewayv2/stage:Stage", 1)) expect(inputs["accessLogSettings"], name).to.have.property("destinationArn");
    });
});
