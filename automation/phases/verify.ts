/** Asks the deployed platform as a client does: health, golden predictions, and that nobody gets in unsigned. */
import type { InferenceAnswer } from "../../lambdas/inference/core.ts";
import type { FeatureSchema, GoldenPrediction } from "../../lambdas/shared/documents.ts";
import { readJson } from "../../lambdas/shared/store.ts";
import { createApiClient } from "../apiClient.ts";
import type { ApiClient, ApiResponse } from "../apiClient.ts";
import { CloudRefusal } from "../errors.ts";
import { readOutputs, readParameter } from "../outputs.ts";
import { parseServingModel } from "../../lambdas/shared/servingModel.ts";
import { areEqual, scoresOf } from "./prediction.ts";
import type { SamplePrediction } from "./prediction.ts";
import type { Phase, PhaseContext } from "./phase.ts";

/** Enough to tell models apart, few enough for one request. */
const GOLDEN_COUNT = 20;

export const verifyPhase: Phase = {
    name: "verify",
    async run(context) {
        const { aws, engine, reporter, signal } = context;
        const outputs = await readOutputs(engine);
        const api = createApiClient(aws, outputs.apiUrl);
        const health = expectStatus(await api.callUnsigned({ method: "GET", path: "/health", signal }), 200, "GET /health");
        const serving = parseServingModel(await readParameter(aws, `${outputs.parameterPath}/serving`));
        if (serving === undefined) {
            return reporter.report({ kind: "note", message: "the API is healthy; no model is served yet" });
        }
        const { servingModelVersion } = health as { servingModelVersion?: string };
        if (servingModelVersion !== serving.version) {
            throw new CloudRefusal(`GET /health names the model ${servingModelVersion ?? "none"}, but ${serving.version} is deployed`);
        }
        await refuseUnsigned(api, signal);
        await comparePredictions(context, api, serving);
    },
};

async function refuseUnsigned(api: ApiClient, signal: AbortSignal): Promise<void> {
    const { status } = await api.callUnsigned({ method: "POST", path: "/inference", body: { instances: [] }, signal });
    if (status !== 403) throw new CloudRefusal(`an unsigned POST /inference must get 403, got ${status}`, "give the route the authorization AWS_IAM");
}

async function comparePredictions({ aws, reporter, signal }: PhaseContext, api: ApiClient, serving: NonNullable<ReturnType<typeof parseServingModel>>): Promise<void> {
    const [schema, golden] = await Promise.all([
        readJson<FeatureSchema>(aws.s3, serving.schemaUrl, signal),
        readJson<readonly GoldenPrediction[]>(aws.s3, serving.goldenUrl, signal),
    ]);
    const asked = golden.slice(0, GOLDEN_COUNT);
    if (asked.length === 0) throw new CloudRefusal(`${serving.goldenUrl} holds no golden predictions`, "train again");
    const body = { instances: asked.map(({ features }) => features) };
    const answer = expectStatus(await api.callSigned({ method: "POST", path: "/inference", body, signal }), 200, "POST /inference") as InferenceAnswer;
    const samples = pairPredictions(asked, answer, schema);
    reporter.report({ kind: "predictions", modelVersion: answer.modelVersion, samples });
    const wrong = samples.filter((sample) => !areEqual(sample.golden, sample.served));
    const [first] = wrong;
    if (first === undefined) return;
    throw new CloudRefusal(
        `${wrong.length} of ${samples.length} golden predictions differ: expected ${first.golden.join(", ")}, got ${first.served.join(", ")}`,
        "F09: the model is served by another XGBoost version than the one that trained it, or another artifact is deployed",
    );
}

/** Exported for its test. */
export function pairPredictions(golden: readonly GoldenPrediction[], answer: InferenceAnswer, schema: FeatureSchema): readonly SamplePrediction[] {
    return golden.map(({ features, scores }, index) => {
        const prediction = answer.predictions[index];
        return {
            features, golden: scores,
            served: prediction === undefined ? [] : scoresOf(prediction, schema),
            answer: String(prediction?.label ?? prediction?.value ?? "none"),
        };
    });
}

function expectStatus({ status, body }: ApiResponse, expected: number, what: string): unknown {
    if (status === expected) return body;
    throw new CloudRefusal(`${what} must answer ${expected}, got ${status}: ${typeof body === "string" ? body : JSON.stringify(body)}`);
}
