/** Set-ups as somebody may write them: every key of the configuration, drawn within its bounds, in combinations that mean something. */
import { AUTHORIZED_ROUTES } from "../../../components/config/api.ts";
import { PRESETS, presetDefaults } from "../../../components/config/presets.ts";
import type { Preset } from "../../../components/config/presets.ts";
import { LOG_RETENTION_DAYS } from "../../../components/facts/logRetention.ts";
import { regionalFeatures } from "../../../components/facts/regions.ts";
import { xgboostVersions } from "../../../components/facts/sagemakerImages.ts";
import { SERVERLESS_MAX_CONCURRENCY, SERVERLESS_MEMORY_MIB } from "../../../components/facts/serverless.ts";
import { interfaceServices } from "../../../components/facts/vpcEndpoints.ts";
import { hyperparameterRanges } from "../../../components/facts/xgboost.ts";
import { createRandom } from "../proof.ts";
import type { AlarmCase } from "./alarmCase.ts";

type Values = Readonly<Record<string, unknown>>;

/** Of both lists, TrainingInstanceType and TransformInstanceType, in botocore 1.43.11's model of sagemaker. */
const INSTANCE_TYPES = [
    "ml.m5.large", "ml.m5.24xlarge", "ml.c5.xlarge", "ml.m6i.2xlarge", "ml.c7i.large", "ml.r7i.xlarge", "ml.g4dn.xlarge", "ml.g5.2xlarge", "ml.p3.2xlarge", "ml.m4.xlarge",
];

/** Draws from one stream of numbers. */
export class Draw {
    readonly #random: () => number;

    constructor(seed: number) {
        this.#random = createRandom(seed);
    }

    chance(share = 0.5): boolean {
        return this.#random() < share;
    }

