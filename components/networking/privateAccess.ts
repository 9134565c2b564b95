/** How what runs in the VPC reaches AWS without the internet: endpoints, and the two security groups that say who may use them. */
import * as pulumi from "@pulumi/pulumi";
import { SecurityGroup } from "@pulumi/aws/ec2/securityGroup.js";
import { VpcEndpoint } from "@pulumi/aws/ec2/vpcEndpoint.js";
import { SecurityGroupEgressRule } from "@pulumi/aws/vpc/securityGroupEgressRule.js";
import { SecurityGroupIngressRule } from "@pulumi/aws/vpc/securityGroupIngressRule.js";
import type { PlatformContext } from "../context.ts";
import { buildServiceName } from "../facts/vpcEndpoints.ts";
import type { GatewayService, InterfaceService } from "../facts/vpcEndpoints.ts";
import { dynamodbEndpointStatements, ownAccountStatements, s3EndpointStatements } from "../iam/networkPermissions.ts";
import { buildPolicy } from "../iam/policy.ts";
import type { Statement } from "../iam/policy.ts";

export interface PrivateAccessArgs {
    readonly context: PlatformContext;
    readonly vpcId: pulumi.Input<string>;
    /** Of all private and isolated subnets: where the gateway endpoints put their routes. */
    readonly routeTableIds: pulumi.Input<readonly string[]>;
    /** One of each zone, for the network interfaces of the interface endpoints. */
    readonly subnetIds: pulumi.Input<readonly string[]>;
    readonly interfaceServices: readonly InterfaceService[];
    /** Whether what runs in private subnets may also call the internet, by HTTPS. */
    readonly hasInternet: boolean;
}

/** Gateway endpoints are free; an interface endpoint costs about 7 USD a month in each zone. */
export class PrivateAccess extends pulumi.ComponentResource {
    /** Security group of what runs in the VPC. Nobody can connect to it. */
    readonly computeSecurityGroupId: pulumi.Output<string>;

    constructor(name: string, args: PrivateAccessArgs, opts?: pulumi.ComponentResourceOptions) {
        super("firstlight:networking:PrivateAccess", name, {}, opts);
        const compute = this.createSecurityGroup("compute", "What runs in the network; nobody connects to it", args);
        const gateways = [this.createGatewayEndpoint("s3", args), this.createGatewayEndpoint("dynamodb", args)];
        gateways.forEach(({ service, endpoint }) => this.allowOut(service, { compute, prefixListId: endpoint.prefixListId }, args));
        if (args.hasInternet) this.allowOut("internet", { compute, cidrIpv4: "0.0.0.0/0" }, args);
        if (args.interfaceServices.length > 0) this.createInterfaceEndpoints(compute, args);
        this.computeSecurityGroupId = compute.id;
        this.registerOutputs({ computeSecurityGroupId: this.computeSecurityGroupId });
    }

    private createSecurityGroup(part: string, description: string, { context, vpcId }: PrivateAccessArgs): SecurityGroup {
        const name = context.naming.name("securityGroup", part);
        return new SecurityGroup(`${part}-security-group`, {
            name, description, vpcId, tags: { ...context.tags, Name: name },
        }, { parent: this });
    }

    private createGatewayEndpoint(service: GatewayService, { context, vpcId, routeTableIds }: PrivateAccessArgs): GatewayEndpoint {
        const { location, naming, tags } = context;
        const endpoint = new VpcEndpoint(`${service}-endpoint`, {
            vpcId,
            vpcEndpointType: "Gateway",
            serviceName: buildServiceName(service, location.region),
            routeTableIds: pulumi.output(routeTableIds).apply((ids) => [...ids]),
            policy: buildPolicy(GATEWAY_STATEMENTS[service]({ location, prefix: naming.prefix, bucketPattern: naming.bucketPattern })),
            tags: { ...tags, Name: `${naming.prefix}-${service}` },
        }, { parent: this });
        return { service, endpoint };
    }

    /** The endpoints' group admits HTTPS from the compute group, and from nobody else. */
    private createInterfaceEndpoints(compute: SecurityGroup, args: PrivateAccessArgs): void {
        const { context, vpcId, subnetIds } = args;
        const group = this.createSecurityGroup("endpoints", "Interface endpoints; only the compute group connects to them", args);
        new SecurityGroupIngressRule("endpoints-from-compute", {
            securityGroupId: group.id,
            referencedSecurityGroupId: compute.id,
            ...HTTPS,
            description: "HTTPS from the compute group",
            tags: context.tags,
        }, { parent: this });
        this.allowOut("endpoints", { compute, referencedSecurityGroupId: group.id }, args);
        const policy = buildPolicy(ownAccountStatements(context.location));
        for (const service of args.interfaceServices) {
            new VpcEndpoint(`${service.replace(".", "-")}-endpoint`, {
                vpcId, policy,
                vpcEndpointType: "Interface",
                serviceName: buildServiceName(service, context.location.region),
                subnetIds: pulumi.output(subnetIds).apply((ids) => [...ids]),
                securityGroupIds: [group.id],
                privateDnsEnabled: true,
                tags: { ...context.tags, Name: `${context.naming.prefix}-${service}` },
            }, { parent: this });
        }
    }

    private allowOut(to: string, { compute, ...peer }: Peer & { readonly compute: SecurityGroup }, { context }: PrivateAccessArgs): void {
        new SecurityGroupEgressRule(`compute-to-${to}`, {
            securityGroupId: compute.id, ...peer, ...HTTPS, description: `HTTPS to ${to}`, tags: context.tags,
        }, { parent: this });
    }
}

interface GatewayEndpoint { readonly service: GatewayService; readonly endpoint: VpcEndpoint }

type Peer = { readonly [Kind in "prefixListId" | "referencedSecurityGroupId" | "cidrIpv4"]?: pulumi.Input<string> };

const HTTPS = { ipProtocol: "tcp", fromPort: 443, toPort: 443 } as const;

const GATEWAY_STATEMENTS: Readonly<Record<GatewayService, (scope: Parameters<typeof s3EndpointStatements>[0]) => readonly Statement[]>> = {
    s3: s3EndpointStatements,
    dynamodb: dynamodbEndpointStatements,
};
