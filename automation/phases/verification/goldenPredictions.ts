import type { InferenceAnswer } from "../../../lambdas/inference/core.ts";
import type { FeatureSchema, GoldenPrediction } from "../../../lambdas/shared/documents.ts";
import { CloudRefusal } from "../../errors.ts";
import { areEqual, scoresOf } from "../prediction.ts";
import type { SamplePrediction } from "../prediction.ts";
import type { Check, ServedVariant, VerificationWorld } from "./check.ts";
import { expectEqual } from "./expectations.ts";
import { askInference } from "./requests.ts";

/** Enough to tell models apart, few enough for one request. */
const GOLDEN_COUNT = 20;
const PRODUCTION_COUNT = 1;

/** Each variant, asked by its name, answers as the transform job did when it was trained. */
export const goldenPredictions: Check = {
    name: "golden predictions",
    level: "smoke",
    needs: "a served model",
    authorized: true,
    async run(world: VerificationWorld) {
        const measured: string[] = [];
        for (const served of world.served) measured.push(`${served.variant} ${await compare(world, served)}`);
        return `${measured.join(", ")} answered as the transform job did, to 1e-6`;
    },
};

async function compare(world: VerificationWorld, { variant, model, schema, golden }: ServedVariant): Promise<number> {
    const asked = golden.slice(0, world.context.config.preset === "prod" ? PRODUCTION_COUNT : GOLDEN_COUNT);
    if (asked.length === 0) throw new CloudRefusal(`${model.goldenUrl} holds no golden predictions`, "train again");
    const answer = await askInference(world, { rows: asked.map(({ features }) => features), variant });
    expectEqual([answer.variant, answer.modelVersion], [variant, model.version], "variant and version of an answer that x-variant asked for");
    const samples = pairPredictions(asked, answer, schema);
    world.context.reporter.report({ kind: "predictions", variant, modelVersion: answer.modelVersion, samples });
    const wrong = samples.filter((sample) => !areEqual(sample.golden, sample.served));
    const [first] = wrong;
    if (first === undefined) return samples.length;
    throw new CloudRefusal(
        `${wrong.length} of ${samples.length} golden predictions differ for the ${variant}: expected ${first.golden.join(", ")}, got ${first.served.join(", ")}`,
        "F09: the model is served by another XGBoost version than the one that trained it, or another artifact is deployed",
    );
}

/** Exported for its test. */
export function pairPredictions(golden: readonly GoldenPrediction[], answer: Pick<InferenceAnswer, "predictions">, schema: FeatureSchema): readonly SamplePrediction[] {
    return golden.map(({ features, scores }, index) => {
        const prediction = answer.predictions[index];
        return {
            features, golden: scores,
            served: prediction === undefined ? [] : scoresOf(prediction, schema),
            answer: String(prediction?.label ?? prediction?.value ?? "none"),
        };
    });
}
