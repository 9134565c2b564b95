import { expect } from "chai";
import { buildPipelineDefinition } from "../../../components/inference/pipelineDefinition.ts";
import type { State, States } from "../../../components/inference/states.ts";
import { buildAllStates, testPipelineSettings } from "../../support/pipelineSettings.ts";
import { TEST_TAGS, testConfig, testLocation } from "../../support/programContexts.ts";

const NETWORK = { subnetIds: ["subnet-1", "subnet-2"], securityGroupIds: ["sg-1"] };

/** The names passed from one state to another when all goes well, and each choice takes its first way. */
function walk(states: States, from: string): readonly string[] {
    const names = [from];
    for (let state = states[from]!; ; state = states[names.at(-1)!]!) {
        const next = state.Next ?? (state["Choices"] as readonly { Next: string }[] | undefined)?.[0]?.Next;
        if (next === undefined) return names;
        names.push(next);
    }
}

describe("pipelineDefinition", () => {
    it("goes from upload to served models in this order", () => {
        const { States } = buildPipelineDefinition(testPipelineSettings());
        expect(walk(States, "ClassifyEvent").slice(0, 4)).to.deep.equal(["ClassifyEvent", "RouteEvent", "AcquireLease", "TakeTurn"]);
        expect(walk(States, "ReadChampion").slice(0, 4)).to.deep.equal(["ReadChampion", "ValidateData", "PreprocessData", "TrainVariants"]);
        expect(States["TrainVariants"]).to.include({ Next: "HaveAllTrained" });
        expect(States["HaveAllTrained"]).to.include({ Default: "PlanDeployments" });
        expect(walk(States, "PlanDeployments")).to.deep.equal(["PlanDeployments", "DeployModel", "ReleaseTurn", "Succeeded"]);
        expect(walk(States["TrainVariants"]!.ItemProcessor!.States, "TrainModel")).to.deep.equal([
            "TrainModel", "CreateCandidateModel", "TransformTestSet", "DeleteCandidateModel", "EvaluateModel", "CheckMetrics", "RegisterModel", "VariantTrained",
        ]);
    });

    it("trains both variants while no champion is approved, and the challenger alone afterwards", () => {
        const { ReadChampion, PreprocessData } = buildAllStates();
        expect(ReadChampion.Arguments).to.deep.equal({ Name: "/firstlight/dev/inference/approved-champion" });
        expect(ReadChampion.Output).to.contain("Value = 'none' ? ['champion', 'challenger'] : ['challenger']");
        expect(PreprocessData.Parameters.Payload["variants.$"]).to.equal("$.variants");
    });

    it("trains variants side by side, and stops none because another failed", () => {
        const { TrainVariants, VariantFailed, HaveAllTrained, TakeFirstError } = buildAllStates();
        expect(TrainVariants).not.to.have.property("MaxConcurrency");
        const { States } = TrainVariants.ItemProcessor;
        expect(Object.values(States).some((state) => (state as State).Type === "Fail")).to.equal(false);
        for (const name of ["TrainModel", "CreateCandidateModel", "DeleteCandidateModel", "EvaluateModel", "RegisterModel"]) {
            expect(States[name].Catch.at(-1), name).to.include({ Next: "VariantFailed" });
        }
        expect(VariantFailed).to.deep.include({ Parameters: { "variant.$": "$.variant", "error.$": "$.error" }, End: true });
        expect(HaveAllTrained.Choices[0]).to.include({ Next: "TakeFirstError" });
        expect(TakeFirstError.Next).to.equal("ReleaseTurnAfterFailure");
    });

    it("ends with the deployments and nothing else", () => {
        expect(buildAllStates()["Succeeded"].Output).to.deep.equal({ deployments: "{% $states.input.deployments %}" });
    });

    it("has time for all it waits for, and for a whole run of another before", () => {
        const { TimeoutSeconds } = buildPipelineDefinition(testPipelineSettings());
        const { TrainModel, TransformTestSet, WaitForTurn, MayWaitOn } = buildAllStates();
        const turn = WaitForTurn.Seconds * MayWaitOn.Choices[0].NumericLessThan;
        const jobs = TrainModel.TimeoutSeconds + TransformTestSet.TimeoutSeconds;
        const updates = 2 * (90 * 20 + 180 * 15 + 120 * 15);
        expect(turn).to.be.above(jobs + updates);
        expect(TimeoutSeconds).to.be.above(turn + jobs + updates);
    });

    it("leaves room in the history of an execution even when a run may take five days", () => {
        const training = testConfig({ training: { maxRuntimeSeconds: 432_000 } }).training;
        const { MayWaitOn, WaitForTurn } = buildAllStates({ training });
        expect(MayWaitOn.Choices[0].NumericLessThan * 20).to.be.at.most(8000);
        expect(MayWaitOn.Choices[0].NumericLessThan * WaitForTurn.Seconds).to.be.above(432_000);
    });

    it("stays within what Step Functions takes", () => {
        expect(JSON.stringify(buildPipelineDefinition(testPipelineSettings())).length).to.be.below(1_048_576);
    });

    it("gives all names the run, the retry and the redrive, so that none is used twice", () => {
        const { TrainModel, CreateCandidateModel, TransformTestSet, CreateServingModel, CreateEndpointConfiguration } = buildAllStates();
        const counts = "$$.State.RetryCount, $$.Execution.RedriveCount";
        const expected = `States.Format('firstlight-dev-{}-{}-{}-{}', $.runId, $.letter, ${counts})`;
        const live = `States.Format('firstlight-dev-{}-{}-live-{}-{}', $.runId, $.letter, ${counts})`;
        expect(TrainModel.Parameters["TrainingJobName.$"]).to.equal(expected);
        expect(CreateCandidateModel.Parameters["ModelName.$"]).to.equal(expected);
        expect(TransformTestSet.Parameters["TransformJobName.$"]).to.equal(expected);
        expect(CreateServingModel.Parameters["ModelName.$"]).to.equal(live);
        expect(CreateEndpointConfiguration.Parameters["EndpointConfigName.$"]).to.equal(live);
        const longest = ["x".repeat(38), "0".repeat(12), "a", "live", "3", "9"].join("-");
        expect(longest.length).to.be.at.most(63);
    });

    it("tags and encrypts everything that the run makes", () => {
        const { TrainModel, CreateCandidateModel, TransformTestSet, CreateServingModel, CreateEndpointConfiguration } = buildAllStates();
        const tags = Object.entries(TEST_TAGS).map(([Key, Value]) => ({ Key, Value }));
        for (const state of [TrainModel, CreateCandidateModel, TransformTestSet, CreateServingModel, CreateEndpointConfiguration]) expect(state.Parameters.Tags).to.deep.equal(tags);
        expect(TrainModel.Parameters.OutputDataConfig).to.deep.equal({ S3OutputPath: "s3://models/training", KmsKeyId: "arn:s3-key" });
        expect(TrainModel.Parameters.ResourceConfig.VolumeKmsKeyId).to.equal("arn:volume-key");
        expect(TransformTestSet.Parameters.TransformOutput.KmsKeyId).to.equal("arn:s3-key");
        expect(TransformTestSet.Parameters.TransformResources.VolumeKmsKeyId).to.equal("arn:volume-key");
    });

    it("gives no volume key to machines that encrypt their own disks", () => {
        const training = testConfig({ training: { instanceType: "ml.g5.xlarge" } }).training;
        expect(buildAllStates({ training })["TrainModel"].Parameters.ResourceConfig).not.to.have.property("VolumeKmsKeyId");
    });

    it("says of every channel that it is CSV, and takes hyperparameters as the map of texts that preprocessing made", () => {
        const { Parameters } = buildAllStates()["TrainModel"];
        expect(Parameters.InputDataConfig.map((channel: { ChannelName: string; ContentType: string }) => [channel.ChannelName, channel.ContentType])).to.deep.equal([
            ["train", "text/csv"], ["validation", "text/csv"],
        ]);
        expect(Parameters).not.to.have.property("HyperParameters");
        expect(Parameters["HyperParameters.$"]).to.equal("$.hyperparameters");
    });

    it("keeps the label out of the model's input and beside its score", () => {
        const { TransformInput, DataProcessing } = buildAllStates()["TransformTestSet"].Parameters;
        expect(TransformInput).to.include({ ContentType: "text/csv", SplitType: "Line" });
        expect(DataProcessing).to.deep.equal({ InputFilter: "$[1:]", JoinSource: "Input", "OutputFilter.$": "$.transformOutputFilter" });
    });

    it("trains on spot machines only when asked to, with a wait and checkpoints of the run's own", () => {
        expect(buildAllStates()["TrainModel"].Parameters).not.to.have.any.keys("EnableManagedSpotTraining", "CheckpointConfig");
        const training = testConfig({ training: { spot: true } }).training;
        const { Parameters, TimeoutSeconds } = buildAllStates({ training })["TrainModel"];
        expect(Parameters.EnableManagedSpotTraining).to.equal(true);
        expect(Parameters.StoppingCondition).to.deep.equal({ MaxRuntimeInSeconds: 3600, MaxWaitTimeInSeconds: 7200 });
        expect(Parameters.CheckpointConfig["S3Uri.$"]).to.contain("checkpoints/{}-{}").and.to.contain("$.runId, $.letter");
        expect(TimeoutSeconds).to.be.above(7200);
    });

    it("retries throttling by the name that each kind of integration gives it", () => {
        for (const [name, { Type, Resource, Retry }] of Object.entries(buildAllStates())) {
            if (Type !== "Task" || !Resource.includes(":sagemaker:")) continue;
            const general = Resource.includes(":aws-sdk:") ? "SageMaker.SageMakerException" : "SageMaker.AmazonSageMakerException";
            expect(Retry.flatMap(({ ErrorEquals }: { ErrorEquals: readonly string[] }) => ErrorEquals), name).to.include(general);
        }
    });

    it("runs private jobs in the given network, isolated, and served models outside of it", () => {
        const open = buildAllStates();
        for (const name of ["TrainModel", "CreateCandidateModel"]) expect(open[name].Parameters).not.to.have.any.keys("VpcConfig", "EnableNetworkIsolation");
        const { TrainModel, CreateCandidateModel, CreateServingModel } = buildAllStates({ network: NETWORK });
        for (const { Parameters } of [TrainModel, CreateCandidateModel]) {
            expect(Parameters.VpcConfig).to.deep.equal({ Subnets: NETWORK.subnetIds, SecurityGroupIds: NETWORK.securityGroupIds });
            expect(Parameters.EnableNetworkIsolation).to.equal(true);
        }
        expect(CreateServingModel.Parameters, "serverless endpoints take no network").not.to.have.any.keys("VpcConfig", "EnableNetworkIsolation");
    });

    it("reads the upload from one place, with a version even when the bucket has not given one yet", () => {
        const { ClassifyEvent, ValidateData, PreprocessData } = buildAllStates();
        for (const { Parameters } of [ValidateData, PreprocessData]) {
            expect(Parameters.Payload).to.deep.include({ "bucket.$": "$.upload.bucket", "key.$": "$.upload.key", "versionId.$": "$.upload.versionId" });
        }
        expect(ClassifyEvent.Output).to.contain("'upload'").and.to.contain("$exists($object.`version-id`) ? $object.`version-id` : 'null'");
    });

    it("says that there is no cause rather than failing for want of one", () => {
        expect(buildAllStates()["DescribeFailure"].Output).to.contain("$exists($states.input.error.Cause)");
    });

    it("retries nothing that failed by itself, but for the approval, which does the same each time", () => {
        for (const [name, { Retry = [] }] of Object.entries(buildAllStates())) {
            const retried: readonly string[] = Retry.flatMap(({ ErrorEquals }: { ErrorEquals: readonly string[] }) => ErrorEquals);
            const isRepeatable = ["ApproveModel", "ApproveWithoutEndpoint"].includes(name);
            expect(retried.filter((error) => error.startsWith("States.")), name).to.deep.equal(isRepeatable ? ["States.ALL"] : []);
            for (const { MaxAttempts } of Retry) expect(MaxAttempts, name).to.be.within(1, 5);
        }
    });

    it("passes a model only by a number, a floor and a known direction", () => {
        const { Choices, Default } = buildAllStates()["CheckMetrics"];
        expect(Default).to.equal("RejectModel");
        for (const [index, direction] of ["maximize", "minimize"].entries()) {
            const rules: readonly Record<string, unknown>[] = Choices[index].And;
            for (const field of ["value", "floor"]) {
                const variable = `$.evaluation.gate.${field}`;
                expect(rules).to.deep.include({ Variable: variable, IsPresent: true }).and.to.deep.include({ Variable: variable, IsNumeric: true });
            }
            expect(rules).to.deep.include({ Variable: "$.evaluation.gate.direction", StringEquals: direction });
        }
        expect(Choices[0].And.at(-1)).to.have.property("NumericGreaterThanEqualsPath", "$.evaluation.gate.floor");
        expect(Choices[1].And.at(-1)).to.have.property("NumericLessThanEqualsPath", "$.evaluation.gate.floor");
    });

    it("alerts before it fails, fails with the job's own reason, and leaves no candidate behind", () => {
        const { TransformTestSet, DiscardCandidateModel, NotifyFailure, Failed } = buildAllStates();
        expect(TransformTestSet.Catch[0].Next).to.equal("DiscardCandidateModel");
        expect(DiscardCandidateModel.Catch[0].ResultPath, "the first error is kept").not.to.equal("$.error");
        expect(NotifyFailure).to.include({ Next: "Failed" });
        expect(NotifyFailure.Catch[0]).to.include({ Next: "Failed" });
        expect(Failed).to.deep.equal({ Type: "Fail", ErrorPath: "$.failure.Error", CausePath: "$.failure.Cause" });
    });

    for (const region of ["us-east-1", "cn-north-1", "us-gov-west-1"]) {
        it(`calls the integrations of the partition of ${region}`, () => {
            const location = testLocation(region);
            const tasks = Object.values(buildAllStates({ location })).filter(({ Type }) => Type === "Task");
            for (const { Resource } of tasks) expect(Resource.startsWith(`arn:${location.partition}:states:::`), Resource).to.equal(true);
        });
    }
});
