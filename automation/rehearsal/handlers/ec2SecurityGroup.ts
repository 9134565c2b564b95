/** `aws:ec2/securityGroup:SecurityGroup`, and its rules: `aws:vpc/securityGroupIngressRule`, `aws:vpc/securityGroupEgressRule`. */
import {
    AuthorizeSecurityGroupEgressCommand, AuthorizeSecurityGroupIngressCommand, CreateSecurityGroupCommand, DeleteSecurityGroupCommand,
    DescribeSecurityGroupRulesCommand, DescribeSecurityGroupsCommand, ModifySecurityGroupRulesCommand, RevokeSecurityGroupEgressCommand,
    RevokeSecurityGroupIngressCommand, type IpPermission, type SecurityGroupRule, type SecurityGroupRuleRequest, type TagSpecification,
} from "@aws-sdk/client-ec2";
import type { PropertyMap } from "../../engine/provider.ts";
import type { HandlerClients } from "./clients.ts";
import type { HandlerContext, ResourceDefinition } from "./definition.ts";
import { ec2Arn, predictNumbered, tagSpecifications, updateTags } from "./ec2Calls.ts";
import { deleteWhenFree } from "./ec2Vpc.ts";
import { amount, reported, requiredText, text } from "./inputs.ts";
import { applied, appliedFree, appliedReplaces, hasChanged, recordedReplaces, region, registryPage } from "./rules.ts";
import { observeTagged, readTags } from "./tags.ts";
import { unless } from "./wait.ts";

const GROUP_GONE = ["InvalidGroup.NotFound"];

export const securityGroup: ResourceDefinition = {
    table: {
        type: "aws:ec2/securityGroup:SecurityGroup",
        source: registryPage("ec2/securitygroup"),
        // Rules are resources of their own: inline ones would fight with them. So `ingress` and `egress` are no inputs and no outputs here.
        inputs: {
            ...region, name: appliedReplaces, namePrefix: recordedReplaces, description: appliedReplaces, vpcId: appliedReplaces, tags: appliedFree,
        },
        outputs: [
            "arn", "description", "egress", "ingress", "name", "namePrefix", "ownerId", "region", "revokeRulesOnDelete", "tags", "tagsAll", "vpcId",
        ],
        autoName: { property: "name", maxLength: 255 },
    },
    predict: ({ inputs }, place) => predictNumbered(inputs, place),
    async create({ inputs }, { clients }) {
        const { GroupId = "" } = await clients.ec2.send(new CreateSecurityGroupCommand({
            GroupName: requiredText(inputs, "name"), Description: text(inputs, "description") ?? "Managed by Pulumi", VpcId: text(inputs, "vpcId"),
            ...tagSpecifications("security-group", inputs),
        }));
        // EC2 lets a new group call everything; the provider takes that away.
        const everything = { IpProtocol: "-1", IpRanges: [{ CidrIp: "0.0.0.0/0" }] };
        await clients.ec2.send(new RevokeSecurityGroupEgressCommand({ GroupId, IpPermissions: [everything] }));
        return GroupId;
    },
    async read({ id }, { clients, place }) {
        const answer = await unless(GROUP_GONE, () => clients.ec2.send(new DescribeSecurityGroupsCommand({ GroupIds: [id] })));
        const found = answer?.SecurityGroups?.[0];
        if (found === undefined) return undefined;
        return observeTagged({
            id, tags: readTags(found.Tags), values: reported({ name: found.GroupName, description: found.Description, vpcId: found.VpcId }),
            computed: { arn: ec2Arn(place, "security-group", id), ownerId: found.OwnerId, region: place.region },
        });
    },
    update: updateTags,
    async delete({ id }, { clients }) {
        await deleteWhenFree(() => clients.ec2.send(new DeleteSecurityGroupCommand({ GroupId: id })), GROUP_GONE);
    },
};

type Direction = "Ingress" | "Egress";

interface Authorization { GroupId: string; IpPermissions: IpPermission[]; TagSpecifications?: TagSpecification[] }

interface Revocation { GroupId: string; SecurityGroupRuleIds: string[] }

interface RuleCalls {
    authorize(request: Authorization, clients: HandlerClients): Promise<SecurityGroupRule[] | undefined>;
    revoke(request: Revocation, clients: HandlerClients): Promise<unknown>;
}

const CALLS: Readonly<Record<Direction, RuleCalls>> = {
    Ingress: {
        authorize: async (request, { ec2 }) => (await ec2.send(new AuthorizeSecurityGroupIngressCommand(request))).SecurityGroupRules,
        revoke: (request, { ec2 }) => ec2.send(new RevokeSecurityGroupIngressCommand(request)),
    },
    Egress: {
        authorize: async (request, { ec2 }) => (await ec2.send(new AuthorizeSecurityGroupEgressCommand(request))).SecurityGroupRules,
        revoke: (request, { ec2 }) => ec2.send(new RevokeSecurityGroupEgressCommand(request)),
    },
};

