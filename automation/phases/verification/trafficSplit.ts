import { VARIANTS } from "../../../lambdas/shared/documents.ts";
import type { Weights } from "../../../lambdas/shared/documents.ts";
import { CloudRefusal } from "../../errors.ts";
import { assignKey } from "./keys.ts";
import type { Check, VerificationWorld } from "./check.ts";
import { askForKeys } from "./requests.ts";

const REQUESTS = 100;
/** The last one stays for the checks that follow. */
const SETTINGS: readonly Weights[] = [{ champion: 90, challenger: 10 }, { champion: 0, challenger: 100 }, { champion: 50, challenger: 50 }];

/** Requests by HTTP are assigned exactly as the same function assigns their keys in this process. */
export const trafficSplit: Check = {
    name: "traffic split",
    level: "full",
    needs: "two served models",
    authorized: true,
    async run(world: VerificationWorld) {
        const measured: string[] = [];
        for (const weights of SETTINGS) measured.push(await measure(world, weights));
        return `${measured.join("; ")}: each as the assignment says`;
    },
};

async function measure(world: VerificationWorld, weights: Weights): Promise<string> {
    const keys = Array.from({ length: REQUESTS }, (_, index) => `${world.mark}-${index}`);
    await world.traffic.set(weights);
    await world.traffic.settle();
    const answers = await askForKeys(world, keys);
    const split = `${weights.champion}/${weights.challenger}`;
    const wrong = answers.filter(({ assignedVariant }, index) => assignedVariant !== assignKey(keys[index] ?? "", weights));
    if (wrong.length > 0) throw new CloudRefusal(`at ${split}, ${wrong.length} of ${REQUESTS} requests were assigned to another variant than their key says`);
    // Both must answer under their own weights, or a router that never asks one of them would pass.
    const silent = VARIANTS.find((variant) => weights[variant] === 100 && answers.some((answer) => answer.variant !== variant));
    if (silent !== undefined) throw new CloudRefusal(`at ${split}, the ${silent} must answer every request, but ${answers.filter(({ fallback }) => fallback).length} fell back`);
    const [champion, challenger] = VARIANTS.map((variant) => answers.filter(({ assignedVariant }) => assignedVariant === variant).length);
    const fellBack = answers.filter(({ fallback }) => fallback).length;
    return `${split} gave ${champion}/${challenger}${fellBack === 0 ? "" : ` with ${fellBack} fallbacks`}`;
}
