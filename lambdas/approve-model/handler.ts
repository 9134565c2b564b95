import { DynamoDBClient, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import { GetParameterCommand, PutParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import type { ApprovalRequest, ApprovalResult } from "../shared/documents.ts";
import { readEnvironment } from "../shared/environment.ts";
import { log } from "../shared/log.ts";
import { approveModel, type ApprovalDependencies } from "./core.ts";

const { PARAMETER_PATH, MODEL_METADATA_TABLE } = readEnvironment("PARAMETER_PATH", "MODEL_METADATA_TABLE");
const dynamodb = new DynamoDBClient({});
const ssm = new SSMClient({});

/** Step ApproveModel of the state machine. */
export async function handler(request: ApprovalRequest): Promise<ApprovalResult> {
    const result = await approveModel(request, { readParameter, putParameter, putStatus });
    log("info", "model approved", { variant: request.variant, version: request.model.version, ...result });
    return result;
}

const readParameter: ApprovalDependencies["readParameter"] = async (name) => {
    try {
        return (await ssm.send(new GetParameterCommand({ Name: `${PARAMETER_PATH}/${name}` }))).Parameter?.Value;
    } catch (error) {
        if (error instanceof Error && error.name === "ParameterNotFound") return undefined;
        throw error;
    }
};

const putParameter: ApprovalDependencies["putParameter"] = async (name, Value) => {
    await ssm.send(new PutParameterCommand({ Name: `${PARAMETER_PATH}/${name}`, Value, Overwrite: true }));
};

const putStatus: ApprovalDependencies["putStatus"] = async ({ modelId, version }, status) => {
    try {
        await dynamodb.send(new UpdateItemCommand({
            TableName: MODEL_METADATA_TABLE,
            Key: { ModelId: { S: modelId }, Version: { S: version } },
            UpdateExpression: "SET #status = :status",
            ConditionExpression: "attribute_exists(ModelId)",
            ExpressionAttributeNames: { "#status": "Status" },
            ExpressionAttributeValues: { ":status": { S: status } },
        }));
    } catch (error) {
        if (!(error instanceof Error && error.name === "ConditionalCheckFailedException")) throw error;
    }
};
