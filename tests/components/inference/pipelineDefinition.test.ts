import { expect } from "chai";
import { buildPipelineDefinition } from "../../../components/inference/pipelineDefinition.ts";
import type { PipelineSettings } from "../../../components/inference/pipelineSettings.ts";
import type { State, StateMachineDefinition } from "../../../components/inference/states.ts";
import { TEST_TAGS, testConfig, testLocation } from "../../support/programContexts.ts";
import { lintDefinition } from "../../support/programStateMachine.ts";

function testSettings(overrides: Partial<PipelineSettings> = {}): PipelineSettings {
    return {
        location: testLocation(),
        jobPrefix: "firstlight-dev",
        functions: { validateData: "arn:validate", preprocessData: "arn:preprocess", evaluateModel: "arn:evaluate", registerModel: "arn:register" },
        pipelineLeasesTableName: "leases",
        alertTopicArn: "arn:topic",
        trainingRoleArn: "arn:role",
        trainingImage: "image:3.0-5",
        modelsBucketName: "models",
        s3KeyArn: "arn:s3-key",
        volumeKeyArn: "arn:volume-key",
        training: testConfig().training,
        tags: TEST_TAGS,
        ...overrides,
    };
}

function buildStates(overrides?: Partial<PipelineSettings>): Readonly<Record<string, any>> {
    return buildPipelineDefinition(testSettings(overrides)).States;
}

function withState(name: string, change: (state: State) => object | undefined): StateMachineDefinition {
    const definition = buildPipelineDefinition(testSettings());
    const { [name]: changed, ...others } = definition.States;
    const replacement = change(changed!) as State | undefined;
    return { ...definition, States: replacement === undefined ? others : { ...others, [name]: replacement } };
}

