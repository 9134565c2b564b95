/** F64: the region has what the stack is made of. */
import { findAvailability, regionalFeatures, vpcLinkZones } from "../../../components/facts/regions.ts";
import type { RegionalFeatureName } from "../../../components/facts/regions.ts";
import type { Plan, PlannedResource } from "../../engine/engine.ts";
import { findPlace, textOf } from "../planReading/place.ts";
import { isUnknown } from "../planReading/values.ts";
import { buildPlanEvidence, urnOf } from "../samples.ts";
import type { SampleResource } from "../samples.ts";
import { defineRule } from "../rule.ts";
import type { CheckResult, Evidence, Finding } from "../rule.ts";

const SUBNET = "aws:ec2/subnet:Subnet";
const EVENT_SOURCE = "aws:lambda/eventSourceMapping:EventSourceMapping";
const VPC_LINK = "aws:apigatewayv2/vpcLink:VpcLink";

interface Use {
    readonly feature: RegionalFeatureName;
    readonly isUsedBy: (resource: PlannedResource) => boolean;
    /** What to do without it. */
    readonly fix: string;
    /** Whether an account may have what its region lacks. @default false */
    readonly isUpToAccount?: boolean;
}

const USES: readonly Use[] = [
    {
        feature: "serverlessInference",
        fix: "deploy to another region, or set inference.endpoints: off and use what the pipeline trains elsewhere",
        isUsedBy: ({ type, inputs }) => type === "aws:sagemaker/endpointConfiguration:EndpointConfiguration"
            && textOf({ inputs }).includes('"serverlessConfig"'),
    },
    { feature: "vpcLink", fix: "deploy to another region", isUsedBy: ({ type }) => type === VPC_LINK },
    {
        feature: "currentNodeRuntimes", fix: "deploy to another region, or change LAMBDA_RUNTIME in components/facts/runtimes.ts",
        isUsedBy: ({ type, inputs }) => type === "aws:lambda/function:Function" && /^nodejs2[24]\.x$/.test(String(inputs["runtime"])),
    },
    {
        feature: "valkey", fix: "deploy to another region, or choose Redis",
        isUsedBy: ({ type, inputs }) => type.startsWith("aws:elasticache/") && inputs["engine"] === "valkey",
    },
    { feature: "budgets", fix: "remove the budget", isUsedBy: ({ type }) => type === "aws:budgets/budget:Budget" },
    { feature: "eventSourceTags", fix: "leave its tags out", isUsedBy: ({ type, inputs }) => type === EVENT_SOURCE && inputs["tags"] !== undefined },
    {
        feature: "failureBuckets", fix: "let destinationConfig.onFailure name a queue",
        isUsedBy: ({ type, inputs }) => type === EVENT_SOURCE && /:s3:::/.test(textOf({ inputs: { to: inputs["destinationConfig"] ?? null } })),
    },
    {
        feature: "openRoutes", isUpToAccount: true,
        fix: "see that the account has one, or do not count on those routes: API Gateway refuses their callers",
        isUsedBy: ({ type, inputs }) => type === "aws:apigatewayv2/route:Route" && (inputs["authorizationType"] ?? "NONE") === "NONE",
    },
];

export const rule = defineRule({
    id: "F64",
    kind: "plan",
    needs: ["plan"],
    title: "The region has every feature that the stack uses",
    story: "Not every region has serverless inference, VPC links in every zone, the newest runtime or the newest engine. The stack came "
        + "up for as long as it took to reach the first resource that the region does not have; the error named a parameter and not the "
        + "region.",
    source: "https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-vpc-links.html",
    fix: "deploy to a region that has it",
    applies: ({ plan }) => USES.some(({ isUsedBy }) => plan.resources.some(isUsedBy)),
    check({ stack, plan, settings }): CheckResult {
        const region = settings?.config["aws:region"] ?? findPlace(plan)?.region;
        if (region === undefined) return { findings: [], open: "neither the settings nor any resource says the region" };
        const findings = USES.flatMap((use) => checkUse(use, plan, { stack, region }));
        const zones = plan.resources.filter(({ type }) => type === VPC_LINK).map((link) => checkZones(link, plan, { stack, region }));
        const open = zones.find((each) => each.open !== undefined)?.open;
        return { findings: [...findings, ...zones.flatMap((each) => each.findings)], ...(open === undefined ? {} : { open }) };
    },
    mustFind: [
        { title: "serverless endpoints in China", evidence: () => buildEvidence("cn-north-1", SERVERLESS) },
        { title: "serverless endpoints in GovCloud", evidence: () => buildEvidence("us-gov-west-1", SERVERLESS) },
        { title: "serverless endpoints in a region of which nothing is known", evidence: () => buildEvidence("mx-central-1", SERVERLESS) },
        { title: "a VPC link in a region that is not on AWS's list", evidence: () => buildEvidence("eu-central-2", LINK) },
        { title: "a VPC link with a subnet in the wrong zone", evidence: () => buildEvidence("us-east-1", LINK, buildSubnet("use1-az3")) },
        { title: "a mapping with tags in GovCloud", evidence: () => buildEvidence("us-gov-west-1", { ...MAPPING, inputs: { tags: { Project: "firstlight" } } }) },
        {
            title: "records that are given up into a bucket in China",
            evidence: () => buildEvidence("cn-north-1", { ...MAPPING, inputs: { destinationConfig: { onFailure: { destinationArn: "arn:aws-cn:s3:::processed" } } } }),
        },
        { title: "a route for anybody in China", evidence: () => buildEvidence("cn-north-1", { ...ROUTE, inputs: { routeKey: "GET /health", authorizationType: "NONE" } }) },
        { title: "a runtime in a partition of which nothing is known", evidence: () => buildEvidence("eusc-de-east-1", FUNCTION) },
        {
            title: "a budget in GovCloud",
            evidence: () => buildEvidence("us-gov-east-1", { type: "aws:budgets/budget:Budget", name: "budget" }),
        },
    ],
    mustPass: [
        { title: "serverless endpoints where they are", evidence: () => buildEvidence("eu-central-1", SERVERLESS) },
        {
            title: "endpoints on instances in China",
            evidence: () => buildEvidence("cn-north-1", FUNCTION, {
                ...SERVERLESS, inputs: { productionVariants: [{ instanceType: "ml.m5.large" }] },
            }),
        },
        { title: "a mapping without tags in China, whose records go to a queue", evidence: () => buildEvidence("cn-north-1", FUNCTION, {
            ...MAPPING, inputs: { destinationConfig: { onFailure: { destinationArn: "arn:aws-cn:sqs:cn-north-1:123456789012:dead-letters" } } },
        }) },
        { title: "a route for those who sign in China", evidence: () => buildEvidence("cn-north-1", FUNCTION, { ...ROUTE, inputs: { authorizationType: "AWS_IAM" } }) },
        { title: "the runtime in GovCloud", evidence: () => buildEvidence("us-gov-west-1", FUNCTION) },
        { title: "a VPC link in the right zones", evidence: () => buildEvidence("us-east-1", LINK, buildSubnet("use1-az2")) },
        { title: "a VPC link where every zone has them", evidence: () => buildEvidence("eu-west-1", LINK, buildSubnet(undefined)) },
        {
            title: "Valkey in Tokyo",
            evidence: () => buildEvidence("ap-northeast-1", {
                type: "aws:elasticache/replicationGroup:ReplicationGroup", name: "cache", inputs: { engine: "valkey" },
            }),
        },
    ],
});

