/** The network, by EC2's own lists: they know tags at once, and the state of what is being deleted. */
import {
    DescribeAddressesCommand, paginateDescribeFlowLogs, paginateDescribeInternetGateways, paginateDescribeNatGateways, paginateDescribeNetworkInterfaces,
    paginateDescribeRouteTables, paginateDescribeSecurityGroups, paginateDescribeSubnets, paginateDescribeVpcEndpoints, paginateDescribeVpcs,
} from "@aws-sdk/client-ec2";
import type { EC2Client, Tag } from "@aws-sdk/client-ec2";
import type { OwnedResource } from "../ownedResource.ts";
import { fromTagList, gather, toOwned } from "./search.ts";
import type { Finder, Search } from "./search.ts";

interface Sighting {
    readonly id: string | undefined;
    readonly tags: readonly Tag[] | undefined;
}

type List = (client: EC2Client) => Promise<readonly Sighting[]>;

/** By the resource type of the ARN. What is deleted, or on its way, is left out. */
const lists: Readonly<Record<string, List>> = {
    vpc: async (client) => (await gather(paginateDescribeVpcs({ client }, {}), ({ Vpcs }) => Vpcs))
        .map(({ VpcId, Tags }) => ({ id: VpcId, tags: Tags })),
    subnet: async (client) => (await gather(paginateDescribeSubnets({ client }, {}), ({ Subnets }) => Subnets))
        .map(({ SubnetId, Tags }) => ({ id: SubnetId, tags: Tags })),
    "route-table": async (client) => (await gather(paginateDescribeRouteTables({ client }, {}), ({ RouteTables }) => RouteTables))
        .map(({ RouteTableId, Tags }) => ({ id: RouteTableId, tags: Tags })),
    "internet-gateway": async (client) => (await gather(paginateDescribeInternetGateways({ client }, {}), ({ InternetGateways }) => InternetGateways))
        .map(({ InternetGatewayId, Tags }) => ({ id: InternetGatewayId, tags: Tags })),
    natgateway: async (client) => (await gather(paginateDescribeNatGateways({ client }, {}), ({ NatGateways }) => NatGateways))
        .filter(({ State }) => State !== "deleted").map(({ NatGatewayId, Tags }) => ({ id: NatGatewayId, tags: Tags })),
    "elastic-ip": async (client) => (await client.send(new DescribeAddressesCommand({}))).Addresses
        ?.map(({ AllocationId, Tags }) => ({ id: AllocationId, tags: Tags })) ?? [],
    "security-group": async (client) => (await gather(paginateDescribeSecurityGroups({ client }, {}), ({ SecurityGroups }) => SecurityGroups))
        .map(({ GroupId, Tags }) => ({ id: GroupId, tags: Tags })),
    "vpc-endpoint": async (client) => (await gather(paginateDescribeVpcEndpoints({ client }, {}), ({ VpcEndpoints }) => VpcEndpoints))
        .filter(({ State }) => !/^deleted$/i.test(State ?? "")).map(({ VpcEndpointId, Tags }) => ({ id: VpcEndpointId, tags: Tags })),
    "vpc-flow-log": async (client) => (await gather(paginateDescribeFlowLogs({ client }, {}), ({ FlowLogs }) => FlowLogs))
        .map(({ FlowLogId, Tags }) => ({ id: FlowLogId, tags: Tags })),
};

/** Lists are read whole and sifted here: an account has few networks, and every kind of filter differs from call to call. */
export const network: Finder = {
    what: "networks of EC2",
    async find(search) {
        const tagged = await Promise.all(Object.entries(lists).map(async ([kind, read]) => keepKind(search, kind, await read(search.clients.ec2))));
        const found = tagged.flat();
        return [...found, ...await findInterfaces(search, found)];
    },
};

function keepKind(search: Search, kind: string, sightings: readonly Sighting[]): readonly OwnedResource[] {
    return sightings.flatMap(({ id = "", tags: list }) => {
        const tags = fromTagList(list);
        return search.isOurs(tags) ? [toOwned(search.arn("ec2", `${kind}/${id}`), tags, labelOf(id, tags["Name"]))] : [];
    });
}

function labelOf(id: string, name: string | undefined): { label: string } {
    return { label: name === undefined ? id : `${name} (${id})` };
}

/** Made by services in our subnets: they carry no tags of ours, and hold subnets and groups until they are gone. */
async function findInterfaces(search: Search, found: readonly OwnedResource[]): Promise<readonly OwnedResource[]> {
    const vpcIds = found.flatMap(({ type, id }) => (type === "aws:ec2/vpc:Vpc" && id !== undefined ? [id] : []));
    return (await listInterfaces(search, vpcIds)).map(({ resource }) => resource);
}

export interface InterfaceSighting {
    readonly resource: OwnedResource;
    /** `interface`, `nat_gateway`, `vpc_endpoint`, ... https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_NetworkInterface.html */
    readonly interfaceType: string;
}

/** All network interfaces of the networks. */
export async function listInterfaces({ clients, arn }: Search, vpcIds: readonly string[]): Promise<readonly InterfaceSighting[]> {
    if (vpcIds.length === 0) return [];
    const pages = paginateDescribeNetworkInterfaces({ client: clients.ec2 }, { Filters: [{ Name: "vpc-id", Values: [...vpcIds] }] });
    const interfaces = await gather(pages, ({ NetworkInterfaces }) => NetworkInterfaces);
    return interfaces.map(({ NetworkInterfaceId: id = "", TagSet, Description = "", InterfaceType = "interface" }) => ({
        resource: toOwned(arn("ec2", `network-interface/${id}`), fromTagList(TagSet), { label: `${id} ${Description}`.trim() }),
        interfaceType: InterfaceType,
    }));
}
