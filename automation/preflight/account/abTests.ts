/** The A/B test as its table holds it. */
import { GetItemCommand, ResourceNotFoundException } from "@aws-sdk/client-dynamodb";
import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { marshall, unmarshall } from "@aws-sdk/util-dynamodb";
import { AB_TEST_ID } from "../../../lambdas/shared/documents.ts";
import type { AbTestItem } from "../../../lambdas/shared/documents.ts";

/** Undefined when nobody has set it, or there is no table yet. */
export async function readAbTest(client: DynamoDBClient, tableName: string): Promise<AbTestItem | undefined> {
    try {
        const { Item } = await client.send(new GetItemCommand({ TableName: tableName, Key: marshall({ TestId: AB_TEST_ID }) }));
        return Item === undefined ? undefined : unmarshall(Item) as AbTestItem;
    } catch (error) {
        if (error instanceof ResourceNotFoundException) return undefined;
        throw error;
    }
}
