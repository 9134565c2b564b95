/** F32: the account has room for the addresses, networks and log policies that the stack adds. */
import type { OwnedResource } from "../../account/ownedResource.ts";
import type { PlannedResource, StackResource } from "../../engine/engine.ts";
import type { AccountView, ElasticAddress } from "../account/accountView.ts";
import { answerOf } from "../account/answerOf.ts";
import { describeQuota, QUOTAS_LAG } from "../account/quotaText.ts";
import { estimateAdditions, findAdditions } from "../planReading/additions.ts";
import { STATE_MACHINE } from "../planReading/definitions.ts";
import { buildAccount, buildPlanEvidence, urnOf, withoutState } from "../samples.ts";
import type { SampleResource } from "../samples.ts";
import { defineRule } from "../rule.ts";
import type { CheckResult, Evidence, Finding, Having } from "../rule.ts";

const ADDRESS = "aws:ec2/eip:Eip";
const NETWORK = "aws:ec2/vpc:Vpc";
const GATEWAY = "aws:ec2/natGateway:NatGateway";
const SUBNET = "aws:ec2/subnet:Subnet";
const API_STAGE = "aws:apigatewayv2/stage:Stage";

/**
 * As Service Quotas calls them: codes L-0263D0A3, L-F678F1CE, L-FE5A380F.
 * https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html
 */
const ADDRESSES = "EC2-VPC Elastic IPs";
const NETWORKS = "VPCs per Region";
const GATEWAYS = "NAT gateways per Availability Zone";

/** Of a region, and not adjustable. https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/cloudwatch_limits_cwl.html */
const MAX_LOG_POLICIES = 10;
/**
 * The one that AWS makes for the first delivery, and goes on using.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/AWS-logs-and-resource-policy.html
 */
const DELIVERY_POLICY = /^AWSLogDeliveryWrite/;

type Look = (evidence: Having<"plan" | "account">, added: readonly PlannedResource[]) => Promise<CheckResult>;

export const rule = defineRule({
    id: "F32",
    kind: "account",
    needs: ["plan", "account"],
    title: "There is room for what the stack adds to the account",
    story: "Each NAT gateway takes an elastic address, and a region has five of them: a few environments with a gateway in each zone took "
        + "them all. The next one failed with AddressLimitExceeded in the middle of its network, and nobody knew who held the others.",
    source: "field reports S0-S4",
    prevention: "One gateway for all zones outside of production, and none where VPC endpoints do.",
    fix: `release what nobody uses, choose another network.nat, or ask for the increase in Service Quotas; ${QUOTAS_LAG}`,
    applies: ({ plan }) => plan.resources.some(({ type }) => LOOKS.some(([wanted]) => wanted.includes(type))),
    async check(evidence) {
        const { plan, account, state } = evidence;
        const additions = state === undefined ? estimateAdditions(plan, await account.owned()) : findAdditions(plan, state);
        const results = await Promise.all(LOOKS.map(async ([types, judge]): Promise<CheckResult> => {
            const added = additions.filter(({ type }) => types.includes(type));
            if (added.length === 0) return { findings: [] };
            const look = await answerOf(judge(evidence, added));
            return "answer" in look ? look.answer : { findings: [], open: look.unanswered };
        }));
        const findings = results.flatMap((result) => result.findings);
        const open = [...new Set(results.flatMap((result) => result.open ?? []))];
        return open.length === 0 ? { findings } : { findings, open: open.join("; ") };
    },
    mustFind: [
        { title: "an address where all five are taken", evidence: () => buildEvidence({ addresses: 5 }) },
        { title: "a network where there are five", evidence: () => buildEvidence({ networks: 5 }) },
        { title: "a gateway in a zone that has five", evidence: () => buildEvidence({ gateways: 5 }) },
        { title: "a delivery of logs where the region has ten policies of others", evidence: () => buildEvidence({ policies: 10 }) },
        { title: "an address where all are taken, without a state", evidence: () => withoutState(buildEvidence({ addresses: 5 })) },
    ],
    mustPass: [
        { title: "room for one more of each", evidence: () => buildEvidence({ addresses: 4, networks: 4, gateways: 4, policies: 9 }) },
        { title: "all taken, by the stack itself among others", evidence: () => buildEvidence({ ...FULL, isDeployed: true }) },
        {
            title: "all taken, by what carries the stack's tags among others",
            evidence: () => withoutState(buildEvidence({ ...FULL, isDeployed: true })),
        },
        { title: "addresses under a quota that was raised", evidence: () => buildEvidence({ addresses: 5, addressQuota: 10 }) },
        { title: "ten policies, one of them for deliveries", evidence: () => buildEvidence({ policies: 9, hasDelivery: true }) },
    ],
});

