/** What is known to go unnoticed, and why. Neither list may grow without somebody writing down a reason. */

/** Mutations that no judge sees, by id. */
export const KNOWN_GREEN: Readonly<Record<string, string>> = {};

const ENVIRONMENT = "the rehearsal cloud hands functions their environment without asking the key, as Lambda does by a grant of its own";
const TLS = "loopback counts as TLS in the rehearsal cloud, so the refusal never has anything to refuse";
const BUDGET = "no budget is watched in a rehearsal, so none sends";
const FLOW = "no traffic flows through the rehearsal's network, so none is logged";
const WAY_OUT = "what jobs send in the rehearsal's network goes through no endpoint, so no endpoint's policy is asked";

/** Statements that the rehearsal runs past, by id: a unit test alone, which repeats what the program says, stands for them. */
export const KNOWN_NOT_EXERCISED: Readonly<Record<string, string>> = {
    "select-data-policy DecryptEnvironment": ENVIRONMENT,
    "validate-data-policy DecryptEnvironment": ENVIRONMENT,
    "preprocess-data-policy DecryptEnvironment": ENVIRONMENT,
    "evaluate-model-policy DecryptEnvironment": ENVIRONMENT,
    "register-model-policy DecryptEnvironment": ENVIRONMENT,
    "approve-model-policy DecryptEnvironment": ENVIRONMENT,
    "inference-policy DecryptEnvironment": ENVIRONMENT,
    "models-policy DecryptEnvironment": ENVIRONMENT,
    "ab-tests-policy DecryptEnvironment": ENVIRONMENT,
    "health-policy DecryptEnvironment": ENVIRONMENT,
    "stream-consumer-policy DecryptEnvironment": ENVIRONMENT,
    "raw-policy DenyWithoutTls": TLS,
    "processed-policy DenyWithoutTls": TLS,
    "models-policy DenyWithoutTls": TLS,
    "logs-policy DenyWithoutTls": TLS,
    "lambda-key BudgetsUsesKey": BUDGET,
    "alerts-topic-policy BudgetSends": BUDGET,
    "training-policy ListArtifacts": "only spot training lists its checkpoints, and the development stack trains on demand",
    "training-policy EncryptDisks": "the rehearsal cloud's machines have no disks of their own; of a disk's key only the grant is asked for",
    "pipeline-policy ListTags": "Step Functions lists tags behind the scenes, the rehearsal cloud's does not",
    "s3-endpoint OwnBuckets": WAY_OUT,
    "s3-endpoint ImageLayers": WAY_OUT,
    "dynamodb-endpoint OwnTables": WAY_OUT,
    "ecr-api-endpoint OwnAccount": WAY_OUT,
    "ecr-dkr-endpoint OwnAccount": WAY_OUT,
    "kms-endpoint OwnAccount": WAY_OUT,
    "logs-endpoint OwnAccount": WAY_OUT,
    "sagemaker-api-endpoint OwnAccount": WAY_OUT,
    "sts-endpoint OwnAccount": WAY_OUT,
    "flow-logs-role ServiceTakesRole": FLOW,
    "flow-logs-policy WriteFlowLogs": FLOW,
    "flow-logs-policy FindLogGroup": FLOW,
};

const ENVELOPE = "services of the rehearsal cloud encrypt by data keys alone: they generate and decrypt them";

const TRIED_OUT = "asked for when the stream is given to the function, which is done before something is taken out";

/** Single actions that the rehearsal runs past in any statement that has others too. */
const KNOWN_ACTIONS: Readonly<Record<string, string>> = {
    "kms:DescribeKey": ENVELOPE,
    "kms:Encrypt": ENVELOPE,
    "kms:ReEncrypt*": ENVELOPE,
    // As the documentation of DynamoDB has it, reading and writing ask for both; the rehearsal's tables ask for kms:Decrypt.
    "UseKeyThroughDynamodb kms:GenerateDataKey*": "the rehearsal's tables ask for kms:Decrypt alone",
    "s3:AbortMultipartUpload": "no upload is given up half way",
    "s3:GetObjectVersion": "only uploads are read by their version",
    "kinesis:DescribeStream": TRIED_OUT,
    "kinesis:DescribeStreamSummary": TRIED_OUT,
    "sagemaker:StopTrainingJob": "no run is stopped while its job goes on",
    "sagemaker:StopTransformJob": "no run is stopped while its job goes on",
};

/** Why the rehearsal runs past what was taken out; undefined when nobody has said. */
export function findReason(id: string): string | undefined {
    const [resource = "", sid = "", action = ""] = id.split(" ");
    return KNOWN_NOT_EXERCISED[`${resource} ${sid}`] ?? KNOWN_ACTIONS[`${sid} ${action}`] ?? KNOWN_ACTIONS[action];
}
