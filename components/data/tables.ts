/** The tables: what is known of models, of the A/B test, and of who is at work. */
import * as pulumi from "@pulumi/pulumi";
import { Table } from "@pulumi/aws/dynamodb/table.js";
import type { TableArgs } from "@pulumi/aws/dynamodb/table.js";
import type { PlatformContext } from "../context.ts";

export interface TablesArgs {
    readonly context: PlatformContext;
    readonly kmsKeyArn: pulumi.Input<string>;
}

const MODEL_VERSION_KEYS: TableArgs = {
    attributes: [{ name: "ModelId", type: "S" }, { name: "Version", type: "S" }],
    hashKey: "ModelId",
    rangeKey: "Version",
};

/** On demand: costs nothing while nothing happens. */
export class Tables extends pulumi.ComponentResource {
    /** One item per trained model; key `ModelId`, `Version`. */
    readonly modelMetadata: Table;
    /** The metrics of each trained model; key `ModelId`, `Version`. */
    readonly trainingMetrics: Table;
    /** The A/B test; key `TestId`. */
    readonly abTests: Table;
    /**
     * One item per data object that was trained on, and whose turn it is; key `LeaseId`, removed after `ExpiresAt` (seconds since 1970).
     */
    readonly pipelineLeases: Table;
    /** How far the stream was predicted on; key `ShardId`. */
    readonly streamCheckpoints: Table;

    constructor(name: string, args: TablesArgs, opts?: pulumi.ComponentResourceOptions) {
        super("firstlight:data:Tables", name, {}, opts);
        this.modelMetadata = this.createTable("model-metadata", args, MODEL_VERSION_KEYS);
        this.trainingMetrics = this.createTable("training-metrics", args, MODEL_VERSION_KEYS);
        this.abTests = this.createTable("ab-tests", args, { attributes: [{ name: "TestId", type: "S" }], hashKey: "TestId" });
        this.pipelineLeases = this.createTable("pipeline-leases", args, {
            attributes: [{ name: "LeaseId", type: "S" }],
            hashKey: "LeaseId",
            ttl: { enabled: true, attributeName: "ExpiresAt" },
        });
        this.streamCheckpoints = this.createTable("stream-checkpoints", args, {
            attributes: [{ name: "ShardId", type: "S" }], hashKey: "ShardId",
        });
        this.registerOutputs({
            modelMetadataName: this.modelMetadata.name,
            trainingMetricsName: this.trainingMetrics.name,
            abTestsName: this.abTests.name,
            pipelineLeasesName: this.pipelineLeases.name,
            streamCheckpointsName: this.streamCheckpoints.name,
        });
    }

    private createTable(part: string, { context, kmsKeyArn }: TablesArgs, keys: TableArgs): Table {
        return new Table(`${part}-table`, {
            name: context.naming.name("table", part),
            billingMode: "PAY_PER_REQUEST",
            ...keys,
            pointInTimeRecovery: { enabled: true },
            serverSideEncryption: { enabled: true, kmsKeyArn },
            deletionProtectionEnabled: !context.destroyData,
            tags: context.tags,
        }, { parent: this });
    }
}