const LOOKS: readonly (readonly [types: readonly string[], look: Look])[] = [
    [[ADDRESS], lookAtAddresses], [[NETWORK], lookAtNetworks], [[GATEWAY], lookAtGateways],
    [[STATE_MACHINE, API_STAGE], lookAtLogPolicies],
];

async function lookAtAddresses({ stack, account }: Having<"account">, added: readonly PlannedResource[]): Promise<CheckResult> {
    const [quota, taken] = await Promise.all([account.quota("ec2", ADDRESSES), account.addresses()]);
    if (quota === undefined) return { findings: [], open: unlisted(ADDRESSES) };
    if (taken.length + added.length <= quota.value) return { findings: [] };
    return warn(stack, added, {
        what: `the stack adds ${added.length === 1 ? "an elastic address" : `${added.length} elastic addresses`}, and ${taken.length} of ${describeQuota(quota)} are taken: `
            + taken.map(describeAddress).join(", "),
        setting: "network.nat",
    });
}

function describeAddress({ allocationId, publicIp, holder, tags }: ElasticAddress): string {
    const name = tags["Name"] === undefined ? "" : ` "${tags["Name"]}"`;
    return `${publicIp}${name} (${allocationId}, ${holder ?? "idle: it can be released"})`;
}

async function lookAtNetworks({ stack, account }: Having<"account">, added: readonly PlannedResource[]): Promise<CheckResult> {
    const [quota, count] = await Promise.all([account.quota("vpc", NETWORKS), account.countVpcs()]);
    if (quota === undefined) return { findings: [], open: unlisted(NETWORKS) };
    if (count + added.length <= quota.value) return { findings: [] };
    return warn(stack, added, { what: `the stack adds ${added.length === 1 ? "a VPC" : `${added.length} VPCs`}, and the region has ${count} of ${describeQuota(quota)}` });
}

async function lookAtGateways(evidence: Having<"plan" | "account">, added: readonly PlannedResource[]): Promise<CheckResult> {
    const { stack, plan, account } = evidence;
    const [quota, counts] = await Promise.all([account.quota("vpc", GATEWAYS), account.countNatGateways()]);
    if (quota === undefined) return { findings: [], open: unlisted(GATEWAYS) };
    const byZone = Map.groupBy(added, (gateway) => zoneOf(gateway, plan.resources));
    const full = [...byZone].filter(([zone, gateways]) => (counts.get(zone) ?? 0) + gateways.length > quota.value);
    return { findings: full.flatMap(([zone, gateways]) => warn(stack, gateways, {
        what: `the stack adds a NAT gateway in ${zone}, which has ${counts.get(zone) ?? 0} of ${describeQuota(quota)}; `
            + "those on their way out count too",
        setting: "network.nat",
    }).findings) };
}

/** Of the subnet that the gateway lies in; no zone's name when that is not planned. */
function zoneOf({ propertyDependencies }: PlannedResource, planned: readonly PlannedResource[]): string {
    const subnets = propertyDependencies["subnetId"] ?? [];
    const zone = planned.find(({ urn, type }) => type === SUBNET && subnets.includes(urn))?.inputs["availabilityZone"];
    return typeof zone === "string" ? zone : "";
}

