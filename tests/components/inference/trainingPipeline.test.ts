import { expect } from "chai";
import { DataBucket } from "../../../components/data/dataBucket.ts";
import { EncryptionKeys } from "../../../components/data/encryptionKeys.ts";
import { Tables } from "../../../components/data/tables.ts";
import { PipelineFunctions } from "../../../components/inference/pipelineFunctions.ts";
import { TrainingPipeline } from "../../../components/inference/trainingPipeline.ts";
import { runProgram } from "../../support/mocks.ts";
import { expectTags, statementsOf, testConfig, testContext, testDataScope } from "../../support/programContexts.ts";

const bundle = { path: "x.zip", hash: "x" };

const NETWORK = { subnetIds: ["subnet-1", "subnet-2"], securityGroupIds: ["sg-1"] };

async function createPipeline({ network, ...values }: { network?: typeof NETWORK; training?: object } = {}) {
    return runProgram(() => {
        const context = testContext();
        const config = testConfig(values);
        const keys = new EncryptionKeys("keys", { context });
        const bucketArgs = { context, randomSuffix: "a1b2c3", kmsKeyArn: keys.s3KeyArn, lifecycleRules: [] };
        const [raw, processed, models] = ["raw", "processed", "models"].map((part) => new DataBucket(part, { ...bucketArgs, part })) as [DataBucket, DataBucket, DataBucket];
        const tables = new Tables("tables", { context, kmsKeyArn: keys.dynamodbKeyArn });
        const functions = new PipelineFunctions("functions", {
            context, config,
            bundles: {
                "select-data": bundle, "validate-data": bundle, "preprocess-data": bundle, "evaluate-model": bundle, "register-model": bundle,
                "approve-model": bundle,
            },
            rawBucketName: raw.bucketName,
            processedBucketName: processed.bucketName,
            modelMetadataTableName: tables.modelMetadata.name,
            trainingMetricsTableName: tables.trainingMetrics.name,
            dataPrefix: "data/",
            dataScope: testDataScope(),
            kmsKeyArn: keys.lambdaKeyArn,
        });
        new TrainingPipeline("pipeline", {
            context, functions, raw, processed, models, tables, keys, training: config.training, alertTopicArn: "arn:topic", dataPrefix: "data/",
            servingRoleArn: "arn:serving-role",
            endpointNames: { champion: "firstlight-dev-champion", challenger: "firstlight-dev-challenger" },
            ...(network === undefined ? {} : { network }),
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

    it("trains again by the schedule of the configuration, with a role for that rule alone", async () => {
        const { resources } = await createPipeline({ training: { schedule: "rate(2 days)" } });
        expect(resources.named("pipeline-schedule-rule").inputs).to.include({ name: "firstlight-dev-training-schedule", scheduleExpression: "rate(2 days)" });
        const target = resources.named("pipeline-schedule-target");
        expect(target.inputs["arn"]).to.equal("arn:aws:states:eu-central-1:123456789012:stateMachine:firstlight-dev-training");
        expect(target.explicitDependencies).to.deep.equal(["pipeline-schedule-policy"]);
        const [trust] = statementsOf(resources.named("pipeline-schedule-role").inputs["assumeRolePolicy"]);
        expect(trust?.Condition?.["ArnLike"]?.["aws:SourceArn"]).to.match(/:rule\/firstlight-dev-training-schedule$/);
    });

    it("has no schedule when it is off, and still the upload", async () => {
        const { resources } = await createPipeline({ training: { schedule: "off" } });
        expect(resources.ofType("aws:cloudwatch/eventRule:EventRule").map(({ name }) => name)).to.deep.equal(["pipeline-upload-rule"]);
        expect(resources.ofType("aws:cloudwatch/eventTarget:EventTarget").map(({ name }) => name)).to.deep.equal(["pipeline-upload-target"]);
    });

    it("runs jobs in the given network, by a role that may make interfaces in those subnets alone", async () => {
        const { resources } = await createPipeline({ network: NETWORK });
        const { States } = JSON.parse(resources.named("pipeline-state-machine").inputs["definition"]);
        expect(States.TrainVariants.ItemProcessor.States.TrainModel.Parameters.VpcConfig).to.deep.equal({ Subnets: NETWORK.subnetIds, SecurityGroupIds: NETWORK.securityGroupIds });
        const statements = statementsOf(resources.named("training-policy").inputs["policy"]);
        const arn = (part: string): string => `arn:aws:ec2:eu-central-1:123456789012:${part}`;
        expect(statements.find(({ Sid }) => Sid === "MakeInterfaces")?.Resource).to.have.members([
            arn("network-interface/*"), arn("subnet/subnet-1"), arn("subnet/subnet-2"), arn("security-group/sg-1"),
        ]);
        expect(statements.find(({ Sid }) => Sid === "UseInterfaces")?.Condition).to.deep.equal({ ArnEquals: { "ec2:Subnet": [arn("subnet/subnet-1"), arn("subnet/subnet-2")] } });
    });

    it("has nothing to do with networks otherwise", async () => {
        const { resources } = await createPipeline();
        expect(resources.named("pipeline-state-machine").inputs["definition"]).not.to.contain("VpcConfig");
        expect(resources.named("training-policy").inputs["policy"]).to.contain("s3:GetObject").and.not.to.contain("ec2:");
    });

    it("tells the functions what they are to work on", async () => {
        const { resources } = await createPipeline({ training: { hyperparameters: { eta: 0.2 }, challengerHyperparameters: { max_depth: 3 } } });
        const variables = (name: string): Record<string, string> => resources.named(`${name}-function`).inputs["environment"].variables;
        expect(variables("select-data")).to.include({ DATA_PREFIX: "data/", RAW_BUCKET: resources.named("raw-bucket").inputs["bucket"] });
        expect(JSON.parse(variables("preprocess-data")["MODEL_SETTINGS"]!)).to.deep.include({
            hyperparameters: { eta: 0.2 }, variantHyperparameters: { challenger: { max_depth: 3 } },
        });
        expect(variables("register-model")).to.include({ TRAINING_METRICS_TABLE: "firstlight-dev-training-metrics", METRICS_NAMESPACE: "firstlight-dev" });
        expect(variables("approve-model")).to.include({ PARAMETER_PATH: "/firstlight/dev/inference", MODEL_METADATA_TABLE: "firstlight-dev-model-metadata" });
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
        const { TrainModel, TransformTestSet } = States.TrainVariants.ItemProcessor.States;
        const key = (part: string) => `arn:aws:kms:eu-central-1:123456789012:key/id-of-${part}-key`;
        expect(TrainModel.Parameters.OutputDataConfig.KmsKeyId).to.equal(key("s3"));
        expect(TrainModel.Parameters.ResourceConfig.VolumeKmsKeyId).to.equal(key("sagemaker"));
        expect(TransformTestSet.Parameters.TransformOutput.KmsKeyId).to.equal(key("s3"));
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
        const names = ["pipeline-state-machine", "pipeline-logs", "pipeline-upload-rule", "pipeline-schedule-rule", "pipeline-role", "pipeline-trigger-role", "pipeline-schedule-role",
            "training-role"];
        expectTags(...names.map((name) => resources.named(name)));
        expectTags(...resources.ofType("aws:lambda/function:Function"));
    });
});
