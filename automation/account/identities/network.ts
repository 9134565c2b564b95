/** The network: EC2 chooses all ids, so what is ours is found by tags, and by what it lies in. */
import {
    DescribeAddressesCommand, DescribeInternetGatewaysCommand, DescribeNatGatewaysCommand, DescribeRouteTablesCommand, DescribeSubnetsCommand,
    DescribeVpcsCommand, type Filter, type RouteTable, type Tag,
} from "@aws-sdk/client-ec2";
import { crc32 } from "node:zlib";
import type { PropertyMap } from "../../engine/provider.ts";
import type { AccountClients } from "../clients.ts";
import type { ResourceOwner } from "../ownedResource.ts";
import { gather, importPage, isUnknown, knownText, outputsOf, readTags } from "./lookup.ts";
import type { Candidate, Lookup } from "./lookup.ts";

export interface Item {
    readonly id: string | undefined;
    readonly tags: readonly Tag[] | undefined;
    readonly outputs?: Readonly<Record<string, string | undefined>>;
}

/** Server-side filters on the tags that make a resource ours, and on its name. */
export function tagFilters(inputs: PropertyMap, { project, environment }: ResourceOwner): Filter[] {
    const name = nameTagOf(inputs);
    return [
        { Name: "tag:Project", Values: [project] },
        { Name: "tag:Environment", Values: [environment] },
        ...(name === undefined ? [] : [{ Name: "tag:Name", Values: [name] }]),
    ];
}

function nameTagOf({ tags }: PropertyMap): string | undefined {
    const name = typeof tags === "object" && tags !== null && "Name" in tags ? tags.Name : undefined;
    return typeof name === "string" ? name : undefined;
}

/** Judges the name once more: an emulator may not know a filter. */
export function toCandidates(items: readonly Item[], inputs: PropertyMap): readonly Candidate[] {
    const name = nameTagOf(inputs);
    const found = items.map(({ id = "", tags, outputs = {} }) => ({ id, outputs: outputsOf(outputs), tags: readTags(tags) }));
    return found.filter(({ tags }) => name === undefined || tags["Name"] === name);
}

const vpc: Lookup = {
    type: "aws:ec2/vpc:Vpc",
    source: importPage("ec2/vpc"),
    async candidates(inputs, { ec2 }, owner) {
        const vpcs = await gather(async (NextToken) => {
            const page = await ec2.send(new DescribeVpcsCommand({ Filters: tagFilters(inputs, owner), NextToken }));
            return { items: page.Vpcs, next: page.NextToken };
        });
        const meant = vpcs.filter(({ CidrBlock }) => CidrBlock === inputs["cidrBlock"]);
        return toCandidates(meant.map(({ VpcId, Tags }) => ({ id: VpcId, tags: Tags })), inputs);
    },
};

const internetGateway: Lookup = {
    type: "aws:ec2/internetGateway:InternetGateway",
    source: importPage("ec2/internetgateway"),
    async candidates(inputs, { ec2 }, owner) {
        if (isUnknown(inputs, "vpcId")) return [];
        const gateways = await gather(async (NextToken) => {
            const page = await ec2.send(new DescribeInternetGatewaysCommand({ Filters: tagFilters(inputs, owner), NextToken }));
            return { items: page.InternetGateways, next: page.NextToken };
        });
        // One that a killed run has not yet attached belongs nowhere.
        const meant = gateways.filter(({ Attachments = [] }) => Attachments.length === 0 || Attachments.some(({ VpcId }) => VpcId === inputs["vpcId"]));
        return toCandidates(meant.map(({ InternetGatewayId, Tags }) => ({ id: InternetGatewayId, tags: Tags })), inputs);
    },
};

/** Two subnets of a VPC cannot have the same addresses. */
const subnet: Lookup = {
    type: "aws:ec2/subnet:Subnet",
    source: importPage("ec2/subnet"),
    async candidates(inputs, { ec2 }, owner) {
        const vpcId = knownText(inputs, "vpcId");
        if (vpcId === undefined) return [];
        const Filters = [{ Name: "vpc-id", Values: [vpcId] }, ...tagFilters(inputs, owner)];
        const subnets = await gather(async (NextToken) => {
            const page = await ec2.send(new DescribeSubnetsCommand({ Filters, NextToken }));
            return { items: page.Subnets, next: page.NextToken };
        });
        const meant = subnets.filter(({ VpcId, CidrBlock }) => VpcId === vpcId && CidrBlock === inputs["cidrBlock"]);
        return toCandidates(meant.map(({ SubnetId, Tags }) => ({ id: SubnetId, tags: Tags })), inputs);
    },
};

