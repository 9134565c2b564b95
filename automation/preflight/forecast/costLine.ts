/** One line of a monthly bill that is to be expected. */
import { findPrice, priceUnits } from "../../../components/facts/prices.ts";
import type { Price, PriceName } from "../../../components/facts/prices.ts";

/** What will be paid for, before it has a price. */
export interface Charge {
    /** Name of the component in the program, e.g. `stream`. */
    readonly component: string;
    /** In words: `5 keys`. */
    readonly what: string;
    readonly priceName: PriceName;
    /** A month, in the price's unit. */
    readonly quantity: number;
    /** What the quantity rests on when it is an estimate. @default counted in the plan or given as load */
    readonly assumption?: string;
}

export interface CostLine extends Charge {
    /** What the quantity counts. */
    readonly unit: string;
    /** Undefined where the region has no price in the table. */
    readonly price?: Price;
    /** US dollars a month; undefined without a price. */
    readonly usd?: number;
}

export function priceCharges(charges: readonly Charge[], region: string): readonly CostLine[] {
    return charges.map(({ component, what, priceName, quantity, assumption }) => {
        const price = findPrice(priceName, region);
        const line = { component, what, priceName, quantity, ...(assumption === undefined ? {} : { assumption }), unit: priceUnits[priceName] };
        return price === undefined ? line : { ...line, price, usd: quantity * price.usd };
    });
}

/** US dollars of what has a price. */
export function totalOf(lines: readonly CostLine[]): number {
    return lines.reduce((sum, { usd = 0 }) => sum + usd, 0);
}

/** Prices that the region lacks, each once. */
export function lackingPrices(lines: readonly CostLine[]): readonly PriceName[] {
    return [...new Set(lines.filter(({ price }) => price === undefined).map(({ priceName }) => priceName))];
}
