/** The two tables of the pipeline. */
import * as pulumi from "@pulumi/pulumi";
import { Table } from "@pulumi/aws/dynamodb/table.js";
import type { TableArgs } from "@pulumi/aws/dynamodb/table.js";
import type { PlatformContext } from "../context.ts";

export interface TablesArgs {
    readonly context: PlatformContext;
    readonly kmsKeyArn: pulumi.Input<string>;
}

/** On demand: costs nothing while nothing is trained. */
export class Tables extends pulumi.ComponentResource {
    /** One item per trained model; key `ModelId`, `Version`. */
    readonly modelMetadata: Table;
    /** One item per data object that was trained on; key `LeaseId`, removed after `ExpiresAt` (seconds since 1970). */
    readonly pipelineLeases: Table;

    constructor(name: string, args: TablesArgs, opts?: pulumi.ComponentResourceOptions) {
        super("firstlight:data:Tables", name, {}, opts);
        this.modelMetadata = this.createTable("model-metadata", args, {
            attributes: [{ name: "ModelId", type: "S" }, { name: "Version", type: "S" }],
            hashKey: "ModelId",
            rangeKey: "Version",
        });
        this.pipelineLeases = this.createTable("pipeline-leases", args, {
            attributes: [{ name: "LeaseId", type: "S" }],
            hashKey: "LeaseId",
            ttl: { enabled: true, attributeName: "ExpiresAt" },
        });
        this.registerOutputs({ modelMetadataName: this.modelMetadata.name, pipelineLeasesName: this.pipelineLeases.name });
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
