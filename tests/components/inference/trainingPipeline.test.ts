import { expect } from "chai";
import { DataBucket } from "../../../components/data/dataBucket.ts";
import { EncryptionKeys } from "../../../components/data/encryptionKeys.ts";
import { Tables } from "../../../components/data/tables.ts";
import { AlertTopic } from "../../../components/inference/alertTopic.ts";
import { PipelineFunctions } from "../../../components/inference/pipelineFunctions.ts";
import { TrainingPipeline } from "../../../components/inference/trainingPipeline.ts";
import { runProgram } from "../../support/mocks.ts";
import { expectTags, statementsOf, testConfig, testContext, testDataScope } from "../../support/programContexts.ts";

const bundle = { path: "x.zip", hash: "x" };

async function createPipeline() {
    return runProgram(() => {
        const context = testContext();
        const config = testConfig();
        const keys = new EncryptionKeys("keys", { context });
        const bucketArgs = { context, randomSuffix: "a1b2c3", kmsKeyArn: keys.s3KeyArn, lifecycleRules: [] };
        const [raw, processed, models] = ["raw", "processed", "models"].map((part) => new DataBucket(part, { ...bucketArgs, part })) as [DataBucket, DataBucket, DataBucket];
        const tables = new Tables("tables", { context, kmsKeyArn: keys.dynamodbKeyArn });
        const functions = new PipelineFunctions("functions", {
            context, config,
            bundles: { "validate-data": bundle, "preprocess-data": bundle, "evaluate-model": bundle, "register-model": bundle },
            processedBucketName: processed.bucketName,
            modelMetadataTableName: tables.modelMetadata.name,
            dataScope: testDataScope(),
            kmsKeyArn: keys.lambdaKeyArn,
        });
        new TrainingPipeline("pipeline", {
            context, functions, raw, processed, models, tables, keys, training: config.training, alertTopicArn: "arn:topic", dataPrefix: "data/",
        });
    });
}

describe("TrainingPipeline", () => {
    it("starts by uploads below the prefix of our bucket alone", async () => {
        const { resources } = await createPipeline();
        expect(JSON.parse(resources.named("pipeline-upload-rule").inputs["eventPattern"])).to.deep.equal({
            "source": ["aws.s3"],
            "detail-type": ["Object Created"],
            "detail": { bucket: { name: [resources.named("raw-bucket").inputs["bucket"]] }, object: { key: [{ prefix: "data/" }], size: [{ numeric: [">", 0] }] } },
        });
        expect(resources.named("pipeline-raw-events").inputs["eventbridge"]).to.equal(true);
    });

    it("hears of uploads only when somebody listens, and starts with a role that may", async () => {
        const { resources } = await createPipeline();
        expect(resources.named("pipeline-raw-events").explicitDependencies).to.include("pipeline-upload-target").and.to.include("raw-encryption");
        expect(resources.named("pipeline-upload-target").explicitDependencies).to.deep.equal(["pipeline-trigger-policy"]);
        const [start] = statementsOf(resources.named("pipeline-trigger-policy").inputs["policy"]);
        expect(start).to.deep.include({
            Action: ["states:StartExecution"], Resource: ["arn:aws:states:eu-central-1:123456789012:stateMachine:firstlight-dev-training"],
        });
    });

    it("creates the state machine after the policies of its role and of the job's", async () => {
        const stateMachine = (await createPipeline()).resources.named("pipeline-state-machine");
        expect(stateMachine.explicitDependencies).to.have.members(["pipeline-policy", "training-policy"]);
        expect(stateMachine.inputs["type"]).to.equal("STANDARD");
    });

    it("logs every state, encrypted, to a group that Step Functions can deliver to", async () => {
        const { resources } = await createPipeline();
        expect(resources.named("pipeline-logs").inputs).to.deep.include({
            name: "/aws/vendedlogs/states/firstlight-dev-training", retentionInDays: 14,
            kmsKeyId: "arn:aws:kms:eu-central-1:123456789012:key/id-of-lambda-key",
        });
        const { loggingConfiguration } = resources.named("pipeline-state-machine").inputs;
        expect(loggingConfiguration).to.include({ level: "ALL", includeExecutionData: true });
        expect(loggingConfiguration.logDestination).to.match(/:log-group:\/aws\/vendedlogs\/states\/firstlight-dev-training:\*$/);
    });

    it("encrypts artifacts, predictions and disks with our keys", async () => {
        const { resources } = await createPipeline();
        const { States } = JSON.parse(resources.named("pipeline-state-machine").inputs["definition"]);
        const key = (part: string) => `arn:aws:kms:eu-central-1:123456789012:key/id-of-${part}-key`;
        expect(States.TrainModel.Parameters.OutputDataConfig.KmsKeyId).to.equal(key("s3"));
        expect(States.TrainModel.Parameters.ResourceConfig.VolumeKmsKeyId).to.equal(key("sagemaker"));
        expect(States.TransformTestSet.Parameters.TransformOutput.KmsKeyId).to.equal(key("s3"));
    });

    it("lets each service take its role for our account alone, in the form that the service documents", async () => {
        const { resources } = await createPipeline();
        const trusts = ["pipeline-role", "pipeline-trigger-role", "training-role"].map((name) => statementsOf(resources.named(name).inputs["assumeRolePolicy"])[0]);
        for (const trust of trusts) expect(trust?.Condition?.["StringEquals"]).to.deep.equal({ "aws:SourceAccount": "123456789012" });
        expect(trusts[0]?.Condition?.["ArnLike"]?.["aws:SourceArn"]).to.match(/:stateMachine:\*$/);
        expect(trusts[1]?.Condition?.["ArnLike"]?.["aws:SourceArn"]).to.match(/:rule\/firstlight-dev-training-upload$/);
    });

    it("gives the functions that read all the data a whole processor, within what a new account may have", async () => {
        const { resources } = await createPipeline();
        for (const name of ["validate-data", "preprocess-data"]) {
            expect(resources.named(`${name}-function`).inputs["memorySize"], name).to.be.at.least(1769).and.at.most(3008);
        }
    });

    it("carries the tags on all that takes them", async () => {
        const { resources } = await createPipeline();
        const names = ["pipeline-state-machine", "pipeline-logs", "pipeline-upload-rule", "pipeline-role", "pipeline-trigger-role", "training-role"];
        expectTags(...names.map((name) => resources.named(name)));
        expectTags(...resources.ofType("aws:lambda/function:Function"));
    });
});

describe("AlertTopic", () => {
    it("is encrypted and tagged, and asks every address to confirm", async () => {
        const { resources } = await runProgram(() => void new AlertTopic("alerts", { context: testContext(), emails: ["a@x.org", "b@x.org"], kmsKeyArn: "arn:key" }));
        expect(resources.named("alerts-topic").inputs).to.include({ name: "firstlight-dev-alerts", kmsMasterKeyId: "arn:key" });
        expectTags(resources.named("alerts-topic"));
        expect(resources.ofType("aws:sns/topicSubscription:TopicSubscription").map(({ inputs }) => [inputs["protocol"], inputs["endpoint"]])).to.deep.equal([
            ["email", "a@x.org"], ["email", "b@x.org"],
        ]);
    });
});
