/** The VPC, with what makes it useful: ways to AWS's services, and logs of its traffic. Exists only when a part runs inside it. */
import * as pulumi from "@pulumi/pulumi";
import { Vpc } from "@pulumi/awsx/ec2/vpc.js";
import type { PlatformConfig } from "../config.ts";
import type { NatMode } from "../config/network.ts";
import type { PlatformContext } from "../context.ts";
import { planAddresses } from "./addressPlan.ts";
import { FlowLogs } from "./flowLogs.ts";
import { listInterfaceServices, listUnreachableServices } from "./networkNeeds.ts";
import { PrivateAccess } from "./privateAccess.ts";

export interface NetworkingArgs {
    readonly context: PlatformContext;
    readonly config: Pick<PlatformConfig, "network" | "training">;
    /** Key of the flow logs. */
    readonly kmsKeyArn: pulumi.Input<string>;
}

/**
 * Public subnets (way to and from the internet), private ones (way out through NAT gateways, if there are any) and isolated ones (no
 * way but the endpoints), in each zone. Costs about 7 USD a month for each interface endpoint and zone, and 33 USD for each NAT gateway.
 */
export class Networking extends pulumi.ComponentResource {
    readonly vpcId: pulumi.Output<string>;
    /** In the order of the zones. */
    readonly isolatedSubnetIds: pulumi.Output<readonly string[]>;
    /** For what runs inside: it can call the endpoints, and nobody can call it. */
    readonly computeSecurityGroupId: pulumi.Output<string>;
    /** Services that private and isolated subnets cannot reach, in words. */
    readonly unreachableServices: readonly string[];

    constructor(name: string, args: NetworkingArgs, opts?: pulumi.ComponentResourceOptions) {
        super("firstlight:networking:Networking", name, {}, opts);
        const { context, config, kmsKeyArn } = args;
        const vpc = this.createVpc(name, args);
        const access = new PrivateAccess(`${name}-access`, {
            context,
            vpcId: vpc.vpcId,
            routeTableIds: findRouteTablesWithoutInternet(vpc),
            subnetIds: vpc.isolatedSubnetIds,
            interfaceServices: listInterfaceServices(config),
            hasInternet: config.network.nat !== "none",
        }, { parent: this });
        new FlowLogs("flow-logs", { context, vpcId: vpc.vpcId, kmsKeyArn }, { parent: this });
        this.vpcId = vpc.vpcId;
        this.isolatedSubnetIds = vpc.isolatedSubnetIds;
        this.computeSecurityGroupId = access.computeSecurityGroupId;
        this.unreachableServices = listUnreachableServices(config);
        this.registerOutputs({
            vpcId: this.vpcId, isolatedSubnetIds: this.isolatedSubnetIds, computeSecurityGroupId: this.computeSecurityGroupId,
        });
    }

    private createVpc(name: string, { context, config }: NetworkingArgs): Vpc {
        const { cidr, nat, zones } = config.network;
        const plan = planAddresses(cidr, zones);
        return new Vpc(name, {
            cidrBlock: cidr,
            numberOfAvailabilityZones: zones,
            // Private DNS of the interface endpoints needs both.
            enableDnsHostnames: true,
            enableDnsSupport: true,
            subnetStrategy: "Exact",
            subnetSpecs: [
                { type: "Private", cidrBlocks: [...plan.private] },
                { type: "Public", cidrBlocks: [...plan.public] },
                { type: "Isolated", cidrBlocks: [...plan.isolated] },
            ],
            natGateways: { strategy: NAT_STRATEGIES[nat] },
            tags: { ...context.tags, Name: context.naming.prefix },
        }, { parent: this });
    }
}

const NAT_STRATEGIES = { none: "None", single: "Single", "one-per-zone": "OnePerAz" } as const satisfies Readonly<Record<NatMode, string>>;

/**
 * The package gives route tables and subnets side by side, but does not say which table is whose in words: a table is public when the
 * subnet beside it is. Resources come as ids, unless the program has loaded their classes.
 */
function findRouteTablesWithoutInternet({ routeTables, subnets, publicSubnetIds }: Vpc): pulumi.Output<readonly string[]> {
    const idsOf = (resources: readonly (pulumi.CustomResource | string)[]): pulumi.Output<string[]> =>
        pulumi.all(resources.map((resource) => (typeof resource === "string" ? pulumi.output(resource) : resource.id)));
    return pulumi.all([routeTables.apply(idsOf), subnets.apply(idsOf), publicSubnetIds])
        .apply(([tables, subnetIds, publicIds]) => tables.filter((_table, index) => !publicIds.includes(subnetIds[index] ?? "")));
}
