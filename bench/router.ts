/**
 * How much time does routing add to a request? Decode, assign, validate and encode one typical row, as `POST /inference` does before it asks
 * the endpoint. Baselines of the same run: parsing the body alone, and the same work with the schema's look-up tables made for each request.
 * The three take turns. Run: `node bench/router.ts`. Fails when the 99th percentile is above 1 ms, or when the split is not as the weights say.
 */
import { decodeBody, encodeRows } from "../lambdas/inference/request.ts";
import { AB_TEST_ID } from "../lambdas/shared/documents.ts";
import type { Feature, FeatureSchema, Variant } from "../lambdas/shared/documents.ts";
import { parseAbTest } from "../lambdas/shared/router/abTest.ts";
import { assignVariant } from "../lambdas/shared/router/assign.ts";
import { chooseRoute, type RoutingState } from "../lambdas/shared/router/routes.ts";
import { prepareServedModel } from "../lambdas/shared/router/served.ts";

const REQUESTS = 100_000;
const WARM_UP = 5_000;
const MAX_P99_MILLISECONDS = 1;

/** 19 features, 46 columns: about what a table of customers has. */
const features: readonly Feature[] = [
    ...Array.from({ length: 8 }, (_, index): Feature => ({ name: `number_${index}`, type: "numeric", imputedValue: index })),
    ...Array.from({ length: 5 }, (_, index): Feature => ({ name: `flag_${index}`, type: "boolean", values: ["no", "yes"], imputedValue: 0 })),
    ...[3, 4, 4, 5, 7, 10].map((count, index): Feature => ({ name: `category_${index}`, type: "categorical", categories: Array.from({ length: count }, (_, each) => `value ${each}`) })),
];
const schema: FeatureSchema = { version: 1, task: "binary", label: "churned", classes: ["no", "yes"], columnCount: 46, features };
const bodies = Array.from({ length: 1_000 }, (_, request) => JSON.stringify({ features: Object.fromEntries(features.map((feature, index) => [feature.name, valueOf(feature, request + index)])) }));
const abTest = parseAbTest({ Weights: { champion: 50, challenger: 50 }, Revision: 1 }, { champion: 90, challenger: 10 });
const served = { champion: prepareServedModel("champion", { version: "v1" }, schema), challenger: prepareServedModel("challenger", { version: "v2" }, schema) };

function valueOf(feature: Feature, seed: number): string | number | boolean | null {
    if (seed % 13 === 0) return null;
    if (feature.type === "categorical") return feature.categories[seed % feature.categories.length]!;
    return feature.type === "boolean" ? seed % 2 === 0 : seed * 1.37;
}

function route(body: string, key: string, state: Pick<RoutingState, "abTest" | "served">): string {
    const rows = decodeBody(body);
    const { candidates: [model] } = chooseRoute(key, state);
    return encodeRows(rows, model.readRow);
}

const kinds: Readonly<Record<string, (body: string, key: string) => unknown>> = {
    "decode, assign, validate, encode": (body, key) => route(body, key, { abTest, served }),
    "baseline: parse the body alone": (body) => JSON.parse(body),
    "baseline: look-up tables per request": (body, key) => {
        const champion = prepareServedModel("champion", { version: "v1" }, schema);
        return route(body, key, { abTest, served: { champion, challenger: champion } });
    },
};

const times = Object.fromEntries(Object.keys(kinds).map((kind) => [kind, new Float64Array(REQUESTS)]));
for (let request = -WARM_UP; request < REQUESTS; request++) {
    const body = bodies[(request + WARM_UP) % bodies.length]!;
    for (const [kind, run] of Object.entries(kinds)) {
        const startedAt = performance.now();
        run(body, `customer-${request}`);
        if (request >= 0) times[kind]![request] = performance.now() - startedAt;
    }
}

console.log(`${"one request, microseconds".padEnd(38)}    p50    p99   p99.9     max`);
for (const [kind, measured] of Object.entries(times)) {
    const sorted = measured.toSorted();
    const cells = [0.5, 0.99, 0.999, 1].map((share) => (1_000 * sorted[Math.min(REQUESTS - 1, Math.floor(share * REQUESTS))]!).toFixed(1));
    console.log(kind.padEnd(38) + cells.map((cell, index) => cell.padStart([7, 7, 8, 8][index]!)).join(""));
}
const p99 = times["decode, assign, validate, encode"]!.toSorted()[Math.floor(0.99 * REQUESTS)]!;
if (p99 > MAX_P99_MILLISECONDS) process.exitCode = 1;

for (const [count, least, most] of [[1_000, 400, 600], [100_000, 49_000, 51_000]] as const) {
    const startedAt = performance.now();
    const counts: Record<Variant, number> = { champion: 0, challenger: 0 };
    for (let key = 0; key < count; key++) counts[assignVariant(AB_TEST_ID, `customer-${key}`, abTest.weights)]++;
    console.log(`${count} keys at 50/50: ${counts.champion} to the champion, ${counts.challenger} to the challenger, in ${(performance.now() - startedAt).toFixed(0)} ms`);
    if (counts.champion < least || counts.champion > most) process.exitCode = 1;
}
