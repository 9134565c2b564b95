import { expect } from "chai";
import type { PropertyMap } from "../../../../automation/engine/provider.ts";
import { startHandlerCloud, type HandlerCloud } from "./handlerCloud.ts";
import { begin, type Life } from "./life.ts";

describe("network handlers", () => {
    let cloud: HandlerCloud;
    let vpc: Life;
    const zone = (letter: string): string => `${cloud.region}${letter}`;

    before(async () => {
        cloud = await startHandlerCloud();
        vpc = await begin(cloud.provider, "aws:ec2/vpc:Vpc", { cidrBlock: "10.30.0.0/16", enableDnsSupport: true, enableDnsHostnames: false, tags: { A: "1" } });
    });
    after(async () => {
        try {
            await vpc.end();
            expect((await cloud.cloud.inventory()).filter((found) => found.startsWith("ec2:"))).to.deep.equal([]);
        } finally {
            await cloud.stop();
        }
    });

    function beginSubnet(letter: string, third: number): Promise<Life> {
        const inputs = { vpcId: vpc.state.id, cidrBlock: `10.30.${third}.0/24`, availabilityZone: zone(letter), mapPublicIpOnLaunch: true, tags: { A: "1" } };
        return begin(cloud.provider, "aws:ec2/subnet:Subnet", inputs);
    }

    it("turns the names of a VPC on and off", async () => {
        await vpc.update({ cidrBlock: "10.30.0.0/16", enableDnsSupport: true, enableDnsHostnames: true, tags: { B: "2" } });
        expect(vpc.state.outputs["defaultSecurityGroupId"]).to.match(/^sg-/);
        expect(vpc.state.outputs["mainRouteTableId"]).to.match(/^rtb-/);
    });

    it("leads subnets, gateways, tables and routes through their lives", async () => {
        const gateway = await begin(cloud.provider, "aws:ec2/internetGateway:InternetGateway", { vpcId: vpc.state.id, tags: { A: "1" } });
        await gateway.update({ vpcId: vpc.state.id, tags: { B: "2" } });
        const subnet = await beginSubnet("a", 1);
        await subnet.update({ vpcId: vpc.state.id, cidrBlock: "10.30.1.0/24", availabilityZone: zone("a"), mapPublicIpOnLaunch: false, tags: { B: "2" } });
        const table = await begin(cloud.provider, "aws:ec2/routeTable:RouteTable", { vpcId: vpc.state.id, tags: { A: "1" } });
        const other = await begin(cloud.provider, "aws:ec2/routeTable:RouteTable", { vpcId: vpc.state.id });
        const association = await begin(cloud.provider, "aws:ec2/routeTableAssociation:RouteTableAssociation", { subnetId: subnet.state.id, routeTableId: table.state.id });
        await association.update({ subnetId: subnet.state.id, routeTableId: other.state.id });

        const eip = await begin(cloud.provider, "aws:ec2/eip:Eip", { tags: { A: "1" } });
        await eip.update({ tags: { B: "2" } });
        const natInputs: PropertyMap = { subnetId: subnet.state.id, allocationId: eip.state.outputs["allocationId"]!, tags: { A: "1" } };
        const nat = await begin(cloud.provider, "aws:ec2/natGateway:NatGateway", natInputs);
        expect(nat.state.outputs["publicIp"]).to.equal(eip.state.outputs["publicIp"]);
        await nat.update({ ...natInputs, tags: { B: "2" } });
        const out = { routeTableId: table.state.id, destinationCidrBlock: "0.0.0.0/0" };
        const route = await begin(cloud.provider, "aws:ec2/route:Route", { ...out, gatewayId: gateway.state.id });
        await route.update({ ...out, natGatewayId: nat.state.id });
        for (const life of [route, nat, eip, association, other, table, subnet, gateway]) await life.end();
    });

    it("leads endpoints through their lives, and knows the addresses of a gateway endpoint's service", async () => {
        const subnets = [await beginSubnet("a", 2), await beginSubnet("b", 3)];
        const table = await begin(cloud.provider, "aws:ec2/routeTable:RouteTable", { vpcId: vpc.state.id });
        const policy = JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect: "Allow", Principal: "*", Action: "s3:GetObject", Resource: "*" }] });
        const gatewayInputs: PropertyMap = {
            vpcId: vpc.state.id, vpcEndpointType: "Gateway", serviceName: `com.amazonaws.${cloud.region}.s3`, routeTableIds: [table.state.id], policy, tags: { A: "1" },
        };
        const gateway = await begin(cloud.provider, "aws:ec2/vpcEndpoint:VpcEndpoint", gatewayInputs);
        expect(gateway.state.outputs["prefixListId"]).to.match(/^pl-/);
        await gateway.update({ ...gatewayInputs, routeTableIds: [], tags: { B: "2" } });
        const inputs: PropertyMap = {
            vpcId: vpc.state.id, vpcEndpointType: "Interface", serviceName: `com.amazonaws.${cloud.region}.logs`, privateDnsEnabled: true,
            subnetIds: subnets.map(({ state }) => state.id), tags: { A: "1" },
        };
        const endpoint = await begin(cloud.provider, "aws:ec2/vpcEndpoint:VpcEndpoint", inputs);
        await endpoint.update({ ...inputs, subnetIds: [subnets[1]!.state.id] });
        for (const life of [endpoint, gateway, table, ...subnets]) await life.end();
    });

    it("leads security groups and their rules through their lives; a new group may call nobody", async () => {
        const group = await begin(cloud.provider, "aws:ec2/securityGroup:SecurityGroup", {
            name: "example-compute", description: "compute", vpcId: vpc.state.id, tags: { A: "1" },
        });
        const peer = await begin(cloud.provider, "aws:ec2/securityGroup:SecurityGroup", { name: "example-peer", description: "peer", vpcId: vpc.state.id });
        const https = { securityGroupId: group.state.id, ipProtocol: "tcp", fromPort: 443, toPort: 443, description: "one" };
        const ingress = await begin(cloud.provider, "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", {
            ...https, referencedSecurityGroupId: peer.state.id, tags: { A: "1" },
        });
        await ingress.update({ ...https, referencedSecurityGroupId: peer.state.id, description: "two", tags: { B: "2" } });
        const first = await begin(cloud.provider, "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule", { ...https, prefixListId: "pl-1" });
        const second = await begin(cloud.provider, "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule", { ...https, prefixListId: "pl-2" });
        expect(first.state.id).not.to.equal(second.state.id);
        const anywhere = await begin(cloud.provider, "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule", { ...https, cidrIpv4: "0.0.0.0/0" });
        for (const life of [anywhere, second, first, ingress, peer, group]) await life.end();
    });

    it("leads a flow log through its life", async () => {
        const logs = await begin(cloud.provider, "aws:cloudwatch/logGroup:LogGroup", { name: "/aws/vendedlogs/vpc/example" });
        const inputs: PropertyMap = {
            vpcId: vpc.state.id, trafficType: "ALL", logDestinationType: "cloud-watch-logs", logDestination: logs.state.outputs["arn"]!,
            iamRoleArn: `arn:aws:iam::${cloud.accountId}:role/example-flow-logs`, tags: { A: "1" },
        };
        const flowLog = await begin(cloud.provider, "aws:ec2/flowLog:FlowLog", inputs);
        await flowLog.update({ ...inputs, tags: { B: "2" } });
        await flowLog.end();
        await logs.end();
    });
});
