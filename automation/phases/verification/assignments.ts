import { VARIANTS } from "../../../lambdas/shared/documents.ts";
import type { Weights } from "../../../lambdas/shared/documents.ts";
import { CloudRefusal } from "../../errors.ts";
import { assignKey } from "./keys.ts";
import type { Check } from "./check.ts";

interface Sample { readonly weights: Weights; readonly keys: number }

const SAMPLES: readonly Sample[] = [
    { weights: { champion: 50, challenger: 50 }, keys: 1_000 },
    { weights: { champion: 50, challenger: 50 }, keys: 100_000 },
    { weights: { champion: 90, challenger: 10 }, keys: 100_000 },
    { weights: { champion: 0, challenger: 100 }, keys: 100_000 },
];
/**
 * A fair split of n keys is binomial. Six standard deviations are left by chance once in 500 million times: 405 to 595 of 1,000 keys at 50/50, and
 * a bias of one percent in 100,000. The keys are always the same, so a split that passes once passes for ever.
 */
const STANDARD_DEVIATIONS = 6;

/** The function that the routers use splits as the weights say. In this process: no request is sent. */
export const assignments: Check = {
    name: "assignments",
    level: "full",
    async run() {
        return `in process ${SAMPLES.map(measure).join("; ")}`;
    },
};

function measure({ weights, keys }: Sample): string {
    const counts = { champion: 0, challenger: 0 };
    for (let key = 0; key < keys; key++) counts[assignKey(`key-${key}`, weights)]++;
    for (const variant of VARIANTS) {
        const share = weights[variant] / 100;
        const expected = share * keys;
        const slack = STANDARD_DEVIATIONS * Math.sqrt(keys * share * (1 - share));
        if (Math.abs(counts[variant] - expected) <= slack) continue;
        throw new CloudRefusal(`of ${keys} keys at ${weights.champion}/${weights.challenger}, ${expected} +- ${Math.round(slack)} must go to the ${variant}, got ${counts[variant]}`);
    }
    return `${keys} keys at ${weights.champion}/${weights.challenger} gave ${counts.champion}/${counts.challenger}`;
}
