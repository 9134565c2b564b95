/** The section `training`: of the pipeline's jobs. */
import type { SectionReader } from "./sectionReader.ts";
import { findInstanceTypeFault, JOB_FAMILIES } from "../facts/instances.ts";
import { xgboostVersions } from "../facts/sagemakerImages.ts";
import type { XgboostTag } from "../facts/sagemakerImages.ts";
import { findHyperparameterFault } from "../facts/xgboost.ts";
import { present } from "./present.ts";
import type { Preset } from "./presets.ts";

type Hyperparameters = Readonly<Record<string, number | string>>;

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
    /** Jobs run inside the VPC, without internet. @default false */
    readonly private: boolean;
    /** When the newest data is trained on again: `off`, or EventBridge's `rate(...)` or `cron(...)`. @default "rate(7 days)" */
    readonly schedule: string;
    /** XGBoost hyperparameters of both variants, by name; they override the defaults of the task. @default {} */
    readonly hyperparameters: Hyperparameters;
    /** What the challenger has instead of them. @default { max_depth: 4, eta: 0.1 } */
    readonly challengerHyperparameters: Hyperparameters;
    /** Value of the deciding metric that a model must reach. @default by task */
    readonly metricFloor?: number;
}

export function parseTraining(section: SectionReader, preset: Preset): TrainingConfig {
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
        private: section.flag("private") ?? false,
        schedule: parseSchedule(section),
        hyperparameters: parseHyperparameters(section, "hyperparameters") ?? {},
        challengerHyperparameters: parseHyperparameters(section, "challengerHyperparameters") ?? { max_depth: 4, eta: 0.1 },
        ...present("metricFloor", section.number("metricFloor", { min: -1e9, max: 1e9 })),
    };
    section.finish();
    return training;
}

function parseInstanceType(section: SectionReader): string {
    const instanceType = section.text("instanceType") ?? "ml.m5.large";
    const fault = findInstanceTypeFault(instanceType);
    if (fault !== undefined) {
        section.refuse(
            "instanceType",
            `${fault}, got ${JSON.stringify(instanceType)}`,
            `write something like ml.m5.large; families: ${JOB_FAMILIES}`,
        );
    }
    return instanceType;
}

/** https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-scheduled-rule-pattern.html: one of anything is singular. */
function parseSchedule(section: SectionReader): string {
    const schedule = section.text("schedule") ?? "rate(7 days)";
    const isRight = schedule === "off" || /^rate\((1 (minute|hour|day)|([2-9]|[1-9]\d+) (minutes|hours|days))\)$/.test(schedule)
        || isCron(schedule);
    if (!isRight) section.refuse(
        "schedule",
        `must be off, rate(...) or cron(...) with six fields, ? for one of the two kinds of days, got ${JSON.stringify(schedule)}`,
        "write something like rate(7 days)",
    );
    return schedule;
}

/** Days of the month and days of the week do not go together: one of the two is `?`. https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-cron-expressions.html */
function isCron(schedule: string): boolean {
    const fields = /^cron\((\S+ \S+ \S+ \S+ \S+ \S+)\)$/.exec(schedule)?.[1]?.split(" ");
    return fields !== undefined && (fields[2] === "?") !== (fields[4] === "?");
}

function parseHyperparameters(section: SectionReader, name: string): Hyperparameters | undefined {
    const hyperparameters = section.map(name);
    for (const [key, value] of Object.entries(hyperparameters ?? {})) {
        const fault = findHyperparameterFault(key, value);
        if (fault !== undefined) section.refuse(`${name}.${key}`, `${fault}, got ${JSON.stringify(value)}`, "correct or remove it");
    }
    return hyperparameters;
}
