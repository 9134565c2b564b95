/** VPC endpoints, security groups with their rules, and flow logs. */
import {
    DescribeFlowLogsCommand, DescribePrefixListsCommand, DescribeSecurityGroupRulesCommand, DescribeSecurityGroupsCommand, DescribeVpcEndpointsCommand,
    type EC2Client, type SecurityGroupRule,
} from "@aws-sdk/client-ec2";
import type { PropertyMap } from "../../engine/provider.ts";
import { gather, importPage, knownText, readTags } from "./lookup.ts";
import type { Lookup } from "./lookup.ts";
import { tagFilters, toCandidates } from "./network.ts";

/** Addresses of the service, which rules of security groups name; only gateway endpoints have such a list. */
async function findPrefixList(ec2: EC2Client, serviceName: string): Promise<string | undefined> {
    const { PrefixLists = [] } = await ec2.send(new DescribePrefixListsCommand({ Filters: [{ Name: "prefix-list-name", Values: [serviceName] }] }));
    return PrefixLists.find(({ PrefixListName }) => PrefixListName === serviceName)?.PrefixListId;
}

const ENDING = ["deleting", "deleted", "failed", "rejected", "expired"];

const vpcEndpoint: Lookup = {
    type: "aws:ec2/vpcEndpoint:VpcEndpoint",
    source: importPage("ec2/vpcendpoint"),
    async candidates(inputs, { ec2 }, owner) {
        const vpcId = knownText(inputs, "vpcId");
        const serviceName = knownText(inputs, "serviceName");
        if (vpcId === undefined || serviceName === undefined) return [];
        const Filters = [{ Name: "vpc-id", Values: [vpcId] }, { Name: "service-name", Values: [serviceName] }, ...tagFilters(inputs, owner)];
        const endpoints = await gather(async (NextToken) => {
            const page = await ec2.send(new DescribeVpcEndpointsCommand({ Filters, NextToken }));
            return { items: page.VpcEndpoints, next: page.NextToken };
        });
        const alive = endpoints.filter(({ State = "" }) => !ENDING.includes(State.toLowerCase()));
        const meant = alive.filter(({ VpcId, ServiceName }) => VpcId === vpcId && ServiceName === serviceName);
        const prefixListId = meant[0]?.VpcEndpointType === "Gateway" ? await findPrefixList(ec2, serviceName) : undefined;
        return toCandidates(meant.map(({ VpcEndpointId, Tags }) => ({ id: VpcEndpointId, tags: Tags, outputs: { prefixListId } })), inputs);
    },
};

const securityGroup: Lookup = {
    type: "aws:ec2/securityGroup:SecurityGroup",
    source: importPage("ec2/securitygroup"),
    async candidates(inputs, { ec2 }) {
        const vpcId = knownText(inputs, "vpcId");
        const name = knownText(inputs, "name");
        if (vpcId === undefined || name === undefined) return [];
        const Filters = [{ Name: "vpc-id", Values: [vpcId] }, { Name: "group-name", Values: [name] }];
        const groups = await gather(async (NextToken) => {
            const page = await ec2.send(new DescribeSecurityGroupsCommand({ Filters, NextToken }));
            return { items: page.SecurityGroups, next: page.NextToken };
        });
        const meant = groups.filter(({ VpcId, GroupName }) => VpcId === vpcId && GroupName === name);
        return meant.map(({ GroupId = "", Tags }) => ({ id: GroupId, outputs: {}, tags: readTags(Tags) }));
    },
};

/** -1 stands for all ports, as does no port. */
function isSamePort(found: number | undefined, asked: PropertyMap[string] | undefined): boolean {
    return (found ?? -1) === (asked === undefined ? -1 : Number(asked));
}

function isSameRule(rule: SecurityGroupRule, inputs: PropertyMap): boolean {
    return rule.IpProtocol === inputs["ipProtocol"]
        && isSamePort(rule.FromPort, inputs["fromPort"]) && isSamePort(rule.ToPort, inputs["toPort"])
        && rule.CidrIpv4 === inputs["cidrIpv4"] && rule.PrefixListId === inputs["prefixListId"]
        && rule.ReferencedGroupInfo?.GroupId === inputs["referencedSecurityGroupId"];
}

function defineRule(direction: "Ingress" | "Egress"): Lookup {
    return {
        type: `aws:vpc/securityGroup${direction}Rule:SecurityGroup${direction}Rule`,
        source: importPage(`vpc/securitygroup${direction.toLowerCase()}rule`),
        async candidates(inputs, { ec2 }) {
            const groupId = knownText(inputs, "securityGroupId");
            if (groupId === undefined) return [];
            const rules = await gather(async (NextToken) => {
                const page = await ec2.send(new DescribeSecurityGroupRulesCommand({ Filters: [{ Name: "group-id", Values: [groupId] }], NextToken }));
                return { items: page.SecurityGroupRules, next: page.NextToken };
            });
            const meant = rules.filter((rule) => rule.GroupId === groupId && rule.IsEgress === (direction === "Egress") && isSameRule(rule, inputs));
            return meant.map(({ SecurityGroupRuleId = "", Tags }) => ({ id: SecurityGroupRuleId, outputs: {}, tags: readTags(Tags) }));
        },
    };
}

const flowLog: Lookup = {
    type: "aws:ec2/flowLog:FlowLog",
    source: importPage("ec2/flowlog"),
    async candidates(inputs, { ec2 }) {
        const vpcId = knownText(inputs, "vpcId");
        const destination = knownText(inputs, "logDestination");
        if (vpcId === undefined) return [];
        const logs = await gather(async (NextToken) => {
            const page = await ec2.send(new DescribeFlowLogsCommand({ Filter: [{ Name: "resource-id", Values: [vpcId] }], NextToken }));
            return { items: page.FlowLogs, next: page.NextToken };
        });
        const meant = logs.filter(({ ResourceId, LogDestination }) => ResourceId === vpcId && LogDestination === destination);
        return meant.map(({ FlowLogId = "", Tags }) => ({ id: FlowLogId, outputs: {}, tags: readTags(Tags) }));
    },
};

export const privateAccessLookups: readonly Lookup[] = [vpcEndpoint, securityGroup, defineRule("Ingress"), defineRule("Egress"), flowLog];
