/**
 * The stack's configuration, typed. Every value can be set in `Pulumi.<stack>.yaml` under `firstlight:`; one file per section in `config/`.
 */
import { parseAbTest } from "./config/abTest.ts";
import type { AbTestConfig } from "./config/abTest.ts";
import { parseAlarms, parseAlerts, parseBudget } from "./config/alarms.ts";
import type { AlarmsConfig, AlertsConfig, BudgetConfig } from "./config/alarms.ts";
import { parseApi } from "./config/api.ts";
import type { ApiConfig } from "./config/api.ts";
import { parseData } from "./config/data.ts";
import type { DataConfig } from "./config/data.ts";
import { parseFunctions } from "./config/functions.ts";
import type { FunctionsConfig } from "./config/functions.ts";
import { parseInference } from "./config/inference.ts";
import type { InferenceConfig } from "./config/inference.ts";
import { parseNetwork } from "./config/network.ts";
import type { NetworkConfig } from "./config/network.ts";
import { present } from "./config/present.ts";
import { PRESETS, presetDefaults } from "./config/presets.ts";
import type { Preset } from "./config/presets.ts";
import { SectionReader } from "./config/sectionReader.ts";
import type { ConfigFinding } from "./config/sectionReader.ts";
import { parseStorage } from "./config/storage.ts";
import type { StorageConfig } from "./config/storage.ts";
import { parseStream } from "./config/stream.ts";
import type { StreamConfig } from "./config/stream.ts";
import { parseTraining } from "./config/training.ts";
import type { TrainingConfig } from "./config/training.ts";
import { cleanName, cleanStack, cleanSuffix } from "./environmentName.ts";
import { LOG_RETENTION_DAYS } from "./facts/logRetention.ts";
import { findNameFault } from "./naming.ts";

export interface PlatformConfig {
    /** From the Pulumi project. */
    readonly project: string;
    /** Stack name, cleaned for use in names. */
    readonly environment: string;
    readonly preset: Preset;
    /** Suffix for pull-request environments, from ENVIRONMENT_SUFFIX; begins with a hyphen. */
    readonly environmentSuffix?: string;
    readonly data: DataConfig;
    readonly training: TrainingConfig;
    readonly inference: InferenceConfig;
    readonly abTest: AbTestConfig;
    readonly stream: StreamConfig;
    readonly api: ApiConfig;
    readonly functions: FunctionsConfig;
    readonly storage: StorageConfig;
    readonly network: NetworkConfig;
    readonly alerts: AlertsConfig;
    readonly alarms: AlarmsConfig;
    readonly budget: BudgetConfig;
    /** Days that log events are kept. @default by preset: 14, 30, 365 */
    readonly logRetentionDays: number;
    /** Whether buckets are emptied and tables unprotected on destroy. @default true except in prod */
    readonly destroyData: boolean;
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

/** Before the platform's keys, whatever the Pulumi project is called. */
export const CONFIG_PREFIX = "firstlight:";

const SUFFIX_VARIABLE = "ENVIRONMENT_SUFFIX";
const PROJECT_KEY = "name";
/** Environment, Project and ManagedBy are ours. */
const RESERVED_TAGS = ["Project", "Environment", "ManagedBy"];
/** Of 50 that a resource takes: https://docs.aws.amazon.com/tag-editor/latest/userguide/best-practices-and-strats.html */
const MAX_TAGS = 50 - RESERVED_TAGS.length;

/** The configuration is wrong. Lists everything that is, each with its fix. */
export class ConfigError extends Error {
    readonly findings: readonly ConfigFinding[];

