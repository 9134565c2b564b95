/** What it costs a month, by component, and where each price was read. */
import { INFRACOST_TESTS, PRICE_LIST } from "../../../components/facts/prices.ts";
import type { Price } from "../../../components/facts/prices.ts";
import type { CostLine } from "./costLine.ts";
import type { Forecast } from "./forecast.ts";
import type { Load } from "./load.ts";
import { formatQuantity, money, sumOf } from "./money.ts";
import type { Sum } from "./money.ts";
import type { PriceForecast } from "./priceForecast.ts";
import { renderElsewhere, renderWaysOut } from "./renderRegions.ts";

/** By description of the source and day, its number in the list at the end. */
type Sources = ReadonlyMap<string, number>;

export function renderPrices({ stack, prices }: Forecast): readonly string[] {
    const { region, zones, hoursPerMonth, idle, work } = prices;
    const sources = numberSources(prices);
    const known = prices.unpriced.length === 0;
    return [
        `Expected costs of ${stack} in ${region}, ${zones} zones: US dollars a month of ${hoursPerMonth} hours`,
        "From components/facts/prices.ts: list prices before taxes, discounts and free allowances.",
        ...renderUnknown(prices),
        "",
        money("Idle, endpoints on", sumOf(idle, known)),
        ...renderLines(idle, sources),
        "",
        money(`Work: ${describeLoad(prices.load)}`, sumOf(work, known)),
        ...renderLines(work, sources),
        "",
        money("Together", sumOf([...idle, ...work], known)),
        ...prices.byZones.filter((other) => other.zones !== zones)
            .map((other) => money(`Idle in ${other.zones} zones`, replaceKnown(sumOf(idle, known), other.idleUsd))),
        `Not in it: ${prices.notCounted.join("; ")}.`,
        "",
        ...renderWaysOut(prices, (price) => numberOf(price, sources)),
        ...renderElsewhere(prices),
        "",
        ...renderSources(sources),
        "",
        "~ rests on an estimate:",
        ...work.flatMap(({ component, what, assumption }) => (assumption === undefined ? [] : [`  ${component}, ${what}: ${assumption}`])),
    ];
}

/** What has no price in one number of zones has none in another. */
function replaceKnown({ usd, isWhole }: Sum, other: number): Sum {
    return usd === undefined ? { isWhole } : { usd: other, isWhole };
}

/** First of all: no sum is to be read without it. */
function renderUnknown({ lacking, unpriced, region, idle, work }: PriceForecast): readonly string[] {
    const needed = new Set([...idle, ...work].map(({ priceName }) => priceName)).size;
    return [
        ...(lacking.length === 0 ? [] : [
            `INCOMPLETE: of ${needed} prices the table has ${needed - lacking.length} for ${region}. Sums say "at least", and leave out what needs`,
            `  ${lacking.join(", ")}`,
        ]),
        ...unpriced.map((what) => `INCOMPLETE: not in the table at all: ${what}`),
    ];
}

/** The dearest component first; what is not known at all last. */
function renderLines(lines: readonly CostLine[], sources: Sources): readonly string[] {
    const components = [...Map.groupBy(lines, ({ component }) => component)]
        .map(([component, own]) => ({ component, own, sum: sumOf(own) }))
        .sort((left, right) => (right.sum.usd ?? 0) - (left.sum.usd ?? 0));
    return components.flatMap(({ component, own, sum }) => [money(`  ${component}`, sum), ...own.map((line) => renderLine(line, sources))]);
}

function renderLine({ what, quantity, unit, price, usd, assumption }: CostLine, sources: Sources): string {
    const mark = assumption === undefined ? "" : " ~";
    if (price === undefined || usd === undefined) return `    ${what}: ${formatQuantity(quantity)} x no price in the table for this region${mark}`;
    return `${money(`    ${what}: ${formatQuantity(quantity)} x ${price.usd} per ${unit}`, { usd, isWhole: true })}  [${numberOf(price, sources)}]${mark}`;
}

function describeLoad({ requests, rows, trainedGb, retrainRuns }: Load): string {
    return `${formatQuantity(requests)} requests, ${formatQuantity(rows)} rows, ${retrainRuns} runs of ${trainedGb} GB`;
}

function renderSources(sources: Sources): readonly string[] {
    return [
        "Where the prices were read:",
        ...[...sources].map(([source, number]) => `  [${number}] ${source}`),
        "AWS's price lists were not opened: the figures are as public cost models and bills quote them. They lie below",
        `  ${PRICE_LIST}`,
        "and infracost's tests below",
        `  ${INFRACOST_TESTS}`,
    ];
}

/** Source and day in one, so that each stands once. */
function numberSources({ idle, work, waysOut }: PriceForecast): Sources {
    const prices = [
        ...[...idle, ...work].flatMap(({ price }) => price ?? []),
        ...waysOut.flatMap((way) => ("lacking" in way ? [] : way.prices)),
    ];
    return new Map([...new Set(prices.map(describeSource))].map((source, index) => [source, index + 1]));
}

function numberOf(price: Price, sources: Sources): number {
    return sources.get(describeSource(price)) ?? 0;
}

function describeSource({ source, asOf }: Price): string {
    if (source === "memory") return "from memory: look it up before relying on it";
    const short = source.replace(`${PRICE_LIST}/`, "AWS price list ").replace(`${INFRACOST_TESTS}/`, "infracost ");
    return `${short.replace("/index.json", "")}, ${asOf}`;
}
