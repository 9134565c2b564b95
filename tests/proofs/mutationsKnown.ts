/** What is known to go unnoticed, and why. Neither list may grow without somebody writing down a reason. */

/** Mutations that no judge sees, by id. */
export const KNOWN_GREEN: Readonly<Record<string, string>> = {};

const ENVIRONMENT = "the rehearsal cloud hands functions their environment without asking the key";
const TLS = "loopback counts as TLS in the rehearsal cloud, so the refusal never has anything to refuse";
const IMAGE = "the rehearsal cloud runs containers' code without a registry";
const WATCHING = "a job or endpoint works without its log and its metrics";
const ALERT = "no training run fails in a rehearsal, nor in a failure on demand, so no alert is sent";
const LOCKOUT = "the rehearsal cloud takes a key's policy that shuts out the account, which AWS refuses";
const WITHIN = "one of several actions, of which the rehearsal's clients call another";

/** Permissions that the rehearsal runs past, by id: a unit test alone, which repeats what the program says, stands for them. */
export const KNOWN_NOT_EXERCISED: Readonly<Record<string, string>> = {
    "sagemaker-key AccountOwnsKey": LOCKOUT,
    "lambda-key AccountOwnsKey": LOCKOUT,
    "validate-data-policy DecryptEnvironment": ENVIRONMENT,
    "preprocess-data-policy DecryptEnvironment": ENVIRONMENT,
    "evaluate-model-policy DecryptEnvironment": ENVIRONMENT,
    "register-model-policy DecryptEnvironment": ENVIRONMENT,
    "inference-policy DecryptEnvironment": ENVIRONMENT,
    "health-policy DecryptEnvironment": ENVIRONMENT,
    "raw-policy DenyWithoutTls": TLS,
    "processed-policy DenyWithoutTls": TLS,
    "models-policy DenyWithoutTls": TLS,
    "training-policy GrantDisks": "the rehearsal cloud's machines have no disks of their own",
    "training-policy EncryptDisks": "the rehearsal cloud's machines have no disks of their own",
    "training-policy ListArtifacts": "only spot training lists its checkpoints, and the development stack trains on demand",
    "training-policy EnterRegistry": IMAGE,
    "training-policy PullImage": IMAGE,
    "training-policy WriteLogs": WATCHING,
    "training-policy PutMetrics": WATCHING,
    "serving-policy EnterRegistry": IMAGE,
    "serving-policy PullImage": IMAGE,
    "serving-policy WriteLogs": WATCHING,
    "serving-policy PutMetrics": WATCHING,
    "pipeline-policy ListTags": "Step Functions lists tags behind the scenes, the rehearsal cloud's does not",
    "pipeline-policy Alert": ALERT,
    "pipeline-policy UseKeyThroughSns": ALERT,
    "pipeline-policy UseKeyThroughSns kms:ReEncrypt*": ALERT,
    "serving-policy PullImage ecr:BatchCheckLayerAvailability": IMAGE,
    "training-policy ReadArtifacts s3:GetObjectVersion": WITHIN,
    "register-model-policy UseKeyThroughS3 kms:DescribeKey": WITHIN,
};
