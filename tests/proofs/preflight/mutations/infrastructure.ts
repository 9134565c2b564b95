/** What is wrong in buckets, keys, the network, functions and alarms. */
import { drop, inDocument, inStatement, loosen, set } from "../draft.ts";
import type { Fields } from "../draft.ts";
import type { PreflightMutation } from "../mutation.ts";

const LAMBDA_KEY = { name: "lambda-key", sid: "LogsUseKey" } as const;

export const infrastructureMutations: readonly PreflightMutation[] = [
    { rule: "F13", words: "the dashboard is gone", edits: [drop("dashboard")], where: "aws:cloudwatch/dashboard:Dashboard" },
    { rule: "F15", words: "a lifecycle rule without its filter", edits: [set("raw-lifecycle", "rules.0.filter", undefined)], where: "raw-lifecycle" },
    { rule: "F15", words: "infrequent access after 15 days", edits: [set("raw-lifecycle", "rules.1.transitions.0.days", 15)], where: "raw-lifecycle" },
    { rule: "F15", words: "objects that expire before they are archived", edits: [set("processed-lifecycle", "rules.1.expiration", { days: 60 })], where: "processed-lifecycle" },
    { rule: "F16", words: "a flow log without its role", stack: "staging", edits: [set("flow-logs-log", "iamRoleArn", undefined)], where: "flow-logs-log" },
    { rule: "F16", words: "a flow log whose destination is a bucket", stack: "staging", edits: [set("flow-logs-log", "logDestination", "arn:aws:s3:::firstlight-staging-logs")], where: "flow-logs-log" },
    {
        rule: "F27", words: "a table that is called the same in every environment", edits: [set("model-metadata-table", "name", "firstlight-model-metadata")],
        where: "model-metadata-table",
    },
    { rule: "F28", words: "a function that does not wait for its log group", edits: [loosen("health-function", "::health-logs")], where: "health-function" },
    {
        rule: "F28", words: "a state machine that does not wait for its role's policy", edits: [loosen("pipeline-state-machine", "::pipeline-policy")], where: "pipeline-state-machine",
        also: { F05: "the policy that it does not wait for is the one about log delivery" },
    },
    { rule: "F29", words: "no gateway endpoint for S3", stack: "staging", edits: [drop("s3-endpoint")], where: "network-private-1" },
    { rule: "F29", words: "a gateway endpoint on no route table", stack: "staging", edits: [set("dynamodb-endpoint", "routeTableIds", [])], where: "network-private-1" },
    {
        rule: "F34", words: "a handler that its zip does not hold", edits: [set("health-function", "handler", "main.handler")], where: "health-function",
    },
    { rule: "F34", words: "the hash of other code", edits: [set("health-function", "sourceCodeHash", "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=")], where: "health-function" },
    { rule: "F34", words: "a runtime that Lambda refuses", edits: [set("health-function", "runtime", "nodejs16.x")], where: "health-function" },
    {
        rule: "F36", words: "a policy that names another region", edits: [inStatement({ name: "inference-policy", sid: "ReadServing" }, (statement) => {
            statement["Resource"] = (statement["Resource"] as string[]).map((arn, index) => (index === 0 ? arn.replace("us-east-1", "eu-west-1") : arn));
        })], where: "inference-policy",
    },
    {
        rule: "F37", words: "a notification to a function without an ARN", edits: [set("pipeline-raw-events", "lambdaFunctions", [{ lambdaFunctionArn: "", events: ["s3:ObjectCreated:*"] }])],
        where: "pipeline-raw-events",
    },
    { rule: "F38", words: "a role that keeps what others attach to it", edits: [set("training-role", "forceDetachPolicies", false)], where: "training-role" },
    {
        rule: "F49", words: "a key that does not let CloudWatch in", edits: [inDocument("lambda-key", "policy", (document) => {
            document["Statement"] = (document["Statement"] as Fields[]).filter(({ Sid }) => Sid !== "CloudwatchUsesKey");
        })], where: "lambda-key",
    },
    {
        rule: "F50", words: "a key for the logs of another region", edits: [inStatement(LAMBDA_KEY, (statement) => {
            statement["Principal"] = { Service: ["logs.eu-west-1.amazonaws.com"] };
        })], where: "lambda-key",
    },
    {
        rule: "F50", words: "a key for log groups of other names", edits: [inStatement(LAMBDA_KEY, (statement) => {
            const arnLike = (statement["Condition"] as { ArnLike: Record<string, string[]> }).ArnLike;
            for (const [key, arns] of Object.entries(arnLike)) arnLike[key] = arns.filter((arn) => !arn.includes("/aws/lambda/"));
        })], where: "lambda-key",
    },
    { rule: "F60", words: "a stream whose bad batch is tried for ever", edits: [set("stream-event-source", "maximumRetryAttempts", undefined)], where: "stream-event-source" },
    { rule: "F60", words: "records that are given up and kept nowhere", edits: [set("stream-event-source", "destinationConfig", undefined)], where: "stream-event-source" },
    {
        rule: "F61", words: "access logs go to a bucket with a key of the account's", where: "logs-bucket",
        edits: [set("logs-encryption", "rules.0.applyServerSideEncryptionByDefault.sseAlgorithm", "aws:kms")],
    },
    { rule: "F62", words: "a latency in milliseconds", edits: [set("model-latency-champion-alarm", "threshold", 2000)], where: "model-latency-champion-alarm" },
    { rule: "F62", words: "the age of records in seconds", edits: [set("iterator-age-alarm", "threshold", 300)], where: "iterator-age-alarm" },
];
