/** What a stack costs a month: by being there, and with a stated load. Pure. */
import type { PlatformConfig } from "../../../components/config.ts";
import { HOURS_PER_MONTH, pricedRegions } from "../../../components/facts/prices.ts";
import type { PriceName } from "../../../components/facts/prices.ts";
import { listInterfaceServices } from "../../../components/networking/networkNeeds.ts";
import type { Plan } from "../../engine/engine.ts";
import { lackingPrices, priceCharges, totalOf } from "./costLine.ts";
import type { Charge, CostLine } from "./costLine.ts";
import { findIdleCharges } from "./idleCharges.ts";
import type { Load } from "./load.ts";
import { findLoadCharges } from "./loadCharges.ts";
import { compareWaysOut } from "./waysOut.ts";
import type { WaysOut, WaysOutUnknown } from "./waysOut.ts";

export interface PriceForecast {
    readonly region: string;
    readonly zones: number;
    readonly hoursPerMonth: number;
    /** By being there, endpoints on. */
    readonly idle: readonly CostLine[];
    /** US dollars a month; at least, when a price is lacking. */
    readonly idleUsd: number;
    readonly load: Load;
    /** What the load adds. */
    readonly work: readonly CostLine[];
    readonly workUsd: number;
    /** Prices that the region has none of in the table. */
    readonly lacking: readonly PriceName[];
    /** What no price stands for, in words. */
    readonly unpriced: readonly string[];
    /** What is billed and cannot be told beforehand, in words. */
    readonly notCounted: readonly string[];
    /** The same in two and in three zones; empty without a network. */
    readonly byZones: readonly { readonly zones: number; readonly idleUsd: number }[];
    /** The same graph in the other regions of the table. */
    readonly elsewhere: readonly RegionCost[];
    /** For two and three zones; empty without interface endpoints and without a gateway. */
    readonly waysOut: readonly (WaysOut | WaysOutUnknown)[];
}

export interface RegionCost {
    readonly region: string;
    readonly idleUsd: number;
    readonly workUsd: number;
    readonly lacking: readonly PriceName[];
    /** Of idle and work together, what both this region and that of the stack have prices for. */
    readonly common: { readonly hereUsd: number; readonly thereUsd: number; readonly count: number; readonly isAll: boolean };
}

export interface PriceRequest {
    readonly region: string;
    readonly config: PlatformConfig;
    /** With endpoints on. */
    readonly plan: Plan;
    readonly load: Load;
}

export function forecastPrices({ region, config, plan, load }: PriceRequest): PriceForecast {
    const { zones } = config.network;
    const idle = findIdleCharges(plan, zones);
    const work = findLoadCharges(load, config, plan);
    const price = (charges: readonly Charge[]): readonly CostLine[] => priceCharges(charges, region);
    return {
        region, zones, hoursPerMonth: HOURS_PER_MONTH, load,
        idle: price(idle.charges), idleUsd: totalOf(price(idle.charges)),
        work: price(work.charges), workUsd: totalOf(price(work.charges)),
        lacking: lackingPrices(price([...idle.charges, ...work.charges])),
        unpriced: [...idle.unpriced, ...work.unpriced],
        notCounted: listNotCounted(plan),
        byZones: priceZones(idle.charges, region, config),
        elsewhere: pricedRegions.filter((other) => other !== region)
            .map((other) => costIn(other, price(idle.charges), price(work.charges))),
        waysOut: compareZones(region, config),
    };
}

/** @param idle as priced here, and so `work` */
function costIn(region: string, idle: readonly CostLine[], work: readonly CostLine[]): RegionCost {
    const [idleThere, workThere] = [priceCharges(idle, region), priceCharges(work, region)];
    const [here, there] = [[...idle, ...work], [...idleThere, ...workThere]];
    const inBoth = here.flatMap(({ usd }, index) => {
        const other = there[index]?.usd;
        return usd === undefined || other === undefined ? [] : [{ usd, other }];
    });
    return {
        region, idleUsd: totalOf(idleThere), workUsd: totalOf(workThere), lacking: lackingPrices(there),
        common: {
            hereUsd: inBoth.reduce((sum, { usd }) => sum + usd, 0), thereUsd: inBoth.reduce((sum, { other }) => sum + other, 0),
            count: inBoth.length, isAll: inBoth.length === here.length,
        },
    };
}

/** Their amount is told by no plan and no load. */
function listNotCounted({ resources }: Plan): readonly string[] {
    const has = (type: string): boolean => resources.some((resource) => resource.type === type);
    return [
        "answers sent to the internet", "old versions of objects",
        ...(has("aws:ec2/natGateway:NatGateway") || has("aws:ec2/vpcEndpoint:VpcEndpoint") ? ["traffic through NAT gateways and interface endpoints"] : []),
        ...(has("aws:ec2/flowLog:FlowLog") ? ["flow logs"] : []),
        "runs that fail and are repeated",
    ];
}

/** Endpoints stand in each zone, gateways only where each zone has its own. */
function priceZones(idle: readonly Charge[], region: string, { network }: PlatformConfig): PriceForecast["byZones"] {
    const gateways: readonly PriceName[] = network.nat === "one-per-zone" ? ["nat.hour", "publicAddress.hour"] : [];
    const perZone: readonly PriceName[] = ["interfaceEndpoint.hour", ...gateways];
    if (!idle.some(({ priceName }) => perZone.includes(priceName))) return [];
    return [2, 3].map((zones) => {
        const scaled = idle.map((charge) => (
            perZone.includes(charge.priceName) ? { ...charge, quantity: charge.quantity * zones / network.zones } : charge));
        return { zones, idleUsd: totalOf(priceCharges(scaled, region)) };
    });
}

/** Without a gateway in the configuration, against a single one. */
function compareZones(region: string, config: PlatformConfig): readonly (WaysOut | WaysOutUnknown)[] {
    const services = listInterfaceServices(config).length;
    if (services === 0) return [];
    return [2, 3].map((zones) => compareWaysOut({ region, zones, services, gateways: config.network.nat === "one-per-zone" ? zones : 1 }));
}
