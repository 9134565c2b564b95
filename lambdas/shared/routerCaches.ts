/** How long a router may go by what it read before: a deployment waits longer than that (components/inference/pipelineUpdate.ts). */

/** Seconds that the A/B test's item is kept: weights, and which variant is drained. */
export const AB_TEST_CACHE_SECONDS = 5;

/** Seconds that the served model and its schema are kept. */
export const SERVING_CACHE_SECONDS = 15;
