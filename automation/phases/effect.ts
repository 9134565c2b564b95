/** Reads back what an `up` was for: not what the engine believes, but what SageMaker, the table and the model answer. */
import { GetItemCommand } from "@aws-sdk/client-dynamodb";
import { unmarshall } from "@aws-sdk/util-dynamodb";
import { InvokeEndpointCommand } from "@aws-sdk/client-sagemaker-runtime";
import type { PlatformOutputs } from "../../components/outputs.ts";
import { AB_TEST_ID } from "../../lambdas/shared/documents.ts";
import type { AbTestItem, FeatureSchema, GoldenPrediction, Weights } from "../../lambdas/shared/documents.ts";
import { findDrained, InvalidWeightsError, parseAbTest } from "../../lambdas/shared/router/abTest.ts";
import type { AbTest } from "../../lambdas/shared/router/abTest.ts";
import { createRowReader } from "../../lambdas/shared/router/rows.ts";
import type { RowReason } from "../../lambdas/shared/router/rows.ts";
import { buildPredictions } from "../../lambdas/shared/router/served.ts";
import { readJson } from "../../lambdas/shared/store.ts";
import { CloudRefusal, OperatorError } from "../errors.ts";
import type { PhaseContext } from "./phase.ts";
import { areEqual, scoresOf } from "./prediction.ts";
import { describeDeviations, describeSettings, readServingStates } from "./servingDeviation.ts";
import type { ServingState } from "./servingDeviation.ts";

export interface EffectOptions {
    /** What to do about an endpoint that is not as it should be: after `up` alone it is told, since `enable-endpoints` puts it right. */
    readonly onDeviation: "note" | "refuse";
}

/**
 * For every variant with an endpoint: status, configuration, model artifact, memory and concurrency, and one golden prediction asked of the
 * endpoint itself; then the weights. One `check` event each; nothing without an endpoint.
 *
 * @throws CloudRefusal with what deviates.
 */
export async function proveEffect(context: PhaseContext, outputs: PlatformOutputs, options: EffectOptions): Promise<void> {
    const states = await readServingStates(context.aws, outputs);
    for (const state of states) await proveServing(context, state, options);
    if (states.length > 0) await reportWeights(context, outputs);
}

async function proveServing(context: PhaseContext, state: ServingState, { onDeviation }: EffectOptions): Promise<void> {
    const { variant, endpointName, wanted, actual } = state;
    const startedAt = Date.now();
    const deviations = describeDeviations(state).join("; ");
    if (deviations !== "" && onDeviation === "note") {
        return context.reporter.report({ kind: "note", message: `the ${variant}'s endpoint is not as it should be: ${deviations}; the phase enable-endpoints puts it right` });
    }
    const report = (status: "done" | "failed", measured: string): void => {
        context.reporter.report({ kind: "check", name: `effect on the ${variant}`, status, measured, durationMs: Date.now() - startedAt });
    };
    try {
        if (deviations !== "") throw new CloudRefusal(`the ${variant}'s endpoint ${endpointName} is not as it should be: ${deviations}`, "run the phase enable-endpoints again");
        const scores = await proveGolden(context, state);
        report("done", `serves version ${wanted.model.version} with ${describeSettings(actual.settings)}; a golden prediction came back as ${scores.join(", ")}`);
    } catch (error) {
        report("failed", error instanceof Error ? error.message : String(error));
        throw error;
    }
}

/** The scores of the first golden row. @throws CloudRefusal when the endpoint answers others than the transform job did */
async function proveGolden({ aws, signal }: PhaseContext, { variant, endpointName, wanted: { model } }: ServingState): Promise<readonly number[]> {
    const [schema, [golden]] = await Promise.all([
        readJson<FeatureSchema>(aws.s3, model.schemaUrl, signal),
        readJson<readonly GoldenPrediction[]>(aws.s3, model.goldenUrl, signal),
    ]);
    if (golden === undefined) throw new CloudRefusal(`${model.goldenUrl} holds no golden predictions`, "train again");
    const reasons: RowReason[] = [];
    const row = createRowReader(schema)({ pointer: "", value: golden.features }, reasons);
    if (row === undefined) throw new CloudRefusal(`a golden row of ${model.goldenUrl} does not fit its own schema: ${JSON.stringify(reasons)}`, "train again");
    const { Body } = await aws.runtime.send(new InvokeEndpointCommand({ EndpointName: endpointName, ContentType: "text/csv", Body: row }), { abortSignal: signal });
    const [prediction] = buildPredictions(new TextDecoder().decode(Body), 1, { schema });
    const scores = prediction === undefined ? [] : scoresOf(prediction, schema);
    if (areEqual(golden.scores, scores)) return scores;
    throw new CloudRefusal(
        `the ${variant}'s endpoint ${endpointName} answers ${scores.join(", ")} where the transform job said ${golden.scores.join(", ")}`,
        "F09: the model is served by another XGBoost version than the one that trained it, or another artifact is deployed",
    );
}

async function reportWeights({ aws, config, reporter }: PhaseContext, { abTestsTableName }: PlatformOutputs): Promise<void> {
    const { Item } = await aws.dynamodb.send(new GetItemCommand({ TableName: abTestsTableName, Key: { TestId: { S: AB_TEST_ID } }, ConsistentRead: true }));
    const test = readTest(Item === undefined ? undefined : unmarshall(Item) as Partial<AbTestItem>, config.abTest.weights);
    const drained = findDrained(test, Date.now());
    reporter.report({ kind: "weights", weights: test.weights, ...(drained === undefined ? {} : { drained }) });
}

function readTest(item: Partial<AbTestItem> | undefined, defaultWeights: Weights): AbTest {
    try {
        return parseAbTest(item, defaultWeights);
    } catch (error) {
        if (!(error instanceof InvalidWeightsError)) throw error;
        const [what = "", fix = ""] = error.message.split("\n  fix: ");
        throw new OperatorError(`F12: ${what}`, fix, { cause: error });
    }
}
