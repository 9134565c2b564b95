/** Types that are called by a name which the program gives and which exists once: a create meets whatever has that name already. */

export interface UniqueName {
    /** Input that holds the name. */
    readonly property: string;
    /** What is asked to see whether the name is free. */
    readonly action: string;
    /** Set where a create takes over what has the name, without a word. */
    readonly overwrites?: true;
}

/**
 * By type token. Every other type gets an id from its service, or a name from Pulumi, so that a second one is made beside the first.
 * Endpoints are missing on purpose: what their name needs is a matter of its own (F02). What overwrites:
 * https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutRule.html,
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html and API_PutDashboard.html beside it.
 */
export const uniqueNames: Readonly<Record<string, UniqueName>> = {
    "aws:budgets/budget:Budget": { property: "name", action: "budgets:ViewBudget" },
    "aws:cloudwatch/dashboard:Dashboard": { property: "dashboardName", action: "cloudwatch:GetDashboard", overwrites: true },
    "aws:cloudwatch/eventRule:EventRule": { property: "name", action: "events:DescribeRule", overwrites: true },
    "aws:cloudwatch/logGroup:LogGroup": { property: "name", action: "logs:DescribeLogGroups" },
    "aws:cloudwatch/metricAlarm:MetricAlarm": { property: "name", action: "cloudwatch:DescribeAlarms", overwrites: true },
    "aws:dynamodb/table:Table": { property: "name", action: "dynamodb:DescribeTable" },
    "aws:iam/role:Role": { property: "name", action: "iam:GetRole" },
    "aws:kinesis/stream:Stream": { property: "name", action: "kinesis:DescribeStreamSummary" },
    "aws:kms/alias:Alias": { property: "name", action: "kms:DescribeKey" },
    "aws:lambda/function:Function": { property: "name", action: "lambda:GetFunction" },
    "aws:s3/bucket:Bucket": { property: "bucket", action: "s3:GetBucketTagging" },
    "aws:sfn/stateMachine:StateMachine": { property: "name", action: "states:ListStateMachines" },
    "aws:sns/topic:Topic": { property: "name", action: "sns:ListTopics" },
    "aws:sqs/queue:Queue": { property: "name", action: "sqs:GetQueueUrl" },
    "aws:ssm/parameter:Parameter": { property: "name", action: "ssm:DescribeParameters" },
};
