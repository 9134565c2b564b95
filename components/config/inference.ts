/** The section `inference`: of the two endpoints. */
import type { SectionReader } from "./sectionReader.ts";
import { SERVERLESS_MAX_CONCURRENCY, SERVERLESS_MEMORY_MIB } from "../facts/serverless.ts";

export interface InferenceConfig {
    /** `auto`: exactly when the switch parameter is on and an approved model exists. @default "auto" */
    readonly endpoints: "auto" | "on" | "off";
    /** Of each endpoint; one of 1024, 2048, 3072, 4096, 5120, 6144. @default 2048 */
    readonly memoryMiB: number;
    /** Concurrent invocations of each endpoint before its callers get 429. New accounts have 10 in a region. @default 2 */
    readonly maxConcurrency: number;
    /** Probability from which a binary prediction counts as positive. @default 0.5 */
    readonly threshold: number;
}

export function parseInference(section: SectionReader): InferenceConfig {
    const inference: InferenceConfig = {
        endpoints: section.choice("endpoints", ["auto", "on", "off"]) ?? "auto",
        memoryMiB: section.numberOf("memoryMiB", SERVERLESS_MEMORY_MIB) ?? 2048,
        maxConcurrency: section.number("maxConcurrency", { min: 1, max: SERVERLESS_MAX_CONCURRENCY, integer: true }) ?? 2,
        threshold: section.number("threshold", { min: 0, max: 1 }) ?? 0.5,
    };
    section.finish();
    return inference;
}
