/** What keeps data secret, whole or traceable, and failures told; and how each is weakened. */
import type { Change } from "./mutation.ts";

export type SetChange = Omit<Extract<Change, { op: "set" }>, "op">;

/** Where the jobs of a variant stand in the state machine's definition. */
const VARIANT_STATES = ["States", "TrainVariants", "ItemProcessor", "States"];

/** By type of the resource. */
export const PROTECTIONS: Readonly<Record<string, readonly SetChange[]>> = {
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": [
        { path: ["rules", 0] },
        { path: ["rules", 0, "applyServerSideEncryptionByDefault", "kmsMasterKeyId"] },
        { path: ["rules", 0, "applyServerSideEncryptionByDefault", "sseAlgorithm"], value: "AES256" },
        { path: ["rules", 0, "bucketKeyEnabled"], value: false },
    ],
    "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": [
        { path: ["blockPublicAcls"], value: false },
        { path: ["blockPublicPolicy"], value: false },
        { path: ["ignorePublicAcls"], value: false },
        { path: ["restrictPublicBuckets"], value: false },
    ],
    "aws:s3/bucketOwnershipControls:BucketOwnershipControls": [{ path: ["rule", "objectOwnership"], value: "ObjectWriter" }],
    "aws:s3/bucketVersioning:BucketVersioning": [{ path: ["versioningConfiguration", "status"], value: "Suspended" }],
    "aws:s3/bucketLogging:BucketLogging": [{ path: ["targetPrefix"], value: "" }],
    "aws:s3/bucketNotification:BucketNotification": [{ path: ["eventbridge"], value: false }],
    "aws:dynamodb/table:Table": [
        { path: ["serverSideEncryption"] },
        { path: ["serverSideEncryption", "kmsKeyArn"] },
        { path: ["pointInTimeRecovery", "enabled"], value: false },
    ],
    "aws:cloudwatch/logGroup:LogGroup": [{ path: ["kmsKeyId"] }],
    "aws:lambda/function:Function": [{ path: ["kmsKeyArn"] }],
    "aws:lambda/eventSourceMapping:EventSourceMapping": [
        { path: ["bisectBatchOnFunctionError"], value: false },
        { path: ["functionResponseTypes"] },
        { path: ["maximumRetryAttempts"] },
        { path: ["maximumRecordAgeInSeconds"] },
        { path: ["destinationConfig"] },
        { path: ["startingPosition"], value: "LATEST" },
        { path: ["parallelizationFactor"], value: 10 },
    ],
    "aws:kinesis/stream:Stream": [{ path: ["encryptionType"], value: "NONE" }, { path: ["kmsKeyId"] }],
    "aws:sqs/queue:Queue": [{ path: ["kmsMasterKeyId"] }],
    "aws:lambda/permission:Permission": [{ path: ["sourceArn"] }],
    "aws:sns/topic:Topic": [{ path: ["kmsMasterKeyId"] }],
    "aws:cloudwatch/metricAlarm:MetricAlarm": [{ path: ["alarmActions"] }, { path: ["okActions"] }],
    "aws:cloudwatch/eventTarget:EventTarget": [{ path: ["arn"], value: "arn:aws:sns:us-east-1:111122223333:another-topic" }],
    "aws:cloudwatch/eventRule:EventRule": [{ path: ["eventPattern"], value: "{}" }, { path: ["scheduleExpression"] }],
    "aws:kms/key:Key": [{ path: ["enableKeyRotation"], value: false }],
    "aws:apigatewayv2/route:Route": [{ path: ["authorizationType"], value: "NONE" }],
    "aws:apigatewayv2/stage:Stage": [{ path: ["accessLogSettings"] }, { path: ["defaultRouteSettings"] }, { path: ["routeSettings"] }],
    "aws:ec2/flowLog:FlowLog": [{ path: ["trafficType"], value: "REJECT" }],
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": [{ path: ["referencedSecurityGroupId"] }],
    "aws:sfn/stateMachine:StateMachine": [
        { path: ["loggingConfiguration"] },
        { document: "definition", path: [...VARIANT_STATES, "TrainModel", "Parameters", "OutputDataConfig", "KmsKeyId"] },
        { document: "definition", path: [...VARIANT_STATES, "TrainModel", "Parameters", "ResourceConfig", "VolumeKmsKeyId"] },
        { document: "definition", path: [...VARIANT_STATES, "TransformTestSet", "Parameters", "TransformOutput", "KmsKeyId"] },
        { document: "definition", path: [...VARIANT_STATES, "TransformTestSet", "Parameters", "TransformResources", "VolumeKmsKeyId"] },
    ],
};

