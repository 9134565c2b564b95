import { createHash } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { expect } from "chai";
import { zipSync, strToU8 } from "fflate";
import { FileReference, type PropertyMap } from "../../../../automation/engine/provider.ts";
import { startHandlerCloud, type HandlerCloud } from "./handlerCloud.ts";
import { begin, type Life } from "./life.ts";

const trust = (service: string): string => JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Principal: { Service: service }, Action: "sts:AssumeRole" }],
});

/** The account may do everything, and a service may use the key: log groups are refused without that. */
const keyPolicy = (accountId: string, service: string): string => JSON.stringify({
    Version: "2012-10-17",
    Statement: [
        { Effect: "Allow", Principal: { AWS: `arn:aws:iam::${accountId}:root` }, Action: "kms:*", Resource: "*" },
        { Effect: "Allow", Principal: { Service: service }, Action: ["kms:Encrypt*", "kms:Decrypt*", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:Describe*"], Resource: "*" },
    ],
});

describe("compute handlers", () => {
    let cloud: HandlerCloud;
    let folder: string;
    let role: Life;
    let key: Life;
    let logs: Life;
    let worker: Life;
    let workerInputs: PropertyMap;

    /** A zip whose function answers with `answer`. */
    async function bundle(answer: string): Promise<PropertyMap> {
        const zip = zipSync({ "index.js": strToU8(`exports.handler = async () => ({ statusCode: 200, body: ${JSON.stringify(answer)} });`) });
        const digest = createHash("sha256").update(zip);
        const file = path.join(folder, `${answer}.zip`);
        await writeFile(file, zip);
        const hash = digest.digest();
        return { code: new FileReference("archive", file, hash.toString("hex")), sourceCodeHash: hash.toString("base64") };
    }

    before(async () => {
        cloud = await startHandlerCloud();
        folder = await mkdtemp(path.join(tmpdir(), "handlers-"));
        key = await begin(cloud.provider, "aws:kms/key:Key", {
            description: "functions", policy: keyPolicy(cloud.accountId, `logs.${cloud.region}.amazonaws.com`),
        });
        role = await begin(cloud.provider, "aws:iam/role:Role", {
            name: "example-worker-role", assumeRolePolicy: trust("lambda.amazonaws.com"), description: "for a function",
            maxSessionDuration: 7200, tags: { A: "1", B: "2" },
        });
        logs = await begin(cloud.provider, "aws:cloudwatch/logGroup:LogGroup", {
            name: "/aws/lambda/example-worker", retentionInDays: 14, kmsKeyId: key.state.outputs["arn"]!,
        });
        workerInputs = {
            name: "example-worker", role: role.state.outputs["arn"]!, runtime: "nodejs24.x", handler: "index.handler", ...(await bundle("first")),
            timeout: 10, memorySize: 256, architectures: ["arm64"], environment: { variables: { PART: "one" } }, tags: { A: "1" },
            description: "answers", kmsKeyArn: key.state.outputs["arn"]!, tracingConfig: { mode: "Active" }, ephemeralStorage: { size: 1024 },
            loggingConfig: { logFormat: "JSON", logGroup: "/aws/lambda/example-worker", applicationLogLevel: "INFO", systemLogLevel: "WARN" },
            reservedConcurrentExecutions: 2,
        };
        worker = await begin(cloud.provider, "aws:lambda/function:Function", workerInputs);
    });
    after(async () => {
        try {
            await worker.end();
            await logs.end();
            await role.end();
            await rm(folder, { recursive: true });
        } finally {
            await cloud.stop();
        }
    });

    it("changes a role", async () => {
        const inputs = { name: "example-worker-role", assumeRolePolicy: trust("states.amazonaws.com"), description: "for another", tags: { B: "3" } };
        await role.update(inputs);
        await role.update({ ...inputs, assumeRolePolicy: trust("lambda.amazonaws.com") });
    });

    it("leads a role policy through its life, and keeps a role that still has one", async () => {
        const policy = (action: string): string => JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: [action], Resource: "*" }] });
        const life = await begin(cloud.provider, "aws:iam/rolePolicy:RolePolicy", { name: "logs", role: role.state.id, policy: policy("logs:PutLogEvents") });
        await life.update({ name: "logs", role: role.state.id, policy: policy("logs:CreateLogStream") });
        const failure = await role.remove().then(() => undefined, (error: unknown) => error);
        expect(failure).to.be.instanceOf(Error).with.property("name").that.matches(/^DeleteConflict/);
        await life.end();
    });

    it("changes a log group", async () => {
        const inputs: PropertyMap = { name: "/aws/lambda/example-worker", kmsKeyId: key.state.outputs["arn"]! };
        await logs.update({ ...inputs, retentionInDays: 30, tags: { A: "1", B: "1" } });
        await logs.update({ ...inputs, tags: { B: "2" } });
    });

    it("changes the code and the settings of a function", async () => {
        workerInputs = {
            ...workerInputs, ...(await bundle("second")), timeout: 20, environment: { variables: { PART: "two" } }, tags: { B: "2" },
        };
        await worker.update(workerInputs);
        const lambda = new LambdaClient(cloud.target);
        const answer = await lambda.send(new InvokeCommand({ FunctionName: "example-worker" }));
        expect(JSON.parse(Buffer.from(answer.Payload!).toString())).to.include({ body: "second" });
    });

    it("leads a permission through its life", async () => {
        const life = await begin(cloud.provider, "aws:lambda/permission:Permission", {
            statementId: "api", action: "lambda:InvokeFunction", function: "example-worker", principal: "apigateway.amazonaws.com",
            sourceArn: `arn:aws:execute-api:${cloud.region}:${cloud.accountId}:abc/*/*`, sourceAccount: cloud.accountId,
        });
        await life.end();
    });

    it("leads an HTTP API with its parts through their lives", async () => {
        const inputs: PropertyMap = {
            name: "example-api", protocolType: "HTTP", description: "first", tags: { A: "1" },
            corsConfiguration: { allowOrigins: ["https://example.org"], allowMethods: ["POST", "GET"], allowHeaders: ["content-type"], maxAge: 300 },
        };
        const api = await begin(cloud.provider, "aws:apigatewayv2/api:Api", inputs);
        const apiId = api.state.id;
        expect(api.state.outputs["executionArn"]).to.equal(`arn:aws:execute-api:${cloud.region}:${cloud.accountId}:${apiId}`);
        await api.update({ ...inputs, description: "second", disableExecuteApiEndpoint: true, tags: { B: "2" } });
        const target: PropertyMap = {
            apiId, integrationType: "AWS_PROXY", integrationUri: worker.state.outputs["invokeArn"]!, payloadFormatVersion: "2.0",
            integrationMethod: "POST", timeoutMilliseconds: 20_000,
        };
        const integration = await begin(cloud.provider, "aws:apigatewayv2/integration:Integration", target);
        await integration.update({ ...target, timeoutMilliseconds: 10_000 });
        const routed: PropertyMap = { apiId, routeKey: "POST /inference", target: `integrations/${integration.state.id}`, authorizationType: "AWS_IAM" };
        const route = await begin(cloud.provider, "aws:apigatewayv2/route:Route", routed);
        await route.update({ apiId, routeKey: "GET /health", target: routed["target"]! });
        const staged: PropertyMap = {
            apiId, name: "$default", autoDeploy: true, tags: { A: "1" }, description: "the one stage",
            accessLogSettings: { destinationArn: logs.state.outputs["arn"]!, format: "{\"id\":\"$context.requestId\"}" },
            defaultRouteSettings: { throttlingBurstLimit: 20, throttlingRateLimit: 10, detailedMetricsEnabled: true },
            routeSettings: [{ routeKey: "GET /health", throttlingBurstLimit: 2, throttlingRateLimit: 1 }],
        };
        const stage = await begin(cloud.provider, "aws:apigatewayv2/stage:Stage", staged);
        expect(stage.state.outputs["invokeUrl"]).to.equal(`https://${apiId}.execute-api.${cloud.region}.amazonaws.com/`);
        await stage.update({ ...staged, defaultRouteSettings: { throttlingBurstLimit: 30, throttlingRateLimit: 15 }, tags: { B: "2" } });
        for (const life of [stage, route, integration, api]) await life.end();
    });
});
