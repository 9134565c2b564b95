import { DynamoDBClient, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { S3Client } from "@aws-sdk/client-s3";
import { GetParameterCommand, PutParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import type { ApprovedModel, RegistrationRequest } from "../shared/documents.ts";
import { isEmulated, readEnvironment } from "../shared/environment.ts";
import { log } from "../shared/log.ts";
import { createS3RunFiles } from "../shared/s3RunFiles.ts";
import { writeJson } from "../shared/store.ts";
import { toItem } from "./attributes.ts";
import { registerModel } from "./core.ts";

const { PROCESSED_BUCKET, MODEL_METADATA_TABLE, APPROVED_PARAMETER } = readEnvironment("PROCESSED_BUCKET", "MODEL_METADATA_TABLE", "APPROVED_PARAMETER");
const s3 = new S3Client({ forcePathStyle: isEmulated() });
const dynamodb = new DynamoDBClient({});
const ssm = new SSMClient({});

/** Step RegisterModel of the state machine. */
export async function handler(request: RegistrationRequest): Promise<ApprovedModel> {
    const files = createS3RunFiles({ s3, processedBucket: PROCESSED_BUCKET, runId: request.runId });
    const model = await registerModel(request, {
        readRunDocument: (name) => files.readDocument(name),
        copyRunDocument: async (name, toUrl) => writeJson(s3, toUrl, await files.readDocument(name)),
        putRecord: async (record) => void (await dynamodb.send(new PutItemCommand({ TableName: MODEL_METADATA_TABLE, Item: toItem(record) }))),
        readApproved: async () => (await ssm.send(new GetParameterCommand({ Name: APPROVED_PARAMETER }))).Parameter?.Value ?? "",
        putApproved: async (Value) => void (await ssm.send(new PutParameterCommand({ Name: APPROVED_PARAMETER, Value, Overwrite: true }))),
    });
    log("info", "model registered", { ...model });
    return model;
}
