/**
 * `awsx:ec2:Vpc`, child by child as version 3.9.0 of the package makes them, for the arguments that this program uses. Every other
 * argument is refused by name. Recorded from a run of the package; its source: https://github.com/pulumi/pulumi-awsx/blob/v3.8.0/awsx/ec2/vpc.ts
 */
import { ChildValue } from "../../engine/provider.ts";
import type { ConstructRequest, PropertyMap, RegisteredChild, RemoteComponent } from "../../engine/provider.ts";
import { VPC_ARGUMENTS, readVpcArguments } from "./awsxVpcArguments.ts";
import type { VpcArguments, ZoneSubnet } from "./awsxVpcArguments.ts";
import { texts } from "./inputs.ts";

/** A subnet with what is made below it. */
interface BuiltSubnet extends ZoneSubnet {
    readonly subnet: RegisteredChild;
    readonly routeTable: RegisteredChild;
    readonly association: RegisteredChild;
}

/** Kinds in the order in which the package goes through the subnets of a zone. */
const KINDS = ["Public", "Private", "Isolated"] as const;

export const awsxVpc: RemoteComponent = {
    type: "awsx:ec2:Vpc",
    inputs: VPC_ARGUMENTS,
    outputs: [
        "vpc", "vpcId", "internetGateway", "subnets", "publicSubnets", "privateSubnets", "isolatedSubnets",
        "publicSubnetIds", "privateSubnetIds", "isolatedSubnetIds", "routeTables", "routeTableAssociations", "routes", "eips", "natGateways", "vpcEndpoints",
    ],
    async construct(request) {
        const args = readVpcArguments(request);
        const zones = await findZones(args.zoneCount, request);
        const sharedTags = { Name: request.name, ...args.tags };
        const vpc = await request.register({
            type: "aws:ec2/vpc:Vpc", name: request.name,
            inputs: { cidrBlock: args.cidrBlock, enableDnsHostnames: args.enableDnsHostnames, enableDnsSupport: args.enableDnsSupport, tags: sharedTags },
        });
        const builder = new VpcBuilder(request, args, vpc);
        const planned = zones.flatMap((zone, index) => KINDS.flatMap((kind) => args.subnetsOf(kind, zone, index)));
        const [internetGateway, subnets] = await Promise.all([
            request.register({
                type: "aws:ec2/internetGateway:InternetGateway", name: request.name, parent: vpc,
                inputs: { vpcId: new ChildValue(vpc, "id"), tags: sharedTags },
            }),
            Promise.all(planned.map((subnet) => builder.createSubnet(subnet))),
        ]);
        const gateways = await builder.createNatGateways(subnets);
        const routes = await builder.createRoutes(subnets, internetGateway, gateways.natGateways);
        return buildOutputs({ vpc, internetGateway, subnets, routes, ...gateways });
    },
};

/** The first zones of the region, as the package chooses them. */
async function findZones(count: number, { invoke }: ConstructRequest): Promise<readonly string[]> {
    const names = texts(await invoke("aws:index/getAvailabilityZones:getAvailabilityZones", {}), "names") ?? [];
    if (names.length < count) throw new Error(`numberOfAvailabilityZones: the region has ${names.length} zones, got ${count}; choose fewer`);
    return names.slice(0, count);
}

class VpcBuilder {
    readonly #request: ConstructRequest;
    readonly #args: VpcArguments;
    readonly #vpc: RegisteredChild;

    constructor(request: ConstructRequest, args: VpcArguments, vpc: RegisteredChild) {
        this.#request = request;
        this.#args = args;
        this.#vpc = vpc;
    }

