/** What it costs a month, by component, and where each price was read. */
import { INFRACOST_TESTS, PRICE_LIST } from "../../../components/facts/prices.ts";
import type { Price } from "../../../components/facts/prices.ts";
import type { CostLine } from "./costLine.ts";
import type { Forecast } from "./forecast.ts";
import type { Load } from "./load.ts";
import type { PriceForecast } from "./priceForecast.ts";
import type { WaysOut } from "./waysOut.ts";

const NAME_WIDTH = 72;
const MONEY_WIDTH = 10;

export function renderPrices({ stack, prices }: Forecast): readonly string[] {
    const { region, zones, hoursPerMonth, idle, idleUsd, work, workUsd } = prices;
    const sources = numberSources([...idle, ...work]);
    return [
        `Expected costs of ${stack} in ${region}, ${zones} zones: US dollars a month of ${hoursPerMonth} hours`,
        "From components/facts/prices.ts: list prices before taxes, discounts and free allowances.",
        "",
        money(`Idle, endpoints on${atLeast(idle, prices)}`, idleUsd),
        ...renderLines(idle, sources),
        "",
        money(`Work: ${describeLoad(prices.load)}${atLeast(work, prices)}`, workUsd),
        ...renderLines(work, sources),
        "",
        money("Together", idleUsd + workUsd),
        ...renderUnknown(prices),
        ...prices.byZones.filter((other) => other.zones !== zones).map((other) => money(`Idle in ${other.zones} zones`, other.idleUsd)),
        "",
        ...renderWaysOut(prices),
        ...renderElsewhere(prices),
        "",
        "Where the prices were read:",
        ...[...sources].map(([source, number]) => `  [${number}] ${source}`),
        "AWS's price lists were not opened: the figures are as public cost models and bills quote them. They lie below",
        `  ${PRICE_LIST}`,
        "and infracost's tests below",
        `  ${INFRACOST_TESTS}`,
        "",
        "~ rests on an estimate:",
        ...work.flatMap(({ component, what, assumption }) => (assumption === undefined ? [] : [`  ${component}, ${what}: ${assumption}`])),
    ];
}

/** Source and day in one, so that each stands once. */
function numberSources(lines: readonly CostLine[]): ReadonlyMap<string, number> {
    const sources = new Set(lines.flatMap(({ price }) => (price === undefined ? [] : [describeSource(price)])));
    return new Map([...sources].map((source, index) => [source, index + 1]));
}

function describeSource({ source, asOf }: Price): string {
    if (source === "memory") return "from memory: look it up before relying on it";
    const short = source.replace(`${PRICE_LIST}/`, "AWS price list ").replace(`${INFRACOST_TESTS}/`, "infracost ");
    return `${short.replace("/index.json", "")}, ${asOf}`;
}

/** The dearest component first. */
function renderLines(lines: readonly CostLine[], sources: ReadonlyMap<string, number>): readonly string[] {
    const components = [...Map.groupBy(lines, ({ component }) => component)]
        .map(([component, own]) => ({ component, own, usd: own.reduce((sum, { usd = 0 }) => sum + usd, 0) }))
        .sort((left, right) => right.usd - left.usd);
    return components.flatMap(({ component, own, usd }) => [money(`  ${component}`, usd), ...own.map((line) => renderLine(line, sources))]);
}

function renderLine({ what, quantity, price, usd, assumption }: CostLine, sources: ReadonlyMap<string, number>): string {
    const mark = assumption === undefined ? "" : " ~";
    if (price === undefined || usd === undefined) return `    ${what}: no price in the table for this region`;
    return `${money(`    ${what}: ${formatQuantity(quantity)} x ${price.usd}`, usd)}  [${sources.get(describeSource(price))}]${mark}`;
}

function atLeast(lines: readonly CostLine[], { unpriced }: PriceForecast): string {
    return lines.some(({ price }) => price === undefined) || unpriced.length > 0 ? ", at least" : "";
}

function renderUnknown({ lacking, unpriced, region }: PriceForecast): readonly string[] {
    return [
        ...(lacking.length === 0 ? [] : [`No price in the table for ${region}: ${lacking.join(", ")}`]),
        ...unpriced.map((what) => `Not in the table at all: ${what}`),
    ];
}

function describeLoad({ requests, rows, trainedGb, retrainRuns }: Load): string {
    return `${formatQuantity(requests)} requests, ${formatQuantity(rows)} rows, ${retrainRuns} runs of ${trainedGb} GB`;
}

function renderWaysOut({ waysOut, hoursPerMonth }: PriceForecast): readonly string[] {
    if (waysOut.length === 0) return [];
    const [first] = waysOut;
    if (first !== undefined && "lacking" in first) {
        return [`NAT against endpoints: no price in the table for ${first.region}: ${first.lacking.join(", ")}`, ""];
    }
    return [
        "NAT against interface endpoints; traffic to S3 and DynamoDB does not count, gateway endpoints are free:",
        ...waysOut.flatMap((way) => ("lacking" in way ? [] : renderWay(way, hoursPerMonth))),
        "",
    ];
}

function renderWay(way: WaysOut, hours: number): readonly string[] {
    const { zones, services, gateways, endpointsUsd, gatewaysUsd, besideGb, insteadGb } = way;
    const instead = insteadGb === 0 ? "always" : `from ${formatQuantity(Math.ceil(insteadGb))} GB a month on`;
    const beside = `${formatQuantity(Math.ceil(besideGb))} GB on`;
    const nat = gateways === 1 ? "1 NAT gateway and its address" : `${gateways} NAT gateways and their addresses`;
    return [
        money(`${services} interface endpoints in ${zones} zones, ${hours} hours, without traffic`, endpointsUsd),
        money(`${nat}, without traffic`, gatewaysUsd),
        `  Endpoints instead of NAT are cheaper ${instead}; beside NAT they pay for themselves from ${beside}.`,
    ];
}

function renderElsewhere({ elsewhere }: PriceForecast): readonly string[] {
    return elsewhere.map(({ region, idleUsd, workUsd, lacking }) => {
        const missing = lacking.length === 0 ? "" : `, at least: ${lacking.length} prices are not in the table`;
        return money(`The same in ${region}${missing}`, idleUsd + workUsd);
    });
}

function money(label: string, usd: number): string {
    return `${label.padEnd(NAME_WIDTH)}${usd.toFixed(2).padStart(MONEY_WIDTH)}`;
}

/** `100,000`, `0.12`. */
function formatQuantity(quantity: number): string {
    return quantity.toLocaleString("en-US", { maximumFractionDigits: quantity < 1 ? 3 : 2 });
}
