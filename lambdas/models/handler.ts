import { DynamoDBClient, paginateQuery, paginateScan, QueryCommand } from "@aws-sdk/client-dynamodb";
import { unmarshall } from "@aws-sdk/util-dynamodb";
import type { APIGatewayProxyEventV2 } from "aws-lambda";
import { readEnvironment } from "../shared/environment.ts";
import { answerHttp, readPathParameter } from "../shared/http.ts";
import type { HttpAnswer } from "../shared/problem.ts";
import { listModels, listVersions, type ModelsDependencies } from "./core.ts";
import type { MetricsItem, ModelItem } from "./versions.ts";

const { MODEL_METADATA_TABLE, TRAINING_METRICS_TABLE } = readEnvironment("MODEL_METADATA_TABLE", "TRAINING_METRICS_TABLE");
const client = new DynamoDBClient({});
const dependencies: ModelsDependencies = { readModelIds, readVersions, readMetrics };

/** Answers `GET /models` and `GET /models/{id}/versions`. */
export async function handler(event: APIGatewayProxyEventV2): Promise<HttpAnswer> {
    return answerHttp(event, () => {
        const query = event.queryStringParameters ?? {};
        if (event.routeKey === "GET /models") return listModels(query, dependencies);
        return listVersions(readPathParameter(event, "id"), query, dependencies);
    });
}

/** One page holds about ten thousand versions: years of weekly training. */
async function readModelIds(): Promise<readonly string[]> {
    const ids = new Set<string>();
    for await (const { Items = [] } of paginateScan({ client }, { TableName: MODEL_METADATA_TABLE, ProjectionExpression: "ModelId" })) {
        for (const item of Items) ids.add((unmarshall(item) as Pick<ModelItem, "ModelId">).ModelId);
    }
    return [...ids];
}

async function readVersions(
    ...[modelId, { limit, before }]: Parameters<ModelsDependencies["readVersions"]>
): Promise<readonly ModelItem[]> {
    const { Items = [] } = await client.send(new QueryCommand({
        TableName: MODEL_METADATA_TABLE,
        KeyConditionExpression: before === undefined ? "ModelId = :id" : "ModelId = :id AND Version < :before",
        ExpressionAttributeValues: { ":id": { S: modelId }, ...(before === undefined ? {} : { ":before": { S: before } }) },
        ScanIndexForward: false,
        Limit: limit,
    }));
    return Items.map((item) => unmarshall(item) as ModelItem);
}

async function readMetrics(
    ...[modelId, { oldest, newest }]: Parameters<ModelsDependencies["readMetrics"]>
): Promise<readonly MetricsItem[]> {
    const found: MetricsItem[] = [];
    const pages = paginateQuery({ client }, {
        TableName: TRAINING_METRICS_TABLE,
        KeyConditionExpression: "ModelId = :id AND Version BETWEEN :oldest AND :newest",
        ExpressionAttributeValues: { ":id": { S: modelId }, ":oldest": { S: oldest }, ":newest": { S: newest } },
    });
    for await (const { Items = [] } of pages) found.push(...Items.map((item) => unmarshall(item) as MetricsItem));
    return found;
}
