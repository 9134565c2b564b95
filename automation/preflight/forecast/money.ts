/** Sums that say what they leave out. */
import type { CostLine } from "./costLine.ts";

const NAME_WIDTH = 76;
const MONEY_WIDTH = 10;

export interface Sum {
    /** US dollars a month; undefined when nothing of it has a price. */
    readonly usd?: number;
    /** Whether all of it has a price: what has none is missing in the sum, and is not free. */
    readonly isWhole: boolean;
}

/** @param isKnown false when there is more to pay for than the lines tell. @default true */
export function sumOf(lines: readonly CostLine[], isKnown = true): Sum {
    const priced = lines.flatMap(({ usd }) => usd ?? []);
    const isWhole = isKnown && priced.length === lines.length;
    if (priced.length === 0 && !isWhole) return { isWhole };
    return { usd: priced.reduce((sum, usd) => sum + usd, 0), isWhole };
}

/** A line with the amount at its right: `at least` stands beside a sum that is not whole, and nothing known is no amount at all. */
export function money(label: string, { usd, isWhole }: Sum): string {
    const said = isWhole || usd === undefined ? label : `${label}, at least`;
    return `${said.padEnd(NAME_WIDTH)}${(usd === undefined ? "unknown" : usd.toFixed(2)).padStart(MONEY_WIDTH)}`;
}

/** `100,000`, `0.12`. */
export function formatQuantity(quantity: number): string {
    return quantity.toLocaleString("en-US", { maximumFractionDigits: quantity < 1 ? 3 : 2 });
}
