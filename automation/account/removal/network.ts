/** Deletes a network, from what uses it to the VPC itself. */
import {
    DeleteFlowLogsCommand, DeleteInternetGatewayCommand, DeleteNatGatewayCommand, DeleteNetworkInterfaceCommand, DeleteRouteTableCommand,
    DeleteSecurityGroupCommand, DeleteSubnetCommand, DeleteVpcCommand, DeleteVpcEndpointsCommand, DescribeAddressesCommand,
    DescribeInternetGatewaysCommand, DescribeNatGatewaysCommand, DescribeNetworkInterfacesCommand, DescribeRouteTablesCommand,
    DescribeSecurityGroupRulesCommand, DescribeVpcEndpointsCommand, DetachInternetGatewayCommand, DisassociateAddressCommand,
    DisassociateRouteTableCommand, ReleaseAddressCommand, RevokeSecurityGroupEgressCommand, RevokeSecurityGroupIngressCommand,
} from "@aws-sdk/client-ec2";
import type { EC2Client } from "@aws-sdk/client-ec2";
import { CloudRefusal } from "../../errors.ts";
import { unlessGone } from "../owned/search.ts";
import type { OwnedResource } from "../ownedResource.ts";
import { MINUTE_MS, nameOf } from "./remover.ts";
import type { Remover } from "./remover.ts";

export const flowLog: Remover = {
    kind: "ec2:vpc-flow-log",
    async remove(resource, { clients: { ec2 } }) {
        await ec2.send(new DeleteFlowLogsCommand({ FlowLogIds: [nameOf(resource)] }));
    },
};

export const vpcEndpoint: Remover = {
    kind: "ec2:vpc-endpoint",
    async remove(resource, { clients: { ec2 } }) {
        const { Unsuccessful: [failed] = [] } = await ec2.send(new DeleteVpcEndpointsCommand({ VpcEndpointIds: [nameOf(resource)] }));
        const code = failed?.Error?.Code ?? "";
        if (failed !== undefined && !code.endsWith("NotFound")) throw new CloudRefusal(`${code}: ${failed.Error?.Message ?? ""}`);
    },
    async isGone(resource, { clients: { ec2 } }) {
        const answer = await unlessGone(() => ec2.send(new DescribeVpcEndpointsCommand({ VpcEndpointIds: [nameOf(resource)] })));
        return (answer?.VpcEndpoints ?? []).every(({ State = "" }) => /^deleted$/i.test(State));
    },
    limitMs: 20 * MINUTE_MS,
};

export const natGateway: Remover = {
    kind: "ec2:natgateway",
    async remove(resource, { clients: { ec2 } }) {
        await ec2.send(new DeleteNatGatewayCommand({ NatGatewayId: nameOf(resource) }));
    },
    async isGone(resource, { clients: { ec2 } }) {
        const answer = await unlessGone(() => ec2.send(new DescribeNatGatewaysCommand({ NatGatewayIds: [nameOf(resource)] })));
        return (answer?.NatGateways ?? []).every(({ State }) => State === "deleted");
    },
    limitMs: 20 * MINUTE_MS,
};

export const elasticIp: Remover = {
    kind: "ec2:elastic-ip",
    async remove(resource, { clients: { ec2 } }) {
        const AllocationId = nameOf(resource);
        const { Addresses: [address] = [] } = await ec2.send(new DescribeAddressesCommand({ AllocationIds: [AllocationId] }));
        if (address?.AssociationId !== undefined) await unlessGone(() => ec2.send(new DisassociateAddressCommand({ AssociationId: address.AssociationId })));
        await ec2.send(new ReleaseAddressCommand({ AllocationId }));
    },
};

/**
 * Services take their interfaces away themselves, Lambda and SageMaker after up to forty minutes; one that is attached to nothing any more, as
 * SageMaker leaves some, is deleted here. https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html#configuration-vpc-enis
 * https://github.com/hashicorp/terraform-provider-aws/issues/34397
 */
