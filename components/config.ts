/** The stack's configuration, typed. Every value can be set in `Pulumi.<stack>.yaml` under `firstlight:`. */
import type { TaskType } from "../lambdas/shared/documents.ts";

export interface DataConfig {
    /** Column to predict. */
    readonly label: string;
    /** Columns that are not features: identifiers, causes that leak the label. @default [] */
    readonly ignore: readonly string[];
    /** @default found from the label column and printed */
    readonly task?: TaskType;
    /** Share of broken rows, 0..1, above which the run fails. @default 0.01 */
    readonly maxRejectedShare: number;
}

export interface TrainingConfig {
    /** XGBoost container tag; training and serving use the same. @default "3.0-5" */
    readonly imageTag: string;
    /** @default "ml.m5.large" */
    readonly instanceType: string;
    /** @default 10 */
    readonly volumeSizeGiB: number;
    /** @default 3600 */
    readonly maxRuntimeSeconds: number;
    /** Managed spot training. @default false */
    readonly spot: boolean;
    /** XGBoost hyperparameters by name; they override the defaults of the task. @default {} */
    readonly hyperparameters: Readonly<Record<string, number | string>>;
    /** Value of the deciding metric that a model must reach. @default by task */
    readonly metricFloor?: number;
}

export interface InferenceConfig {
    /** `auto`: exactly when the switch parameter is on and an approved model exists. @default "auto" */
    readonly endpoints: "auto" | "on" | "off";
    /** One of 1024, 2048, 3072, 4096, 5120, 6144. @default 2048 */
    readonly memoryMiB: number;
    /** Concurrent invocations before callers get 429. @default 2 */
    readonly maxConcurrency: number;
    /** Probability from which a binary prediction counts as positive. @default 0.5 */
    readonly threshold: number;
}

export interface PlatformConfig {
    /** From the Pulumi project. */
    readonly project: string;
    /** Stack name, cleaned for use in names. */
    readonly environment: string;
    readonly preset: "dev" | "staging" | "prod";
    /** Suffix for pull-request environments, from ENVIRONMENT_SUFFIX. */
    readonly environmentSuffix?: string;
    readonly data: DataConfig;
    readonly training: TrainingConfig;
    readonly inference: InferenceConfig;
    /** Days that log events are kept. @default by preset: 14, 30, 365 */
    readonly logRetentionDays: number;
    /** Whether buckets are emptied and tables unprotected on destroy. @default true except in prod */
    readonly destroyData: boolean;
    /** E-mail addresses that are told when a pipeline run fails. @default [] */
    readonly alertEmails: readonly string[];
    /** Tags on every resource, beside Project, Environment and ManagedBy. @default {} */
    readonly tags: Readonly<Record<string, string>>;
}
