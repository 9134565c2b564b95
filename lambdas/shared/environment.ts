/** The only file of the functions that reads the environment; each handler calls it once, at cold start. */
import { env } from "node:process";
import type { TaskType, Variant } from "./documents.ts";

/** Variables that the program sets on the functions. All values are texts; JSON where it says so. */
export interface LambdaVariables {
    /** Environment's name, e.g. `dev`. */
    readonly ENVIRONMENT: string;
    readonly PROCESSED_BUCKET: string;
    readonly MODELS_BUCKET: string;
    readonly RAW_BUCKET: string;
    /** Prefix of the data's keys in the raw bucket, with its `/`. */
    readonly DATA_PREFIX: string;
    readonly MODEL_METADATA_TABLE: string;
    readonly TRAINING_METRICS_TABLE: string;
    /** `/<project>/<environment>/inference`; below it `approved-<variant>` and `serving-<variant>`. */
    readonly PARAMETER_PATH: string;
    /** CloudWatch namespace of the platform's own metrics. */
    readonly METRICS_NAMESPACE: string;
    readonly AB_TESTS_TABLE: string;
    /** JSON: percent per variant, for as long as nobody has set weights. */
    readonly DEFAULT_WEIGHTS: string;
    /** JSON: the endpoint's name per variant. */
    readonly ENDPOINT_NAMES: string;
    readonly DEAD_LETTER_QUEUE_URL: string;
    readonly CHECKPOINTS_TABLE: string;
    /** `s3://` URL of the folder with the predictions, without a slash at its end. */
    readonly PREDICTIONS_URL: string;
    /** JSON: {@link DataSettings}. */
    readonly DATA_SETTINGS: string;
    /** JSON: {@link ModelSettings}. */
    readonly MODEL_SETTINGS: string;
}

/** What the configuration says about the data. */
export interface DataSettings {
    readonly label: string;
    readonly ignore: readonly string[];
    readonly task?: TaskType;
    /** Share of broken rows, 0..1, above which the run fails. */
    readonly maxRejectedShare: number;
}

/** What the configuration says about the model. */
export interface ModelSettings {
    /** Override the defaults of the task. */
    readonly hyperparameters: Readonly<Record<string, number | string>>;
    /** Override both, for one variant alone. */
    readonly variantHyperparameters: Readonly<Partial<Record<Variant, Readonly<Record<string, number | string>>>>>;
    /** @default by task */
    readonly metricFloor?: number;
    /** Probability from which a binary prediction counts as positive. */
    readonly threshold: number;
}

/** Reads variables by name; throws one error that names every missing one. */
export function readEnvironment<Name extends keyof LambdaVariables>(...names: readonly Name[]): Pick<LambdaVariables, Name> {
    const missing = names.filter((name) => env[name] === undefined || env[name] === "");
    if (missing.length > 0) {
        throw new Error(
            `the function's environment lacks ${missing.join(", ")}\n  fix: set them where the function is declared (components/compute)`,
        );
    }
    return Object.fromEntries(names.map((name) => [name, env[name]!])) as Pick<LambdaVariables, Name>;
}

/** Whether the SDK is pointed at an emulator, whose buckets have no host names of their own. */
export function isEmulated(): boolean {
    return env["AWS_ENDPOINT_URL"] !== undefined;
}
