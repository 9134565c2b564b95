/** The bundled functions against services that answer as AWS does: leaving parts of the SDK out must not change how errors are told apart. */
import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect } from "chai";
import { buildLambdaCode } from "../../components/compute/bundle.ts";
import { VARIANTS } from "../../lambdas/shared/documents.ts";
import type { FeatureSchema, Variant } from "../../lambdas/shared/documents.ts";

const run = promisify(execFile);
const schema: FeatureSchema = {
    version: 1, task: "regression", label: "y", columnCount: 1, features: [{ name: "x", type: "numeric", imputedValue: 0 }],
};
const ITEM = { TestId: { S: "champion-challenger" }, Weights: { M: { champion: { N: "100" }, challenger: { N: "0" } } }, Revision: { N: "4" } };
const weights = { champion: 100, challenger: 0 };
const approved = { version: "v1", schemaUrl: "s3://models/schema.json" };
const invoker = "require(process.argv[1]).handler(JSON.parse(process.argv[2]), { getRemainingTimeInMillis: () => 29000 }).then((answer) => console.log('ANSWER' + JSON.stringify(answer)))";

interface ServiceAnswer {
    readonly status: number;
    readonly headers?: Readonly<Record<string, string>>;
    readonly body: string;
}

/** Answers of the services, by what the request shows. */
interface Services {
    parameter: ServiceAnswer;
    /** The answer of the item's table. */
    table: ServiceAnswer;
    /** One answer per variant. */
    endpoints: Record<Variant, ServiceAnswer>;
}

const services: Services = { parameter: { status: 200, body: "" }, table: { status: 200, body: "" }, endpoints: { champion: { status: 200, body: "" }, challenger: { status: 200, body: "" } } };

function buildError(status: number, name: string, message: string): ServiceAnswer {
    return { status, headers: { "x-amzn-errortype": name }, body: JSON.stringify({ __type: name, message, Message: message }) };
}

/** Throttled, a failing container, no endpoint: as AWS words them. */
const FAILURES: readonly ServiceAnswer[] = [
    buildError(429, "ThrottlingException", "Rate exceeded"),
    buildError(424, "ModelError", "Received server error (500) from primary"),
    buildError(400, "ValidationError", "Endpoint e of account 111122223333 not found."),
];

function answerRequest(request: IncomingMessage, response: ServerResponse): void {
    const { status, headers, body } = findAnswer(String(request.headers["x-amz-target"] ?? ""), request.url ?? "");
    request.resume().on("end", () => response.writeHead(status, { "content-type": "application/json", ...headers }).end(body));
}

function findAnswer(target: string, url: string): ServiceAnswer {
    if (target.startsWith("DynamoDB_")) return services.table;
    if (target !== "") return services.parameter;
    const variant = VARIANTS.find((each) => url.startsWith(`/endpoints/e-${each}/`));
    return variant === undefined ? { status: 200, body: JSON.stringify(schema) } : services.endpoints[variant];
}

