/** What the network's ways out cost, and what the same costs in other regions. */
import type { Price } from "../../../components/facts/prices.ts";
import { formatQuantity, money } from "./money.ts";
import type { PriceForecast } from "./priceForecast.ts";
import type { WaysOut } from "./waysOut.ts";

/** The number of a price's source in the list at the end. */
type NumberOf = (price: Price) => number;

export function renderWaysOut({ waysOut, hoursPerMonth }: PriceForecast, numberOf: NumberOf): readonly string[] {
    const [first] = waysOut;
    if (first === undefined) return [];
    if ("lacking" in first) return [`NAT against endpoints: no price in the table for ${first.region}: ${first.lacking.join(", ")}`, ""];
    const numbers = [...new Set(first.prices.map(numberOf))].sort((left, right) => left - right);
    return [
        `NAT against interface endpoints, ${hoursPerMonth} hours; S3 and DynamoDB do not count, their gateway endpoints are free:`,
        ...waysOut.flatMap((way) => ("lacking" in way ? [] : renderWay(way))),
        `  By ${renderTraffic(first)}. ${numbers.map((number) => `[${number}]`).join("")}`,
        "",
    ];
}

function renderTraffic({ prices }: WaysOut): string {
    const [, endpointGb, , natGb] = prices;
    return `${natGb?.usd} per GB through a NAT gateway and ${endpointGb?.usd} through an endpoint`;
}

function renderWay({ zones, services, gateways, endpointsUsd, gatewaysUsd, besideGb, insteadGb }: WaysOut): readonly string[] {
    const instead = insteadGb === 0 ? "always" : `from ${formatQuantity(Math.ceil(insteadGb))} GB a month on`;
    const beside = `${formatQuantity(Math.ceil(besideGb))} GB on`;
    const nat = gateways === 1 ? "1 NAT gateway and its address" : `${gateways} NAT gateways and their addresses`;
    return [
        money(`  ${services} interface endpoints in ${zones} zones, without traffic`, { usd: endpointsUsd, isWhole: true }),
        money(`  ${nat}, without traffic`, { usd: gatewaysUsd, isWhole: true }),
        `    Endpoints instead of NAT are cheaper ${instead}; beside NAT they pay for themselves from ${beside}.`,
    ];
}

/** Two sums of which each lacks other prices cannot be compared: so what both regions have prices for stands beside. */
export function renderElsewhere({ region: here, elsewhere }: PriceForecast): readonly string[] {
    return elsewhere.flatMap(({ region, idleUsd, workUsd, lacking, common }) => {
        const sum = money(`The same in ${region}, idle and work`, { usd: idleUsd + workUsd, isWhole: lacking.length === 0 });
        if (common.isAll) return [sum];
        const compared = `what both have prices for: ${common.thereUsd.toFixed(2)}, against ${common.hereUsd.toFixed(2)} in ${here}`;
        return [sum, common.count === 0 ? `  no price is known for both it and ${here}` : `  ${compared}`];
    });
}