/** AWS writes a policy for itself before it delivers the first logs of a state machine or an API; the region has no eleventh. */
async function lookAtLogPolicies({ stack, account }: Having<"account">, added: readonly PlannedResource[]): Promise<CheckResult> {
    const delivering = added.filter(({ inputs }) => (inputs["loggingConfiguration"] ?? inputs["accessLogSettings"]) !== undefined);
    if (delivering.length === 0) return { findings: [] };
    const policies = await account.logPolicies();
    if (policies.length < MAX_LOG_POLICIES || policies.some(({ name }) => DELIVERY_POLICY.test(name))) return { findings: [] };
    return warn(stack, delivering, {
        what: `CloudWatch Logs has ${policies.length} resource policies in the region, and AWS adds one when it delivers its first logs: `
            + `there is no room for it (${policies.map(({ name, sizeBytes }) => `${name}, ${sizeBytes} bytes`).join("; ")})`,
        fix: "merge or delete resource policies of CloudWatch Logs: aws logs describe-resource-policies",
    });
}

/** One finding, at the first of what is added. */
function warn(stack: string, added: readonly PlannedResource[], text: Pick<Finding, "what" | "fix" | "setting">): CheckResult {
    return { findings: added.slice(0, 1).map(({ name, urn }) => ({ severity: "warning", where: `${stack}/${name}`, urn, ...text })) };
}

function unlisted(quota: string): string {
    return `Service Quotas does not list ${JSON.stringify(quota)}`;
}

const ZONE = "eu-central-1a";
const PLANNED: readonly SampleResource[] = [
    { type: NETWORK, name: "network" },
    { type: SUBNET, name: "network-public-1", inputs: { availabilityZone: ZONE } },
    { type: ADDRESS, name: "network-1" },
    { type: GATEWAY, name: "network-1", propertyDependencies: { subnetId: [urnOf({ type: SUBNET, name: "network-public-1" })] } },
    { type: STATE_MACHINE, name: "pipeline", inputs: { loggingConfiguration: { level: "ALL" } } },
];

const FULL = { addresses: 5, networks: 5, gateways: 5, policies: 10 };

interface SampleArgs {
    readonly addresses?: number;
    readonly addressQuota?: number;
    readonly networks?: number;
    readonly gateways?: number;
    readonly policies?: number;
    readonly hasDelivery?: boolean;
    readonly isDeployed?: boolean;
}

function buildEvidence(sample: SampleArgs): Evidence {
    const { addresses = 0, addressQuota = 5, networks = 0, gateways = 0, policies = 0, hasDelivery = false, isDeployed = false } = sample;
    const quota: AccountView["quota"] = async (_service, name) => (
        { value: name === ADDRESSES ? addressQuota : 5, isDefault: addressQuota === 5 });
    const held = Array.from({ length: addresses }, (_, index): ElasticAddress => ({
        allocationId: `eipalloc-${index}`, publicIp: `192.0.2.${index}`, holder: index === 0 ? undefined : `instance i-${index}`, tags: {},
    }));
    const others = Array.from({ length: policies }, (_, index) => `policy-${index}`);
    const names = hasDelivery ? [...others, "AWSLogDeliveryWrite20150319"] : others;
    const state = PLANNED.map(({ type, name }): StackResource => (
        { urn: urnOf({ type, name }), type, name, custom: true, id: name, dependencies: [], inputs: {}, outputs: {} }));
    const owned = PLANNED.map(({ type, name }): OwnedResource => ({ arn: `arn:${name}`, type, id: name, label: name, tags: {} }));
    const account = buildAccount({
        quota, owned: async () => (isDeployed ? owned : []),
        addresses: async () => held, countVpcs: async () => networks, countNatGateways: async () => new Map([[ZONE, gateways]]),
        logPolicies: async () => names.map((name) => ({ name, sizeBytes: 500 })),
    });
    return { ...buildPlanEvidence(...PLANNED), state: isDeployed ? state : [], account };
}
