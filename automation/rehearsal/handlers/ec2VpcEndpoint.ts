/** `aws:ec2/vpcEndpoint:VpcEndpoint`: gateway and interface endpoints. */
import {
    CreateVpcEndpointCommand, DeleteVpcEndpointsCommand, DescribePrefixListsCommand, DescribeVpcEndpointsCommand, ModifyVpcEndpointCommand,
    type VpcEndpoint, type VpcEndpointType,
} from "@aws-sdk/client-ec2";
import type { PropertyMap, UpdateRequest } from "../../engine/provider.ts";
import type { HandlerContext, ResourceDefinition } from "./definition.ts";
import { ec2Arn, inAskedOrder, predictNumbered, tagSpecifications, updateTags } from "./ec2Calls.ts";
import { flag, reported, requiredText, text, texts } from "./inputs.ts";
import { applied, appliedFree, appliedReplaces, hasChanged, recorded, recordedFree, region, registryPage } from "./rules.ts";
import { observeTagged, readTags } from "./tags.ts";
import { unless, waitFor, waitUntilGone } from "./wait.ts";

async function findEndpoint(id: string, { clients }: HandlerContext): Promise<VpcEndpoint | undefined> {
    const answer = await unless(["InvalidVpcEndpointId.NotFound"], () => clients.ec2.send(new DescribeVpcEndpointsCommand({ VpcEndpointIds: [id] })));
    return answer?.VpcEndpoints?.find(({ State }) => State?.toLowerCase() !== "deleted");
}

/** Addresses of the service, for rules of security groups; only gateway endpoints have such a list. */
async function findPrefixList({ VpcEndpointType, ServiceName = "" }: VpcEndpoint, { clients }: HandlerContext): Promise<PropertyMap> {
    if (VpcEndpointType !== "Gateway") return { prefixListId: "", cidrBlocks: [] };
    const answer = await clients.ec2.send(new DescribePrefixListsCommand({ Filters: [{ Name: "prefix-list-name", Values: [ServiceName] }] }));
    const list = answer.PrefixLists?.[0];
    return reported({ prefixListId: list?.PrefixListId, cidrBlocks: list?.Cidrs });
}

/** What one set has and the other has not. */
function difference(from: PropertyMap, without: PropertyMap, name: string): string[] {
    const taken = new Set(texts(without, name));
    return (texts(from, name) ?? []).filter((item) => !taken.has(item));
}

async function modify({ id, oldInputs, inputs }: UpdateRequest, { clients }: HandlerContext): Promise<void> {
    await clients.ec2.send(new ModifyVpcEndpointCommand({
        VpcEndpointId: id,
        AddRouteTableIds: difference(inputs, oldInputs, "routeTableIds"), RemoveRouteTableIds: difference(oldInputs, inputs, "routeTableIds"),
        AddSubnetIds: difference(inputs, oldInputs, "subnetIds"), RemoveSubnetIds: difference(oldInputs, inputs, "subnetIds"),
        AddSecurityGroupIds: difference(inputs, oldInputs, "securityGroupIds"), RemoveSecurityGroupIds: difference(oldInputs, inputs, "securityGroupIds"),
        PrivateDnsEnabled: flag(inputs, "privateDnsEnabled"), PolicyDocument: text(inputs, "policy"),
    }));
}

export const vpcEndpoint: ResourceDefinition = {
    table: {
        type: "aws:ec2/vpcEndpoint:VpcEndpoint",
        source: registryPage("ec2/vpcendpoint"),
        inputs: {
            ...region, vpcId: appliedReplaces, serviceName: appliedReplaces, vpcEndpointType: appliedReplaces, routeTableIds: applied, subnetIds: applied,
            // MiniStack 1.5.33 takes these and tells them to nobody.
            securityGroupIds: recorded, privateDnsEnabled: recorded, policy: recordedFree,
            tags: appliedFree,
        },
        outputs: [
            "arn", "autoAccept", "cidrBlocks", "dnsEntries", "dnsOptions", "ipAddressType", "networkInterfaceIds", "ownerId", "policy", "prefixListId",
            "privateDnsEnabled", "region", "requesterManaged", "resourceConfigurationArn", "routeTableIds", "securityGroupIds", "serviceName",
            "serviceNetworkArn", "serviceRegion", "state", "subnetConfigurations", "subnetIds", "tags", "tagsAll", "vpcEndpointType", "vpcId",
        ],
    },
    predict: ({ inputs }, place) => predictNumbered(inputs, place),
    async create({ inputs }, context) {
        const { VpcEndpoint: created } = await context.clients.ec2.send(new CreateVpcEndpointCommand({
            VpcId: requiredText(inputs, "vpcId"), ServiceName: requiredText(inputs, "serviceName"),
            VpcEndpointType: (text(inputs, "vpcEndpointType") ?? "Gateway") as VpcEndpointType,
            RouteTableIds: texts(inputs, "routeTableIds"), SubnetIds: texts(inputs, "subnetIds"), SecurityGroupIds: texts(inputs, "securityGroupIds"),
            PrivateDnsEnabled: flag(inputs, "privateDnsEnabled"), PolicyDocument: text(inputs, "policy"), ...tagSpecifications("vpc-endpoint", inputs),
        }));
        const id = created?.VpcEndpointId ?? "";
        const isAvailable = async () => ((await findEndpoint(id, context))?.State?.toLowerCase() === "available" ? true : undefined);
        await waitFor(isAvailable, { what: `VPC endpoint ${id}: state available`, timeoutMs: 10 * 60_000 });
        return id;
    },
    async read({ id, inputs }, context) {
        const found = await findEndpoint(id, context);
        if (found === undefined) return undefined;
        const { place } = context;
        return observeTagged({
            id, tags: readTags(found.Tags),
            values: reported({
                vpcId: found.VpcId, serviceName: found.ServiceName, vpcEndpointType: found.VpcEndpointType,
                routeTableIds: inAskedOrder(found.RouteTableIds, inputs, "routeTableIds"), subnetIds: inAskedOrder(found.SubnetIds, inputs, "subnetIds"),
            }),
            // MiniStack makes no network interfaces and no names: dnsEntries, dnsOptions, networkInterfaceIds, subnetConfigurations.
            computed: {
                ...await findPrefixList(found, context), arn: ec2Arn(place, "vpc-endpoint", id), ownerId: found.OwnerId, region: place.region,
                state: found.State?.toLowerCase(), requesterManaged: false, serviceRegion: place.region, ipAddressType: "ipv4",
            },
        });
    },
    async update(request, context) {
        const isModified = hasChanged(request.oldInputs, request.inputs, "routeTableIds", "subnetIds", "securityGroupIds", "privateDnsEnabled", "policy");
        if (isModified) await modify(request, context);
        await updateTags(request, context);
    },
    async delete({ id }, context) {
        const { Unsuccessful = [] } = await context.clients.ec2.send(new DeleteVpcEndpointsCommand({ VpcEndpointIds: [id] }));
        const fault = Unsuccessful[0]?.Error;
        if (fault !== undefined && fault.Code !== "InvalidVpcEndpoint.NotFound") throw new Error(`VPC endpoint ${id}: ${fault.Code}: ${fault.Message}`);
        // Its network interfaces hold subnets and security groups until it is gone.
        await waitUntilGone(() => findEndpoint(id, context), `VPC endpoint ${id}`);
    },
};
