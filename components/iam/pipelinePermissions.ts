/**
 * What the state machine and its trigger may do. Source:
 * https://docs.aws.amazon.com/step-functions/latest/dg/sagemaker-iam.html, with what that page leaves out said beside it.
 */
import type { Location } from "../context.ts";
import { eventRuleArn, sagemakerArn } from "./arns.ts";
import { useKeyThrough } from "./encryption.ts";
import type { Statement } from "./policy.ts";

export interface PipelineScope {
    readonly location: Location;
    /** What the names of jobs and models begin with. */
    readonly jobPrefix: string;
    readonly functionArns: readonly string[];
    readonly trainingRoleArn: string;
    readonly pipelineLeasesTableArn: string;
    readonly alertTopicArn: string;
    readonly dynamodbKeyArn: string;
    /** Key of the alert topic. */
    readonly alertKeyArn: string;
}

export function stateMachinePermissions(scope: PipelineScope): readonly Statement[] {
    return [
        { sid: "TakeLease", actions: ["dynamodb:PutItem"], resources: [scope.pipelineLeasesTableArn] },
        useKeyThrough("dynamodb", scope.dynamodbKeyArn, scope.location),
        { sid: "CallFunctions", actions: ["lambda:InvokeFunction"], resources: scope.functionArns.flatMap((arn) => [arn, `${arn}:*`]) },
        ...jobPermissions(scope),
        ...modelPermissions(scope),
        {
            sid: "PassTrainingRole",
            actions: ["iam:PassRole"],
            resources: [scope.trainingRoleArn],
            conditions: { StringEquals: { "iam:PassedToService": "sagemaker.amazonaws.com" } },
        },
        { sid: "Alert", actions: ["sns:Publish"], resources: [scope.alertTopicArn] },
        useKeyThrough("sns", scope.alertKeyArn, scope.location),
        deliverLogs(),
    ];
}

function jobPermissions({ location, jobPrefix }: PipelineScope): readonly Statement[] {
    const trainingJobs = sagemakerArn(location, "training-job", `${jobPrefix}-*`);
    const transformJobs = sagemakerArn(location, "transform-job", `${jobPrefix}-*`);
    return [
        {
            sid: "RunTraining",
            actions: ["sagemaker:CreateTrainingJob", "sagemaker:DescribeTrainingJob", "sagemaker:StopTrainingJob"],
            resources: [trainingJobs],
        },
        {
            sid: "RunTransform",
            actions: ["sagemaker:CreateTransformJob", "sagemaker:DescribeTransformJob", "sagemaker:StopTransformJob"],
            resources: [transformJobs],
        },
        {
            // Not on AWS's page, but a .sync job fails without it: Step Functions tags the job. https://github.com/aws/aws-cdk/issues/32294
            sid: "TagJobs",
            actions: ["sagemaker:AddTags"],
            resources: [trainingJobs, transformJobs],
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
                eventRuleArn(location, "StepFunctionsGetEventsForSageMakerTrainingJobsRule"),
                eventRuleArn(location, "StepFunctionsGetEventsForSageMakerTransformJobsRule"),
            ],
        },
    ];
}

function modelPermissions({ location, jobPrefix }: PipelineScope): readonly Statement[] {
    return [{
        sid: "MakeCandidate",
        actions: ["sagemaker:CreateModel", "sagemaker:DeleteModel", "sagemaker:AddTags"],
        resources: [sagemakerArn(location, "model", `${jobPrefix}-*`)],
    }];
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

/** The rule's role starts this state machine, and no other. */
export function triggerPermissions(stateMachineArn: string): readonly Statement[] {
    return [{ sid: "StartPipeline", actions: ["states:StartExecution"], resources: [stateMachineArn] }];
}
