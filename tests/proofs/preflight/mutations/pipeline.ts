/** What is wrong in the training pipeline: its definition, what its functions are told, and what starts it. */
import { find, inDocument, inState } from "../draft.ts";
import type { Edit, Fields } from "../draft.ts";
import type { PreflightMutation } from "../mutation.ts";

const MACHINE = "pipeline-state-machine";

function inTraining(change: (parameters: Fields) => void): Edit {
    return inState("TrainModel", (fields) => { change(fields["Parameters"] as Fields); });
}

function channelsOf(parameters: Fields): Fields[] {
    return parameters["InputDataConfig"] as Fields[];
}

/** As the configuration sets them for both variants. */
function setHyperparameters(hyperparameters: Fields): Edit {
    return (draft) => {
        for (const { inputs } of find(draft, "preprocess-data-function")) {
            const { variables } = inputs["environment"] as { variables: Record<string, string> };
            variables["MODEL_SETTINGS"] = JSON.stringify({ ...JSON.parse(variables["MODEL_SETTINGS"] ?? "{}") as Fields, hyperparameters });
        }
    };
}

export const pipelineMutations: readonly PreflightMutation[] = [
    {
        rule: "F43", words: "a hyperparameter that is a number", where: `${MACHINE}.TrainModel`, edits: [inTraining((parameters) => {
            delete parameters["HyperParameters.$"];
            parameters["HyperParameters"] = { num_round: 100, objective: "binary:logistic" };
        })],
    },
    { rule: "F44", words: "a channel without its content type", where: `${MACHINE}.TrainModel`, edits: [inTraining((parameters) => { delete channelsOf(parameters)[0]?.["ContentType"]; })] },
    {
        rule: "F45", words: "a job without validation rows", where: `${MACHINE}.TrainModel`,
        edits: [inTraining((parameters) => { parameters["InputDataConfig"] = channelsOf(parameters).slice(0, 1); })],
    },
    {
        rule: "F45", words: "a choice without Default, on a metric", where: `${MACHINE}.CheckMetrics`,
        edits: [inState("CheckMetrics", (fields) => { delete fields["Default"]; })],
        also: { F74: "where Default led to is never reached" },
    },
    {
        rule: "F47", words: "auc for a regression", where: "preprocess-data-function",
        edits: [setHyperparameters({ objective: "reg:squarederror", eval_metric: "auc" })],
    },
    {
        rule: "F52", words: "a served model in a network", where: MACHINE, edits: [inState("CreateServingModel", (fields) => {
            (fields["Parameters"] as Fields)["VpcConfig"] = { Subnets: ["subnet-0123456789abcdef0"], SecurityGroupIds: ["sg-0123456789abcdef0"] };
        })],
    },
    {
        rule: "F58", words: "a configuration that is used at once", where: MACHINE, edits: [inState("UpdateEndpoint", (fields) => {
            fields["Retry"] = [{ ErrorEquals: ["SageMaker.AmazonSageMakerException"], IntervalSeconds: 1, MaxAttempts: 1, BackoffRate: 1 }];
        })],
    },
    {
        rule: "F59", words: "uploads to whatever bucket", where: "pipeline-upload-rule",
        edits: [inDocument("pipeline-upload-rule", "eventPattern", (pattern) => { delete (pattern["detail"] as Fields)["bucket"]; })],
    },
    {
        rule: "F63", words: "one name for all jobs", where: MACHINE, edits: [inTraining((parameters) => {
            delete parameters["TrainingJobName.$"];
            parameters["TrainingJobName"] = "firstlight-dev-training";
        })],
        also: { F73: "the role may run the jobs of its own names alone, which this one is not" },
    },
    {
        rule: "F63", words: "one name for all tries of a job", where: MACHINE, edits: [inState("TransformTestSet", (fields) => {
            const parameters = fields["Parameters"] as Fields;
            parameters["TransformJobName.$"] = String(parameters["TransformJobName.$"]).replace("-{}', ", "', ").replace(", $$.State.RetryCount", "");
        })],
    },
    { rule: "F74", words: "a state that is missing", where: MACHINE, edits: [inState("SayReturned", (fields) => { fields["Next"] = "Gone"; })] },
    { rule: "F74", words: "a task that catches nothing", where: MACHINE, edits: [inState("ValidateData", (fields) => { delete fields["Catch"]; })] },
    { rule: "F74", words: "a task without a timeout", where: MACHINE, edits: [inState("TrainModel", (fields) => { delete fields["TimeoutSeconds"]; })] },
    { rule: "F74", words: "a loop that nothing counts", where: MACHINE, edits: [inState("CountTurnWait", (fields) => { fields["Parameters"] = { "count.$": "$.turnWaits.count" }; })], also: { F45: "a number that nothing counts may as well be missing" } },
];