    /** The subnet, its route table, and what ties them together. */
    async createSubnet(planned: ZoneSubnet): Promise<BuiltSubnet> {
        const { register } = this.#request;
        const { name, kind, zone, cidrBlock } = planned;
        const tags = { ...this.#sharedTags(), Name: name, SubnetType: kind };
        const vpcId = new ChildValue(this.#vpc, "id");
        const subnet = await register({
            type: "aws:ec2/subnet:Subnet", name, parent: this.#vpc,
            inputs: { vpcId, cidrBlock, availabilityZone: zone, mapPublicIpOnLaunch: kind === "Public", assignIpv6AddressOnCreation: false, tags },
        });
        const routeTable = await register({ type: "aws:ec2/routeTable:RouteTable", name, parent: subnet, inputs: { vpcId, tags } });
        const association = await register({
            type: "aws:ec2/routeTableAssociation:RouteTableAssociation", name, parent: routeTable,
            inputs: { routeTableId: new ChildValue(routeTable, "id"), subnetId: new ChildValue(subnet, "id") },
        });
        return { ...planned, subnet, routeTable, association };
    }

    /** One address and gateway in the public subnet of the first zone, or of each. */
    async createNatGateways(subnets: readonly BuiltSubnet[]): Promise<{ eips: readonly RegisteredChild[]; natGateways: readonly RegisteredChild[] }> {
        const count = { None: 0, Single: 1, OnePerAz: this.#args.zoneCount }[this.#args.natStrategy];
        const made = await Promise.all(subnets.filter(({ kind }) => kind === "Public").slice(0, count).map(async ({ subnet, zoneNumber }) => {
            const name = `${this.#request.name}-${zoneNumber}`;
            const tags = { ...this.#args.tags, Name: name };
            const eip = await this.#request.register({ type: "aws:ec2/eip:Eip", name, parent: subnet, inputs: { tags } });
            const natGateway = await this.#request.register({
                type: "aws:ec2/natGateway:NatGateway", name, parent: subnet,
                inputs: { subnetId: new ChildValue(subnet, "id"), allocationId: new ChildValue(eip, "allocationId"), tags },
            });
            return { eip, natGateway };
        }));
        return { eips: made.map(({ eip }) => eip), natGateways: made.map(({ natGateway }) => natGateway) };
    }

    /** Public subnets reach the internet; private ones through the gateway of their zone, or the only one; isolated ones have no way. */
    async createRoutes(
        subnets: readonly BuiltSubnet[], internetGateway: RegisteredChild, natGateways: readonly RegisteredChild[],
    ): Promise<readonly RegisteredChild[]> {
        const routes = subnets.map(({ kind, name, routeTable, zoneNumber }) => {
            const natGateway = natGateways[zoneNumber - 1] ?? natGateways[0];
            const target = targetOf(kind, internetGateway, natGateway);
            if (target === undefined) return undefined;
            return this.#request.register({
                type: "aws:ec2/route:Route", name, parent: routeTable,
                inputs: { routeTableId: new ChildValue(routeTable, "id"), destinationCidrBlock: "0.0.0.0/0", ...target },
            });
        });
        return Promise.all(routes.filter((route) => route !== undefined));
    }

    #sharedTags(): PropertyMap {
        return { Name: this.#request.name, ...this.#args.tags };
    }
}

function targetOf(
    kind: ZoneSubnet["kind"], internetGateway: RegisteredChild, natGateway: RegisteredChild | undefined,
): Readonly<Record<string, ChildValue>> | undefined {
    if (kind === "Public") return { gatewayId: new ChildValue(internetGateway, "id") };
    return kind === "Private" && natGateway !== undefined ? { natGatewayId: new ChildValue(natGateway, "id") } : undefined;
}

interface BuiltVpc {
    readonly vpc: RegisteredChild;
    readonly internetGateway: RegisteredChild;
    readonly subnets: readonly BuiltSubnet[];
    readonly routes: readonly RegisteredChild[];
    readonly eips: readonly RegisteredChild[];
    readonly natGateways: readonly RegisteredChild[];
}

/** All outputs of the package but `subnetLayout`, which describes the arguments. */
function buildOutputs({ vpc, internetGateway, subnets, routes, eips, natGateways }: BuiltVpc) {
    const itself = (child: RegisteredChild): ChildValue => new ChildValue(child);
    const ofKind = (kind: ZoneSubnet["kind"]): readonly RegisteredChild[] => subnets.filter((built) => built.kind === kind).map(({ subnet }) => subnet);
    const idsOf = (kind: ZoneSubnet["kind"]): readonly ChildValue[] => ofKind(kind).map((subnet) => new ChildValue(subnet, "id"));
    return {
        vpc: itself(vpc),
        vpcId: new ChildValue(vpc, "id"),
        internetGateway: itself(internetGateway),
        subnets: subnets.map(({ subnet }) => itself(subnet)),
        publicSubnets: ofKind("Public").map(itself),
        privateSubnets: ofKind("Private").map(itself),
        isolatedSubnets: ofKind("Isolated").map(itself),
        publicSubnetIds: idsOf("Public"),
        privateSubnetIds: idsOf("Private"),
        isolatedSubnetIds: idsOf("Isolated"),
        routeTables: subnets.map(({ routeTable }) => itself(routeTable)),
        routeTableAssociations: subnets.map(({ association }) => itself(association)),
        routes: routes.map(itself),
        eips: eips.map(itself),
        natGateways: natGateways.map(itself),
        vpcEndpoints: [],
    };
}
