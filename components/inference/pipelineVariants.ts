/**
 * TrainVariants: each variant by itself, side by side, from its hyperparameters to an entry in the registry.
 *
 *     TrainModel -> CreateCandidateModel -> TransformTestSet -> DeleteCandidateModel -> EvaluateModel -> CheckMetrics -> RegisterModel
 *       -> VariantTrained
 *     anything that fails -> VariantFailed
 *
 * A variant that fails ends well, with its error in its answer: a Map that fails stops its other elements wherever they are, and would
 * leave their models and machines behind. HaveAllTrained then fails the run, with the error as the job gave it.
 */
import type { PipelineSettings } from "./pipelineSettings.ts";
import { buildJobStates } from "./pipelineJobs.ts";
import { buildFunctionTask, selectPayload } from "./pipelineTasks.ts";
import { mergeIntoInput } from "./states.ts";
import type { State, States } from "./states.ts";

/** `next` follows when all variants are in the registry, `onError` when one is not. */
export function buildVariantStates(settings: PipelineSettings, next: string, onError: string): States {
    return {
        TrainVariants: {
            Type: "Map",
            ItemsPath: "$.data.variants",
            ItemSelector: {
                "runId.$": "$.runId",
                "variant.$": "$$.Map.Item.Value.variant",
                "letter.$": "$$.Map.Item.Value.letter",
                "hyperparameters.$": "$$.Map.Item.Value.hyperparameters",
                "transformUrl.$": "$$.Map.Item.Value.transformUrl",
                "trainUrl.$": "$.data.trainUrl",
                "validationUrl.$": "$.data.validationUrl",
                "testUrl.$": "$.data.testUrl",
                "transformOutputFilter.$": "$.data.transformOutputFilter",
            },
            ItemProcessor: { ProcessorConfig: { Mode: "INLINE" }, StartAt: "TrainModel", States: buildElementStates(settings) },
            ResultPath: "$.trained",
            Catch: [{ ErrorEquals: ["States.ALL"], ResultPath: "$.error", Next: onError }],
            Next: "HaveAllTrained",
        },
        HaveAllTrained: {
            Type: "Choice",
            QueryLanguage: "JSONata",
            Choices: [{ Condition: "{% $count($states.input.trained[$exists(error)]) > 0 %}", Next: "TakeFirstError" }],
            Default: next,
        },
        TakeFirstError: {
            Type: "Pass",
            QueryLanguage: "JSONata",
            Output: mergeIntoInput("{ 'error': $states.input.trained[$exists(error)][0].error }"),
            Next: onError,
        },
    };
}

function buildElementStates(settings: PipelineSettings): States {
    return {
        ...buildJobStates(settings, "EvaluateModel", "VariantFailed"),
        EvaluateModel: {
            ...buildFunctionTask(settings, {
                name: "evaluateModel",
                payload: { "runId.$": "$.runId", "variant.$": "$.variant" },
                onError: "VariantFailed",
            }),
            ResultSelector: selectPayload("task", "rows", "metrics", "gate"),
            ResultPath: "$.evaluation",
            Next: "CheckMetrics",
        },
        ...buildCheckMetrics(),
        RegisterModel: buildRegisterModel(settings),
        VariantTrained: {
            Type: "Pass",
            Parameters: { "variant.$": "$.variant", "model.$": "$.model", "evaluation.$": "$.evaluation" },
            End: true,
        },
        VariantFailed: { Type: "Pass", Parameters: { "variant.$": "$.variant", "error.$": "$.error" }, End: true },
    };
}

/** Fails closed: a metric that is missing, not a number or of unknown direction does not pass. */
function buildCheckMetrics(): States {
    return {
        CheckMetrics: {
            Type: "Choice",
            Choices: [
                buildGate("maximize", { NumericGreaterThanEqualsPath: "$.evaluation.gate.floor" }),
                buildGate("minimize", { NumericLessThanEqualsPath: "$.evaluation.gate.floor" }),
            ],
            Default: "RejectModel",
        },
        RejectModel: {
            Type: "Pass",
            Parameters: {
                Error: "ModelBelowFloor",
                "Cause.$": "States.Format('The {} does not reach its floor: {}', $.variant, States.JsonToString($.evaluation))",
            },
            ResultPath: "$.error",
            Next: "VariantFailed",
        },
    };
}

function buildGate(direction: "maximize" | "minimize", comparison: object): object {
    return {
        And: [
            { Variable: "$.evaluation.gate.value", IsPresent: true },
            { Variable: "$.evaluation.gate.value", IsNumeric: true },
            { Variable: "$.evaluation.gate.floor", IsPresent: true },
            { Variable: "$.evaluation.gate.floor", IsNumeric: true },
            { Variable: "$.evaluation.gate.direction", IsPresent: true },
            { Variable: "$.evaluation.gate.direction", StringEquals: direction },
            { Variable: "$.evaluation.gate.value", ...comparison },
        ],
        Next: "RegisterModel",
    };
}

function buildRegisterModel(settings: PipelineSettings): State {
    return {
        ...buildFunctionTask(settings, {
            name: "registerModel",
            payload: {
                "runId.$": "$.runId",
                "variant.$": "$.variant",
                "trainingJobName.$": "$.training.TrainingJobName",
                "modelDataUrl.$": "$.training.ModelDataUrl",
                "trainingImage.$": "$.training.TrainingImage",
                "startedAt.$": "$$.Execution.StartTime",
            },
            onError: "VariantFailed",
        }),
        ResultSelector: selectPayload("modelId", "version", "modelDataUrl", "schemaUrl", "goldenUrl", "trainingJobName", "trainingImage"),
        ResultPath: "$.model",
        Next: "VariantTrained",
    };
}
