/** From which traffic on interface endpoints cost less than NAT gateways. Pure. */
import { findPrice, HOURS_PER_MONTH } from "../../../components/facts/prices.ts";
import type { Price, PriceName } from "../../../components/facts/prices.ts";

export interface WaysOutRequest {
    readonly region: string;
    readonly zones: number;
    /** Services with an interface endpoint in each zone. */
    readonly services: number;
    readonly gateways: number;
    /** Of the month. @default 730, as AWS reckons */
    readonly hours?: number;
}

export interface WaysOut extends Omit<WaysOutRequest, "hours"> {
    /** US dollars a month without any traffic. */
    readonly endpointsUsd: number;
    readonly gatewaysUsd: number;
    /** GB a month from which endpoints beside gateways that are there anyway pay for themselves. */
    readonly besideGb: number;
    /** GB a month from which endpoints cost less than the gateways would; zero when they always do. */
    readonly insteadGb: number;
    readonly prices: readonly Price[];
}

/** Which prices the region lacks. */
export interface WaysOutUnknown {
    readonly region: string;
    readonly lacking: readonly PriceName[];
}

const NEEDED = [
    "interfaceEndpoint.hour", "interfaceEndpoint.gb", "nat.hour", "nat.gb", "publicAddress.hour",
] as const satisfies readonly PriceName[];

/** What S3 and DynamoDB are sent goes through gateway endpoints, which are free: only other traffic counts. */
export function compareWaysOut(request: WaysOutRequest): WaysOut | WaysOutUnknown {
    const { hours = HOURS_PER_MONTH, ...given } = request;
    const { region, zones, services, gateways } = given;
    const [endpointHour, endpointGb, natHour, natGb, address] = NEEDED.map((name) => findPrice(name, region));
    if (!endpointHour || !endpointGb || !natHour || !natGb || !address) {
        return { region, lacking: NEEDED.filter((name) => findPrice(name, region) === undefined) };
    }
    const endpointsUsd = services * zones * endpointHour.usd * hours;
    const gatewaysUsd = gateways * (natHour.usd + address.usd) * hours;
    const savedPerGb = natGb.usd - endpointGb.usd;
    return {
        ...given, endpointsUsd, gatewaysUsd,
        besideGb: endpointsUsd / savedPerGb,
        insteadGb: Math.max(0, (endpointsUsd - gatewaysUsd) / savedPerGb),
        prices: [endpointHour, endpointGb, natHour, natGb, address],
    };
}
