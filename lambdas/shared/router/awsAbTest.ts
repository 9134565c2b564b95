/** The A/B test in its table, read with a cache. */
import { DynamoDBClient, GetItemCommand } from "@aws-sdk/client-dynamodb";
import { unmarshall } from "@aws-sdk/util-dynamodb";
import { AB_TEST_ID } from "../documents.ts";
import type { AbTestItem } from "../documents.ts";
import { describeError, log } from "../log.ts";
import { parseDefaultWeights, type AbTest } from "./abTest.ts";
import { createAbTestReader } from "./abTestReader.ts";

/** A read that takes longer fails, and the last good copy is used. */
const READ_TIMEOUT_MILLISECONDS = 2_000;

/** `defaultWeights` is JSON. What it gives never fails. @throws InvalidWeightsError at once when the default weights do not sum. */
export function createAwsAbTestReader(tableName: string, defaultWeights: string): () => Promise<AbTest> {
    const dynamodb = new DynamoDBClient({ maxAttempts: 2 });
    // Consistent: an older item than the last one could hide that a variant is drained.
    const command = new GetItemCommand({ TableName: tableName, Key: { TestId: { S: AB_TEST_ID } }, ConsistentRead: true });
    return createAbTestReader(async () => {
        const { Item } = await dynamodb.send(command, { abortSignal: AbortSignal.timeout(READ_TIMEOUT_MILLISECONDS) });
        return Item === undefined ? undefined : unmarshall(Item) as Partial<AbTestItem>;
    }, {
        defaultWeights: parseDefaultWeights(defaultWeights),
        onStale: (error) => log("error", "the A/B test is unreadable, its last good copy is used", { error: describeError(error) }),
    });
}
