/** Elastic addresses of the region, and what holds each. */
import { DescribeAddressesCommand, DescribeNetworkInterfacesCommand } from "@aws-sdk/client-ec2";
import type { Address, EC2Client } from "@aws-sdk/client-ec2";
import type { ElasticAddress } from "./accountView.ts";

/**
 * Of a pool that was brought along an account may have as many as the pool has.
 * https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html
 */
const OWN_POOL = "amazon";

export async function listAddresses(ec2: EC2Client): Promise<readonly ElasticAddress[]> {
    const { Addresses = [] } = await ec2.send(new DescribeAddressesCommand({}));
    const counted = Addresses.filter(({ PublicIpv4Pool = OWN_POOL }) => PublicIpv4Pool === OWN_POOL);
    const interfaces = await describeInterfaces(ec2, counted);
    return counted.map(({ AllocationId = "", PublicIp = "", InstanceId = "", NetworkInterfaceId = "", Tags = [] }) => ({
        allocationId: AllocationId, publicIp: PublicIp,
        holder: holderOf(InstanceId, NetworkInterfaceId, interfaces),
        tags: Object.fromEntries(Tags.map(({ Key = "", Value = "" }) => [Key, Value])),
    }));
}

function holderOf(instanceId: string, interfaceId: string, interfaces: ReadonlyMap<string, string>): string | undefined {
    if (instanceId !== "") return `instance ${instanceId}`;
    return interfaceId === "" ? undefined : interfaces.get(interfaceId) ?? interfaceId;
}

/** What services write on their interfaces, `Interface for NAT Gateway nat-...`; without the permission to read it the ids have to do. */
async function describeInterfaces(ec2: EC2Client, addresses: readonly Address[]): Promise<ReadonlyMap<string, string>> {
    const ids = addresses.flatMap(({ NetworkInterfaceId = "" }) => (NetworkInterfaceId === "" ? [] : [NetworkInterfaceId]));
    if (ids.length === 0) return new Map();
    const answer = await ec2.send(new DescribeNetworkInterfacesCommand({ NetworkInterfaceIds: ids })).catch(() => undefined);
    const described = (answer?.NetworkInterfaces ?? []).filter(({ Description = "" }) => Description !== "");
    return new Map(described.map(({ NetworkInterfaceId = "", Description = "" }) => [NetworkInterfaceId, Description]));
}
