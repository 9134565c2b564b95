import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { expect } from "chai";
import { CloudRefusal, OperatorError } from "../../../automation/errors.ts";
import { describeDataFile, keyOfDataFile } from "../../../automation/phases/dataFile.ts";
import { describeCause, describeState, leaseIdOf } from "../../../automation/phases/execution.ts";
import { trainPhase } from "../../../automation/phases/train.ts";
import { awsError, createPhaseWorld, failureOf } from "../../support/phaseWorld.ts";
import type { Answers, PhaseWorld } from "../../support/phaseWorld.ts";

const EVALUATION = { task: "binary", rows: 40, metrics: { auc: 0.9 }, gate: { metric: "auc", value: 0.9, floor: 0.75, direction: "maximize" } };
const OUTPUT = { deployments: [
    { variant: "champion", model: { version: "v1" }, evaluation: EVALUATION, outcome: "approved" },
    { variant: "challenger", model: { version: "v2" }, evaluation: EVALUATION, outcome: "deployed" },
] };
const SUCCEEDED = { status: "SUCCEEDED", output: JSON.stringify(OUTPUT) };
const CHALLENGER = '{"variant":"challenger","training":{}}';
const EARLIER = "arn:aws:states:eu-central-1:111122223333:execution:pipeline:earlier";
const NEW = "arn:aws:states:eu-central-1:111122223333:execution:pipeline:new";

describe("the phase train", () => {
    let folder: string;
    let dataFile: string;
    let hash: string;

    beforeEach(async () => {
        folder = mkdtempSync(path.join(os.tmpdir(), "firstlight-train-"));
        dataFile = path.join(folder, "customers.csv");
        writeFileSync(dataFile, "a,label\n1,yes\n");
        hash = (await describeDataFile(dataFile)).hash;
    });
    afterEach(() => rmSync(folder, { recursive: true, force: true }));

    /** The bucket knows version `old` (with this hash, if any) and gives `fresh` to an upload; leases tell the executions of both. */
    function world(earlier: { hash?: string; uploadedAt?: Date; execution?: { status: string; leaseAfterLooks?: number } }, after: object = SUCCEEDED): PhaseWorld {
        const leases: Record<string, string> = {
            ...(earlier.execution === undefined ? {} : { [lease("old")]: EARLIER }), [lease("fresh")]: NEW,
        };
        const answers: Answers = {
            HeadObjectCommand: () => {
                if (earlier.hash === undefined) throw awsError("NotFound");
                return { VersionId: "old", Metadata: { sha256: earlier.hash }, LastModified: earlier.uploadedAt };
            },
            PutObjectCommand: async ({ Body }: { Body: AsyncIterable<Uint8Array> }) => {
                for await (const chunk of Body) expect(chunk).to.have.length.greaterThan(0);
                return { VersionId: "fresh" };
            },
            GetItemCommand: ({ Key }: { Key: { LeaseId: { S: string } } }) => ({ Item: looks++ < (earlier.execution?.leaseAfterLooks ?? 0) || leases[Key.LeaseId.S] === undefined ? undefined : { ExecutionArn: { S: leases[Key.LeaseId.S] } } }),
            DescribeExecutionCommand: ({ executionArn }: { executionArn: string }) => {
                if (executionArn === NEW) return after;
                return earlier.execution?.status === "RUNNING" && asked++ > 0 ? SUCCEEDED : { ...SUCCEEDED, ...earlier.execution };
            },
            GetExecutionHistoryCommand: () => ({ events: [
                { id: 1, stateEnteredEventDetails: { name: "WaitForTurn" } }, { id: 2, stateEnteredEventDetails: { name: "WaitForTurn" } },
                { id: 3, stateEnteredEventDetails: { name: "TrainModel", input: CHALLENGER } }, { id: 4, stateExitedEventDetails: { name: "TrainModel", output: CHALLENGER } },
            ] }),
        };
        let asked = 0;
        let looks = 0;
        return createPhaseWorld(answers, { dataFile });
    }

    function lease(versionId: string): string {
        return leaseIdOf({ bucket: "raw", key: "data/customers.csv", versionId });
    }

    function uploads({ sent }: PhaseWorld): number {
        return sent.filter(({ name }) => name === "PutObjectCommand").length;
    }

    it("uploads new data with its checksum, follows the run and reports the model of each variant", async () => {
        const made = world({});
        await trainPhase.run(made.context);
        const upload = made.sent.find(({ name }) => name === "PutObjectCommand")?.input;
        expect(upload).to.include({ Bucket: "raw", Key: "data/customers.csv", ChecksumSHA256: hash });
        expect(made.reporter.events).to.deep.include({ kind: "evaluation", variant: "champion", modelVersion: "v1", evaluation: EVALUATION });
        expect(made.reporter.events).to.deep.include({ kind: "evaluation", variant: "challenger", modelVersion: "v2", evaluation: EVALUATION });
        expect(made.reporter.events).to.deep.include({ kind: "state", execution: "new", state: "TrainModel (challenger)", status: "done" });
        expect(made.notes()).to.include("challenger v2 is deployed");
    });

    it("says once that a run waits for its turn", async () => {
        const made = world({});
        await trainPhase.run(made.context);
        expect(made.notes().filter((message) => message.includes("waits for its turn"))).to.deep.equal(["new waits for its turn: another run of the pipeline goes on"]);
    });

    it("does not take a run for a success that names no model", async () => {
        const made = world({}, { status: "SUCCEEDED", output: "{}" });
        expect(await failureOf(trainPhase.run(made.context))).to.be.instanceOf(CloudRefusal).with.property("message").that.includes("names no model");
    });

    it("reports the run of the same data when that succeeded, and uploads nothing", async () => {
        const made = world({ hash, execution: { status: "SUCCEEDED" } });
        await trainPhase.run(made.context);
        expect(uploads(made)).to.equal(0);
        expect(made.notes().join()).to.include("reporting its run earlier").and.to.include("challenger v2 was deployed by it");
        expect(made.reporter.events.some(({ kind }) => kind === "evaluation")).to.equal(true);
    });

    it("attaches to the run of the same data while it goes on", async () => {
        const made = world({ hash, execution: { status: "RUNNING" } });
        await trainPhase.run(made.context);
        expect(uploads(made)).to.equal(0);
        expect(made.notes().join()).to.include("attaching to its run earlier");
    });

    it("waits for the run of data that was uploaded just now, as long as whoever uploaded it would have", async () => {
        const execution = { status: "SUCCEEDED", leaseAfterLooks: 6 };
        const made = world({ hash, uploadedAt: new Date(), execution });
        await trainPhase.run(made.context);
        expect(uploads(made)).to.equal(0);
        const old = world({ hash, uploadedAt: new Date(0), execution });
        await trainPhase.run(old.context);
        expect(uploads(old)).to.equal(1);
    });

    it("uploads the same data again after a failed run", async () => {
        const made = world({ hash, execution: { status: "FAILED" } });
        await trainPhase.run(made.context);
        expect(uploads(made)).to.equal(1);
        expect(made.notes().join()).to.include("ended as FAILED: uploading it again");
    });

    it("uploads again when another file lies under the name", async () => {
        const made = world({ hash: "another", execution: { status: "SUCCEEDED" } });
        await trainPhase.run(made.context);
        expect(uploads(made)).to.equal(1);
    });

    it("fails with the job's own reason", async () => {
        const cause = JSON.stringify({ TrainingJobName: "job", FailureReason: "AlgorithmError: label must be 0 or 1" });
        const made = world({}, { status: "FAILED", error: "States.TaskFailed", cause });
        const error = await failureOf(trainPhase.run(made.context));
        expect(error).to.be.instanceOf(CloudRefusal);
        expect((error as Error).message).to.equal("the training run new ended as FAILED: States.TaskFailed: AlgorithmError: label must be 0 or 1");
    });

    it("says what a known reason means and what to do", async () => {
        const cause = "The account-level service limit 'ml.m5.xlarge for training job usage' is 0 Instances, with current utilization of 0 Instances";
        const made = world({}, { status: "FAILED", error: "SageMaker.ResourceLimitExceededException", cause });
        const error = await failureOf(trainPhase.run(made.context));
        expect(error).to.be.instanceOf(CloudRefusal).with.property("fix").that.includes("training.instanceType");
        expect((error as Error).message).to.match(/^F40: /).and.to.contain(`the training run new ended as FAILED: SageMaker.ResourceLimitExceededException: ${cause}`);
    });

    it("refuses a stack that is not deployed, and a file that does not exist", async () => {
        const made = world({});
        made.engine.outputsNow = {};
        expect(await failureOf(trainPhase.run(made.context))).to.be.instanceOf(OperatorError).with.property("fix").that.includes("--from up");
        const missing = createPhaseWorld({}, { dataFile: path.join(folder, "missing.csv") });
        expect(await failureOf(trainPhase.run(missing.context))).to.be.instanceOf(OperatorError).with.property("message").that.includes("missing.csv does not exist");
    });
});

