import { Metrics, MetricUnit } from "@aws-lambda-powertools/metrics";
import { DynamoDBClient, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { S3Client } from "@aws-sdk/client-s3";
import { marshall } from "@aws-sdk/util-dynamodb";
import type { ApprovedModel, RegistrationRequest } from "../shared/documents.ts";
import { isEmulated, readEnvironment } from "../shared/environment.ts";
import { log } from "../shared/log.ts";
import { createS3RunFiles } from "../shared/s3RunFiles.ts";
import { writeJson } from "../shared/store.ts";
import { registerModel, type RegistrationDependencies } from "./core.ts";

const { PROCESSED_BUCKET, MODEL_METADATA_TABLE, TRAINING_METRICS_TABLE, METRICS_NAMESPACE } = readEnvironment(
    "PROCESSED_BUCKET", "MODEL_METADATA_TABLE", "TRAINING_METRICS_TABLE", "METRICS_NAMESPACE",
);
const s3 = new S3Client({ forcePathStyle: isEmulated() });
const dynamodb = new DynamoDBClient({});
const metrics = new Metrics({ namespace: METRICS_NAMESPACE });

/** Step RegisterModel of the state machine. */
export async function handler(request: RegistrationRequest): Promise<ApprovedModel> {
    const files = createS3RunFiles({ s3, processedBucket: PROCESSED_BUCKET, runId: request.runId });
    const model = await registerModel(request, {
        readRunDocument: (name) => files.readDocument(name),
        copyRunDocument: async (name, toUrl) => writeJson(s3, toUrl, await files.readDocument(name)),
        putRecord,
        putMetrics: async (record) => void (await dynamodb.send(new PutItemCommand({
            TableName: TRAINING_METRICS_TABLE, Item: marshall(record),
        }))),
        emitMetric: (variant, name, value) => {
            const single = metrics.singleMetric();
            // Without the library's own dimension `service`: alarms and the dashboard name dimensions exactly.
            single.clearDefaultDimensions();
            single.addDimension("Variant", variant);
            single.addDimension("Metric", name);
            single.addMetric("ModelMetric", MetricUnit.NoUnit, value);
        },
    });
    log("info", "model registered", { ...model });
    return model;
}

const putRecord: RegistrationDependencies["putRecord"] = async (record) => {
    try {
        await dynamodb.send(new PutItemCommand({
            TableName: MODEL_METADATA_TABLE,
            Item: marshall(record),
            ConditionExpression: "attribute_not_exists(ModelId)",
        }));
    } catch (error) {
        if (!(error instanceof Error && error.name === "ConditionalCheckFailedException")) throw error;
    }
};
