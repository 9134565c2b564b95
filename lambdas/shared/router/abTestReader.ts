/** Reads the A/B test, and goes on with the last good copy of what cannot be read or is wrong. */
import type { AbTestItem, Weights } from "../documents.ts";
import { createLastGoodCache } from "../lastGoodCache.ts";
import { AB_TEST_CACHE_SECONDS } from "../routerCaches.ts";
import { InvalidWeightsError, parseAbTest, readDrain } from "./abTest.ts";
import type { AbTest } from "./abTest.ts";

export interface AbTestReaderOptions {
    readonly defaultWeights: Weights;
    /** Told why an older copy, or the default, is used. */
    readonly onStale: (error: unknown) => void;
    /** @default Date.now */
    readonly now?: () => number;
}

/** Wraps a read of the item, which is undefined while there is none. What comes out never fails, and its weights always sum. */
export function createAbTestReader(
    readItem: () => Promise<Partial<AbTestItem> | undefined>,
    options: AbTestReaderOptions,
): () => Promise<AbTest> {
    const { defaultWeights, onStale } = options;
    const unset = parseAbTest(undefined, defaultWeights);
    let lastGood = unset;
    const load = async (): Promise<AbTest> => {
        const item = await readItem();
        try {
            lastGood = parseAbTest(item, defaultWeights);
            return lastGood;
        } catch (error) {
            if (!(error instanceof InvalidWeightsError)) throw error;
            onStale(error);
            // Whoever broke the weights did not end the deployment.
            const { drain: _, ...kept } = lastGood;
            const drain = readDrain(item);
            return drain === undefined ? kept : { ...kept, drain };
        }
    };
    const read = createLastGoodCache(load, {
        freshMilliseconds: AB_TEST_CACHE_SECONDS * 1000,
        fallback: unset,
        onStale,
        ...(options.now === undefined ? {} : { now: options.now }),
    });
    return async () => (await read()) ?? unset;
}
