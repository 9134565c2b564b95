/** For each mutation: what must be made again for it to count, and the stage in which it does. */
import type { Mutation } from "./mutation.ts";
import type { StageName } from "./stages.ts";

export interface ResourceName {
    readonly name: string;
    readonly type: string;
}

export interface Occasion {
    /** Made again with the mutation in place, because the cloud looks then, or because a function would go by what it remembers. */
    readonly madeAgain: readonly ResourceName[];
    readonly stage: StageName;
}

const TARGET = "aws:cloudwatch/eventTarget:EventTarget";
const FUNCTION = "aws:lambda/function:Function";

/** By what the role's name begins with; the rest act in a training run. */
const STAGE_OF_ROLE: Readonly<Record<string, StageName>> = {
    "inference": "inference", "health": "health", "models": "registry", "ab-tests": "registry", "stream-consumer": "stream",
    "select-data": "scheduled-run", "pipeline-schedule": "schedule",
};

/** Statements that act on another occasion than the rest of their policy. */
const STAGE_OF_STATEMENT: Readonly<Record<string, StageName>> = {
    "ab-tests-policy ChangeAbTest": "weights",
    "ab-tests-policy UseKeyThroughDynamodb": "weights",
    "stream-consumer-policy WriteGivenUp": "given-up",
    "stream-consumer-policy FindBucket": "given-up",
    "pipeline-policy Alert": "failing-run",
    "pipeline-policy UseKeyThroughSns": "failing-run",
    "alerts-topic-policy AlarmsSend": "alarm",
    "alerts-topic-policy BudgetSends": "alarm",
    "alerts-topic-policy RulesSend": "failing-run",
    "lambda-key CloudwatchUsesKey": "alarm",
    "lambda-key BudgetsUsesKey": "alarm",
    "lambda-key EventsUsesKey": "failing-run",
    "lambda-key LogsUseKey": "make",
};

/** Roles, keys and buckets that the cloud tries out when something else is made: that is made again. Roles without a function have an entry too. */
const TRIED_OUT_WITH: Readonly<Record<string, readonly ResourceName[]>> = {
    "pipeline": [{ name: "pipeline-state-machine", type: "aws:sfn/stateMachine:StateMachine" }],
    "pipeline-trigger": [{ name: "pipeline-upload-target", type: TARGET }],
    "pipeline-schedule": [{ name: "pipeline-schedule-target", type: TARGET }],
    "logs": ["raw", "processed", "models"].map((part) => ({ name: `${part}-access-logging`, type: "aws:s3/bucketLogging:BucketLogging" })),
    "lambda": [{ name: "health-logs", type: "aws:cloudwatch/logGroup:LogGroup" }],
    "flow-logs": [],
    "training": [],
    "serving": [],
};

/** What acts only when it is made: a bucket's policy about access logs, a key's about log groups, a trust that is judged then. */
const ACTS_WHEN_MADE = ["pipeline-role", "pipeline-trigger-role", "pipeline-schedule-role", "logs-policy"];
/** Also of the bucket for models, whose policy has the same name as that of the function `models`. */
const POLICY_OF_BUCKET = "aws:s3/bucketPolicy:BucketPolicy";
const POLICY_OF_ROLE = "aws:iam/rolePolicy:RolePolicy";
const ROLE = "aws:iam/role:Role";

/** Roles of which nothing else is said act in a training run, with a function that is started anew. */
export function findOccasion(mutation: Mutation): Occasion {
    const { change, resource, type } = mutation;
    const owner = resource.replace(/-(policy|role|key)$/, "");
    const sid = change.op === "set" ? "" : change.sid;
    const stage = STAGE_OF_STATEMENT[`${resource} ${sid}`] ?? findStage(mutation, owner);
    const isOfRole = type === POLICY_OF_ROLE || type === ROLE;
    const hasFunction = isOfRole && TRIED_OUT_WITH[owner] === undefined;
    return { stage, madeAgain: hasFunction ? [{ name: `${owner}-function`, type: FUNCTION }] : TRIED_OUT_WITH[owner] ?? [] };
}

function findStage({ resource, type }: Mutation, owner: string): StageName {
    if (ACTS_WHEN_MADE.includes(resource) || resource.endsWith("-key") || resource.endsWith("-endpoint") || owner === "flow-logs") return "make";
    if (type === POLICY_OF_BUCKET) return "inference";
    return STAGE_OF_ROLE[owner] ?? "train";
}
