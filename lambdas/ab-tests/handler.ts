import { DynamoDBClient, GetItemCommand, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import { marshall, unmarshall } from "@aws-sdk/util-dynamodb";
import type { APIGatewayProxyEventV2 } from "aws-lambda";
import { AB_TEST_ID } from "../shared/documents.ts";
import type { AbTestItem } from "../shared/documents.ts";
import { readEnvironment } from "../shared/environment.ts";
import { answerHttp, readPathParameter } from "../shared/http.ts";
import type { HttpAnswer } from "../shared/problem.ts";
import { parseDefaultWeights } from "../shared/router/abTest.ts";
import { changeAbTest, showAbTest, type AbTestsDependencies } from "./core.ts";

const { AB_TESTS_TABLE, DEFAULT_WEIGHTS } = readEnvironment("AB_TESTS_TABLE", "DEFAULT_WEIGHTS");
const dynamodb = new DynamoDBClient({});
const item = { TableName: AB_TESTS_TABLE, Key: { TestId: { S: AB_TEST_ID } } };

const dependencies: AbTestsDependencies = {
    defaultWeights: parseDefaultWeights(DEFAULT_WEIGHTS),
    readItem: async () => {
        const { Item } = await dynamodb.send(new GetItemCommand({ ...item, ConsistentRead: true }));
        return Item === undefined ? undefined : unmarshall(Item) as Partial<AbTestItem>;
    },
    writeWeights,
    now: Date.now,
};

/** Answers `GET` and `PUT /ab-tests/{id}`. */
export async function handler(event: APIGatewayProxyEventV2): Promise<HttpAnswer> {
    return answerHttp(event, (body) => {
        const id = readPathParameter(event, "id");
        return event.routeKey.startsWith("PUT ") ? changeAbTest(id, body, dependencies) : showAbTest(id, dependencies);
    });
}

async function writeWeights(
    ...[weights, { updatedAt, expectedRevision }]: Parameters<AbTestsDependencies["writeWeights"]>
): Promise<Partial<AbTestItem> | undefined> {
    const values = {
        ":weights": weights, ":updatedAt": updatedAt, ":zero": 0, ":one": 1, ...(expectedRevision ? { ":expected": expectedRevision } : {}),
    };
    const condition = expectedRevision === 0 ? "attribute_not_exists(Revision)" : "Revision = :expected";
    try {
        const { Attributes } = await dynamodb.send(new UpdateItemCommand({
            ...item,
            UpdateExpression: "SET Weights = :weights, UpdatedAt = :updatedAt, Revision = if_not_exists(Revision, :zero) + :one",
            ...(expectedRevision === undefined ? {} : { ConditionExpression: condition }),
            ExpressionAttributeValues: marshall(values),
            ReturnValues: "ALL_NEW",
        }));
        return unmarshall(Attributes ?? {}) as Partial<AbTestItem>;
    } catch (error) {
        if (error instanceof Error && error.name === "ConditionalCheckFailedException") return undefined;
        throw error;
    }
}