async function listRouteTables({ ec2 }: AccountClients, Filters: Filter[]): Promise<readonly RouteTable[]> {
    return gather(async (NextToken) => {
        const page = await ec2.send(new DescribeRouteTablesCommand({ Filters, NextToken }));
        return { items: page.RouteTables, next: page.NextToken };
    });
}

const routeTable: Lookup = {
    type: "aws:ec2/routeTable:RouteTable",
    source: importPage("ec2/routetable"),
    async candidates(inputs, clients, owner) {
        const vpcId = knownText(inputs, "vpcId");
        if (vpcId === undefined) return [];
        const tables = await listRouteTables(clients, [{ Name: "vpc-id", Values: [vpcId] }, ...tagFilters(inputs, owner)]);
        return toCandidates(tables.filter(({ VpcId }) => VpcId === vpcId).map(({ RouteTableId, Tags }) => ({ id: RouteTableId, tags: Tags })), inputs);
    },
};

/** Carries no tags; the state calls it by an id of its own. */
const routeTableAssociation: Lookup = {
    type: "aws:ec2/routeTableAssociation:RouteTableAssociation",
    source: importPage("ec2/routetableassociation"),
    async candidates(inputs, clients) {
        const subnetId = knownText(inputs, "subnetId");
        const routeTableId = knownText(inputs, "routeTableId");
        if (subnetId === undefined || routeTableId === undefined) return [];
        const tables = await listRouteTables(clients, [{ Name: "association.subnet-id", Values: [subnetId] }]);
        return tables.filter(({ RouteTableId }) => RouteTableId === routeTableId).flatMap(({ Associations = [], Tags }) => (
            Associations.filter(({ SubnetId }) => SubnetId === subnetId).map(({ RouteTableAssociationId: stateId = "" }) => (
                { id: `${subnetId}/${routeTableId}`, stateId, outputs: {}, parentTags: readTags(Tags) }))));
    },
};

/**
 * Carries neither tags nor an id: the state's is made by the provider.
 * https://github.com/hashicorp/terraform-provider-aws/blob/main/internal/service/ec2/vpc_route.go
 */
const route: Lookup = {
    type: "aws:ec2/route:Route",
    source: importPage("ec2/route"),
    async candidates(inputs, clients) {
        const routeTableId = knownText(inputs, "routeTableId");
        const destination = knownText(inputs, "destinationCidrBlock");
        if (routeTableId === undefined || destination === undefined) return [];
        const tables = await listRouteTables(clients, [{ Name: "route-table-id", Values: [routeTableId] }]);
        const table = tables.find(({ RouteTableId }) => RouteTableId === routeTableId);
        const isThere = table?.Routes?.some(({ DestinationCidrBlock, Origin }) => DestinationCidrBlock === destination && Origin !== "CreateRouteTable");
        if (table === undefined || isThere !== true) return [];
        return [{ id: `${routeTableId}_${destination}`, stateId: `r-${routeTableId}${crc32(destination)}`, outputs: {}, parentTags: readTags(table.Tags) }];
    },
};

const eip: Lookup = {
    type: "aws:ec2/eip:Eip",
    source: importPage("ec2/eip"),
    async candidates(inputs, { ec2 }, owner) {
        const { Addresses = [] } = await ec2.send(new DescribeAddressesCommand({ Filters: tagFilters(inputs, owner) }));
        return toCandidates(Addresses.map(({ AllocationId, PublicIp, Tags }) => (
            { id: AllocationId, tags: Tags, outputs: { allocationId: AllocationId, publicIp: PublicIp } })), inputs);
    },
};

/** EC2 shows deleted gateways for an hour; a failed one is of no use to anybody. */
const natGateway: Lookup = {
    type: "aws:ec2/natGateway:NatGateway",
    source: importPage("ec2/natgateway"),
    async candidates(inputs, { ec2 }, owner) {
        const subnetId = knownText(inputs, "subnetId");
        if (subnetId === undefined) return [];
        const Filter = [{ Name: "subnet-id", Values: [subnetId] }, ...tagFilters(inputs, owner)];
        const gateways = await gather(async (NextToken) => {
            const page = await ec2.send(new DescribeNatGatewaysCommand({ Filter, NextToken }));
            return { items: page.NatGateways, next: page.NextToken };
        });
        const meant = gateways.filter(({ SubnetId, State = "" }) => SubnetId === subnetId && ["pending", "available"].includes(State));
        return toCandidates(meant.map(({ NatGatewayId, Tags }) => ({ id: NatGatewayId, tags: Tags })), inputs);
    },
};

export const networkLookups: readonly Lookup[] = [vpc, internetGateway, subnet, routeTable, routeTableAssociation, route, eip, natGateway];
