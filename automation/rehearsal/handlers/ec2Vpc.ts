/** `aws:ec2/vpc:Vpc` and `aws:ec2/internetGateway:InternetGateway`. */
import {
    AttachInternetGatewayCommand, CreateInternetGatewayCommand, CreateVpcCommand, DeleteInternetGatewayCommand, DeleteVpcCommand,
    DescribeInternetGatewaysCommand, DescribeNetworkAclsCommand, DescribeRouteTablesCommand, DescribeSecurityGroupsCommand,
    DescribeVpcAttributeCommand, DescribeVpcsCommand, DetachInternetGatewayCommand, ModifyVpcAttributeCommand,
} from "@aws-sdk/client-ec2";
import type { PropertyMap } from "../../engine/provider.ts";
import type { HandlerContext, ResourceDefinition } from "./definition.ts";
import { ec2Arn, predictNumbered, tagSpecifications, updateTags } from "./ec2Calls.ts";
import { flag, reported, requiredText, text } from "./inputs.ts";
import { applied, appliedFree, appliedReplaces, hasChanged, region, registryPage } from "./rules.ts";
import { observeTagged, readTags } from "./tags.ts";
import { errorName, retryWhile, unless } from "./wait.ts";

/**
 * EC2 counts what is being deleted for a while, so the provider tries again for minutes.
 * https://github.com/hashicorp/terraform-provider-aws/blob/main/internal/service/ec2/vpc_.go
 */
export function deleteWhenFree(call: () => Promise<unknown>, gone: readonly string[]): Promise<unknown> {
    return retryWhile((error) => errorName(error) === "DependencyViolation", () => unless(gone, call), { timeoutMs: 20_000, intervalMs: 200 });
}

/** EC2 changes one attribute a call. */
async function setDns(id: string, inputs: PropertyMap, { clients }: HandlerContext): Promise<void> {
    await clients.ec2.send(new ModifyVpcAttributeCommand({ VpcId: id, EnableDnsSupport: { Value: flag(inputs, "enableDnsSupport") ?? true } }));
    await clients.ec2.send(new ModifyVpcAttributeCommand({ VpcId: id, EnableDnsHostnames: { Value: flag(inputs, "enableDnsHostnames") ?? false } }));
}

async function readDns(id: string, { clients }: HandlerContext): Promise<PropertyMap> {
    const [support, hostnames] = await Promise.all([
        clients.ec2.send(new DescribeVpcAttributeCommand({ VpcId: id, Attribute: "enableDnsSupport" })),
        clients.ec2.send(new DescribeVpcAttributeCommand({ VpcId: id, Attribute: "enableDnsHostnames" })),
    ]);
    return reported({ enableDnsSupport: support.EnableDnsSupport?.Value, enableDnsHostnames: hostnames.EnableDnsHostnames?.Value });
}

/** What EC2 makes with every VPC, and tells only where it is kept. */
async function findDefaults(id: string, { clients }: HandlerContext): Promise<PropertyMap> {
    const Filters = [{ Name: "vpc-id", Values: [id] }];
    const [tables, acls, groups] = await Promise.all([
        clients.ec2.send(new DescribeRouteTablesCommand({ Filters: [...Filters, { Name: "association.main", Values: ["true"] }] })),
        clients.ec2.send(new DescribeNetworkAclsCommand({ Filters })),
        clients.ec2.send(new DescribeSecurityGroupsCommand({ Filters: [...Filters, { Name: "group-name", Values: ["default"] }] })),
    ]);
    const mainRouteTableId = tables.RouteTables?.[0]?.RouteTableId;
    return reported({
        mainRouteTableId, defaultRouteTableId: mainRouteTableId,
        defaultNetworkAclId: acls.NetworkAcls?.find(({ IsDefault }) => IsDefault)?.NetworkAclId,
        defaultSecurityGroupId: groups.SecurityGroups?.[0]?.GroupId,
    });
}

