/** `aws:ec2/eip:Eip` and `aws:ec2/natGateway:NatGateway`. */
import {
    AllocateAddressCommand, CreateNatGatewayCommand, DeleteNatGatewayCommand, DescribeAddressesCommand, DescribeNatGatewaysCommand, ReleaseAddressCommand,
    type Address, type NatGateway,
} from "@aws-sdk/client-ec2";
import { randomUUID } from "node:crypto";
import type { HandlerContext, ResourceDefinition } from "./definition.ts";
import { ec2Arn, predictNumbered, tagSpecifications, updateTags } from "./ec2Calls.ts";
import { deleteWhenFree } from "./ec2Vpc.ts";
import { reported, requiredText, text } from "./inputs.ts";
import { appliedFree, appliedReplaces, recordedReplaces, region, registryPage } from "./rules.ts";
import { observeTagged, readTags } from "./tags.ts";
import { unless, waitFor, waitUntilGone } from "./wait.ts";

const ADDRESS_GONE = ["InvalidAllocationID.NotFound"];
const GATEWAY_GONE = ["NatGatewayNotFound"];

async function findAddress(id: string, { clients }: HandlerContext): Promise<Address | undefined> {
    return (await unless(ADDRESS_GONE, () => clients.ec2.send(new DescribeAddressesCommand({ AllocationIds: [id] }))))?.Addresses?.[0];
}

export const eip: ResourceDefinition = {
    table: {
        type: "aws:ec2/eip:Eip",
        source: registryPage("ec2/eip"),
        inputs: { ...region, tags: appliedFree },
        outputs: [
            "address", "allocationId", "arn", "associateWithPrivateIp", "associationId", "carrierIp", "customerOwnedIp", "customerOwnedIpv4Pool", "domain",
            "instance", "ipamPoolId", "networkBorderGroup", "networkInterface", "privateDns", "privateIp", "ptrRecord", "publicDns", "publicIp",
            "publicIpv4Pool", "region", "tags", "tagsAll",
        ],
    },
    predict: ({ inputs }, place) => predictNumbered(inputs, place),
    async create({ inputs }, { clients }) {
        const { AllocationId } = await clients.ec2.send(new AllocateAddressCommand({ Domain: "vpc", ...tagSpecifications("elastic-ip", inputs) }));
        return AllocationId ?? "";
    },
    async read({ id }, context) {
        const found = await findAddress(id, context);
        if (found === undefined) return undefined;
        const { place } = context;
        return observeTagged({
            id, tags: readTags(found.Tags), values: {},
            computed: {
                allocationId: id, arn: ec2Arn(place, "elastic-ip", id), region: place.region, domain: found.Domain, publicIp: found.PublicIp,
                publicDns: `ec2-${found.PublicIp?.replaceAll(".", "-")}.${place.region}.compute.${place.dnsSuffix}`,
                associationId: found.AssociationId ?? "", instance: found.InstanceId ?? "", networkInterface: found.NetworkInterfaceId ?? "",
                // The provider gives empty texts for what an address does not have.
                privateIp: found.PrivateIpAddress ?? "", privateDns: "", ptrRecord: "", carrierIp: "", customerOwnedIp: "", ipamPoolId: "",
                publicIpv4Pool: found.PublicIpv4Pool ?? "amazon", networkBorderGroup: found.NetworkBorderGroup ?? place.region,
            },
        });
    },
    update: updateTags,
    async delete({ id }, { clients }) {
        await deleteWhenFree(() => clients.ec2.send(new ReleaseAddressCommand({ AllocationId: id })), ADDRESS_GONE);
    },
};

/** EC2 shows a deleted gateway for about an hour. */
async function findNatGateway(id: string, { clients }: HandlerContext): Promise<NatGateway | undefined> {
    const answer = await unless(GATEWAY_GONE, () => clients.ec2.send(new DescribeNatGatewaysCommand({ NatGatewayIds: [id] })));
    return answer?.NatGateways?.find(({ State }) => State !== "deleted");
}

export const natGateway: ResourceDefinition = {
    table: {
        type: "aws:ec2/natGateway:NatGateway",
        source: registryPage("ec2/natgateway"),
        inputs: {
            ...region, subnetId: appliedReplaces,
            // MiniStack 1.5.33 takes the address and tells it to nobody.
            allocationId: recordedReplaces,
            tags: appliedFree,
        },
        outputs: [
            "allocationId", "associationId", "autoProvisionZones", "autoScalingIps", "availabilityMode", "availabilityZoneAddresses", "connectivityType",
            "networkInterfaceId", "privateIp", "publicIp", "region", "regionalNatGatewayAddresses", "regionalNatGatewayAutoMode", "routeTableId",
            "secondaryAllocationIds", "secondaryPrivateIpAddressCount", "secondaryPrivateIpAddresses", "subnetId", "tags", "tagsAll", "vpcId",
        ],
    },
    predict: ({ inputs }, place) => predictNumbered(inputs, place),
    async create({ inputs }, context) {
        const { NatGateway } = await context.clients.ec2.send(new CreateNatGatewayCommand({
            SubnetId: requiredText(inputs, "subnetId"), AllocationId: text(inputs, "allocationId"), ClientToken: randomUUID(),
            ...tagSpecifications("natgateway", inputs),
        }));
        const id = NatGateway?.NatGatewayId ?? "";
        const findAvailable = async () => readAvailability(await findNatGateway(id, context));
        await waitFor(findAvailable, { what: `NAT gateway ${id}: state available`, timeoutMs: 10 * 60_000 });
        return id;
    },
    async read({ id, inputs }, context) {
        const found = await findNatGateway(id, context);
        if (found === undefined) return undefined;
        const allocationId = text(inputs, "allocationId");
        const address = allocationId === undefined ? undefined : await findAddress(allocationId, context);
        return observeTagged({
            id, tags: readTags(found.Tags), values: reported({ subnetId: found.SubnetId }),
            // Of its network interface MiniStack tells nothing: associationId, networkInterfaceId, privateIp. A gateway of one zone has none of
            // what regional ones have: autoProvisionZones, autoScalingIps, regionalNatGatewayAddresses, regionalNatGatewayAutoMode, routeTableId.
            computed: {
                allocationId, region: context.place.region, vpcId: found.VpcId, connectivityType: found.ConnectivityType,
                publicIp: address?.PublicIp, availabilityMode: "zonal", secondaryAllocationIds: [], secondaryPrivateIpAddressCount: 0, secondaryPrivateIpAddresses: [],
            },
        });
    },
    update: updateTags,
    async delete({ id }, context) {
        await unless(GATEWAY_GONE, () => context.clients.ec2.send(new DeleteNatGatewayCommand({ NatGatewayId: id })));
        await waitUntilGone(() => findNatGateway(id, context), `NAT gateway ${id}`);
    },
};

function readAvailability(found: NatGateway | undefined): NatGateway | undefined {
    if (found?.State === "failed") throw new Error(`NAT gateway ${found.NatGatewayId}: ${found.FailureCode}: ${found.FailureMessage}`);
    return found?.State === "available" ? found : undefined;
}