describe("pipelineDefinition", () => {
    it("has no structural fault, with and without spot", () => {
        expect(lintDefinition(buildPipelineDefinition(testSettings()))).to.deep.equal([]);
        const training = testConfig({ training: { spot: true } }).training;
        expect(lintDefinition(buildPipelineDefinition(testSettings({ training })))).to.deep.equal([]);
    });

    it("goes from upload to approved model in this order", () => {
        const states = buildStates();
        const order = ["AcquireLease"];
        for (let name = order[0]!; states[name].Next !== undefined || states[name].Choices !== undefined; order.push(name)) {
            name = states[name].Next ?? states[name].Choices[0].Next;
        }
        expect(order).to.deep.equal([
            "AcquireLease", "ValidateData", "PreprocessData", "TrainModel", "CreateCandidateModel", "TransformTestSet", "DeleteCandidateModel",
            "EvaluateModel", "CheckMetrics", "RegisterModel", "Succeeded",
        ]);
    });

    it("stays within what Step Functions takes", () => {
        expect(JSON.stringify(buildPipelineDefinition(testSettings())).length).to.be.below(1_048_576);
    });

    it("gives all names the run, the retry and the redrive, so that none is used twice", () => {
        const { TrainModel, CreateCandidateModel, TransformTestSet } = buildStates();
        const expected = "States.Format('firstlight-dev-{}-{}-{}', $.validation.runId, $$.State.RetryCount, $$.Execution.RedriveCount)";
        expect(TrainModel.Parameters["TrainingJobName.$"]).to.equal(expected);
        expect(CreateCandidateModel.Parameters["ModelName.$"]).to.equal(expected);
        expect(TransformTestSet.Parameters["TransformJobName.$"]).to.equal(expected);
    });

    it("tags and encrypts everything that the run makes", () => {
        const { TrainModel, CreateCandidateModel, TransformTestSet } = buildStates();
        const tags = Object.entries(TEST_TAGS).map(([Key, Value]) => ({ Key, Value }));
        for (const state of [TrainModel, CreateCandidateModel, TransformTestSet]) expect(state.Parameters.Tags).to.deep.equal(tags);
        expect(TrainModel.Parameters.OutputDataConfig).to.deep.equal({ S3OutputPath: "s3://models/training", KmsKeyId: "arn:s3-key" });
        expect(TrainModel.Parameters.ResourceConfig.VolumeKmsKeyId).to.equal("arn:volume-key");
        expect(TransformTestSet.Parameters.TransformOutput.KmsKeyId).to.equal("arn:s3-key");
        expect(TransformTestSet.Parameters.TransformResources.VolumeKmsKeyId).to.equal("arn:volume-key");
    });

    it("gives no volume key to machines that encrypt their own disks", () => {
        const training = testConfig({ training: { instanceType: "ml.g5.xlarge" } }).training;
        expect(buildStates({ training })["TrainModel"].Parameters.ResourceConfig).not.to.have.property("VolumeKmsKeyId");
    });

    it("says of every channel that it is CSV, and takes hyperparameters as the map of texts that preprocessing made", () => {
        const { Parameters } = buildStates()["TrainModel"];
        expect(Parameters.InputDataConfig.map((channel: { ChannelName: string; ContentType: string }) => [channel.ChannelName, channel.ContentType])).to.deep.equal([
            ["train", "text/csv"], ["validation", "text/csv"],
        ]);
        expect(Parameters).not.to.have.property("HyperParameters");
        expect(Parameters["HyperParameters.$"]).to.equal("$.data.hyperparameters");
    });

    it("keeps the label out of the model's input and beside its score", () => {
        const { TransformInput, DataProcessing } = buildStates()["TransformTestSet"].Parameters;
        expect(TransformInput).to.include({ ContentType: "text/csv", SplitType: "Line" });
        expect(DataProcessing).to.deep.equal({ InputFilter: "$[1:]", JoinSource: "Input", "OutputFilter.$": "$.data.transformOutputFilter" });
    });

    it("trains on spot machines only when asked to, with a wait and checkpoints of the run's own", () => {
        expect(buildStates()["TrainModel"].Parameters).not.to.have.any.keys("EnableManagedSpotTraining", "CheckpointConfig");
        const training = testConfig({ training: { spot: true } }).training;
        const { Parameters, TimeoutSeconds } = buildStates({ training })["TrainModel"];
        expect(Parameters.EnableManagedSpotTraining).to.equal(true);
        expect(Parameters.StoppingCondition).to.deep.equal({ MaxRuntimeInSeconds: 3600, MaxWaitTimeInSeconds: 7200 });
        expect(Parameters.CheckpointConfig["S3Uri.$"]).to.contain("checkpoints/{}").and.to.contain("$.validation.runId");
        expect(TimeoutSeconds).to.be.above(7200);
    });

    it("retries throttling by the name that each kind of integration gives it", () => {
        for (const [name, { Type, Resource, Retry }] of Object.entries(buildStates())) {
            if (Type !== "Task" || !Resource.includes(":sagemaker:")) continue;
            const general = Resource.includes(":aws-sdk:") ? "SageMaker.SageMakerException" : "SageMaker.AmazonSageMakerException";
            expect(Retry.flatMap(({ ErrorEquals }: { ErrorEquals: readonly string[] }) => ErrorEquals), name).to.include(general);
        }
    });

    it("reads the upload from one place, with a version even when the bucket has not given one yet", () => {
        const { AcquireLease, ValidateData, PreprocessData } = buildStates();
        for (const { Parameters } of [ValidateData, PreprocessData]) {
            expect(Parameters.Payload).to.deep.include({ "bucket.$": "$.upload.bucket", "key.$": "$.upload.key", "versionId.$": "$.upload.versionId" });
        }
        expect(AcquireLease.Output).to.contain("'upload'").and.to.contain("$exists($object.`version-id`) ? $object.`version-id` : 'null'");
    });

    it("says that there is no cause rather than failing for want of one", () => {
        expect(buildStates()["DescribeFailure"].Output).to.contain("$exists($states.input.error.Cause)");
    });

    it("retries nothing that failed by itself", () => {
        for (const [name, state] of Object.entries(buildStates())) {
            for (const retrier of state.Retry ?? []) expect(retrier.ErrorEquals, name).not.to.include.members(["States.TaskFailed"]);
        }
    });

    it("passes a model only by a number, a floor and a known direction", () => {
        const { Choices, Default } = buildStates()["CheckMetrics"];
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

    it("takes one lease per version of an object, and lets its own run pass again", () => {
        const { Arguments, Catch } = buildStates()["AcquireLease"];
        expect(Arguments.ConditionExpression).to.equal("attribute_not_exists(LeaseId) OR ExecutionArn = :me");
        for (const part of ["bucket.name", "object.key", "object.`version-id`"]) expect(Arguments.Item.LeaseId.S).to.contain(part);
        expect(Arguments.Item.ExpiresAt.N).to.contain("$toMillis");
        expect(Catch[0]).to.include({ Next: "AlreadyProcessed" });
    });

    it("alerts before it fails, fails with the job's own reason, and leaves no candidate behind", () => {
        const { TransformTestSet, DiscardCandidateModel, NotifyFailure, Failed } = buildStates();
        expect(TransformTestSet.Catch[0].Next).to.equal("DiscardCandidateModel");
        expect(DiscardCandidateModel.Catch[0].ResultPath, "the first error is kept").not.to.equal("$.error");
        expect(NotifyFailure).to.include({ Next: "Failed" });
        expect(NotifyFailure.Catch[0]).to.include({ Next: "Failed" });
        expect(Failed).to.deep.equal({ Type: "Fail", ErrorPath: "$.failure.Error", CausePath: "$.failure.Cause" });
    });

    for (const region of ["us-east-1", "cn-north-1", "us-gov-west-1"]) {
        it(`calls the integrations of the partition of ${region}`, () => {
            const location = testLocation(region);
            const tasks = Object.values(buildStates({ location })).filter(({ Type }) => Type === "Task");
            for (const { Resource } of tasks) expect(Resource.startsWith(`arn:${location.partition}:states:::`), Resource).to.equal(true);
        });
    }
});

describe("lintDefinition", () => {
    const broken: readonly (readonly [string, StateMachineDefinition, string])[] = [
        ["a state that is missing", withState("RegisterModel", () => undefined), "goes to RegisterModel"],
        ["a task without a catch", withState("TrainModel", ({ Catch: _, ...state }) => state), "TrainModel does not catch everything"],
        ["a task without a timeout", withState("EvaluateModel", ({ TimeoutSeconds: _, ...state }) => state), "EvaluateModel has no timeout"],
        ["a choice without a default", withState("CheckMetrics", ({ Default: _, ...state }) => state), "CheckMetrics has no default"],
        ["a state nobody goes to", withState("ValidateData", (state) => ({ ...state, Next: "Succeeded" })), "PreprocessData is never reached"],
        ["a retry of a failed job", withState("TrainModel", (state) => ({
            ...state, Retry: [{ ErrorEquals: ["States.TaskFailed"], IntervalSeconds: 1, MaxAttempts: 1, BackoffRate: 1 }],
        })), "retries States.TaskFailed"],
    ];
    for (const [title, definition, fault] of broken) {
        it(`finds ${title}`, () => {
            expect(lintDefinition(definition).join("\n")).to.contain(fault);
        });
    }
});
