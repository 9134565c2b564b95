/**
 * What the state machine and its triggers may do. Source:
 * https://docs.aws.amazon.com/step-functions/latest/dg/sagemaker-iam.html, with what that page leaves out said beside it.
 */
import { AB_TEST_ID, VARIANTS } from "../../lambdas/shared/documents.ts";
import type { Variant } from "../../lambdas/shared/documents.ts";
import type { Location } from "../context.ts";
import { eventRuleArn, executionArn, parameterArn, sagemakerArn } from "./arns.ts";
import { useKeyThrough } from "./encryption.ts";
import type { Statement } from "./policy.ts";

export interface PipelineScope {
    readonly location: Location;
    /** What the names of jobs and models begin with. */
    readonly jobPrefix: string;
    readonly stateMachineName: string;
    readonly parameterPath: string;
    readonly endpointNames: Readonly<Record<Variant, string>>;
    readonly functionArns: readonly string[];
    readonly trainingRoleArn: string;
    readonly servingRoleArn: string;
    readonly pipelineLeasesTableArn: string;
    readonly abTestsTableArn: string;
    readonly alertTopicArn: string;
    readonly dynamodbKeyArn: string;
    /** Key of the alert topic. */
    readonly alertKeyArn: string;
}

export function stateMachinePermissions(scope: PipelineScope): readonly Statement[] {
    return [
        ...turnPermissions(scope),
        { sid: "CallFunctions", actions: ["lambda:InvokeFunction"], resources: scope.functionArns.flatMap((arn) => [arn, `${arn}:*`]) },
        ...jobPermissions(scope),
        ...modelPermissions(scope),
        ...deploymentPermissions(scope),
        {
            sid: "PassRoles",
            actions: ["iam:PassRole"],
            resources: [scope.trainingRoleArn, scope.servingRoleArn],
            conditions: { StringEquals: { "iam:PassedToService": "sagemaker.amazonaws.com" } },
        },
        { sid: "Alert", actions: ["sns:Publish"], resources: [scope.alertTopicArn] },
        useKeyThrough("sns", scope.alertKeyArn, scope.location),
        deliverLogs(),
    ];
}

/** Leases, the turn, and whether its holder still runs. */
function turnPermissions(scope: PipelineScope): readonly Statement[] {
    return [
        { sid: "TakeLease", actions: ["dynamodb:PutItem"], resources: [scope.pipelineLeasesTableArn] },
        {
            sid: "HandOnTurn",
            actions: ["dynamodb:GetItem", "dynamodb:DeleteItem"],
            resources: [scope.pipelineLeasesTableArn],
            conditions: { "ForAllValues:StringEquals": { "dynamodb:LeadingKeys": ["turn"] } },
        },
        // Names of executions are EventBridge's: all those of this state machine.
        {
            sid: "AskForHolder",
            actions: ["states:DescribeExecution"],
            resources: [executionArn(scope.location, scope.stateMachineName, "*")],
        },
        useKeyThrough("dynamodb", scope.dynamodbKeyArn, scope.location),
    ];
}

/**
 * Names of what runs make: `<prefix>-<run id>-<a or b>-...`. Twelve question marks for the run id, and not a star: the stack `dev` must not
 * reach what belongs to the stack `dev-a`.
 */
function runArns({ location, jobPrefix }: PipelineScope, kind: Parameters<typeof sagemakerArn>[1]): readonly string[] {
    return ["a", "b"].map((letter) => sagemakerArn(location, kind, `${jobPrefix}-${"?".repeat(12)}-${letter}-*`));
}

function jobPermissions(scope: PipelineScope): readonly Statement[] {
    const trainingJobs = runArns(scope, "training-job");
    const transformJobs = runArns(scope, "transform-job");
    return [
        {
            sid: "RunTraining",
            actions: ["sagemaker:CreateTrainingJob", "sagemaker:DescribeTrainingJob", "sagemaker:StopTrainingJob"],
            resources: trainingJobs,
        },
        {
            sid: "RunTransform",
            actions: ["sagemaker:CreateTransformJob", "sagemaker:DescribeTransformJob", "sagemaker:StopTransformJob"],
            resources: transformJobs,
        },
        {
            // Not on AWS's page, but a .sync job fails without it: Step Functions tags the job. https://github.com/aws/aws-cdk/issues/32294
            sid: "TagJobs",
            actions: ["sagemaker:AddTags"],
            resources: [...trainingJobs, ...transformJobs],
        },
        {
            // Step Functions lists tags before the job has a name to narrow this to.
            sid: "ListTags",
            actions: ["sagemaker:ListTags"],
            resources: ["*"],
        },
        {
            sid: "HearOfJobs",
            actions: ["events:PutTargets", "events:PutRule", "events:DescribeRule"],
            resources: [
                eventRuleArn(scope.location, "StepFunctionsGetEventsForSageMakerTrainingJobsRule"),
                eventRuleArn(scope.location, "StepFunctionsGetEventsForSageMakerTransformJobsRule"),
            ],
        },
    ];
}

function modelPermissions(scope: PipelineScope): readonly Statement[] {
    return [{
        sid: "MakeModels",
        actions: ["sagemaker:CreateModel", "sagemaker:DeleteModel", "sagemaker:AddTags"],
        resources: runArns(scope, "model"),
    }];
}

/** Deploying: what to deploy, the drain, and another configuration for an endpoint that is there. */
function deploymentPermissions(scope: PipelineScope): readonly Statement[] {
    const { location, parameterPath, jobPrefix } = scope;
    const endpoints = VARIANTS.map((variant) => sagemakerArn(location, "endpoint", scope.endpointNames[variant]));
    return [
        {
            sid: "ReadParameters",
            actions: ["ssm:GetParameter"],
            resources: ["settings", ...VARIANTS.map((variant) => `approved-${variant}`)].map(
                (name) => parameterArn(location, `${parameterPath}/${name}`),
            ),
        },
        {
            sid: "Drain",
            actions: ["dynamodb:UpdateItem"],
            resources: [scope.abTestsTableArn],
            conditions: { "ForAllValues:StringEquals": { "dynamodb:LeadingKeys": [AB_TEST_ID] } },
        },
        {
            sid: "MakeConfigurations",
            actions: ["sagemaker:CreateEndpointConfig", "sagemaker:AddTags"],
            resources: runArns(scope, "endpoint-config"),
        },
        { sid: "LookAtEndpoints", actions: ["sagemaker:DescribeEndpoint"], resources: endpoints },
        {
            // SageMaker asks for both. The configurations by their prefix: one may be put back that the program made, under a name of the
            // provider's.
            sid: "UpdateEndpoints",
            actions: ["sagemaker:UpdateEndpoint"],
            resources: [...endpoints, sagemakerArn(location, "endpoint-config", `${jobPrefix}-*`)],
        },
    ];
}

/** All eight on `*`: log deliveries and resource policies have no ARN. https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html */
function deliverLogs(): Statement {
    return {
        sid: "DeliverLogs",
        actions: [
            "logs:CreateLogDelivery",
            "logs:GetLogDelivery",
            "logs:UpdateLogDelivery",
            "logs:DeleteLogDelivery",
            "logs:ListLogDeliveries",
            "logs:PutResourcePolicy",
            "logs:DescribeResourcePolicies",
            "logs:DescribeLogGroups",
        ],
        resources: ["*"],
    };
}

/** A rule's role starts this state machine, and no other. */
export function triggerPermissions(stateMachineArn: string): readonly Statement[] {
    return [{ sid: "StartPipeline", actions: ["states:StartExecution"], resources: [stateMachineArn] }];
}