interface Site { readonly stack: string; readonly region: string }

/** One finding per feature, at the first resource that uses it. */
function checkUse({ feature, isUsedBy, fix, isUpToAccount = false }: Use, plan: Plan, { stack, region }: Site): Finding[] {
    const users = plan.resources.filter(isUsedBy);
    const [first] = users;
    const availability = findAvailability(feature, region);
    if (first === undefined || availability === "has") return [];
    const { name, source } = regionalFeatures[feature];
    const what = availability === "lacks" ? `${region} does not have ${name}` : `whether ${region} has ${name} is not known here`;
    const more = users.length > 1 ? `, and ${users.length - 1} more need it` : "";
    return [{
        severity: availability === "lacks" && !isUpToAccount ? "blocker" : "warning",
        where: `${stack}/${first.name}`, urn: first.urn, setting: "aws:region", what: `${what} (${source})${more}`,
        fix: availability === "lacks" ? fix : `look it up; ${fix} when it does not`,
    }];
}

/** Which zone a name means differs from account to account; only ids can be compared. */
function checkZones(link: PlannedResource, plan: Plan, { stack, region }: Site): CheckResult {
    const zones = vpcLinkZones[region];
    if (zones === undefined) return { findings: [] };
    const urns = link.propertyDependencies["subnetIds"] ?? [];
    const subnets = plan.resources.filter(({ type, urn }) => type === SUBNET && urns.includes(urn));
    const known = subnets.flatMap(({ name, urn, inputs }) => {
        const { availabilityZoneId: zone } = inputs;
        return typeof zone === "string" && !isUnknown(zone) ? [{ name, urn, zone }] : [];
    });
    const findings = known.filter(({ zone }) => !zones.includes(zone)).map(({ name, urn, zone }): Finding => ({
        severity: "blocker", where: `${stack}/${name}`, urn,
        what: `the VPC link ${link.name} has a subnet in ${zone}, where there are none`,
        fix: `put the subnet into one of ${zones.join(", ")}`,
    }));
    if (subnets.length > 0 && known.length === subnets.length) return { findings };
    const open = `VPC links in ${region} need zones of ${zones.join(", ")}; which the subnets lie in is not known before the deployment`;
    return { findings, open };
}

const SERVERLESS: SampleResource = {
    type: "aws:sagemaker/endpointConfiguration:EndpointConfiguration", name: "champion-configuration",
    inputs: { productionVariants: [{ serverlessConfig: { memorySizeInMb: 2048, maxConcurrency: 2 } }] },
};
const FUNCTION: SampleResource = { type: "aws:lambda/function:Function", name: "health", inputs: { runtime: "nodejs24.x" } };
const MAPPING = { type: EVENT_SOURCE, name: "event-source" };
const ROUTE = { type: "aws:apigatewayv2/route:Route", name: "health-route" };
const LINK: SampleResource = {
    type: VPC_LINK, name: "services-link", propertyDependencies: { subnetIds: [urnOf({ type: SUBNET, name: "private-1" })] },
};

function buildSubnet(availabilityZoneId: string | undefined): SampleResource {
    return { type: SUBNET, name: "private-1", inputs: availabilityZoneId === undefined ? {} : { availabilityZoneId } };
}

/** Most ARNs of a plan say where it goes; here one does. */
function buildEvidence(region: string, ...resources: readonly SampleResource[]): Evidence {
    const arn = `arn:aws:sns:${region}:123456789012:alerts`;
    return buildPlanEvidence({ type: "aws:sns/topicPolicy:TopicPolicy", name: "alerts-policy", inputs: { arn } }, ...resources);
}
