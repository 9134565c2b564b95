/** What a stack costs by being there, from its planned resources. Pure. */
import { freeTypes, HOURS_PER_MONTH } from "../../../components/facts/prices.ts";
import type { PriceName } from "../../../components/facts/prices.ts";
import type { Plan, PlannedResource } from "../../engine/engine.ts";
import type { PropertyMap, PropertyValue } from "../../engine/provider.ts";
import type { Charge } from "./costLine.ts";

/** Of one resource: how much of which price, in words what. Undefined when the type has a price and this resource's kind has none here. */
type Charging = (inputs: PropertyMap, zones: number) => readonly ResourceCharge[] | undefined;

interface ResourceCharge { readonly what: string; readonly priceName: PriceName; readonly quantity: number }

const charging: Readonly<Record<string, Charging>> = {
    "aws:cloudwatch/dashboard:Dashboard": () => [{ what: "dashboards", priceName: "dashboard.month", quantity: 1 }],
    "aws:cloudwatch/metricAlarm:MetricAlarm": (inputs) => [
        { what: "metrics under alarm", priceName: "alarm.month", quantity: countAlarmMetrics(inputs) },
    ],
    "aws:ec2/eip:Eip": () => [{ what: "public addresses", priceName: "publicAddress.hour", quantity: HOURS_PER_MONTH }],
    "aws:ec2/natGateway:NatGateway": () => [{ what: "NAT gateways", priceName: "nat.hour", quantity: HOURS_PER_MONTH }],
    "aws:ec2/vpcEndpoint:VpcEndpoint": (inputs, zones) => (inputs["vpcEndpointType"] !== "Interface" ? [] : [
        {
            what: "interface endpoints by zone", priceName: "interfaceEndpoint.hour",
            quantity: HOURS_PER_MONTH * lengthOf(inputs["subnetIds"], zones),
        },
    ]),
    "aws:kinesis/stream:Stream": chargeStream,
    "aws:kms/key:Key": () => [{ what: "keys", priceName: "key.month", quantity: 1 }],
    "aws:sagemaker/endpointConfiguration:EndpointConfiguration": (inputs) => (isServerless(inputs) ? [] : undefined),
    "aws:secretsmanager/secret:Secret": () => [{ what: "secrets", priceName: "secret.month", quantity: 1 }],
};

/** Types that cost something by being there. */
export const chargedTypes: readonly string[] = Object.keys(charging);

export interface IdleCharges {
    /** Like ones of a component together. */
    readonly charges: readonly Charge[];
    /** Resources of which the table does not say what they cost: `<type> <name>`. */
    readonly unpriced: readonly string[];
}

/** @param zones stands for subnets that are not known before the deployment */
export function findIdleCharges({ resources }: Plan, zones: number): IdleCharges {
    const components = findComponents(resources);
    const charges: Charge[] = [];
    const unpriced: string[] = [];
    for (const { urn, type, name, custom, inputs } of resources) {
        if (!custom || freeTypes.has(type)) continue;
        const found = charging[type]?.(inputs, zones);
        if (found === undefined) unpriced.push(`${type} ${name}`);
        charges.push(...(found ?? []).map((charge) => ({ ...charge, component: components.get(urn) ?? name })));
    }
    return { charges: joinLike(charges), unpriced };
}

/** What stands directly below the stack, by URN of what stands below it. */
function findComponents(resources: readonly PlannedResource[]): ReadonlyMap<string, string> {
    const byUrn = new Map(resources.map((resource) => [resource.urn, resource]));
    const topOf = (resource: PlannedResource): PlannedResource => {
        const above = resource.parent === undefined ? undefined : byUrn.get(resource.parent);
        return above === undefined || above.type === "pulumi:pulumi:Stack" ? resource : topOf(above);
    };
    return new Map(resources.map((resource) => [resource.urn, topOf(resource).name]));
}

function joinLike(charges: readonly Charge[]): readonly Charge[] {
    const joined = Map.groupBy(charges, ({ component, priceName }) => `${component} ${priceName}`);
    return [...joined.values()].map((like): Charge => ({ ...like[0]!, quantity: like.reduce((sum, { quantity }) => sum + quantity, 0) }));
}

function chargeStream(inputs: PropertyMap): readonly ResourceCharge[] {
    const mode = (inputs["streamModeDetails"] as PropertyMap | undefined)?.["streamMode"];
    if (mode === "ON_DEMAND") return [{ what: "streams on demand", priceName: "onDemandStream.hour", quantity: HOURS_PER_MONTH }];
    return [{ what: "shards of a stream", priceName: "shard.hour", quantity: HOURS_PER_MONTH * Number(inputs["shardCount"] ?? 1) }];
}

/** An alarm over an expression is billed by the metrics that it reads. */
function countAlarmMetrics({ metricQueries }: PropertyMap): number {
    if (!Array.isArray(metricQueries) || metricQueries.length === 0) return 1;
    return metricQueries.filter((query) => (query as PropertyMap)["metric"] !== undefined).length;
}

function isServerless({ productionVariants }: PropertyMap): boolean {
    if (!Array.isArray(productionVariants)) return false;
    return productionVariants.every((variant) => (variant as PropertyMap)["serverlessConfig"] !== undefined);
}

function lengthOf(value: PropertyValue | undefined, otherwise: number): number {
    return Array.isArray(value) ? value.length : otherwise;
}
