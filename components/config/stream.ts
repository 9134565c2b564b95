/** The section `stream`: records in, predictions out. */
import type { SectionReader } from "./sectionReader.ts";
import { presetDefaults } from "./presets.ts";
import type { Preset } from "./presets.ts";

export interface StreamConfig {
    /** @default by preset: provisioned, provisioned, on-demand */
    readonly mode: "provisioned" | "on-demand";
    /** Of a provisioned stream: 1 MB or 1000 records a second each. @default 1 */
    readonly shards: number;
    /** Hours that records can be read again, 24 to 8760. @default 24 */
    readonly retentionHours: number;
    /** Records that the consumer is handed at most at once, 1 to 10000. @default 100 */
    readonly batchSize: number;
    /** Seconds that a batch is waited for, 0 to 300. @default 1 */
    readonly batchingWindowSeconds: number;
    /** Times that a failed batch is tried again, 0 to 10000. @default 3 */
    readonly maxRetries: number;
    /** Age in seconds above which a record is given up, 60 to 604800. @default 3600 */
    readonly maxRecordAgeSeconds: number;
    /** Days that predictions are kept. @default 90 */
    readonly predictionDays: number;
}

export function parseStream(section: SectionReader, preset: Preset): StreamConfig {
    const whole = (name: string, min: number, max: number): number | undefined => section.number(name, { min, max, integer: true });
    const mode = section.choice("mode", ["provisioned", "on-demand"]) ?? presetDefaults[preset].streamMode;
    const shards = whole("shards", 1, 200);
    if (shards !== undefined && mode === "on-demand") {
        section.refuse(
            "shards",
            `is for provisioned streams, got ${shards} with mode on-demand`,
            "remove it, or set stream.mode to provisioned",
        );
    }
    // Lambda takes -1 as well: for ever.
    const bounded = section.as("F60");
    const stream: StreamConfig = {
        mode,
        shards: shards ?? 1,
        retentionHours: whole("retentionHours", 24, 8760) ?? 24,
        batchSize: whole("batchSize", 1, 10_000) ?? 100,
        batchingWindowSeconds: whole("batchingWindowSeconds", 0, 300) ?? 1,
        maxRetries: bounded.number("maxRetries", { min: 0, max: 10_000, integer: true }) ?? 3,
        maxRecordAgeSeconds: bounded.number("maxRecordAgeSeconds", { min: 60, max: 604_800, integer: true }) ?? 3600,
        predictionDays: whole("predictionDays", 1, 3650) ?? 90,
    };
    section.finish();
    return stream;
}
