/** Clients of the services that only account-wide work asks: finding what exists, sweeping, adopting, bootstrap. Those of the phases come with them. */
import { ApiGatewayV2Client } from "@aws-sdk/client-apigatewayv2";
import { BudgetsClient } from "@aws-sdk/client-budgets";
import { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import { EC2Client } from "@aws-sdk/client-ec2";
import { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { IAMClient } from "@aws-sdk/client-iam";
import { ResourceGroupsTaggingAPIClient } from "@aws-sdk/client-resource-groups-tagging-api";
import type { AwsClients, AwsTarget } from "../aws.ts";
import { clientSettings } from "../aws.ts";

/** Of the services that no phase asks. */
export interface ServiceClients {
    readonly apigateway: ApiGatewayV2Client;
    readonly budgets: BudgetsClient;
    readonly cloudwatch: CloudWatchClient;
    readonly ec2: EC2Client;
    readonly events: EventBridgeClient;
    readonly iam: IAMClient;
    readonly tagging: ResourceGroupsTaggingAPIClient;
}

export interface AccountClients extends ServiceClients {
    readonly aws: AwsClients;
    readonly accountId: string;
}

export function createServiceClients(target: AwsTarget): ServiceClients {
    const settings = clientSettings(target);
    return {
        apigateway: new ApiGatewayV2Client(settings),
        budgets: new BudgetsClient(settings),
        cloudwatch: new CloudWatchClient(settings),
        ec2: new EC2Client(settings),
        events: new EventBridgeClient(settings),
        iam: new IAMClient(settings),
        tagging: new ResourceGroupsTaggingAPIClient(settings),
    };
}

/** Loaded only by the commands that need it: these clients cost every command's start otherwise. Close with `closeAccountClients`. */
export function createAccountClients(aws: AwsClients, accountId: string): AccountClients {
    return { aws, accountId, ...createServiceClients(aws.target) };
}

/** Leaves the phases' own clients open. */
export function closeAccountClients({ aws: _aws, accountId: _accountId, ...services }: AccountClients): void {
    for (const client of Object.values(services)) client.destroy();
}
