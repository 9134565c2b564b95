/** Flow logs of a VPC: who talked to whom, accepted or not. */
import * as pulumi from "@pulumi/pulumi";
import { LogGroup } from "@pulumi/aws/cloudwatch/logGroup.js";
import { FlowLog } from "@pulumi/aws/ec2/flowLog.js";
import type { PlatformContext } from "../context.ts";
import { flowLogArn } from "../iam/arns.ts";
import { flowLogPermissions } from "../iam/networkPermissions.ts";
import { ServiceRole } from "../iam/serviceRole.ts";

export interface FlowLogsArgs {
    readonly context: PlatformContext;
    readonly vpcId: pulumi.Input<string>;
    /** Key of the log group. */
    readonly kmsKeyArn: pulumi.Input<string>;
}

/** Costs what its records cost in CloudWatch Logs: about 0.50 USD for each GB of them. */
export class FlowLogs extends pulumi.ComponentResource {
    readonly logGroupName: string;

    constructor(name: string, args: FlowLogsArgs, opts?: pulumi.ComponentResourceOptions) {
        super("firstlight:networking:FlowLogs", name, {}, opts);
        const { context, vpcId, kmsKeyArn } = args;
        const { location, naming, tags } = context;
        this.logGroupName = naming.logGroup("/aws/vendedlogs/vpc", name);
        const logGroup = new LogGroup(`${name}-group`, {
            name: this.logGroupName, retentionInDays: context.logRetentionDays, kmsKeyId: kmsKeyArn, tags,
        }, { parent: this });
        const role = new ServiceRole(name, {
            context,
            description: "Writes the flow logs of the VPC",
            service: "vpc-flow-logs",
            // Only after it exists has a flow log an id.
            sourceArn: flowLogArn(location, "*"),
            statements: flowLogPermissions(location, this.logGroupName),
        }, { parent: this });
        new FlowLog(`${name}-log`, {
            vpcId, tags,
            trafficType: "ALL",
            logDestinationType: "cloud-watch-logs",
            logDestination: logGroup.arn,
            iamRoleArn: role.roleArn,
        }, { parent: this, dependsOn: [role.policy] });
        this.registerOutputs({ logGroupName: this.logGroupName });
    }
}
