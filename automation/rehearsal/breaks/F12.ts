/** F12: somebody sets the A/B test's weights by hand, and they do not sum to 100. */
import { UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import { marshall } from "@aws-sdk/util-dynamodb";
import { AB_TEST_ID } from "../../../lambdas/shared/documents.ts";
import type { Break } from "./break.ts";
import type { BreakWorld } from "./breakWorld.ts";

export const broken: Break = {
    id: "F12",
    what: "the weights are edited in the table's console to 90 and 20, past the API that would refuse them",
    needs: "model",
    stopsAt: "enable-endpoints",
    message: /weights .*sum to 100/,
    onAws: "when the numbers of the test do not fit, weeks later",
    source: "field report S1: traffic split that nobody had tried",
    inject: (world) => update(world, "SET Weights = :weights", { ":weights": { champion: 90, challenger: 20 } }),
    heal: (world) => update(world, "REMOVE Weights"),
};

async function update(world: BreakWorld, expression: string, values?: Readonly<Record<string, unknown>>): Promise<void> {
    const { abTestsTableName } = await world.outputs();
    await world.rehearsal.context.aws.dynamodb.send(new UpdateItemCommand({
        TableName: abTestsTableName, Key: marshall({ TestId: AB_TEST_ID }), UpdateExpression: expression,
        ...(values === undefined ? {} : { ExpressionAttributeValues: marshall(values) }),
    }));
}
