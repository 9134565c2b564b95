import { expect } from "chai";
import { HttpApi } from "../../../components/compute/httpApi.ts";
import { LambdaFunction } from "../../../components/compute/lambdaFunction.ts";
import { runProgram } from "../../support/mocks.ts";
import { expectTags, testConfig, testContext } from "../../support/programContexts.ts";

async function createApi(settings: Readonly<Record<string, unknown>> = {}) {
    return runProgram(() => {
        const context = testContext();
        const target = new LambdaFunction("models", {
            context, description: "x", bundle: { path: "x.zip", hash: "x" }, timeoutSeconds: 29, memoryMiB: 512, kmsKeyArn: "arn:key",
        });
        const route = { target, timeoutMilliseconds: 30_000 } as const;
        const api = new HttpApi("api", {
            context,
            description: "models",
            kmsKeyArn: "arn:key",
            settings: testConfig({ api: settings }).api,
            routes: [
                { ...route, name: "versions", method: "GET", path: "/models/{id}/versions", isOpen: false },
                { ...route, name: "health", method: "GET", path: "/health", isOpen: true },
            ],
        });
        return { url: api.apiUrl };
    });
}

const jwt = { issuer: "https://login.example.com/", audiences: ["firstlight"] };

describe("HttpApi", () => {
    it("asks for a signature on every route but the open one", async () => {
        const { resources } = await createApi();
        const routes = resources.ofType("aws:apigatewayv2/route:Route").map(({ inputs }) => [inputs["routeKey"], inputs["authorizationType"]]);
        expect(routes).to.have.deep.members([["GET /models/{id}/versions", "AWS_IAM"], ["GET /health", "NONE"]]);
        expect(resources.ofType("aws:apigatewayv2/authorizer:Authorizer")).to.deep.equal([]);
    });

    it("asks for a token of the configured issuer instead, and leaves the open route open", async () => {
        const { resources } = await createApi({ jwt });
        expect(resources.named("api-authorizer").inputs).to.deep.equal({
            apiId: "id-of-api", name: "firstlight-dev-tokens", authorizerType: "JWT",
            identitySources: ["$request.header.Authorization"], jwtConfiguration: jwt,
        });
        expect(resources.named("api-versions-route").inputs).to.include({ authorizationType: "JWT", authorizerId: "id-of-api-authorizer" });
        expect(resources.named("api-health-route").inputs).to.include({ authorizationType: "NONE" }).and.not.to.have.property("authorizerId");
    });

    it("gives each route its integration, and waits for the permission to call the function", async () => {
        const { resources } = await createApi();
        expect(resources.named("api-versions-route").inputs["target"]).to.equal("integrations/id-of-api-versions-integration");
        expect(resources.named("api-versions-route").explicitDependencies).to.deep.equal(["api-versions-permission"]);
        expect(resources.named("api-versions-permission").inputs).to.deep.equal({
            action: "lambda:InvokeFunction",
            function: "firstlight-dev-models",
            principal: "apigateway.amazonaws.com",
            sourceArn: "arn:aws:execute-api:eu-central-1:123456789012:api/*/GET/models/{id}/versions",
        });
        expect(resources.named("api-versions-integration").inputs).to.include({
            integrationType: "AWS_PROXY", integrationMethod: "POST", payloadFormatVersion: "2.0", timeoutMilliseconds: 30_000,
        });
    });

    it("throttles each route by itself, once API Gateway knows the routes", async () => {
        const { inputs, explicitDependencies } = (await createApi({ rateLimit: 7, burstLimit: 9 })).resources.named("api-stage");
        const throttling = { throttlingRateLimit: 7, throttlingBurstLimit: 9, detailedMetricsEnabled: true };
        expect(inputs["defaultRouteSettings"]).to.deep.equal(throttling);
        expect(inputs["routeSettings"]).to.deep.equal(["GET /models/{id}/versions", "GET /health"].map((routeKey) => ({ routeKey, ...throttling })));
        expect(explicitDependencies).to.have.members(["api-versions-route", "api-health-route"]);
    });

    it("lets pages of the configured origins call, and of no others when there are none", async () => {
        const cors = (await createApi({ corsOrigins: ["https://app.example.com"] })).resources.named("api").inputs["corsConfiguration"];
        expect(cors).to.deep.include({ allowOrigins: ["https://app.example.com"], allowMethods: ["GET", "POST", "PUT"], maxAge: 3600 });
        expect(cors.allowHeaders).to.include.members(["authorization", "content-type", "x-assignment-key", "x-variant"]);
        expect(cors, "credentials with every origin are refused").not.to.have.property("allowCredentials");
        expect((await createApi()).resources.named("api").inputs).not.to.have.property("corsConfiguration");
    });

    it("writes an encrypted access log to an ARN that API Gateway takes", async () => {
        const { resources } = await createApi();
        const { inputs } = resources.named("api-stage");
        expect(inputs).to.deep.include({ name: "$default", autoDeploy: true });
        expect(inputs["accessLogSettings"].destinationArn).to.match(/log-group:\/aws\/vendedlogs\/apigateway\/firstlight-dev-api$/);
        expect(resources.named("api-access-logs").inputs).to.include({ kmsKeyId: "arn:key", retentionInDays: 14 });
    });

    it("carries the tags on API, stage and log, and gives its address", async () => {
        const { outputs, resources } = await createApi();
        expectTags(...["api", "api-stage", "api-access-logs"].map((name) => resources.named(name)));
        expect(outputs.url).to.equal("https://api.test");
    });
});
