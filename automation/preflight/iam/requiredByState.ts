/** What a state machine's role needs for one of its states. */
import { parametersOf } from "../planReading/definitions.ts";
import type { StateFields, StateReading } from "../planReading/definitions.ts";
import type { Place } from "../planReading/place.ts";
import type { RequiredAction } from "./allowance.ts";

/** `arn:aws:states:::sagemaker:createTrainingJob.sync`, `arn:aws:states:::aws-sdk:sfn:describeExecution`. */
const INTEGRATION = /^arn:[^:]*:states:::(?:aws-sdk:)?([a-z0-9]+):([A-Za-z0-9]+)(\.sync)?/;
const FUNCTION_ARN = /^arn:[^:]*:lambda:[^:]*:\d{12}:function:/;
/** IAM prefixes that are not the integration's own name. */
const PREFIXES: Readonly<Record<string, string>> = {
    sfn: "states", eventbridge: "events", cloudwatchlogs: "logs", elasticloadbalancingv2: "elasticloadbalancing", sesv2: "ses",
    sagemakerruntime: "sagemaker", bedrockruntime: "bedrock", cognitoidentityprovider: "cognito-idp", rdsdata: "rds-data",
};
/** Calls whose action has another name. */
const RENAMED: Readonly<Record<string, string>> = {
    "lambda:Invoke": "lambda:InvokeFunction", "s3:ListObjectsV2": "s3:ListBucket", "s3:ListObjects": "s3:ListBucket",
    "s3:HeadObject": "s3:GetObject", "s3:HeadBucket": "s3:ListBucket", "s3:ListBuckets": "s3:ListAllMyBuckets",
    "s3:DeleteObjects": "s3:DeleteObject", "s3:ListObjectVersions": "s3:ListBucketVersions", "apigateway:Invoke": "execute-api:Invoke",
    "http:Invoke": "states:InvokeHTTPEndpoint",
};

/** How Step Functions waits for jobs: what it asks and stops, and the rule by which it hears of the end. */
const WAITING: Readonly<Record<string, { readonly actions: readonly string[]; readonly rule?: string }>> = {
    // https://docs.aws.amazon.com/step-functions/latest/dg/sagemaker-iam.html
    "sagemaker:CreateTrainingJob": {
        actions: ["sagemaker:DescribeTrainingJob", "sagemaker:StopTrainingJob"], rule: "SageMakerTrainingJobsRule",
    },
    "sagemaker:CreateTransformJob": {
        actions: ["sagemaker:DescribeTransformJob", "sagemaker:StopTransformJob"], rule: "SageMakerTransformJobsRule",
    },
    "sagemaker:CreateProcessingJob": {
        actions: ["sagemaker:DescribeProcessingJob", "sagemaker:StopProcessingJob"], rule: "SageMakerProcessingJobsRule",
    },
    "sagemaker:CreateHyperParameterTuningJob": {
        actions: ["sagemaker:DescribeHyperParameterTuningJob", "sagemaker:StopHyperParameterTuningJob"], rule: "SageMakerTuningJobsRule",
    },
    // https://docs.aws.amazon.com/step-functions/latest/dg/connect-stepfunctions.html#sync-async-iam-policies
    "states:StartExecution": { actions: ["states:DescribeExecution", "states:StopExecution"], rule: "StepFunctionsExecutionRule" },
    // https://docs.aws.amazon.com/step-functions/latest/dg/connect-ecs.html, .../connect-batch.html, .../connect-glue.html
    "ecs:RunTask": { actions: ["ecs:StopTask", "ecs:DescribeTasks"], rule: "ECSTaskRule" },
    "batch:SubmitJob": { actions: ["batch:DescribeJobs", "batch:TerminateJob"], rule: "BatchJobsRule" },
    "glue:StartJobRun": { actions: ["glue:GetJobRun", "glue:GetJobRuns", "glue:BatchStopJobRun"] },
};
const HEARING = ["events:PutTargets", "events:PutRule", "events:DescribeRule"];

/** Services to which a state hands over a role that it names. */
const TAKING_ROLES = ["sagemaker", "scheduler", "events"];

/** What is made under a name that the state gives, and the kind of its ARN. */
const NAMED: Readonly<Record<string, readonly [property: string, kind: string]>> = {
    "sagemaker:CreateTrainingJob": ["TrainingJobName", "training-job"], "sagemaker:CreateTransformJob": ["TransformJobName", "transform-job"],
    "sagemaker:CreateProcessingJob": ["ProcessingJobName", "processing-job"], "sagemaker:CreateModel": ["ModelName", "model"],
    "sagemaker:CreateEndpointConfig": ["EndpointConfigName", "endpoint-config"],
};

