import { expect } from "chai";
import { HttpApi } from "../../../components/compute/httpApi.ts";
import { LambdaFunction } from "../../../components/compute/lambdaFunction.ts";
import { runProgram } from "../../support/mocks.ts";
import { expectTags, testContext } from "../../support/programContexts.ts";

async function createApi() {
    return runProgram(() => {
        const context = testContext();
        const target = new LambdaFunction("inference", {
            context, description: "x", bundle: { path: "x.zip", hash: "x" }, timeoutSeconds: 29, memoryMiB: 512, kmsKeyArn: "arn:key",
        });
        const route = { target, timeoutMilliseconds: 30_000 } as const;
        const api = new HttpApi("api", {
            context,
            kmsKeyArn: "arn:key",
            routes: [
                { ...route, name: "inference", method: "POST", path: "/inference", authorization: "AWS_IAM" },
                { ...route, name: "health", method: "GET", path: "/health", authorization: "NONE" },
            ],
        });
        return { url: api.apiUrl };
    });
}

describe("HttpApi", () => {
    it("asks for a signature on every route but the open one", async () => {
        const { resources } = await createApi();
        const routes = resources.ofType("aws:apigatewayv2/route:Route").map(({ inputs }) => [inputs["routeKey"], inputs["authorizationType"]]);
        expect(routes).to.have.deep.members([["POST /inference", "AWS_IAM"], ["GET /health", "NONE"]]);
    });

    it("gives each route its integration, and waits for the permission to call the function", async () => {
        const { resources } = await createApi();
        expect(resources.named("api-inference-route").inputs["target"]).to.equal("integrations/id-of-api-inference-integration");
        expect(resources.named("api-inference-route").explicitDependencies).to.deep.equal(["api-inference-permission"]);
        expect(resources.named("api-inference-permission").inputs).to.deep.equal({
            action: "lambda:InvokeFunction",
            function: "firstlight-dev-inference",
            principal: "apigateway.amazonaws.com",
            sourceArn: "arn:aws:execute-api:eu-central-1:123456789012:api/*/POST/inference",
        });
        expect(resources.named("api-inference-integration").inputs).to.include({
            integrationType: "AWS_PROXY", integrationMethod: "POST", payloadFormatVersion: "2.0", timeoutMilliseconds: 30_000,
        });
    });

    it("throttles, and writes an encrypted access log to an ARN that API Gateway takes", async () => {
        const { resources } = await createApi();
        const { inputs } = resources.named("api-stage");
        expect(inputs).to.deep.include({ name: "$default", autoDeploy: true });
        expect(inputs["defaultRouteSettings"]).to.include({ throttlingRateLimit: 50, throttlingBurstLimit: 100 });
        expect(inputs["accessLogSettings"].destinationArn).to.match(/log-group:\/aws\/vendedlogs\/apigateway\/firstlight-dev-api$/);
        expect(resources.named("api-access-logs").inputs).to.include({ kmsKeyId: "arn:key", retentionInDays: 14 });
    });

    it("carries the tags on API, stage and log, and gives its address", async () => {
        const { outputs, resources } = await createApi();
        expectTags(...["api", "api-stage", "api-access-logs"].map((name) => resources.named(name)));
        expect(outputs.url).to.equal("https://api.test");
    });
});
