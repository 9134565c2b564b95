import { expect } from "chai";
import { registerModel, type RegistrationDependencies } from "../../../lambdas/register-model/core.ts";
import type { RegistrationRequest } from "../../../lambdas/shared/documents.ts";
import { messageOf } from "../support/tables.ts";

const JOB = "s3://models/training/firstlight-dev-0123456789ab-b-0-0";
const VERSION = "20261121T103355Z-0123456789ab-challenger";
const request: RegistrationRequest = {
    runId: "0123456789ab",
    variant: "challenger",
    trainingJobName: "firstlight-dev-0123456789ab-b-0-0",
    modelDataUrl: `${JOB}/output/model.tar.gz`,
    trainingImage: "registry/sagemaker-xgboost:3.0-5",
    startedAt: "2026-11-21T10:33:55.123Z",
};

const gate = { metric: "auc", value: 0.9, floor: 0.75, direction: "maximize" };
const documents: Record<string, unknown> = {
    "schema.json": { task: "binary", label: "churned" },
    "manifest.json": { source: { bucket: "raw", key: "data/x.csv", versionId: "v7" }, rows: { train: 8, validation: 1, test: 1, rejected: 0 } },
    "evaluation-challenger.json": { task: "binary", rows: 1, metrics: { auc: 0.9, logloss: 0.3 }, gate },
};

/** Records every write in order. */
function createRecorder(): { calls: unknown[][]; dependencies: RegistrationDependencies } {
    const calls: unknown[][] = [];
    const dependencies: RegistrationDependencies = {
        readRunDocument: async <Document>(name: string) => documents[name] as Document,
        copyRunDocument: async (...call) => void calls.push(["copy", ...call]),
        putRecord: async (record) => void calls.push(["record", record]),
        putMetrics: async (record) => void calls.push(["metrics", record]),
        emitMetric: (...call) => void calls.push(["emit", ...call]),
    };
    return { calls, dependencies };
}

describe("registerModel", () => {
    it("copies the variant's documents beside the artifact, then records metrics and model", async () => {
        const { calls, dependencies } = createRecorder();
        const model = await registerModel(request, dependencies);
        expect(calls.map(([name]) => name)).to.deep.equal(["copy", "copy", "metrics", "record", "emit", "emit"]);
        expect(calls[0]).to.deep.equal(["copy", "schema.json", `${JOB}/schema.json`]);
        expect(calls[1]).to.deep.equal(["copy", "golden-challenger.json", `${JOB}/golden.json`]);
        expect(model).to.deep.equal({
            modelId: "binary:churned", version: VERSION, modelDataUrl: request.modelDataUrl, schemaUrl: `${JOB}/schema.json`, goldenUrl: `${JOB}/golden.json`,
            trainingJobName: request.trainingJobName, trainingImage: request.trainingImage,
        });
    });

    it("records metrics, artifact, image and the version of the data, and approves nothing", async () => {
        const { calls, dependencies } = createRecorder();
        await registerModel(request, dependencies);
        expect(calls[3]![1]).to.deep.include({
            ModelId: "binary:churned", Version: VERSION, Variant: "challenger", Status: "registered", Metrics: { auc: 0.9, logloss: 0.3 },
            ModelDataUrl: request.modelDataUrl, TrainingImage: request.trainingImage, SourceUrl: "s3://raw/data/x.csv", SourceVersionId: "v7",
        });
    });

    it("keeps all metrics with what decided, and sends each to where people watch", async () => {
        const { calls, dependencies } = createRecorder();
        await registerModel(request, dependencies);
        expect(calls[2]![1]).to.deep.equal({
            ModelId: "binary:churned", Version: VERSION, Variant: "challenger", Task: "binary", TestRows: 1,
            Metrics: { auc: 0.9, logloss: 0.3 }, Gate: gate, CreatedAt: request.startedAt,
        });
        expect(calls.slice(4)).to.deep.equal([["emit", "challenger", "auc", 0.9], ["emit", "challenger", "logloss", 0.3]]);
    });

    it("writes the same again on a retry", async () => {
        const [first, second] = [createRecorder(), createRecorder()];
        await registerModel(request, first.dependencies);
        await registerModel(request, second.dependencies);
        expect(second.calls).to.deep.equal(first.calls);
    });

    it("refuses an artifact that no training job wrote, before it writes anything", async () => {
        const { calls, dependencies } = createRecorder();
        const message = await messageOf(registerModel({ ...request, modelDataUrl: "s3://models/other.zip" }, dependencies));
        expect(message).to.contain("s3://models/other.zip is not where a training job writes");
        expect(calls).to.deep.equal([]);
    });

    it("refuses a start that is no time", async () => {
        expect(await messageOf(registerModel({ ...request, startedAt: "now" }, createRecorder().dependencies))).to.contain('startedAt "now"');
    });
});