/** @param place where the state machine is; undefined when nothing in the plan says it: then no ARN is built */
export function requiredByState({ name, fields }: StateReading, place: Place | undefined): readonly RequiredAction[] {
    const resource = String(fields["Resource"] ?? "");
    return [
        ...(FUNCTION_ARN.test(resource) ? [{ action: "lambda:InvokeFunction", on: resource, because: `${name} calls it` }] : []),
        ...requiredByCall(resource, { name, fields, place }),
        ...requiredByMap(name, fields),
    ];
}

interface Call extends StateReading { readonly place: Place | undefined }

function requiredByCall(resource: string, { name, fields, place }: Call): readonly RequiredAction[] {
    const [, service, call = "", sync] = INTEGRATION.exec(resource) ?? [];
    if (service === undefined) return [];
    const written = `${PREFIXES[service] ?? service}:${call.charAt(0).toUpperCase()}${call.slice(1)}`;
    const action = RENAMED[written] ?? written;
    const parameters = parametersOf({ name, fields });
    return [
        { action, ...targetOf(action, parameters, place), because: `${name} calls it` },
        ...passedRoles(service, parameters).map((each) => ({ ...each, because: `${name} hands over the role` })),
        ...(sync === undefined ? [] : waitFor(action, place).map((each) => ({ ...each, because: `${name} waits for its job` }))),
    ];
}

function passedRoles(service: string, parameters: StateFields): readonly Omit<RequiredAction, "because">[] {
    const roles = [parameters["RoleArn"], parameters["ExecutionRoleArn"]].filter((role) => typeof role === "string");
    const services = TAKING_ROLES.includes(service) ? [`${service}.amazonaws.com`, `${service}.amazonaws.com.cn`] : undefined;
    const context = services === undefined ? {} : { context: { "iam:passedtoservice": services } };
    return roles.map((role) => ({ action: "iam:PassRole", ...known(role), ...context }));
}

function waitFor(action: string, place: Place | undefined): readonly Omit<RequiredAction, "because">[] {
    const { actions = [], rule } = WAITING[action] ?? {};
    const on = place && `arn:${place.partition}:events:${place.region}:${place.account}:rule/StepFunctionsGetEventsFor${rule}`;
    return [
        ...actions.map((each) => ({ action: each })),
        ...(rule === undefined ? [] : HEARING.map((each) => ({ action: each, ...(on === undefined ? {} : { on }) }))),
    ];
}

/** What a call is made on, as far as the state says it. */
function targetOf(action: string, parameters: StateFields, place: Place | undefined): { on?: string } {
    const given = known(parameters["FunctionName"] ?? parameters["TopicArn"] ?? parameters["StateMachineArn"]);
    if (given.on !== undefined || place === undefined) return given;
    const own = (service: string, resource: string): { on: string } => (
        { on: `arn:${place.partition}:${service}:${place.region}:${place.account}:${resource}` });
    const table = parameters["TableName"];
    if (action.startsWith("dynamodb:") && isName(table)) return own("dynamodb", `table/${table}`);
    const [property = "", kind] = NAMED[action] ?? [];
    // SageMaker writes names in lower case into ARNs.
    const name = kind === undefined ? undefined : nameOf(parameters, property);
    return name === undefined ? {} : own("sagemaker", `${kind}/${name}`);
}

function isName(value: unknown): value is string {
    return typeof value === "string" && /^[\w.-]+$/.test(value);
}

/** A plain name, or `States.Format('dev-{}', $.runId)` with `${x}` for what the run fills in. */
function nameOf(parameters: StateFields, property: string): string | undefined {
    const plain = parameters[property];
    if (isName(plain)) return plain.toLowerCase();
    const [, format] = /^States\.Format\('([^'\\]*)'/.exec(String(parameters[`${property}.$`] ?? "")) ?? [];
    return format?.toLowerCase().replaceAll("{}", "${x}");
}

/** A distributed map starts executions of its own machine. https://docs.aws.amazon.com/step-functions/latest/dg/iam-policies-eg-dist-map.html */
function requiredByMap(name: string, fields: StateFields): readonly RequiredAction[] {
    const { Mode } = ((fields["ItemProcessor"] as StateFields | undefined)?.["ProcessorConfig"] ?? {}) as StateFields;
    const [reads, writes] = [fields["ItemReader"], fields["ResultWriter"]].map((part) => (
        INTEGRATION.exec(String((part as StateFields | undefined)?.["Resource"] ?? ""))?.[2]));
    return [
        ...(Mode === "DISTRIBUTED" ? [{ action: "states:StartExecution", because: `${name} starts an execution for each batch` }] : []),
        ...(reads === undefined ? [] : [{ action: reads === "listObjectsV2" ? "s3:ListBucket" : "s3:GetObject", because: `${name} reads its items` }]),
        ...(writes === undefined ? [] : [{ action: "s3:PutObject", because: `${name} writes its results` }]),
    ];
}

/** An ARN, when it is one. A JSONata or JSONPath expression is none, and a topic's ARN may have come from its policy. */
export function known(value: unknown): { on?: string } {
    return typeof value === "string" && value.startsWith("arn:") ? { on: value } : {};
}
