/** The stack's configuration, typed. Every value can be set in `Pulumi.<stack>.yaml` under `firstlight:`. */
import type { TaskType } from "../lambdas/shared/documents.ts";
import { SectionReader } from "./configReader.ts";
import type { ConfigFinding } from "./configReader.ts";
import { cleanName, cleanStack, cleanSuffix } from "./environmentName.ts";
import { LOG_RETENTION_DAYS } from "./facts/logRetention.ts";
import { findInstanceTypeFault, JOB_FAMILIES } from "./facts/instances.ts";
import { xgboostVersions } from "./facts/sagemakerImages.ts";
import type { XgboostTag } from "./facts/sagemakerImages.ts";
import { SERVERLESS_MAX_CONCURRENCY, SERVERLESS_MEMORY_MIB } from "./facts/serverless.ts";
import { findHyperparameterFault } from "./facts/xgboost.ts";

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
    /** Suffix for pull-request environments, from ENVIRONMENT_SUFFIX; begins with a hyphen. */
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

/** What the configuration is made of, untyped. */
export interface ConfigSource {
    /** Name of the Pulumi project. */
    readonly project: string;
    readonly stack: string;
    /** Value of ENVIRONMENT_SUFFIX: 1 to 20 letters, digits, `-` and `_`. @default none */
    readonly environmentSuffix?: string | undefined;
    /** The values below `firstlight:`, by key without the prefix. Sections may be JSON text, as Pulumi hands them over, or objects. */
    readonly values: Readonly<Record<string, unknown>>;
}

type Preset = PlatformConfig["preset"];

const PRESETS: readonly Preset[] = ["dev", "staging", "prod"];
const RETENTION_BY_PRESET: Readonly<Record<Preset, number>> = { dev: 14, staging: 30, prod: 365 };
const SUFFIX_VARIABLE = "ENVIRONMENT_SUFFIX";
const PROJECT_KEY = "name";
/** Environment, Project and ManagedBy are ours. */
const RESERVED_TAGS = ["Project", "Environment", "ManagedBy"];

/** The configuration is wrong. Lists everything that is, each with its fix. */
export class ConfigError extends Error {
    readonly findings: readonly ConfigFinding[];

    constructor(stack: string, findings: readonly ConfigFinding[]) {
        super(findings.map(({ key, what, fix }) => `${placeOf(stack, key)}: ${what}; fix: ${fix}`).join("\n"));
        this.name = "ConfigError";
        this.findings = findings;
    }
}

function placeOf(stack: string, key: string): string {
    if (key === SUFFIX_VARIABLE) return `environment variable ${key}`;
    return key === PROJECT_KEY ? `Pulumi.yaml ${key}` : `Pulumi.${stack}.yaml ${key}`;
}

/**
 * The typed configuration of a stack, with all defaults filled in, so that nothing downstream checks again.
 *
 * @throws ConfigError with all findings at once.
 */
export function parseConfig(source: ConfigSource): PlatformConfig {
    const findings: ConfigFinding[] = [];
    const reader = new SectionReader("firstlight:", source.values, findings);
    const preset = reader.choice("preset", PRESETS) ?? presetOf(source.stack);
    const config: PlatformConfig = {
        project: parseProject(source.project, findings),
        environment: cleanStack(source.stack),
        preset,
        ...present("environmentSuffix", parseSuffix(source.environmentSuffix, findings)),
        data: parseData(reader.section("data")),
        training: parseTraining(reader.section("training"), preset),
        inference: parseInference(reader.section("inference")),
        logRetentionDays: reader.numberOf("logRetentionDays", LOG_RETENTION_DAYS) ?? RETENTION_BY_PRESET[preset],
        destroyData: parseDestroyData(reader, preset),
        alertEmails: parseEmails(reader),
        tags: parseTags(reader),
    };
    reader.finish();
    if (findings.length > 0) throw new ConfigError(source.stack, findings);
    return config;
}

/** Parameters lie below `/<project>`. https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-paramstore-su-create.html */
function parseProject(name: string, findings: ConfigFinding[]): string {
    const project = cleanName(name);
    const reserved = /^(aws|ssm)/.exec(project)?.[1];
    if (reserved !== undefined) {
        const what = `begins with ${reserved}, which AWS keeps for its own parameters, got ${JSON.stringify(name)}`;
        findings.push({ key: PROJECT_KEY, what, fix: "call the project something else" });
    }
    return project;
}

/** A stack that is called as a preset is one; others are for development. */
function presetOf(stack: string): Preset {
    return PRESETS.find((preset) => preset === stack) ?? "dev";
}

function parseData(section: SectionReader): DataConfig {
    const label = section.text("label");
    if (label === undefined) section.refuse("label", "is missing", "name the column to predict");
    const ignore = section.texts("ignore") ?? [];
    if (label !== undefined && ignore.includes(label)) {
        section.refuse("ignore", `contains the label, got ${JSON.stringify(label)}`, "take the label out of the list");
    }
    const data: DataConfig = {
        label: label ?? "",
        ignore,
        ...present("task", section.choice("task", ["binary", "multiclass", "regression"])),
        maxRejectedShare: section.number("maxRejectedShare", { min: 0, max: 1 }) ?? 0.01,
    };
    section.finish();
    return data;
}

