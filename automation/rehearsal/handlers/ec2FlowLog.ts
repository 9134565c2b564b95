/** `aws:ec2/flowLog:FlowLog`. */
import {
    CreateFlowLogsCommand, DeleteFlowLogsCommand, DescribeFlowLogsCommand, type LogDestinationType, type TrafficType,
} from "@aws-sdk/client-ec2";
import type { ResourceDefinition } from "./definition.ts";
import { ec2Arn, predictNumbered, updateTags } from "./ec2Calls.ts";
import { reported, requiredText, text } from "./inputs.ts";
import { appliedFree, appliedReplaces, recordedReplaces, region, registryPage } from "./rules.ts";
import { observeTagged, readTags } from "./tags.ts";

/** What EC2 writes unless told otherwise. https://docs.aws.amazon.com/vpc/latest/userguide/flow-log-records.html */
const DEFAULT_FORMAT = [
    "version", "account-id", "interface-id", "srcaddr", "dstaddr", "srcport", "dstport", "protocol", "packets", "bytes", "start", "end", "action",
    "log-status",
].map((field) => `\${${field}}`).join(" ");

export const flowLog: ResourceDefinition = {
    table: {
        type: "aws:ec2/flowLog:FlowLog",
        source: registryPage("ec2/flowlog"),
        inputs: {
            ...region, vpcId: appliedReplaces, trafficType: appliedReplaces, logDestinationType: appliedReplaces, logDestination: appliedReplaces,
            // MiniStack 1.5.33 has no traffic, so nobody ever takes on the role.
            iamRoleArn: recordedReplaces,
            tags: appliedFree,
        },
        outputs: [
            "arn", "deliverCrossAccountRole", "destinationOptions", "eniId", "iamRoleArn", "logDestination", "logDestinationType", "logFormat",
            "maxAggregationInterval", "region", "regionalNatGatewayId", "subnetId", "tagFieldSpecifications", "tags", "tagsAll", "trafficType",
            "transitGatewayAttachmentId", "transitGatewayId", "vpcId",
        ],
    },
    predict: ({ inputs }, place) => predictNumbered(inputs, place),
    async create({ inputs }, context) {
        const { FlowLogIds = [], Unsuccessful = [] } = await context.clients.ec2.send(new CreateFlowLogsCommand({
            ResourceIds: [requiredText(inputs, "vpcId")], ResourceType: "VPC", TrafficType: text(inputs, "trafficType") as TrafficType | undefined,
            LogDestinationType: text(inputs, "logDestinationType") as LogDestinationType | undefined, LogDestination: text(inputs, "logDestination"),
            DeliverLogsPermissionArn: text(inputs, "iamRoleArn"),
        }));
        const fault = Unsuccessful[0]?.Error;
        if (fault !== undefined) throw new Error(`flow log: ${fault.Code}: ${fault.Message}`);
        const id = FlowLogIds[0] ?? "";
        // By a call of their own: MiniStack 1.5.33 overlooks the tags of the first one.
        await updateTags({ id, oldInputs: {}, inputs }, context);
        return id;
    },
    async read({ id }, { clients, place }) {
        const found = (await clients.ec2.send(new DescribeFlowLogsCommand({ FlowLogIds: [id] }))).FlowLogs?.[0];
        if (found === undefined) return undefined;
        return observeTagged({
            id, tags: readTags(found.Tags),
            values: reported({
                vpcId: found.ResourceId, trafficType: found.TrafficType,
                logDestinationType: found.LogDestinationType, logDestination: found.LogDestination,
            }),
            computed: { arn: ec2Arn(place, "vpc-flow-log", id), region: place.region, logFormat: found.LogFormat ?? DEFAULT_FORMAT },
        });
    },
    update: updateTags,
    async delete({ id }, { clients }) {
        await clients.ec2.send(new DeleteFlowLogsCommand({ FlowLogIds: [id] }));
    },
};
