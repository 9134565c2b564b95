/** The functions of the API that read and write tables, against the rehearsal cloud's DynamoDB: expressions, conditions, pages. */
import { execFile } from "node:child_process";
import path from "node:path";
import { promisify } from "node:util";
import { CreateTableCommand, DynamoDBClient, GetItemCommand, PutItemCommand, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import { marshall, unmarshall } from "@aws-sdk/util-dynamodb";
import { expect } from "chai";
import type { ModelList, VersionList } from "../../lambdas/models/core.ts";
import { PROJECT, startTestCloud, type TestCloud } from "../automation/rehearsal/cloud/testCloud.ts";

const run = promisify(execFile);
const invoker = "import(process.argv[1]).then(({ handler }) => handler(JSON.parse(process.argv[2]))).then((answer) => console.log('ANSWER' + JSON.stringify(answer)))";
const TEST = { TestId: { S: "champion-challenger" } };

/** What the functions answer, each its part. */
interface Answer extends Partial<ModelList & Pick<VersionList, "versions">> {
    readonly detail?: string;
}

describe("functions that keep tables", () => {
    let test: TestCloud;
    let dynamodb: DynamoDBClient;

    before(async () => {
        test = await startTestCloud();
        dynamodb = new DynamoDBClient(test.settings);
        await createTable("ab-tests", "TestId");
        for (const name of ["model-metadata", "training-metrics"]) await createTable(name, "ModelId", "Version");
    });
    after(() => test.stop());

    async function createTable(TableName: string, ...names: readonly string[]): Promise<void> {
        await dynamodb.send(new CreateTableCommand({
            TableName, BillingMode: "PAY_PER_REQUEST",
            AttributeDefinitions: names.map((AttributeName) => ({ AttributeName, AttributeType: "S" })),
            KeySchema: names.map((AttributeName, index) => ({ AttributeName, KeyType: index === 0 ? "HASH" : "RANGE" })),
        }));
    }

    async function call(name: string, routeKey: string, request: object = {}): Promise<{ status: number; body: Answer }> {
        const { endpoint, region, credentials } = test.cloud.target;
        const env = {
            AWS_ENDPOINT_URL: endpoint, AWS_REGION: region, AWS_ACCESS_KEY_ID: credentials!.accessKeyId, AWS_SECRET_ACCESS_KEY: credentials!.secretAccessKey,
            AB_TESTS_TABLE: "ab-tests", MODEL_METADATA_TABLE: "model-metadata", TRAINING_METRICS_TABLE: "training-metrics", DEFAULT_WEIGHTS: '{"champion":90,"challenger":10}',
        };
        const event = { routeKey, headers: {}, requestContext: { requestId: "r" }, ...request };
        const { stdout } = await run(process.execPath, ["-e", invoker, path.join(PROJECT, `lambdas/${name}/handler.ts`), JSON.stringify(event)], { env });
        const { statusCode, body } = JSON.parse(stdout.split("ANSWER")[1]!) as { statusCode: number; body: string };
        return { status: statusCode, body: JSON.parse(body) as Answer };
    }

    it("set the weights by revision and keep a drain", async () => {
        const pathParameters = { id: "champion-challenger" };
        const put = (body: object) => call("ab-tests", "PUT /ab-tests/{id}", { pathParameters, body: JSON.stringify(body) });
        const weights = { champion: 70, challenger: 30 };
        expect((await call("ab-tests", "GET /ab-tests/{id}", { pathParameters })).body).to.include({ source: "default", revision: 0 });
        expect((await put({ weights, revision: 0 })).body).to.deep.include({ weights, source: "table", revision: 1 });
        const UpdateExpression = "SET DrainedVariant = :variant, DrainedUntil = :until";
        await dynamodb.send(new UpdateItemCommand({ TableName: "ab-tests", Key: TEST, UpdateExpression, ExpressionAttributeValues: marshall({ ":variant": "challenger", ":until": 9_999_999_999 }) }));
        expect((await put({ weights })).body).to.include({ revision: 2, drainedVariant: "challenger" });
        const stale = await put({ weights: { champion: 0, challenger: 100 }, revision: 1 });
        expect([stale.status, stale.body.detail]).to.deep.equal([409, "the A/B test has revision 2, not 1; read it again and decide anew"]);
        const { Item } = await dynamodb.send(new GetItemCommand({ TableName: "ab-tests", Key: TEST }));
        expect(unmarshall(Item!)).to.deep.include({ Weights: weights, Revision: 2, DrainedVariant: "challenger", DrainedUntil: 9_999_999_999 });
    });

    it("list models and their versions page by page", async () => {
        for (const [ModelId, Version, auc] of [["binary:y", "v1", 0.7], ["binary:y", "v2", 0.8], ["binary:y", "v3", 0.9], ["regression:z", "v1", 0]] as const) {
            await dynamodb.send(new PutItemCommand({ TableName: "model-metadata", Item: marshall({ ModelId, Version, Status: "registered", Variant: "champion" }) }));
            await dynamodb.send(new PutItemCommand({ TableName: "training-metrics", Item: marshall({ ModelId, Version, Metrics: { auc } }) }));
        }
        const { body } = await call("models", "GET /models");
        expect(body.models?.map((model) => [model.modelId, model.version, model.metrics["auc"]])).to.deep.equal([["binary:y", "v3", 0.9], ["regression:z", "v1", 0]]);
        const pathParameters = { id: "binary%3Ay" };
        const first = await call("models", "GET /models/{id}/versions", { pathParameters, queryStringParameters: { limit: "2" } });
        expect(first.body.versions?.map(({ version }) => version)).to.deep.equal(["v3", "v2"]);
        const second = await call("models", "GET /models/{id}/versions", { pathParameters, queryStringParameters: { limit: "2", next: first.body.next } });
        expect(second.body.versions?.map(({ version, metrics }) => [version, metrics["auc"]])).to.deep.equal([["v1", 0.7]]);
        expect(second.body).to.not.have.property("next");
        expect((await call("models", "GET /models/{id}/versions", { pathParameters: { id: "binary:none" } })).status).to.equal(404);
    });
});