function parseTraining(section: SectionReader, preset: Preset): TrainingConfig {
    const spot = section.flag("spot") ?? false;
    if (spot && preset === "prod") {
        section.refuse("spot", "is refused in prod, got true", "remove it: spot capacity can be taken away in the middle of a run");
    }
    const training: TrainingConfig = {
        imageTag: section.choice("imageTag", Object.keys(xgboostVersions) as XgboostTag[]) ?? "3.0-5",
        instanceType: parseInstanceType(section),
        volumeSizeGiB: section.number("volumeSizeGiB", { min: 1, max: 16_384, integer: true }) ?? 10,
        maxRuntimeSeconds: section.number("maxRuntimeSeconds", { min: 60, max: 432_000, integer: true }) ?? 3600,
        spot,
        hyperparameters: parseHyperparameters(section),
        ...present("metricFloor", section.number("metricFloor", { min: -1e9, max: 1e9 })),
    };
    section.finish();
    return training;
}

function parseInstanceType(section: SectionReader): string {
    const instanceType = section.text("instanceType") ?? "ml.m5.large";
    const fault = findInstanceTypeFault(instanceType);
    if (fault !== undefined) {
        section.refuse("instanceType", `${fault}, got ${JSON.stringify(instanceType)}`, `write something like ml.m5.large; families: ${JOB_FAMILIES}`);
    }
    return instanceType;
}

function parseHyperparameters(section: SectionReader): Readonly<Record<string, string | number>> {
    const hyperparameters = section.map("hyperparameters") ?? {};
    for (const [name, value] of Object.entries(hyperparameters)) {
        const fault = findHyperparameterFault(name, value);
        if (fault !== undefined) section.refuse(`hyperparameters.${name}`, `${fault}, got ${JSON.stringify(value)}`, "correct or remove it");
    }
    return hyperparameters;
}

function parseInference(section: SectionReader): InferenceConfig {
    const inference: InferenceConfig = {
        endpoints: section.choice("endpoints", ["auto", "on", "off"]) ?? "auto",
        memoryMiB: section.numberOf("memoryMiB", SERVERLESS_MEMORY_MIB) ?? 2048,
        maxConcurrency: section.number("maxConcurrency", { min: 1, max: SERVERLESS_MAX_CONCURRENCY, integer: true }) ?? 2,
        threshold: section.number("threshold", { min: 0, max: 1 }) ?? 0.5,
    };
    section.finish();
    return inference;
}

function parseDestroyData(reader: SectionReader, preset: Preset): boolean {
    const destroyData = reader.flag("destroyData");
    if (destroyData === true && preset === "prod") {
        reader.refuse("destroyData", "is refused in prod, got true", "remove it; empty the buckets by hand when the data may really go");
    }
    return destroyData ?? preset !== "prod";
}

function parseEmails(reader: SectionReader): readonly string[] {
    const emails = reader.texts("alertEmails") ?? [];
    for (const email of emails) {
        if (!/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(email)) reader.refuse("alertEmails", `must be e-mail addresses, got ${JSON.stringify(email)}`, "correct it");
    }
    return emails;
}

function parseTags(reader: SectionReader): Readonly<Record<string, string>> {
    const tags = Object.entries(reader.map("tags") ?? {}).map(([key, value]) => [key, String(value)] as const);
    for (const [key, value] of tags) {
        if (RESERVED_TAGS.includes(key)) reader.refuse("tags", `must not set ${key}, got ${JSON.stringify(value)}`, "remove it: the program sets it");
        if (!isTag(key, value)) reader.refuse("tags", `must be tags as AWS takes them, got ${JSON.stringify({ [key]: value })}`, TAG_RULE);
    }
    return Object.fromEntries(tags);
}

const TAG_RULE = "key 1-128, value 0-256 characters of letters, digits, spaces and _.:/=+-@, key not beginning with aws:";

function isTag(key: string, value: string): boolean {
    return /^(?!aws:)[\p{L}\p{N} _.:/=+\-@]{1,128}$/iu.test(key) && /^[\p{L}\p{N} _.:/=+\-@]{0,256}$/u.test(value);
}

function parseSuffix(suffix: string | undefined, findings: ConfigFinding[]): string | undefined {
    if (suffix === undefined || suffix === "") return undefined;
    if (/^[A-Za-z0-9_-]{1,20}$/.test(suffix) && /[A-Za-z0-9]/.test(suffix)) return cleanSuffix(suffix);
    findings.push({
        key: SUFFIX_VARIABLE,
        what: `must be 1 to 20 letters, digits, - and _, got ${JSON.stringify(suffix)}`,
        fix: "set it to something like pr4095, or unset it",
    });
    return undefined;
}

/** A property that is left out when there is no value. */
function present<Name extends string, Value>(name: Name, value: Value | undefined): { [key in Name]?: Value } {
    return value === undefined ? {} : { [name]: value } as { [key in Name]?: Value };
}
