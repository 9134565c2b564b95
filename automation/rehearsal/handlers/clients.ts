/** The AWS clients that handlers use: the driver's, and those of the services that only resources need. */
import { ApiGatewayV2Client } from "@aws-sdk/client-apigatewayv2";
import { BudgetsClient } from "@aws-sdk/client-budgets";
import { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import { EC2Client } from "@aws-sdk/client-ec2";
import { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { IAMClient } from "@aws-sdk/client-iam";
import { KMSClient } from "@aws-sdk/client-kms";
import { LambdaClient } from "@aws-sdk/client-lambda";
import { SNSClient } from "@aws-sdk/client-sns";
import { createAwsClients, type AwsClients, type AwsTarget } from "../../aws.ts";

export interface HandlerClients extends AwsClients {
    readonly apigateway: ApiGatewayV2Client;
    readonly budgets: BudgetsClient;
    readonly cloudwatch: CloudWatchClient;
    readonly ec2: EC2Client;
    readonly events: EventBridgeClient;
    readonly iam: IAMClient;
    readonly kms: KMSClient;
    readonly lambda: LambdaClient;
    readonly sns: SNSClient;
}

export function createHandlerClients(target: AwsTarget): HandlerClients {
    const settings = {
        region: target.region,
        ...(target.endpoint === undefined ? {} : { endpoint: target.endpoint }),
        ...(target.credentials === undefined ? {} : { credentials: target.credentials }),
    };
    return {
        ...createAwsClients(target),
        apigateway: new ApiGatewayV2Client(settings),
        budgets: new BudgetsClient(settings),
        cloudwatch: new CloudWatchClient(settings),
        ec2: new EC2Client(settings),
        events: new EventBridgeClient(settings),
        iam: new IAMClient(settings),
        kms: new KMSClient(settings),
        lambda: new LambdaClient(settings),
        sns: new SNSClient(settings),
    };
}
