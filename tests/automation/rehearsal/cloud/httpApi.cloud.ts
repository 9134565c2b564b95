import { createSign, generateKeyPairSync, type KeyObject } from "node:crypto";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import {
    ApiGatewayV2Client, CreateApiCommand, CreateAuthorizerCommand, CreateIntegrationCommand, CreateRouteCommand, CreateStageCommand,
    UpdateStageCommand, type CreateRouteCommandInput,
} from "@aws-sdk/client-apigatewayv2";
import { AddPermissionCommand } from "@aws-sdk/client-lambda";
import { expect } from "chai";
import { setTimeout as delay } from "node:timers/promises";
import { ACCOUNT, REGION, startTestCloud, type TestCloud } from "./testCloud.ts";

const CODE = `export const handler = async (event) => ({
    statusCode: 200, headers: { "access-control-allow-origin": "https://backend.example.org" },
    body: JSON.stringify({ id: event.pathParameters?.id, body: event.body, subject: event.requestContext.authorizer?.jwt?.claims.sub }),
});`;
const PAGE = "https://page.example.org";

/** An issuer of tokens on this machine. */
interface Issuer { readonly url: string; readonly server: Server; sign(claims: object, key?: KeyObject): string }

async function startIssuer(): Promise<Issuer> {
    const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
    const server = createServer((request, response) => {
        const answer = request.url === "/.well-known/openid-configuration" ? { issuer: url, jwks_uri: `${url}/keys` } : { keys: [{ ...publicKey.export({ format: "jwk" }), kid: "one", alg: "RS256", use: "sig" }] };
        response.setHeader("content-type", "application/json").end(JSON.stringify(answer));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");
    return {
        url, server,
        sign(claims, key = privateKey) {
            const now = Math.floor(Date.now() / 1000);
            const signed = `${encode({ alg: "RS256", kid: "one" })}.${encode({ iss: url, aud: "firstlight", sub: "somebody", iat: now - 1, exp: now + 60, ...claims })}`;
            return `${signed}.${createSign("RSA-SHA256").update(signed).sign(key).toString("base64url")}`;
        },
    };
}

describe("an HTTP API", () => {
    let test: TestCloud;
    let api: ApiGatewayV2Client;
    let issuer: Issuer;
    let base: string;
    let apiId: string;
    let target: string;
    before(async () => {
        test = await startTestCloud();
        issuer = await startIssuer();
        api = new ApiGatewayV2Client(test.settings);
        const functionArn = await test.createFunction("served", await test.role("served", "lambda.amazonaws.com"), CODE);
        await test.lambda.send(new AddPermissionCommand({
            FunctionName: "served", StatementId: "all", Action: "lambda:InvokeFunction", Principal: "apigateway.amazonaws.com",
            SourceArn: `arn:aws:execute-api:${REGION}:${ACCOUNT}:*`,
        }));
        apiId = (await api.send(new CreateApiCommand({
            Name: "test", ProtocolType: "HTTP",
            CorsConfiguration: { AllowOrigins: [PAGE], AllowMethods: ["GET", "PUT"], AllowHeaders: ["authorization", "content-type"], MaxAge: 300 },
        }))).ApiId!;
        const { IntegrationId } = await api.send(new CreateIntegrationCommand({
            ApiId: apiId, IntegrationType: "AWS_PROXY", IntegrationUri: functionArn, PayloadFormatVersion: "2.0", IntegrationMethod: "POST",
        }));
        target = `integrations/${IntegrationId}`;
        const { AuthorizerId } = await api.send(new CreateAuthorizerCommand({
            ApiId: apiId, Name: "tokens", AuthorizerType: "JWT", IdentitySource: ["$request.header.Authorization"],
            JwtConfiguration: { Issuer: issuer.url, Audience: ["firstlight"] },
        }));
        await addRoute("GET /open");
        await addRoute("PUT /ab-tests/{id}", { AuthorizationType: "JWT", AuthorizerId, AuthorizationScopes: ["write"] });
        await addRoute("GET /models", { AuthorizationType: "JWT", AuthorizerId });
        await api.send(new CreateStageCommand({ ApiId: apiId, StageName: "$default", AutoDeploy: true }));
        base = `${test.cloud.target.endpoint}/_aws/execute-api/${apiId}/$default`;
    });
    after(async () => {
        issuer.server.close();
        await test.stop();
    });

    const addRoute = (RouteKey: string, guard: Partial<CreateRouteCommandInput> = {}) =>
        api.send(new CreateRouteCommand({ ApiId: apiId, RouteKey, Target: target, ...guard }));
    const preflight = (path: string, origin: string, root = base) => fetch(`${root}${path}`, {
        method: "OPTIONS", headers: { origin, "access-control-request-method": "PUT" },
    });
    const withToken = (token: string) => ({ headers: { authorization: `Bearer ${token}` } });

    it("answers the preflight of a guarded route itself, for the origins that it lists alone", async () => {
        const allowed = await preflight("/ab-tests/one", PAGE);
        expect(allowed.status).to.equal(204);
        expect(Object.fromEntries(allowed.headers)).to.include({
            "access-control-allow-origin": PAGE, "access-control-allow-methods": "GET,PUT", "access-control-allow-headers": "authorization,content-type",
            "access-control-max-age": "300",
        });
        const other = await preflight("/ab-tests/one", "https://other.example.org");
        expect(other.status).to.equal(204);
        expect([...other.headers.keys()].filter((name) => name.startsWith("access-control"))).to.deep.equal([]);
    });

    it("puts its own headers on answers, and none for origins that it does not list", async () => {
        const answer = await fetch(`${base}/open`, { headers: { origin: PAGE } });
        expect(answer.headers.get("access-control-allow-origin")).to.equal(PAGE);
        const other = await fetch(`${base}/open`, { headers: { origin: "https://other.example.org" } });
        expect(other.status).to.equal(200);
        expect(other.headers.get("access-control-allow-origin")).to.equal(null);
    });

    it("has no answer to a preflight when cross-origin calls are not configured", async () => {
        const { ApiId } = await api.send(new CreateApiCommand({ Name: "plain", ProtocolType: "HTTP" }));
        await api.send(new CreateStageCommand({ ApiId, StageName: "$default", AutoDeploy: true }));
        expect((await preflight("/open", PAGE, `${test.cloud.target.endpoint}/_aws/execute-api/${ApiId}/$default`)).status).to.equal(404);
    });

    it("hands over path parameters and bodies of PUT requests", async () => {
        const answer = await fetch(`${base}/ab-tests/one%20two`, { method: "PUT", body: "{\"a\":1}", ...withToken(issuer.sign({ scope: "read write" })) });
        expect(answer.status).to.equal(200);
        expect(await answer.json()).to.deep.equal({ id: "one two", body: "{\"a\":1}", subject: "somebody" });
    });

    it("accepts the tokens of its issuer, and no others", async () => {
        const statusOf = async (token: string): Promise<number> => (await fetch(`${base}/models`, withToken(token))).status;
        expect(await statusOf(issuer.sign({}))).to.equal(200);
        expect((await fetch(`${base}/models`)).status).to.equal(401);
        const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
        expect(await statusOf(issuer.sign({}, privateKey))).to.equal(401);
        expect(await statusOf(issuer.sign({ aud: "another" }))).to.equal(401);
        expect(await statusOf(issuer.sign({ iss: "https://elsewhere.example.org" }))).to.equal(401);
        expect(await statusOf(issuer.sign({ exp: Math.floor(Date.now() / 1000) - 1 }))).to.equal(401);
        const [header, , signature] = issuer.sign({}).split(".");
        const forged = Buffer.from(JSON.stringify({ iss: issuer.url, aud: "firstlight", sub: "root", exp: 4e9 })).toString("base64url");
        expect(await statusOf(`${header}.${forged}.${signature}`)).to.equal(401);
    });

    it("asks for the scopes of a route", async () => {
        const answer = await fetch(`${base}/ab-tests/one`, { method: "PUT", ...withToken(issuer.sign({ scope: "read" })) });
        expect(answer.status).to.equal(403);
    });

    it("answers 429 above a route's limits, until time has passed, and does not make other routes pay", async () => {
        await addRoute("GET /narrow");
        await api.send(new UpdateStageCommand({
            ApiId: apiId, StageName: "$default", DefaultRouteSettings: { ThrottlingRateLimit: 1000, ThrottlingBurstLimit: 1000 },
            RouteSettings: { "GET /narrow": { ThrottlingRateLimit: 1, ThrottlingBurstLimit: 3 } },
        }));
        const call = async (path: string) => fetch(`${base}${path}`);
        const answers = await Promise.all(Array.from({ length: 6 }, () => call("/narrow")));
        expect(answers.map(({ status }) => status).sort()).to.deep.equal([200, 200, 200, 429, 429, 429]);
        expect(await answers.find(({ status }) => status === 429)!.json()).to.deep.equal({ message: "Too Many Requests" });
        expect((await call("/open")).status).to.equal(200);
        await delay(1100);
        expect((await call("/narrow")).status).to.equal(200);
    });
});
