/**
 * What the field reports asked for: types of resources, how many of each at least, and which outputs name them. Read by preflight (F13), by
 * the unit tests (F35) and by the test of the outputs (F30), so that the program, its tests and its outputs cannot drift apart. A part that
 * is added to the platform adds its rows.
 */
import type { PlatformOutputs } from "../outputs.ts";

/** One part of what was asked for. */
export interface Requirement {
    /** In words, as a report would have it. */
    readonly what: string;
    /** Type token of Pulumi. */
    readonly type: string;
    /** Fewer are not what was asked for; more are. */
    readonly count: number;
    /** Whether it is there only with endpoints on. @default false */
    readonly isServing?: true;
    /** Outputs that name them. */
    readonly outputs?: readonly (keyof PlatformOutputs)[];
    /** Why no output names them. Given where `outputs` is not. */
    readonly isInternal?: string;
}

/** From the requirements that the reports share; each part of the platform that does not exist yet brings its own. */
export const requirements: readonly Requirement[] = [
    {
        what: "buckets: raw, processed, models, logs", type: "aws:s3/bucket:Bucket", count: 4,
        outputs: ["rawBucketName", "processedBucketName", "modelsBucketName", "logsBucketName"],
    },
    {
        what: "tables: model metadata, training metrics, A/B tests", type: "aws:dynamodb/table:Table", count: 3,
        outputs: [
            "modelMetadataTableName", "trainingMetricsTableName", "abTestsTableName", "pipelineLeasesTableName",
            "streamCheckpointsTableName",
        ],
    },
    {
        what: "keys: S3, DynamoDB, SageMaker, Kinesis, Lambda", type: "aws:kms/key:Key", count: 5,
        isInternal: "whoever may read the data may use its key; nobody names one",
    },
    { what: "the stream", type: "aws:kinesis/stream:Stream", count: 1, outputs: ["streamName"] },
    {
        what: "the queue for what the stream's reader could not use", type: "aws:sqs/queue:Queue", count: 1,
        outputs: ["deadLetterQueueUrl"],
    },
    {
        what: "functions of the pipeline, the stream and the API", type: "aws:lambda/function:Function", count: 4,
        isInternal: "called through the API, the stream and the pipeline",
    },
    { what: "the API", type: "aws:apigatewayv2/api:Api", count: 1, outputs: ["apiUrl"] },
    { what: "the training pipeline", type: "aws:sfn/stateMachine:StateMachine", count: 1, outputs: ["stateMachineArn"] },
    {
        what: "rules that start training: by schedule and by new data", type: "aws:cloudwatch/eventRule:EventRule", count: 2,
        isInternal: "they only start the pipeline",
    },
    { what: "log groups with a retention", type: "aws:cloudwatch/logGroup:LogGroup", count: 6, isInternal: "the dashboard leads to them" },
    {
        what: "alarms", type: "aws:cloudwatch/metricAlarm:MetricAlarm", count: 4,
        isInternal: "the dashboard shows them, and the topic tells of them",
    },
    { what: "the dashboard", type: "aws:cloudwatch/dashboard:Dashboard", count: 1, outputs: ["dashboardName"] },
    { what: "the topic for alerts", type: "aws:sns/topic:Topic", count: 1, outputs: ["alertTopicArn"] },
    {
        what: "endpoints: champion and challenger", type: "aws:sagemaker/endpoint:Endpoint", count: 2, isServing: true,
        outputs: ["endpointNames", "modelVersions"],
    },
];

/** What is built instead of the serverless platform that was asked for: machines that somebody has to keep. By type: in place of what. */
export const forbiddenTypes: Readonly<Record<string, string>> = {
    "aws:ec2/instance:Instance": "functions, jobs and containers",
    "aws:ec2/launchTemplate:LaunchTemplate": "functions, jobs and containers",
    "aws:ec2/spotInstanceRequest:SpotInstanceRequest": "functions, jobs and containers",
    "aws:autoscaling/group:Group": "functions and containers that scale by themselves",
    "aws:elasticbeanstalk/environment:Environment": "functions and containers",
    "aws:sagemaker/notebookInstance:NotebookInstance": "the training pipeline",
};
