/** F27: a name without the environment meets the same name of another pull request. */
import { CreateTableCommand, DeleteTableCommand } from "@aws-sdk/client-dynamodb";
import type { Break } from "./break.ts";

const TABLE = "aws:dynamodb/table:Table";
const PART = "ab-tests";
/** As both pull requests call it. */
const SHARED_NAME = `firstlight-${PART}`;

export const broken: Break = {
    id: "F27",
    what: "a table is named without the environment, and another pull request has one of that name already",
    needs: "nothing",
    stopsAt: "up",
    message: /Table already exists: firstlight-ab-tests/,
    onAws: "at the table's create, or never: then both pull requests write into one table",
    source: "field report S2; the words, as a ResourceInUseException: "
        + "https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_CreateTable.html",
    transformInputs({ type }, inputs) {
        const isMeant = type === TABLE && String(inputs["name"]).endsWith(PART);
        return isMeant ? { ...inputs, name: SHARED_NAME } : inputs;
    },
    async inject({ rehearsal }) {
        await rehearsal.context.aws.dynamodb.send(new CreateTableCommand({
            TableName: SHARED_NAME, BillingMode: "PAY_PER_REQUEST",
            AttributeDefinitions: [{ AttributeName: "TestId", AttributeType: "S" }],
            KeySchema: [{ AttributeName: "TestId", KeyType: "HASH" }],
        }));
    },
    async heal({ rehearsal }) {
        await rehearsal.context.aws.dynamodb.send(new DeleteTableCommand({ TableName: SHARED_NAME }));
    },
};
