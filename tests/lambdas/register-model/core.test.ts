import { expect } from "chai";
import { toItem } from "../../../lambdas/register-model/attributes.ts";
import { registerModel, type RegistrationDependencies } from "../../../lambdas/register-model/core.ts";
import type { RegistrationRequest } from "../../../lambdas/shared/documents.ts";
import { messageOf } from "../support/tables.ts";

const request: RegistrationRequest = {
    runId: "0123456789ab",
    trainingJobName: "firstlight-dev-0123456789ab-0-0",
    modelDataUrl: "s3://models/training/firstlight-dev-0123456789ab-0-0/output/model.tar.gz",
    trainingImage: "registry/sagemaker-xgboost:3.0-5",
    startedAt: "2026-11-21T10:33:55.123Z",
};

const documents: Record<string, unknown> = {
    "schema.json": { task: "binary", label: "churned" },
    "manifest.json": { source: { bucket: "raw", key: "data/x.csv", versionId: "v7" }, rows: { train: 8, validation: 1, test: 1, rejected: 0 } },
    "evaluation.json": { metrics: { auc: 0.9 } },
};

/** Records every write in order. */
function createRecorder(approved = "none"): { calls: unknown[][]; dependencies: RegistrationDependencies } {
    const calls: unknown[][] = [];
    const dependencies: RegistrationDependencies = {
        readRunDocument: async <Document>(name: string) => documents[name] as Document,
        copyRunDocument: async (...call) => void calls.push(["copy", ...call]),
        readApproved: async () => approved,
        putRecord: async (record) => void calls.push(["record", record]),
        putApproved: async (value) => void calls.push(["approved", value]),
    };
    return { calls, dependencies };
}

describe("registerModel", () => {
    it("copies the documents beside the artifact, records the model, and approves it last", async () => {
        const { calls, dependencies } = createRecorder();
        const model = await registerModel(request, dependencies);
        expect(calls.map(([name]) => name)).to.deep.equal(["copy", "copy", "record", "approved"]);
        expect(calls[0]).to.deep.equal(["copy", "schema.json", "s3://models/training/firstlight-dev-0123456789ab-0-0/schema.json"]);
        expect(calls[1]).to.deep.equal(["copy", "golden.json", "s3://models/training/firstlight-dev-0123456789ab-0-0/golden.json"]);
        expect(JSON.parse(calls[3]![1] as string)).to.deep.equal(model);
        expect(model).to.include({ modelId: "binary:churned", version: "20261121T103355Z-0123456789ab", modelDataUrl: request.modelDataUrl });
    });

    it("records metrics, artifact, image and the version of the data", async () => {
        const { calls, dependencies } = createRecorder();
        await registerModel(request, dependencies);
        expect(calls[2]![1]).to.deep.include({
            ModelId: "binary:churned", Version: "20261121T103355Z-0123456789ab", Status: "approved", Metrics: { auc: 0.9 },
            ModelDataUrl: request.modelDataUrl, TrainingImage: request.trainingImage, SourceUrl: "s3://raw/data/x.csv", SourceVersionId: "v7",
        });
    });

    it("writes the same again on a retry", async () => {
        const [first, second] = [createRecorder(), createRecorder()];
        await registerModel(request, first.dependencies);
        await registerModel(request, second.dependencies);
        expect(second.calls).to.deep.equal(first.calls);
    });

    it("records a model that was overtaken by a later run, and leaves the later one approved", async () => {
        const { calls, dependencies } = createRecorder(JSON.stringify({ modelId: "binary:churned", version: "20261121T103356Z-ffffffffffff" }));
        const model = await registerModel(request, dependencies);
        expect(calls.map(([name]) => name)).to.deep.equal(["copy", "copy", "record"]);
        expect(calls[2]![1]).to.include({ Status: "superseded" });
        expect(model.version).to.equal("20261121T103355Z-0123456789ab");
    });

    it("takes the place of an earlier model, of its own on a retry, and of a value that is no model", async () => {
        for (const approved of ['{"version":"20261121T103354Z-ffffffffffff"}', '{"version":"20261121T103355Z-0123456789ab"}', "{}", "spoilt"]) {
            const { calls, dependencies } = createRecorder(approved);
            await registerModel(request, dependencies);
            expect(calls.at(-1)?.[0], approved).to.equal("approved");
        }
    });

    it("refuses an artifact that no training job wrote, before it writes anything", async () => {
        const { calls, dependencies } = createRecorder();
        const message = await messageOf(registerModel({ ...request, modelDataUrl: "s3://models/other.zip" }, dependencies));
        expect(message).to.contain("s3://models/other.zip is not where a training job writes");
        expect(calls).to.deep.equal([]);
    });

    it("refuses a value that does not fit into the parameter, before it writes anything", async () => {
        const { calls, dependencies } = createRecorder();
        const message = await messageOf(registerModel({ ...request, trainingImage: "x".repeat(4000) }, dependencies));
        expect(message).to.contain("but a parameter holds 4096");
        expect(calls).to.deep.equal([]);
    });

    it("refuses a start that is no time", async () => {
        expect(await messageOf(registerModel({ ...request, startedAt: "now" }, createRecorder().dependencies))).to.contain('startedAt "now"');
    });
});

describe("toItem", () => {
    it("makes texts, numbers and maps", () => {
        expect(toItem({ a: "x", b: 0.5, c: { d: 1 } })).to.deep.equal({ a: { S: "x" }, b: { N: "0.5" }, c: { M: { d: { N: "1" } } } });
    });
});
