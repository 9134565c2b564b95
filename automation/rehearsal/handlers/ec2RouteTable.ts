/** `aws:ec2/routeTable:RouteTable`, `aws:ec2/routeTableAssociation:RouteTableAssociation` and `aws:ec2/route:Route`. */
import {
    AssociateRouteTableCommand, CreateRouteCommand, CreateRouteTableCommand, DeleteRouteCommand, DeleteRouteTableCommand, DescribeRouteTablesCommand,
    DisassociateRouteTableCommand, ReplaceRouteCommand, type RouteTable, type RouteTableAssociation,
} from "@aws-sdk/client-ec2";
import { crc32 } from "node:zlib";
import { UNKNOWN, type PropertyMap } from "../../engine/provider.ts";
import type { HandlerContext, ResourceDefinition } from "./definition.ts";
import { associationId, routeImportId } from "./importIds.ts";
import { ec2Arn, predictNumbered, tagSpecifications, updateTags } from "./ec2Calls.ts";
import { deleteWhenFree } from "./ec2Vpc.ts";
import { reported, requiredText, text } from "./inputs.ts";
import { applied, appliedFree, appliedReplaces, region, registryPage } from "./rules.ts";
import { observeTagged, readTags } from "./tags.ts";
import { unless } from "./wait.ts";

const TABLE_GONE = ["InvalidRouteTableID.NotFound"];

async function findRouteTable(id: string, { clients }: HandlerContext): Promise<RouteTable | undefined> {
    return (await unless(TABLE_GONE, () => clients.ec2.send(new DescribeRouteTablesCommand({ RouteTableIds: [id] }))))?.RouteTables?.[0];
}

export const routeTable: ResourceDefinition = {
    table: {
        type: "aws:ec2/routeTable:RouteTable",
        source: registryPage("ec2/routetable"),
        // Routes are resources of their own.
        inputs: { ...region, vpcId: appliedReplaces, tags: appliedFree },
        outputs: ["arn", "ownerId", "propagatingVgws", "region", "routes", "tags", "tagsAll", "vpcId"],
    },
    predict: ({ inputs }, place) => predictNumbered(inputs, place),
    async create({ inputs }, { clients }) {
        const { RouteTable } = await clients.ec2.send(new CreateRouteTableCommand({
            VpcId: requiredText(inputs, "vpcId"), ...tagSpecifications("route-table", inputs),
        }));
        return RouteTable?.RouteTableId ?? "";
    },
    async read({ id }, context) {
        const found = await findRouteTable(id, context);
        if (found === undefined) return undefined;
        const { place } = context;
        const routes = (found.Routes ?? []).filter(({ Origin }) => Origin === "CreateRoute")
            .map((route) => reported({ cidrBlock: route.DestinationCidrBlock, gatewayId: route.GatewayId, natGatewayId: route.NatGatewayId }));
        return observeTagged({
            id, tags: readTags(found.Tags), values: reported({ vpcId: found.VpcId }),
            computed: { arn: ec2Arn(place, "route-table", id), ownerId: found.OwnerId, region: place.region, propagatingVgws: [], routes },
        });
    },
    update: updateTags,
    async delete({ id }, { clients }) {
        await deleteWhenFree(() => clients.ec2.send(new DeleteRouteTableCommand({ RouteTableId: id })), TABLE_GONE);
    },
};

/** A subnet has one table at a time, so its association is found by it; an update gives the association another id. */
async function findAssociation(inputs: PropertyMap, { clients }: HandlerContext): Promise<RouteTableAssociation | undefined> {
    const subnetId = requiredText(inputs, "subnetId");
    const answer = await clients.ec2.send(new DescribeRouteTablesCommand({ Filters: [{ Name: "association.subnet-id", Values: [subnetId] }] }));
    return answer.RouteTables?.flatMap(({ Associations = [] }) => Associations).find(({ SubnetId }) => SubnetId === subnetId);
}

async function disassociate(inputs: PropertyMap, context: HandlerContext): Promise<void> {
    const AssociationId = (await findAssociation(inputs, context))?.RouteTableAssociationId;
    if (AssociationId === undefined) return;
    await unless(["InvalidAssociationID.NotFound"], () => context.clients.ec2.send(new DisassociateRouteTableCommand({ AssociationId })));
}

