/** What is wrong in roles and their policies. */
import { inDocument, inStatement, set } from "../draft.ts";
import type { Fields } from "../draft.ts";
import type { PreflightMutation } from "../mutation.ts";

const POLICY = "pipeline-policy";

/** Without what matches. */
function without(property: "Action" | "Resource", pattern: RegExp): (statement: Fields) => void {
    return (statement) => { statement[property] = (statement[property] as string[]).filter((value) => !pattern.test(value)); };
}

export const accessMutations: readonly PreflightMutation[] = [
    {
        rule: "F05", words: "log delivery without one of its eight actions", where: "pipeline-state-machine",
        edits: [inStatement({ name: POLICY, sid: "DeliverLogs" }, without("Action", /ListLogDeliveries/))],
    },
    { rule: "F06", words: "every action of a service", where: "inference-policy", edits: [inStatement({ name: "inference-policy", sid: "ReadSchema" }, (statement) => { statement["Action"] = ["s3:*"]; })] },
    { rule: "F06", words: "a role that may be passed to any service", where: POLICY, edits: [inStatement({ name: POLICY, sid: "PassRoles" }, (statement) => { delete statement["Condition"]; })] },
    { rule: "F42", words: "training jobs that the role may not tag", where: "pipeline-state-machine", edits: [inStatement({ name: POLICY, sid: "TagJobs" }, without("Resource", /training-job/))] },
    {
        rule: "F48", words: "an endpoint's name with a capital letter", where: "inference-policy",
        edits: [inStatement({ name: "inference-policy", sid: "Ask" }, (statement) => {
            statement["Resource"] = (statement["Resource"] as string[]).map((arn, index) => (index === 0 ? arn.replace("endpoint/firstlight", "endpoint/Firstlight") : arn));
        })],
    },
    { rule: "F55", words: "a role that is called the same in every region", where: "training-role", edits: [set("training-role", "name", "firstlight-dev-training")] },
    { rule: "F71", words: "a misspelt action", where: "inference-policy", edits: [inStatement({ name: "inference-policy", sid: "ReadSchema" }, (statement) => { statement["Action"] = ["s3:GetObject", "s3:GetObjectVersions"]; })] },
    {
        rule: "F71", words: "a listing of a bucket allowed on its objects", where: "inference-policy",
        edits: [inStatement({ name: "inference-policy", sid: "ReadSchema" }, (statement) => { statement["Action"] = ["s3:GetObject", "s3:ListBucket"]; })],
    },
    {
        rule: "F72", words: "a role that the jobs of any account may take", where: "training-role",
        edits: [inDocument("training-role", "assumeRolePolicy", (document) => { for (const statement of document["Statement"] as Fields[]) delete statement["Condition"]; })],
    },
    { rule: "F72", words: "a function that any API may call", where: "api-models-permission", edits: [set("api-models-permission", "sourceArn", undefined)] },
    { rule: "F73", words: "a function that the pipeline may not call", where: "pipeline-state-machine", edits: [inStatement({ name: POLICY, sid: "CallFunctions" }, without("Resource", /select-data/))] },
    { rule: "F73", words: "an event source that may not list the shards", where: "stream-event-source", edits: [inDocument("stream-consumer-policy", "policy", (document) => {
        for (const statement of document["Statement"] as Fields[]) without("Action", /ListShards/)(statement);
    })] },
];