    /** Both ends as often as all between them: bounds are where checks go wrong. */
    whole(min: number, max: number): number {
        const where = this.#random();
        return where < 0.2 ? min : where < 0.4 ? max : min + Math.floor(this.#random() * (max - min + 1));
    }

    share(): number {
        return this.whole(0, 1000) / 1000;
    }

    one<Item>(items: readonly Item[]): Item {
        return items[Math.floor(this.#random() * items.length)]!;
    }

    some<Item>(items: readonly Item[]): Item[] {
        return items.filter(() => this.chance());
    }

    /** Half of the keys; the others are left to their defaults. */
    section(values: Readonly<Record<string, () => unknown>>): Values {
        return Object.fromEntries(Object.entries(values).filter(() => this.chance()).map(([key, draw]) => [key, draw()]));
    }
}

export function createSetUpCases(seed: number, count: number): readonly AlarmCase[] {
    return Array.from({ length: count }, (_each, index): AlarmCase => {
        const draw = new Draw(seed * 1000 + index);
        const region = draw.one(regionalFeatures.serverlessInference.regions);
        const values = drawSetUp(draw);
        const own = Object.fromEntries(Object.entries(values).map(([key, value]) => [`firstlight:${key}`, value]));
        return {
            id: `set-up ${index + 1}`, group: "set-up", region, settings: { stack: `team-${index + 1}`, values: { "aws:region": region, ...own } }, keys: listKeys(values),
        };
    });
}

/** Exported for its test. @returns the values below `firstlight:` */
export function drawSetUp(draw: Draw): Values {
    const preset = draw.one(PRESETS);
    const isProd = preset === "prod";
    const whole = (min: number, max: number) => () => draw.whole(min, max);
    const flag = (): boolean => draw.chance();
    return {
        preset,
        data: { label: draw.one(["churned", "Machine failure", "größe [mm]", "y"]), ...draw.section({
            ignore: () => draw.some(["customer_id", "UDI", "Straße"]), task: () => draw.one(["binary", "multiclass", "regression"]), maxRejectedShare: () => draw.share(),
        }) },
        training: draw.section({
            imageTag: () => draw.one(Object.keys(xgboostVersions)), instanceType: () => draw.one(INSTANCE_TYPES), volumeSizeGiB: whole(1, 16_384),
            maxRuntimeSeconds: whole(60, 432_000), spot: () => !isProd && draw.chance(), private: flag,
            schedule: () => draw.one(["off", "rate(1 minute)", "rate(12 hours)", "rate(7 days)", "cron(0 3 ? * MON *)", "cron(0/15 6-18 * * ? *)"]),
            hyperparameters: () => drawHyperparameters(draw), challengerHyperparameters: () => drawHyperparameters(draw), metricFloor: () => draw.share(),
        }),
        inference: draw.section({
            endpoints: () => draw.one(["auto", "on", "off"]), memoryMiB: () => draw.one(SERVERLESS_MEMORY_MIB), maxConcurrency: whole(1, SERVERLESS_MAX_CONCURRENCY), threshold: () => draw.share(),
        }),
        ...draw.section({ abTest: () => ({ weights: drawWeights(draw) }) }),
        stream: drawStream(draw, preset),
        api: draw.section({
            corsOrigins: () => (isProd ? [] : draw.some(["*"])).concat(draw.some(["https://app.example.com", "http://localhost:3000"])), rateLimit: whole(1, 10_000), burstLimit: whole(1, 5_000),
            jwt: () => ({ issuer: "https://login.example.com/", audiences: ["churn", "reports"].slice(0, draw.whole(1, 2)) }), openRoutes: () => (isProd ? [] : draw.some(AUTHORIZED_ROUTES)),
        }),
        functions: draw.section({
            pipeline: () => draw.section({ memoryMiB: whole(128, 10_240), timeoutSeconds: whole(1, 900) }),
            inference: () => draw.section({ memoryMiB: whole(128, 10_240), timeoutSeconds: whole(1, 29) }),
            consumer: () => draw.section({ memoryMiB: whole(128, 10_240), timeoutSeconds: whole(1, 900) }),
        }),
        storage: drawStorage(draw, preset),
        network: draw.section({
            vpc: () => draw.one(["auto", "on"]), zones: () => draw.one([2, 3]), cidr: () => draw.one(["10.0.0.0/16", "10.255.240.0/20", "172.31.0.0/17", "192.168.64.0/18"]),
            nat: () => draw.one(["none", "single", "one-per-zone"]), interfaceEndpoints: () => draw.some(Object.keys(interfaceServices)),
        }),
        alerts: { ...draw.section({ urls: () => ["https://hooks.example.com/alerts?team=ml"] }), ...(isProd || draw.chance() ? { emails: ["ml-oncall@example.com", "o'neill+ml@example.co.uk"].slice(0, draw.whole(1, 2)) } : {}) },
        alarms: draw.section({ modelLatencyMilliseconds: whole(1, 60_000), invocationErrors: whole(1, 1e6), functionErrors: whole(1, 1e6), iteratorAgeSeconds: whole(1, 604_800) }),
        budget: draw.section({ monthlyUsd: whole(1, 1e7) }),
        ...draw.section({
            logRetentionDays: () => draw.one(LOG_RETENTION_DAYS), destroyData: () => !isProd && draw.chance(),
            tags: () => draw.section({ CostCenter: () => 4711, "team:owner": () => "Größen & Co".replace("&", "+"), note: () => "" }),
        }),
    };
}

/** One of the two says the other. */
function drawWeights(draw: Draw): Values {
    const champion = draw.whole(0, 100);
    return draw.one([{ champion }, { challenger: 100 - champion }, { champion, challenger: 100 - champion }]);
}

/** A stream on demand has no shards to set. */
function drawStream(draw: Draw, preset: Preset): Values {
    const mode = draw.one(["provisioned", "on-demand", undefined] as const);
    const isProvisioned = (mode ?? presetDefaults[preset].streamMode) === "provisioned";
    const whole = (min: number, max: number) => () => draw.whole(min, max);
    return {
        ...(mode === undefined ? {} : { mode }),
        ...(isProvisioned ? draw.section({ shards: whole(1, 200) }) : {}),
        ...draw.section({
            retentionHours: whole(24, 8760), batchSize: whole(1, 10_000), batchingWindowSeconds: whole(0, 300), maxRetries: whole(0, 10_000), maxRecordAgeSeconds: whole(60, 604_800),
            predictionDays: whole(1, 3650),
        }),
    };
}

/** Each step at least 30 days after the one before, and the end later than the archive, whichever of them is a default. */
function drawStorage(draw: Draw, preset: Preset): Values {
    const noncurrent = draw.section({ noncurrentDays: () => draw.whole(1, 36_500) });
    if (draw.chance()) return noncurrent;
    const infrequentAccessDays = draw.whole(30, 1000);
    const archiveDays = infrequentAccessDays + draw.whole(30, 1000);
    const hasEnd = presetDefaults[preset].storage.expireDays !== undefined || draw.chance();
    return { ...noncurrent, infrequentAccessDays, archiveDays, ...(hasEnd ? { expireDays: archiveDays + draw.whole(1, 30_000) } : {}) };
}

function drawHyperparameters(draw: Draw): Values {
    const drawn = Object.entries(hyperparameterRanges).filter(() => draw.chance(0.3)).map(([name, { min = 0, max = 100, aboveMin, integer, choices }]) => {
        if (choices !== undefined) return [name, draw.one(choices)] as const;
        const low = aboveMin === true ? min + (max - min) / 1000 : min;
        return [name, integer === true ? draw.whole(min, max) : low + draw.share() * (max - low)] as const;
    });
    return Object.fromEntries(drawn);
}

/** `network.zones`; of lists and of maps with free keys the name alone. */
function listKeys(values: Values, path = ""): readonly string[] {
    return Object.entries(values).flatMap(([key, value]) => {
        const name = `${path}${key}`;
        const isSection = typeof value === "object" && value !== null && !Array.isArray(value) && !/(^tags|yperparameters)$/.test(name);
        return isSection ? listKeys(value as Values, `${name}.`) : [name];
    });
}