export const networkInterface: Remover = {
    kind: "ec2:network-interface",
    async remove(resource, { clients }) {
        await deleteDetached(resource, clients.ec2);
    },
    isGone: (resource, { clients }) => deleteDetached(resource, clients.ec2),
    limitMs: 45 * MINUTE_MS,
};

/** Whether it is not there any more. */
async function deleteDetached({ arn }: OwnedResource, ec2: EC2Client): Promise<boolean> {
    const NetworkInterfaceId = arn.slice(arn.lastIndexOf("/") + 1);
    const answer = await unlessGone(() => ec2.send(new DescribeNetworkInterfacesCommand({ NetworkInterfaceIds: [NetworkInterfaceId] })));
    const [found] = answer?.NetworkInterfaces ?? [];
    if (found === undefined) return true;
    if (found.Status === "available") await unlessGone(() => ec2.send(new DeleteNetworkInterfaceCommand({ NetworkInterfaceId })));
    return false;
}

export const subnet: Remover = {
    kind: "ec2:subnet",
    async remove(resource, { clients: { ec2 } }) {
        await ec2.send(new DeleteSubnetCommand({ SubnetId: nameOf(resource) }));
    },
};

/** The main table goes with its VPC. */
export const routeTable: Remover = {
    kind: "ec2:route-table",
    async remove(resource, { clients: { ec2 } }) {
        const RouteTableId = nameOf(resource);
        const { RouteTables: [found] = [] } = await ec2.send(new DescribeRouteTablesCommand({ RouteTableIds: [RouteTableId] }));
        const associations = found?.Associations ?? [];
        for (const { RouteTableAssociationId: AssociationId, Main } of associations) {
            if (Main !== true) await unlessGone(() => ec2.send(new DisassociateRouteTableCommand({ AssociationId })));
        }
        if (!associations.some(({ Main }) => Main === true)) await ec2.send(new DeleteRouteTableCommand({ RouteTableId }));
    },
};

export const internetGateway: Remover = {
    kind: "ec2:internet-gateway",
    async remove(resource, { clients: { ec2 } }) {
        const InternetGatewayId = nameOf(resource);
        const { InternetGateways: [found] = [] } = await ec2.send(new DescribeInternetGatewaysCommand({ InternetGatewayIds: [InternetGatewayId] }));
        for (const { VpcId } of found?.Attachments ?? []) await unlessGone(() => ec2.send(new DetachInternetGatewayCommand({ InternetGatewayId, VpcId })));
        await ec2.send(new DeleteInternetGatewayCommand({ InternetGatewayId }));
    },
};

/** Groups name each other in their rules, and none goes while another names it: so all rules of all groups go before the first group. */
export const securityGroupRules: Remover = {
    kind: "ec2:security-group",
    async remove(resource, { clients: { ec2 } }) {
        const GroupId = nameOf(resource);
        const { SecurityGroupRules = [] } = await ec2.send(new DescribeSecurityGroupRulesCommand({ Filters: [{ Name: "group-id", Values: [GroupId] }] }));
        const idsOf = (isEgress: boolean): string[] => SecurityGroupRules
            .filter(({ IsEgress }) => IsEgress === isEgress).map(({ SecurityGroupRuleId = "" }) => SecurityGroupRuleId);
        const [incoming, outgoing] = [idsOf(false), idsOf(true)];
        if (incoming.length > 0) await ec2.send(new RevokeSecurityGroupIngressCommand({ GroupId, SecurityGroupRuleIds: incoming }));
        if (outgoing.length > 0) await ec2.send(new RevokeSecurityGroupEgressCommand({ GroupId, SecurityGroupRuleIds: outgoing }));
    },
};

export const securityGroup: Remover = {
    kind: "ec2:security-group",
    async remove(resource, { clients: { ec2 } }) {
        await ec2.send(new DeleteSecurityGroupCommand({ GroupId: nameOf(resource) }));
    },
};

export const vpc: Remover = {
    kind: "ec2:vpc",
    async remove(resource, { clients: { ec2 } }) {
        await ec2.send(new DeleteVpcCommand({ VpcId: nameOf(resource) }));
    },
};