export const vpc: ResourceDefinition = {
    table: {
        type: "aws:ec2/vpc:Vpc",
        source: registryPage("ec2/vpc"),
        inputs: { ...region, cidrBlock: appliedReplaces, enableDnsSupport: applied, enableDnsHostnames: applied, tags: appliedFree },
        outputs: [
            "arn", "assignGeneratedIpv6CidrBlock", "cidrBlock", "defaultNetworkAclId", "defaultRouteTableId", "defaultSecurityGroupId", "dhcpOptionsId",
            "enableDnsHostnames", "enableDnsSupport", "enableNetworkAddressUsageMetrics", "instanceTenancy", "ipv4IpamPoolId", "ipv4NetmaskLength",
            "ipv6AssociationId", "ipv6CidrBlock", "ipv6CidrBlockNetworkBorderGroup", "ipv6IpamPoolId", "ipv6NetmaskLength", "mainRouteTableId", "ownerId",
            "region", "tags", "tagsAll",
        ],
    },
    predict: ({ inputs }, place) => predictNumbered(inputs, place),
    async create({ inputs }, context) {
        const { Vpc } = await context.clients.ec2.send(new CreateVpcCommand({
            CidrBlock: requiredText(inputs, "cidrBlock"), ...tagSpecifications("vpc", inputs),
        }));
        const id = Vpc?.VpcId ?? "";
        await setDns(id, inputs, context);
        return id;
    },
    async read({ id }, context) {
        const { clients, place } = context;
        const answer = await unless(["InvalidVpcID.NotFound"], () => clients.ec2.send(new DescribeVpcsCommand({ VpcIds: [id] })));
        const found = answer?.Vpcs?.[0];
        if (found === undefined) return undefined;
        const [dns, defaults] = await Promise.all([readDns(id, context), findDefaults(id, context)]);
        return observeTagged({
            id, tags: readTags(found.Tags),
            values: { ...reported({ cidrBlock: found.CidrBlock }), ...dns },
            computed: {
                ...defaults, arn: ec2Arn(place, "vpc", id), ownerId: found.OwnerId, region: place.region, dhcpOptionsId: found.DhcpOptionsId,
                instanceTenancy: found.InstanceTenancy, enableNetworkAddressUsageMetrics: false, assignGeneratedIpv6CidrBlock: false,
                // Without a range of IPv6 the provider gives empty texts.
                ipv6AssociationId: "", ipv6CidrBlock: "", ipv6CidrBlockNetworkBorderGroup: "",
            },
        });
    },
    async update(request, context) {
        if (hasChanged(request.oldInputs, request.inputs, "enableDnsSupport", "enableDnsHostnames")) await setDns(request.id, request.inputs, context);
        await updateTags(request, context);
    },
    async delete({ id }, { clients }) {
        await deleteWhenFree(() => clients.ec2.send(new DeleteVpcCommand({ VpcId: id })), ["InvalidVpcID.NotFound"]);
    },
};

const GATEWAY_GONE = ["InvalidInternetGatewayID.NotFound"];

export const internetGateway: ResourceDefinition = {
    table: {
        type: "aws:ec2/internetGateway:InternetGateway",
        source: registryPage("ec2/internetgateway"),
        inputs: { ...region, vpcId: applied, tags: appliedFree },
        outputs: ["arn", "ownerId", "region", "tags", "tagsAll", "vpcId"],
    },
    predict: ({ inputs }, place) => predictNumbered(inputs, place),
    async create({ inputs }, { clients }) {
        const { InternetGateway } = await clients.ec2.send(new CreateInternetGatewayCommand(tagSpecifications("internet-gateway", inputs)));
        const id = InternetGateway?.InternetGatewayId ?? "";
        const vpcId = text(inputs, "vpcId");
        if (vpcId !== undefined) await clients.ec2.send(new AttachInternetGatewayCommand({ InternetGatewayId: id, VpcId: vpcId }));
        return id;
    },
    async read({ id }, { clients, place }) {
        const answer = await unless(GATEWAY_GONE, () => clients.ec2.send(new DescribeInternetGatewaysCommand({ InternetGatewayIds: [id] })));
        const found = answer?.InternetGateways?.[0];
        if (found === undefined) return undefined;
        return observeTagged({
            id, tags: readTags(found.Tags), values: reported({ vpcId: found.Attachments?.[0]?.VpcId }),
            computed: { arn: ec2Arn(place, "internet-gateway", id), ownerId: found.OwnerId, region: place.region },
        });
    },
    async update(request, context) {
        const { id, oldInputs, inputs } = request;
        const [before, after] = [text(oldInputs, "vpcId"), text(inputs, "vpcId")];
        const { ec2 } = context.clients;
        if (before !== after && before !== undefined) await ec2.send(new DetachInternetGatewayCommand({ InternetGatewayId: id, VpcId: before }));
        if (before !== after && after !== undefined) await ec2.send(new AttachInternetGatewayCommand({ InternetGatewayId: id, VpcId: after }));
        await updateTags(request, context);
    },
    async delete({ id, inputs }, { clients }) {
        const vpcId = text(inputs, "vpcId");
        const gone = [...GATEWAY_GONE, "Gateway.NotAttached"];
        const detach = () => clients.ec2.send(new DetachInternetGatewayCommand({ InternetGatewayId: id, VpcId: vpcId }));
        if (vpcId !== undefined) await deleteWhenFree(detach, gone);
        await deleteWhenFree(() => clients.ec2.send(new DeleteInternetGatewayCommand({ InternetGatewayId: id })), GATEWAY_GONE);
    },
};
