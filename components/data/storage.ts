/** The four buckets: what comes in, what is made of it, what is learnt from it, and who touched it. */
import * as pulumi from "@pulumi/pulumi";
import { RandomId } from "@pulumi/random/randomId.js";
import type { StorageConfig } from "../config/storage.ts";
import type { PlatformContext } from "../context.ts";
import { bucketArn } from "../iam/arns.ts";
import { deliverAccessLogs } from "../iam/logging.ts";
import type { Statement } from "../iam/policy.ts";
import { accessLogPrefix, DataBucket } from "./dataBucket.ts";
import type { DataBucketArgs } from "./dataBucket.ts";
import { buildLogsRules, buildModelsRules, buildProcessedRules, buildRawRules } from "./lifecycle.ts";

export interface StorageArgs {
    readonly context: PlatformContext;
    readonly storage: StorageConfig;
    /** Prefix of keys in the raw bucket that are trained on, with its `/`. */
    readonly dataPrefix: string;
    /** Days that predictions for the stream's records are kept. */
    readonly predictionDays: number;
    readonly kmsKeyArn: pulumi.Input<string>;
}

const LOGGED_PARTS = ["raw", "processed", "models"] as const;

type LoggedPart = typeof LOGGED_PARTS[number];

/** Before there were four of them, the buckets had no component above them. */
const ONCE_AT_THE_TOP: pulumi.Alias = { parent: pulumi.rootStackResource };

/** Billed by what lies in them. */
export class Storage extends pulumi.ComponentResource {
    /** Uploads. */
    readonly raw: DataBucket;
    /** Files of the pipeline's runs, and predictions. */
    readonly processed: DataBucket;
    /** Artifacts, with their schemas and golden predictions. */
    readonly models: DataBucket;
    /** Access logs of the other three. */
    readonly logs: DataBucket;

    constructor(name: string, args: StorageArgs, opts?: pulumi.ComponentResourceOptions) {
        super("firstlight:data:Storage", name, {}, opts);
        const { storage, dataPrefix, predictionDays } = args;
        const randomSuffix = new RandomId("bucket-suffix", { byteLength: 3 }, { parent: this, aliases: [ONCE_AT_THE_TOP] }).hex;
        this.logs = this.createLogs(args, randomSuffix);
        const createBucket = (part: LoggedPart, lifecycleRules: DataBucketArgs["lifecycleRules"]): DataBucket => new DataBucket(part, {
            context: args.context, part, randomSuffix, lifecycleRules,
            kmsKeyArn: args.kmsKeyArn,
            accessLogs: this.logs,
        }, { parent: this, aliases: [ONCE_AT_THE_TOP] });
        this.raw = createBucket("raw", buildRawRules(storage, dataPrefix));
        this.processed = createBucket("processed", buildProcessedRules(storage, predictionDays));
        this.models = createBucket("models", buildModelsRules(storage));
        this.registerOutputs({
            rawBucketName: this.raw.bucketName,
            processedBucketName: this.processed.bucketName,
            modelsBucketName: this.models.bucketName,
            logsBucketName: this.logs.bucketName,
        });
    }

    private createLogs({ context, storage }: StorageArgs, randomSuffix: pulumi.Output<string>): DataBucket {
        const rules = buildLogsRules(storage, context.logRetentionDays);
        return new DataBucket("logs", {
            context, randomSuffix,
            part: "logs",
            lifecycleRules: rules,
            policyStatements: randomSuffix.apply((suffix) => buildLogsStatements(context, suffix)),
        }, { parent: this });
    }
}

/** Each bucket may have its own folder written, and no other. */
function buildLogsStatements({ naming, location }: PlatformContext, suffix: string): readonly Statement[] {
    const arnOf = (part: string): string => bucketArn(location, naming.bucket(part, suffix));
    return LOGGED_PARTS.map((part) => deliverAccessLogs(location, {
        part, bucketArn: arnOf(part), folderArn: `${arnOf("logs")}/${accessLogPrefix(part)}*`,
    }));
}