async function associate(inputs: PropertyMap, { clients }: HandlerContext): Promise<string> {
    const { AssociationId } = await clients.ec2.send(new AssociateRouteTableCommand({
        SubnetId: requiredText(inputs, "subnetId"), RouteTableId: requiredText(inputs, "routeTableId"),
    }));
    return AssociationId ?? "";
}

export const routeTableAssociation: ResourceDefinition = {
    table: {
        type: "aws:ec2/routeTableAssociation:RouteTableAssociation",
        source: registryPage("ec2/routetableassociation"),
        inputs: { ...region, subnetId: appliedReplaces, routeTableId: applied },
        outputs: ["gatewayId", "region", "routeTableId", "subnetId"],
    },
    predict: (_request, place) => ({ id: UNKNOWN, outputs: { region: place.region } }),
    create: ({ inputs }, context) => associate(inputs, context),
    importId: associationId,
    async read({ id, inputs }, context) {
        const found = await findAssociation(inputs, context);
        if (found === undefined) return undefined;
        const values = reported({ subnetId: found.SubnetId, routeTableId: found.RouteTableId });
        return { id: found.RouteTableAssociationId ?? id, inputs: values, outputs: { ...values, region: context.place.region } };
    },
    async update({ oldInputs, inputs }, context) {
        await disassociate(oldInputs, context);
        await associate(inputs, context);
    },
    delete: ({ inputs }, context) => disassociate(inputs, context),
};

function toRoute(inputs: PropertyMap) {
    return {
        RouteTableId: requiredText(inputs, "routeTableId"), DestinationCidrBlock: requiredText(inputs, "destinationCidrBlock"),
        GatewayId: text(inputs, "gatewayId"), NatGatewayId: text(inputs, "natGatewayId"),
    };
}

/** The provider's own id, since EC2 has none. https://github.com/hashicorp/terraform-provider-aws/blob/main/internal/service/ec2/vpc_route.go */
function routeId(inputs: PropertyMap): string {
    return `r-${requiredText(inputs, "routeTableId")}${crc32(requiredText(inputs, "destinationCidrBlock"))}`;
}

export const route: ResourceDefinition = {
    table: {
        type: "aws:ec2/route:Route",
        source: registryPage("ec2/route"),
        inputs: { ...region, routeTableId: appliedReplaces, destinationCidrBlock: appliedReplaces, gatewayId: applied, natGatewayId: applied },
        outputs: [
            "carrierGatewayId", "coreNetworkArn", "destinationCidrBlock", "destinationIpv6CidrBlock", "destinationPrefixListId", "egressOnlyGatewayId",
            "gatewayId", "instanceId", "instanceOwnerId", "localGatewayId", "natGatewayId", "networkInterfaceId", "odbNetworkArn", "origin", "region",
            "routeTableId", "state", "transitGatewayId", "vpcEndpointId", "vpcPeeringConnectionId",
        ],
    },
    predict: (_request, place) => ({ id: UNKNOWN, outputs: { region: place.region, origin: "CreateRoute", state: "active" } }),
    async create({ inputs }, { clients }) {
        await clients.ec2.send(new CreateRouteCommand(toRoute(inputs)));
        return routeId(inputs);
    },
    importId: routeImportId,
    async read({ inputs }, context) {
        const destination = requiredText(inputs, "destinationCidrBlock");
        const routeTableId = requiredText(inputs, "routeTableId");
        const found = (await findRouteTable(routeTableId, context))?.Routes?.find(({ DestinationCidrBlock }) => DestinationCidrBlock === destination);
        if (found === undefined) return undefined;
        const values = reported({ routeTableId, destinationCidrBlock: destination, gatewayId: found.GatewayId, natGatewayId: found.NatGatewayId });
        const computed = reported({ region: context.place.region, origin: found.Origin, state: found.State });
        return { id: routeId(inputs), inputs: values, outputs: { ...values, ...computed, instanceId: "", instanceOwnerId: "", networkInterfaceId: "" } };
    },
    async update({ inputs }, { clients }) {
        await clients.ec2.send(new ReplaceRouteCommand(toRoute(inputs)));
    },
    async delete({ inputs }, { clients }) {
        const { RouteTableId, DestinationCidrBlock } = toRoute(inputs);
        await unless([...TABLE_GONE, "InvalidRoute.NotFound"], () => clients.ec2.send(new DeleteRouteCommand({ RouteTableId, DestinationCidrBlock })));
    },
};
