/** What a preset decides where the stack file says nothing. */
import type { NatMode } from "./network.ts";

export type Preset = "dev" | "staging" | "prod";

export const PRESETS: readonly Preset[] = ["dev", "staging", "prod"];

export interface PresetDefaults {
    /** Days that log events are kept. */
    readonly logRetentionDays: number;
    /** Days after which objects move to cheaper storage and go; no end where data is to be kept. */
    readonly storage: { readonly infrequentAccessDays: number; readonly archiveDays: number; readonly expireDays?: number };
    readonly nat: NatMode;
    readonly zones: 2 | 3;
    /** Kinesis by the shard is cheap and small; on demand grows by itself and costs more while idle. */
    readonly streamMode: "provisioned" | "on-demand";
}

export const presetDefaults: Readonly<Record<Preset, PresetDefaults>> = {
    dev: {
        logRetentionDays: 14, storage: { infrequentAccessDays: 30, archiveDays: 90, expireDays: 365 },
        nat: "none", zones: 2, streamMode: "provisioned",
    },
    staging: {
        logRetentionDays: 30, storage: { infrequentAccessDays: 30, archiveDays: 90, expireDays: 730 },
        nat: "single", zones: 2, streamMode: "provisioned",
    },
    prod: {
        logRetentionDays: 365, storage: { infrequentAccessDays: 90, archiveDays: 180 },
        nat: "one-per-zone", zones: 3, streamMode: "on-demand",
    },
};