    constructor(stack: string, findings: readonly ConfigFinding[]) {
        super(findings.map((finding) => describe(stack, finding)).join("\n"));
        this.name = "ConfigError";
        this.findings = findings;
    }
}

/** What would have become a failure of the catalogue says which. */
function describe(stack: string, { key, what, fix, failure }: ConfigFinding): string {
    const text = `${placeOf(stack, key)}: ${what}; fix: ${fix}`;
    return failure === undefined ? text : `${failure} ${text}; see: docs/failures.md#${failure.toLowerCase()}`;
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
    const reader = new SectionReader(CONFIG_PREFIX, source.values, findings);
    const preset = reader.choice("preset", PRESETS) ?? presetOf(source.stack);
    const config: PlatformConfig = {
        project: parseProject(source.project, findings),
        environment: cleanStack(source.stack),
        preset,
        ...present("environmentSuffix", parseSuffix(source.environmentSuffix, findings)),
        data: parseData(reader.section("data")),
        training: parseTraining(reader.section("training"), preset),
        inference: parseInference(reader.section("inference")),
        abTest: parseAbTest(reader.section("abTest")),
        stream: parseStream(reader.section("stream"), preset),
        api: parseApi(reader.section("api"), preset),
        functions: parseFunctions(reader.section("functions")),
        storage: parseStorage(reader.section("storage"), preset),
        network: parseNetwork(reader.section("network"), preset),
        alerts: parseAlerts(reader.section("alerts"), preset),
        alarms: parseAlarms(reader.section("alarms")),
        budget: parseBudget(reader.section("budget")),
        logRetentionDays: reader.numberOf("logRetentionDays", LOG_RETENTION_DAYS) ?? presetDefaults[preset].logRetentionDays,
        destroyData: parseDestroyData(reader, preset),
        tags: parseTags(reader),
    };
    reader.finish();
    refuseNames(config, source.project, findings);
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

/** Names that AWS would refuse, one of each kind; what they are made of is cleaned, so the beginning alone can be wrong. */
function refuseNames(config: PlatformConfig, project: string, findings: ConfigFinding[]): void {
    const fault = findNameFault(config);
    if (fault === undefined) return;
    const what = `makes names that AWS refuses, ${JSON.stringify(fault.name)} for example (${fault.type}), got ${JSON.stringify(project)}`;
    findings.push({ key: PROJECT_KEY, failure: "F31", what, fix: "give the project a name that begins with a letter and is not sg or sthree" });
}

/** A stack that is called as a preset is one; others are for development. */
function presetOf(stack: string): Preset {
    return PRESETS.find((preset) => preset === stack) ?? "dev";
}

function parseDestroyData(reader: SectionReader, preset: Preset): boolean {
    const destroyData = reader.flag("destroyData");
    if (destroyData === true && preset === "prod") {
        reader.refuse("destroyData", "is refused in prod, got true", "remove it; empty the buckets by hand when the data may really go");
    }
    return destroyData ?? preset !== "prod";
}

function parseTags(reader: SectionReader): Readonly<Record<string, string>> {
    const tags = Object.entries(reader.map("tags") ?? {}).map(([key, value]) => [key, String(value)] as const);
    const seen = new Map(RESERVED_TAGS.map((key) => [key.toLowerCase(), key]));
    for (const [key, value] of tags) {
        const other = seen.get(key.toLowerCase());
        seen.set(key.toLowerCase(), key);
        if (other !== undefined) refuseTwin(reader, other, { [key]: value });
        if (!isTag(key, value)) reader.refuse("tags", `must be tags as AWS takes them, got ${JSON.stringify({ [key]: value })}`, TAG_RULE);
    }
    if (tags.length > MAX_TAGS) reader.refuse("tags", `must be at most ${MAX_TAGS}, got ${tags.length}`, "remove some: a resource takes 50, and three are the program's");
    return Object.fromEntries(tags);
}

/** The keys of IAM's tags are the same in capitals: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_tags.html */
function refuseTwin(reader: SectionReader, other: string, tag: Readonly<Record<string, string>>): void {
    if (RESERVED_TAGS.includes(other)) reader.refuse("tags", `must not set ${other}, got ${JSON.stringify(tag)}`, "remove it: the program sets it");
    else reader.refuse("tags", `must not differ from ${other} in capitals alone, got ${JSON.stringify(tag)}`, "remove one of the two: IAM takes them for one");
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
        failure: "F27",
        what: `must be 1 to 20 letters, digits, - and _, got ${JSON.stringify(suffix)}`,
        fix: "set it to something like pr4095, or unset it",
    });
    return undefined;
}
