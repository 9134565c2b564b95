/** Assignment keys, and where the platform's own function sends them. */
import { AB_TEST_ID } from "../../../lambdas/shared/documents.ts";
import type { Variant, Weights } from "../../../lambdas/shared/documents.ts";
import { assignVariant } from "../../../lambdas/shared/router/assign.ts";

/** The variant that the routers must assign the key to. */
export function assignKey(key: string, weights: Weights): Variant {
    return assignVariant(AB_TEST_ID, key, weights);
}

/** Keys that are assigned to the variant. Its weight must not be 0. */
export function findKeysOf(variant: Variant, weights: Weights, { count, mark }: { readonly count: number; readonly mark: string }): readonly string[] {
    const found: string[] = [];
    for (let index = 0; found.length < count; index++) {
        const key = `${mark}-${variant}-${index}`;
        if (assignKey(key, weights) === variant) found.push(key);
    }
    return found;
}