describe("an execution's words", () => {
    it("are the reason inside a cause, or the cause itself", () => {
        expect(describeCause("E", '{"errorMessage":"no label column"}')).to.equal("E: no label column");
        expect(describeCause("E", "plain")).to.equal("E: plain");
        expect(describeCause(undefined, undefined)).to.equal("");
    });

    it("tell when a state was entered, left or failed, as the history has it", () => {
        const timestamp = new Date("2026-11-21T16:38:00.250Z");
        const details = [{ stateEnteredEventDetails: { name: "A" } }, { stateExitedEventDetails: { name: "A" } }, { taskFailedEventDetails: { error: "E", resource: "", resourceType: "" } }];
        for (const each of details) expect(describeState({ id: 1, timestamp, type: undefined, ...each }, "run")).to.include({ happenedAt: "2026-11-21T16:38:00.250Z" });
    });

    it("tell which states pass, and which tasks fail", () => {
        expect(describeState({ id: 1, timestamp: undefined, type: undefined, stateEnteredEventDetails: { name: "A" } }, "run")).to.include({ state: "A", status: "entered" });
        expect(describeState({ id: 1, timestamp: undefined, type: undefined, stateEnteredEventDetails: { name: "A", input: '[{"variant":"champion"}]' } }, "run"))
            .to.include({ state: "A" });
        expect(describeState({ id: 1, timestamp: undefined, type: undefined, taskFailedEventDetails: { error: "E", cause: "c", resource: "", resourceType: "" } }, "run"))
            .to.include({ status: "failed", message: "E: c" });
        const absent = { error: "SageMaker.SageMakerException", cause: 'Could not find endpoint "arn".', resource: "", resourceType: "" };
        expect(describeState({ id: 1, timestamp: undefined, type: undefined, taskFailedEventDetails: absent }, "run"), "no fault").to.equal(undefined);
        expect(describeState({ id: 1, timestamp: undefined, type: "ChoiceStateEntered", stateEnteredEventDetails: { name: "A" } }, "run")).to.equal(undefined);
        expect(describeState({ id: 1, timestamp: undefined, type: "ExecutionStarted" }, "run")).to.equal(undefined);
    });

    it("begin with the file's name below the prefix", () => {
        expect(keyOfDataFile("data/", "/somewhere/customers.csv")).to.equal("data/customers.csv");
    });
});
