/** `aws:ec2/subnet:Subnet`. */
import { CreateSubnetCommand, DeleteSubnetCommand, DescribeSubnetsCommand, ModifySubnetAttributeCommand } from "@aws-sdk/client-ec2";
import type { PropertyMap } from "../../engine/provider.ts";
import type { HandlerContext, ResourceDefinition } from "./definition.ts";
import { ec2Arn, predictNumbered, tagSpecifications, updateTags } from "./ec2Calls.ts";
import { deleteWhenFree } from "./ec2Vpc.ts";
import { flag, reported, requiredText, text } from "./inputs.ts";
import { applied, appliedFree, appliedReplaces, hasChanged, region, registryPage } from "./rules.ts";
import { observeTagged, readTags } from "./tags.ts";
import { unless } from "./wait.ts";

const GONE = ["InvalidSubnetID.NotFound"];

async function setPublicAddresses(id: string, inputs: PropertyMap, { clients }: HandlerContext): Promise<void> {
    const Value = flag(inputs, "mapPublicIpOnLaunch") ?? false;
    await clients.ec2.send(new ModifySubnetAttributeCommand({ SubnetId: id, MapPublicIpOnLaunch: { Value } }));
}

export const subnet: ResourceDefinition = {
    table: {
        type: "aws:ec2/subnet:Subnet",
        source: registryPage("ec2/subnet"),
        inputs: {
            ...region, vpcId: appliedReplaces, cidrBlock: appliedReplaces, availabilityZone: appliedReplaces, mapPublicIpOnLaunch: applied,
            // The rehearsal cloud has no IPv6: a subnet that is asked for it does not come back as asked, and so is refused.
            assignIpv6AddressOnCreation: applied,
            tags: appliedFree,
        },
        outputs: [
            "arn", "assignIpv6AddressOnCreation", "availabilityZone", "availabilityZoneId", "cidrBlock", "customerOwnedIpv4Pool", "enableDns64",
            "enableLniAtDeviceIndex", "enableResourceNameDnsARecordOnLaunch", "enableResourceNameDnsAaaaRecordOnLaunch", "ipv4IpamPoolId",
            "ipv4NetmaskLength", "ipv6CidrBlock", "ipv6CidrBlockAssociationId", "ipv6IpamPoolId", "ipv6Native", "ipv6NetmaskLength",
            "mapCustomerOwnedIpOnLaunch", "mapPublicIpOnLaunch", "outpostArn", "ownerId", "privateDnsHostnameTypeOnLaunch", "region", "tags", "tagsAll",
            "vpcId",
        ],
    },
    predict: ({ inputs }, place) => predictNumbered(inputs, place),
    async create({ inputs }, context) {
        const { Subnet } = await context.clients.ec2.send(new CreateSubnetCommand({
            VpcId: requiredText(inputs, "vpcId"), CidrBlock: requiredText(inputs, "cidrBlock"), AvailabilityZone: text(inputs, "availabilityZone"),
            ...tagSpecifications("subnet", inputs),
        }));
        const id = Subnet?.SubnetId ?? "";
        if (flag(inputs, "mapPublicIpOnLaunch") === true) await setPublicAddresses(id, inputs, context);
        return id;
    },
    async read({ id }, { clients, place }) {
        const answer = await unless(GONE, () => clients.ec2.send(new DescribeSubnetsCommand({ SubnetIds: [id] })));
        const found = answer?.Subnets?.[0];
        if (found === undefined) return undefined;
        const names = found.PrivateDnsNameOptionsOnLaunch;
        return observeTagged({
            id, tags: readTags(found.Tags),
            values: reported({
                vpcId: found.VpcId, cidrBlock: found.CidrBlock, availabilityZone: found.AvailabilityZone,
                mapPublicIpOnLaunch: found.MapPublicIpOnLaunch, assignIpv6AddressOnCreation: found.AssignIpv6AddressOnCreation,
            }),
            computed: {
                arn: found.SubnetArn ?? ec2Arn(place, "subnet", id), ownerId: found.OwnerId, region: place.region,
                availabilityZoneId: found.AvailabilityZoneId, enableDns64: found.EnableDns64, ipv6Native: found.Ipv6Native, ipv6CidrBlock: "", ipv6CidrBlockAssociationId: "",
                privateDnsHostnameTypeOnLaunch: names?.HostnameType, enableResourceNameDnsARecordOnLaunch: names?.EnableResourceNameDnsARecord,
                enableResourceNameDnsAaaaRecordOnLaunch: names?.EnableResourceNameDnsAAAARecord,
            },
        });
    },
    async update(request, context) {
        if (hasChanged(request.oldInputs, request.inputs, "mapPublicIpOnLaunch")) await setPublicAddresses(request.id, request.inputs, context);
        await updateTags(request, context);
    },
    async delete({ id }, { clients }) {
        await deleteWhenFree(() => clients.ec2.send(new DeleteSubnetCommand({ SubnetId: id })), GONE);
    },
};
