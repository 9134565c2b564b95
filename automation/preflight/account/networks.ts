/** Networks of the region, and their gateways. */
import { paginateDescribeNatGateways, paginateDescribeSubnets, paginateDescribeVpcs } from "@aws-sdk/client-ec2";
import type { EC2Client } from "@aws-sdk/client-ec2";

export async function countVpcs(ec2: EC2Client): Promise<number> {
    let count = 0;
    for await (const { Vpcs = [] } of paginateDescribeVpcs({ client: ec2 }, {})) count += Vpcs.length;
    return count;
}

/** A gateway counts until it is gone. https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html */
const COUNTED: readonly string[] = ["pending", "available", "deleting"];

/** How many NAT gateways there are, by zone; zones without one are left out. */
export async function countNatGateways(ec2: EC2Client): Promise<ReadonlyMap<string, number>> {
    const subnetIds: string[] = [];
    for await (const { NatGateways = [] } of paginateDescribeNatGateways({ client: ec2 }, {})) {
        subnetIds.push(...NatGateways.filter(({ State = "" }) => COUNTED.includes(State)).map(({ SubnetId = "" }) => SubnetId));
    }
    if (subnetIds.length === 0) return new Map();
    const zones = new Map<string, string>();
    for await (const { Subnets = [] } of paginateDescribeSubnets({ client: ec2 }, {})) {
        for (const { SubnetId = "", AvailabilityZone = "" } of Subnets) zones.set(SubnetId, AvailabilityZone);
    }
    const counts = new Map<string, number>();
    for (const subnetId of subnetIds) {
        const zone = zones.get(subnetId) ?? "";
        counts.set(zone, (counts.get(zone) ?? 0) + 1);
    }
    return counts;
}