describe("the bundled functions", () => {
    let folder: string;
    let server: Server;

    before(async () => {
        folder = await mkdtemp(join(tmpdir(), "firstlight-bundles-"));
        for (const name of ["health", "inference", "models", "ab-tests"]) await writeFile(join(folder, `${name}.cjs`), await buildLambdaCode(name));
        server = createServer(answerRequest);
        await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    });

    after(async () => {
        server.close();
        await rm(folder, { recursive: true });
    });

    beforeEach(() => {
        services.parameter = { status: 200, body: JSON.stringify({ Parameter: { Value: JSON.stringify(approved) } }) };
        services.table = { status: 200, body: JSON.stringify({ Item: ITEM }) };
        services.endpoints = { champion: { status: 200, body: "12.5\n" }, challenger: { status: 200, body: "7\n" } };
    });

    async function invoke(name: string, request: object = {}): Promise<{ status: number; headers: Record<string, string>; body: Record<string, unknown> }> {
        const env = {
            AWS_ENDPOINT_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, AWS_REGION: "xx-test-1", AWS_ACCESS_KEY_ID: "test",
            AWS_SECRET_ACCESS_KEY: "test", ENVIRONMENT: "test", PARAMETER_PATH: "/p", AB_TESTS_TABLE: "t", MODEL_METADATA_TABLE: "m", TRAINING_METRICS_TABLE: "m", METRICS_NAMESPACE: "n",
            DEFAULT_WEIGHTS: '{"champion":90,"challenger":10}', ENDPOINT_NAMES: '{"champion":"e-champion","challenger":"e-challenger"}',
        };
        const event = { body: '{"features":{"x":1}}', headers: {}, requestContext: { requestId: "r" }, routeKey: name, ...request };
        const { stdout } = await run(process.execPath, ["-e", invoker, join(folder, `${name}.cjs`), JSON.stringify(event)], { env });
        const { statusCode, headers, body } = JSON.parse(stdout.split("ANSWER")[1]!) as { statusCode: number; headers: Record<string, string>; body: string };
        return { status: statusCode, headers, body: JSON.parse(body) as Record<string, unknown> };
    }

    it("answer with the serving models and the weights", async () => {
        const servingModelVersions = { champion: "v1", challenger: "v1" };
        expect((await invoke("health")).body).to.deep.equal({ status: "ok", environment: "test", servingModelVersions, weights });
        const { status, body } = await invoke("inference");
        expect(status).to.equal(200);
        expect(body).to.deep.include({ predictions: [{ value: 12.5 }], variant: "champion", modelVersion: "v1", assignedVariant: "champion", fallback: false });
    });

    it("take an absent parameter for an absent endpoint", async () => {
        services.parameter = buildError(400, "ParameterNotFound", "");
        expect((await invoke("health")).body).to.deep.include({ status: "ok", servingModelVersions: {} });
        expect((await invoke("inference")).status).to.equal(503);
    });

    it("ask the other variant when one is throttled, fails or is not there", async () => {
        for (const failure of FAILURES) {
            services.endpoints.champion = failure;
            expect((await invoke("inference")).body).to.deep.include({ predictions: [{ value: 7 }], variant: "challenger", assignedVariant: "champion", fallback: true });
        }
    });

    it("tell throttling, a failing container and a missing endpoint apart when both do the same", async () => {
        const statuses: number[] = [];
        for (const failure of FAILURES) {
            services.endpoints = { champion: failure, challenger: failure };
            const { status, headers } = await invoke("inference");
            statuses.push(status);
            if (status === 429) expect(headers["retry-after"]).to.equal("1");
        }
        expect(statuses).to.deep.equal([429, 502, 503]);
    });

    it("read and set the A/B test, and tell a condition that failed", async () => {
        const test = { pathParameters: { id: "champion-challenger" } };
        expect((await invoke("ab-tests", { ...test, routeKey: "GET /ab-tests/{id}" })).body).to.deep.equal({ testId: "champion-challenger", weights, source: "table", revision: 4 });
        const put = { ...test, routeKey: "PUT /ab-tests/{id}", body: JSON.stringify({ weights, revision: 3 }) };
        services.table = { status: 200, body: JSON.stringify({ Attributes: ITEM }) };
        expect((await invoke("ab-tests", put)).status).to.equal(200);
        services.table = buildError(400, "ConditionalCheckFailedException", "The conditional request failed");
        // Reading the item to say which revision it has fails in the same way here.
        expect((await invoke("ab-tests", put)).status).to.equal(500);
    });

    it("list models and versions of an encoded id", async () => {
        const item = { ModelId: { S: "binary:y" }, Version: { S: "v1" }, Metrics: { M: { auc: { N: "0.9" } } } };
        services.table = { status: 200, body: JSON.stringify({ Items: [item], Count: 1 }) };
        const version = { modelId: "binary:y", version: "v1", metrics: { auc: 0.9 } };
        expect((await invoke("models", { routeKey: "GET /models" })).body).to.deep.equal({ models: [version] });
        const one = await invoke("models", { routeKey: "GET /models/{id}/versions", pathParameters: { id: "binary%3Ay" } });
        expect(one.body).to.deep.equal({ modelId: "binary:y", versions: [version] });
        services.table = { status: 200, body: JSON.stringify({ Items: [], Count: 0 }) };
        const none = await invoke("models", { routeKey: "GET /models/{id}/versions", pathParameters: { id: "x" } });
        expect(none.status).to.equal(404);
        expect(none.headers["content-type"]).to.equal("application/problem+json");
    });

    it("answer with the default weights when the table cannot be read", async () => {
        services.table = buildError(400, "AccessDeniedException", "not authorized");
        expect((await invoke("health")).body["weights"]).to.deep.equal({ champion: 90, challenger: 10 });
        expect((await invoke("inference")).status).to.equal(200);
    });

    it("do not leak what the role may not do", async () => {
        services.parameter = buildError(400, "AccessDeniedException", "User: arn:... is not authorized to perform: ssm:GetParameter");
        const { status, body } = await invoke("inference");
        expect(status).to.equal(503);
        expect(JSON.stringify(body)).to.not.contain("authorized");
        expect((await invoke("health")).status).to.equal(200);
    });
});
