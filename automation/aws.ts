/** The AWS clients that the driver uses, made in one place from one description of where the account is. */
import { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { KinesisClient } from "@aws-sdk/client-kinesis";
import { KMSClient } from "@aws-sdk/client-kms";
import { LambdaClient } from "@aws-sdk/client-lambda";
import { S3Client } from "@aws-sdk/client-s3";
import type { S3ClientConfig } from "@aws-sdk/client-s3";
import { SageMakerClient } from "@aws-sdk/client-sagemaker";
import { SageMakerRuntimeClient } from "@aws-sdk/client-sagemaker-runtime";
import { ServiceQuotasClient } from "@aws-sdk/client-service-quotas";
import { SFNClient } from "@aws-sdk/client-sfn";
import { SNSClient } from "@aws-sdk/client-sns";
import { SQSClient } from "@aws-sdk/client-sqs";
import { SSMClient } from "@aws-sdk/client-ssm";
import { STSClient } from "@aws-sdk/client-sts";

export interface AwsCredentials {
    readonly accessKeyId: string;
    readonly secretAccessKey: string;
    readonly sessionToken?: string;
}

export interface AwsTarget {
    readonly region: string;
    /** Base URL of an emulator; absent for AWS itself. */
    readonly endpoint?: string;
    /** Absent: the SDK's own chain. */
    readonly credentials?: AwsCredentials;
    /** `short` for whoever only looks, and wants to hear within seconds that nobody answers. @default as long as work takes */
    readonly patience?: "short";
}

export interface AwsClients {
    readonly target: AwsTarget;
    readonly dynamodb: DynamoDBClient;
    readonly kinesis: KinesisClient;
    readonly kms: KMSClient;
    readonly lambda: LambdaClient;
    readonly logs: CloudWatchLogsClient;
    readonly quotas: ServiceQuotasClient;
    readonly runtime: SageMakerRuntimeClient;
    readonly s3: S3Client;
    readonly sagemaker: SageMakerClient;
    readonly sfn: SFNClient;
    readonly sns: SNSClient;
    readonly sqs: SQSClient;
    readonly ssm: SSMClient;
    readonly sts: STSClient;
}

/**
 * A connection that was lost without a word ends after this time, and the SDK asks again: its own default is to wait for ever. The longest
 * silence of a call that goes well is an inference: a minute.
 */
const LIMITS = { connectionTimeout: 15_000, socketTimeout: 5 * 60_000 } as const;

/** Three attempts each: 9 s where packets are dropped, 15 s where somebody listens and says nothing. */
const SHORT_LIMITS = { connectionTimeout: 3_000, socketTimeout: 5_000 } as const;

/** What every client is made with. */
export function clientSettings({ region, endpoint, credentials, patience }: AwsTarget): Pick<S3ClientConfig, "region" | "endpoint" | "credentials" | "requestHandler"> {
    return { region, requestHandler: patience === "short" ? SHORT_LIMITS : LIMITS, ...(endpoint === undefined ? {} : { endpoint }), ...(credentials === undefined ? {} : { credentials }) };
}

/** Makes one client per service; `close` with `closeAwsClients`. */
export function createAwsClients(target: AwsTarget): AwsClients {
    const settings = clientSettings(target);
    return {
        target,
        dynamodb: new DynamoDBClient(settings),
        kinesis: new KinesisClient(settings),
        kms: new KMSClient(settings),
        lambda: new LambdaClient(settings),
        logs: new CloudWatchLogsClient(settings),
        quotas: new ServiceQuotasClient(settings),
        runtime: new SageMakerRuntimeClient(settings),
        s3: new S3Client({ ...settings, forcePathStyle: target.endpoint !== undefined }),
        sagemaker: new SageMakerClient(settings),
        sfn: new SFNClient(settings),
        sns: new SNSClient(settings),
        sqs: new SQSClient(settings),
        ssm: new SSMClient(settings),
        sts: new STSClient(settings),
    };
}

export function closeAwsClients(clients: AwsClients): void {
    const { target: _target, ...services } = clients;
    for (const client of Object.values(services)) client.destroy();
}
