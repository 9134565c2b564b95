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
import type { FeatureSchema } from "../../lambdas/shared/documents.ts";

const run = promisify(execFile);
const schema: FeatureSchema = {
    version: 1, task: "regression", label: "y", columnCount: 1, features: [{ name: "x", type: "numeric", imputedValue: 0 }],
};
const approved = { version: "v1", schemaUrl: "s3://models/schema.json" };
const invoker = "require(process.argv[1]).handler(JSON.parse(process.argv[2])).then((answer) => console.log('ANSWER' + JSON.stringify(answer)))";

interface ServiceAnswer {
    readonly status: number;
    readonly headers?: Readonly<Record<string, string>>;
    readonly body: string;
}

/** Answers of the services, by what the request shows. */
interface Services {
    parameter: ServiceAnswer;
    endpoint: ServiceAnswer;
}

const services: Services = { parameter: { status: 200, body: "" }, endpoint: { status: 200, body: "" } };

function buildError(status: number, name: string, message: string): ServiceAnswer {
    return { status, headers: { "x-amzn-errortype": name }, body: JSON.stringify({ __type: name, message, Message: message }) };
}

function answerRequest(request: IncomingMessage, response: ServerResponse): void {
    const { status, headers, body } = request.headers["x-amz-target"] !== undefined ? services.parameter
        : request.url?.startsWith("/endpoints/") ? services.endpoint
        : { status: 200, body: JSON.stringify(schema) };
    request.resume().on("end", () => response.writeHead(status, { "content-type": "application/json", ...headers }).end(body));
}

describe("the bundled functions", () => {
    let folder: string;
    let server: Server;

    before(async () => {
        folder = await mkdtemp(join(tmpdir(), "firstlight-bundles-"));
        for (const name of ["health", "inference"]) await writeFile(join(folder, `${name}.cjs`), await buildLambdaCode(name));
        server = createServer(answerRequest);
        await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    });

    after(async () => {
        server.close();
        await rm(folder, { recursive: true });
    });

    beforeEach(() => {
        services.parameter = { status: 200, body: JSON.stringify({ Parameter: { Value: JSON.stringify(approved) } }) };
        services.endpoint = { status: 200, body: "12.5\n" };
    });

    async function invoke(name: string): Promise<{ status: number; headers: Record<string, string>; body: Record<string, unknown> }> {
        const env = {
            AWS_ENDPOINT_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, AWS_REGION: "xx-test-1", AWS_ACCESS_KEY_ID: "test",
            AWS_SECRET_ACCESS_KEY: "test", ENVIRONMENT: "test", SERVING_PARAMETER: "/p/serving", ENDPOINT_NAME: "e",
        };
        const event = { body: '{"features":{"x":1}}', requestContext: { requestId: "r" }, routeKey: name };
        const { stdout } = await run(process.execPath, ["-e", invoker, join(folder, `${name}.cjs`), JSON.stringify(event)], { env });
        const { statusCode, headers, body } = JSON.parse(stdout.split("ANSWER")[1]!) as { statusCode: number; headers: Record<string, string>; body: string };
        return { status: statusCode, headers, body: JSON.parse(body) as Record<string, unknown> };
    }

    it("answer with the serving model", async () => {
        expect((await invoke("health")).body).to.deep.equal({ status: "ok", environment: "test", servingModelVersion: "v1" });
        const { status, body } = await invoke("inference");
        expect(status).to.equal(200);
        expect(body["predictions"]).to.deep.equal([{ value: 12.5 }]);
    });

    it("take an absent parameter for an absent endpoint", async () => {
        services.parameter = buildError(400, "ParameterNotFound", "");
        expect((await invoke("health")).body).to.deep.equal({ status: "ok", environment: "test" });
        expect((await invoke("inference")).status).to.equal(503);
    });

    it("tell throttling, a failing container and a missing endpoint apart", async () => {
        services.endpoint = buildError(429, "ThrottlingException", "Rate exceeded");
        const throttled = await invoke("inference");
        expect(throttled.status).to.equal(429);
        expect(throttled.headers["retry-after"]).to.equal("1");
        services.endpoint = buildError(424, "ModelError", "Received server error (500) from primary");
        expect((await invoke("inference")).status).to.equal(502);
        services.endpoint = buildError(400, "ValidationError", "Endpoint e of account 111122223333 not found.");
        expect((await invoke("inference")).status).to.equal(503);
    });

    it("do not leak what the role may not do", async () => {
        services.parameter = buildError(400, "AccessDeniedException", "User: arn:... is not authorized to perform: ssm:GetParameter");
        const { status, body } = await invoke("inference");
        expect(status).to.equal(500);
        expect(JSON.stringify(body)).to.not.contain("authorized");
        expect((await invoke("health")).status).to.equal(200);
    });
});