/** What makes a rule; all of it can be modified. */
const RULE_PROPERTIES = ["ipProtocol", "fromPort", "toPort", "cidrIpv4", "referencedSecurityGroupId", "prefixListId", "description"];
const RULE_GONE = [...GROUP_GONE, "InvalidSecurityGroupRuleId.NotFound"];

/** One peer of one of three kinds, as a permission of the older calls has it. */
function toPermission(inputs: PropertyMap): IpPermission {
    const [cidr, group, prefixList] = [text(inputs, "cidrIpv4"), text(inputs, "referencedSecurityGroupId"), text(inputs, "prefixListId")];
    const Description = text(inputs, "description");
    return {
        IpProtocol: requiredText(inputs, "ipProtocol"), FromPort: amount(inputs, "fromPort"), ToPort: amount(inputs, "toPort"),
        ...(cidr === undefined ? {} : { IpRanges: [{ CidrIp: cidr, Description }] }),
        ...(group === undefined ? {} : { UserIdGroupPairs: [{ GroupId: group, Description }] }),
        ...(prefixList === undefined ? {} : { PrefixListIds: [{ PrefixListId: prefixList, Description }] }),
    };
}

function toRuleRequest(inputs: PropertyMap): SecurityGroupRuleRequest {
    return {
        IpProtocol: requiredText(inputs, "ipProtocol"), FromPort: amount(inputs, "fromPort"), ToPort: amount(inputs, "toPort"),
        CidrIpv4: text(inputs, "cidrIpv4"), ReferencedGroupId: text(inputs, "referencedSecurityGroupId"), PrefixListId: text(inputs, "prefixListId"),
        Description: text(inputs, "description"),
    };
}

async function findRule(id: string, { clients }: HandlerContext): Promise<SecurityGroupRule | undefined> {
    const answer = await unless(RULE_GONE, () => clients.ec2.send(new DescribeSecurityGroupRulesCommand({ SecurityGroupRuleIds: [id] })));
    return answer?.SecurityGroupRules?.find(({ SecurityGroupRuleId }) => SecurityGroupRuleId === id);
}

function defineRule(direction: Direction): ResourceDefinition {
    const { authorize, revoke } = CALLS[direction];
    return {
        table: {
            type: `aws:vpc/securityGroup${direction}Rule:SecurityGroup${direction}Rule`,
            source: registryPage(`vpc/securitygroup${direction.toLowerCase()}rule`),
            inputs: {
                ...region, securityGroupId: appliedReplaces, ipProtocol: applied, fromPort: applied, toPort: applied, cidrIpv4: applied,
                referencedSecurityGroupId: applied, prefixListId: applied, description: applied, tags: appliedFree,
            },
            outputs: [
                "arn", "cidrIpv4", "cidrIpv6", "description", "fromPort", "ipProtocol", "prefixListId", "referencedSecurityGroupId", "region",
                "securityGroupId", "securityGroupRuleId", "tags", "tagsAll", "toPort",
            ],
        },
        predict: ({ inputs }, place) => predictNumbered(inputs, place),
        async create({ inputs }, { clients }) {
            const rules = await authorize({
                GroupId: requiredText(inputs, "securityGroupId"), IpPermissions: [toPermission(inputs)], ...tagSpecifications("security-group-rule", inputs),
            }, clients);
            return rules?.[0]?.SecurityGroupRuleId ?? "";
        },
        async read({ id }, context) {
            const found = await findRule(id, context);
            if (found === undefined) return undefined;
            const { place } = context;
            return observeTagged({
                id, tags: readTags(found.Tags),
                values: reported({
                    securityGroupId: found.GroupId, ipProtocol: found.IpProtocol, fromPort: found.FromPort, toPort: found.ToPort,
                    cidrIpv4: found.CidrIpv4, referencedSecurityGroupId: found.ReferencedGroupInfo?.GroupId, prefixListId: found.PrefixListId,
                    description: found.Description,
                }),
                computed: { arn: ec2Arn(place, "security-group-rule", id), securityGroupRuleId: id, region: place.region },
            });
        },
        async update(request, context) {
            const { id, oldInputs, inputs } = request;
            if (hasChanged(oldInputs, inputs, ...RULE_PROPERTIES)) {
                await context.clients.ec2.send(new ModifySecurityGroupRulesCommand({
                    GroupId: requiredText(inputs, "securityGroupId"),
                    SecurityGroupRules: [{ SecurityGroupRuleId: id, SecurityGroupRule: toRuleRequest(inputs) }],
                }));
            }
            await updateTags(request, context);
        },
        async delete({ id, inputs }, { clients }) {
            const GroupId = requiredText(inputs, "securityGroupId");
            await unless(RULE_GONE, () => revoke({ GroupId, SecurityGroupRuleIds: [id] }, clients));
        },
    };
}

export const securityGroupIngressRule = defineRule("Ingress");
export const securityGroupEgressRule = defineRule("Egress");
