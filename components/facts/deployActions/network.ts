/** What deploying a network calls. Sources: `../deployActions.ts`. */
import { arn } from "./entry.ts";
import type { DeployActions } from "./entry.ts";

const NETWORK: Pick<DeployActions, "service" | "on" | "isToldByTags"> = {
    service: "ec2", isToldByTags: true, on: [arn("ec2", "*/*")],
};

/** By Pulumi type. */
export const network: Readonly<Record<string, DeployActions>> = {
    "aws:ec2/eip:Eip": {
        ...NETWORK,
        schema: "AWS::EC2::EIP",
        create: "AllocateAddress",
        read: "DescribeAddresses",
        delete: "ReleaseAddress DisassociateAddress",
        tag: "CreateTags DeleteTags", besides: "DescribeAddressesAttribute",
    },
    "aws:ec2/flowLog:FlowLog": {
        ...NETWORK,
        schema: "AWS::EC2::FlowLog",
        create: "CreateFlowLogs",
        read: "DescribeFlowLogs",
        delete: "DeleteFlowLogs",
        tag: "CreateTags DeleteTags",
        besides: "logs:CreateLogDelivery logs:DeleteLogDelivery",
    },
    "aws:ec2/internetGateway:InternetGateway": {
        ...NETWORK,
        schema: "AWS::EC2::InternetGateway",
        create: "CreateInternetGateway AttachInternetGateway",
        read: "DescribeInternetGateways",
        delete: "DetachInternetGateway DeleteInternetGateway", tag: "CreateTags DeleteTags",
    },
    "aws:ec2/natGateway:NatGateway": {
        ...NETWORK, schema: "AWS::EC2::NatGateway", create: "CreateNatGateway", read: "DescribeNatGateways", delete: "DeleteNatGateway",
        tag: "CreateTags DeleteTags",
    },
    "aws:ec2/route:Route": {
        ...NETWORK,
        schema: "AWS::EC2::Route",
        create: "CreateRoute",
        read: "DescribeRouteTables",
        update: "ReplaceRoute",
        delete: "DeleteRoute",
    },
    "aws:ec2/routeTable:RouteTable": {
        ...NETWORK, schema: "AWS::EC2::RouteTable", create: "CreateRouteTable", read: "DescribeRouteTables", delete: "DeleteRouteTable",
        tag: "CreateTags DeleteTags", besides: "DisassociateRouteTable",
    },
    "aws:ec2/routeTableAssociation:RouteTableAssociation": {
        ...NETWORK,
        schema: "AWS::EC2::SubnetRouteTableAssociation",
        create: "AssociateRouteTable",
        read: "DescribeRouteTables DescribeSubnets",
        update: "ReplaceRouteTableAssociation", delete: "DisassociateRouteTable",
    },
    "aws:ec2/securityGroup:SecurityGroup": {
        ...NETWORK, schema: "AWS::EC2::SecurityGroup", create: "CreateSecurityGroup", read: "DescribeSecurityGroups",
        update: "RevokeSecurityGroupEgress",
        delete: "DeleteSecurityGroup",
        tag: "CreateTags DeleteTags",
        besides: "DescribeNetworkInterfaces",
    },
    "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": {
        ...NETWORK, schema: "AWS::EC2::SecurityGroupEgress", create: "AuthorizeSecurityGroupEgress", read: "DescribeSecurityGroupRules",
        update: "ModifySecurityGroupRules UpdateSecurityGroupRuleDescriptionsEgress",
        delete: "RevokeSecurityGroupEgress",
        tag: "CreateTags DeleteTags",
    },
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": {
        ...NETWORK, schema: "AWS::EC2::SecurityGroupIngress", create: "AuthorizeSecurityGroupIngress", read: "DescribeSecurityGroupRules",
        update: "ModifySecurityGroupRules UpdateSecurityGroupRuleDescriptionsIngress",
        delete: "RevokeSecurityGroupIngress",
        tag: "CreateTags DeleteTags",
    },
    "aws:ec2/subnet:Subnet": {
        ...NETWORK, schema: "AWS::EC2::Subnet", create: "CreateSubnet", read: "DescribeSubnets DescribeNetworkAcls",
        update: "ModifySubnetAttribute",
        delete: "DeleteSubnet",
        tag: "CreateTags DeleteTags",
        besides: "DescribeAvailabilityZones DescribeNetworkInterfaces",
    },
    "aws:ec2/vpc:Vpc": {
        ...NETWORK,
        schema: "AWS::EC2::VPC",
        create: "CreateVpc",
        read: "DescribeVpcs DescribeVpcAttribute DescribeNetworkAcls DescribeSecurityGroups",
        update: "ModifyVpcAttribute", delete: "DeleteVpc", tag: "CreateTags DeleteTags", besides: "DescribeRouteTables",
    },
    "aws:ec2/vpcEndpoint:VpcEndpoint": {
        ...NETWORK,
        schema: "AWS::EC2::VPCEndpoint",
        create: "CreateVpcEndpoint",
        read: "DescribeVpcEndpoints DescribeSubnets DescribeSecurityGroups DescribeVpcs",
        update: "ModifyVpcEndpoint",
        delete: "DeleteVpcEndpoints",
        tag: "CreateTags DeleteTags",
        besides: "DescribePrefixLists DescribeVpcEndpointServices",
    },
};
