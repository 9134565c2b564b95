import { expect } from "chai";
import { InferenceApi } from "../../../components/inference/inferenceApi.ts";
import { runProgram } from "../../support/mocks.ts";
import { allowedActions, expectTags, testConfig, testContext, testDataScope } from "../../support/programContexts.ts";

const bundle = { path: "x.zip", hash: "x" };

async function createApi(values: Readonly<Record<string, unknown>> = {}) {
    return (await runProgram(() => void new InferenceApi("inference-api", {
        context: testContext(),
        config: testConfig(values),
        bundles: { "inference": bundle, "models": bundle, "ab-tests": bundle, "health": bundle },
        modelMetadataTableName: "model-metadata",
        trainingMetricsTableName: "training-metrics",
        abTestsTableName: "ab-tests",
        dataScope: testDataScope(),
        kmsKeyArn: "arn:key",
    }))).resources;
}

describe("InferenceApi", () => {
    it("answers every route by its function", async () => {
        const resources = await createApi();
        const targets = resources.ofType("aws:apigatewayv2/route:Route").map(({ name, inputs }) => {
            const child = name.replace(/-route$/, "");
            expect(inputs["target"]).to.equal(`integrations/id-of-${child}-integration`);
            const uri = resources.named(`${child}-integration`).inputs["integrationUri"];
            return [inputs["routeKey"], /firstlight-dev-([a-z-]+)\/invocations$/.exec(uri)?.[1], resources.named(`${child}-permission`).inputs["function"]];
        });
        expect(targets).to.have.deep.members([
            ["POST /inference", "inference", "firstlight-dev-inference"],
            ["GET /models", "models", "firstlight-dev-models"],
            ["GET /models/{id}/versions", "models", "firstlight-dev-models"],
            ["GET /ab-tests/{id}", "ab-tests", "firstlight-dev-ab-tests"],
            ["PUT /ab-tests/{id}", "ab-tests", "firstlight-dev-ab-tests"],
            ["GET /health", "health", "firstlight-dev-health"],
        ]);
    });

    it("leaves open what the configuration opens, and health", async () => {
        const open = (await createApi({ api: { openRoutes: ["GET /models"] } })).ofType("aws:apigatewayv2/route:Route")
            .filter(({ inputs }) => inputs["authorizationType"] === "NONE").map(({ inputs }) => inputs["routeKey"]);
        expect(open).to.have.members(["GET /models", "GET /health"]);
    });

    it("tells the router both endpoints, the parameters, the test and the weights until somebody sets others", async () => {
        const { inputs } = (await createApi({ abTest: { weights: { champion: 70 } } })).named("inference-function");
        const { DEFAULT_WEIGHTS, ENDPOINT_NAMES, ...others } = inputs["environment"].variables;
        expect(JSON.parse(DEFAULT_WEIGHTS)).to.deep.equal({ champion: 70, challenger: 30 });
        expect(JSON.parse(ENDPOINT_NAMES)).to.deep.equal({ champion: "firstlight-dev-champion", challenger: "firstlight-dev-challenger" });
        expect(others).to.deep.equal({
            ENVIRONMENT: "dev", PARAMETER_PATH: "/firstlight/dev/inference", AB_TESTS_TABLE: "ab-tests", METRICS_NAMESPACE: "firstlight-dev",
        });
    });

    it("gives the inference function the configured size, and ends every function before its caller is given up", async () => {
        const resources = await createApi({ functions: { inference: { memoryMiB: 1024, timeoutSeconds: 20 } } });
        expect(resources.named("inference-function").inputs).to.include({ memorySize: 1024, timeout: 20 });
        for (const { name, inputs } of resources.ofType("aws:apigatewayv2/integration:Integration")) {
            const [, lambda = ""] = /firstlight-dev-([a-z-]+)\/invocations$/.exec(inputs["integrationUri"]) ?? [];
            const timeoutSeconds: number = resources.named(`${lambda}-function`).inputs["timeout"];
            expect(inputs["timeoutMilliseconds"], name).to.be.above(timeoutSeconds * 1000).and.at.most(30_000);
        }
    });

    it("lets each function do its own work alone", async () => {
        const resources = await createApi();
        const does = (name: string): readonly string[] => allowedActions(resources.named(`${name}-policy`).inputs["policy"])
            .filter((action) => /^(dynamodb|sagemaker|ssm|s3):/.test(action));
        expect(does("inference")).to.deep.equal(["dynamodb:GetItem", "s3:GetObject", "s3:GetObjectVersion", "sagemaker:InvokeEndpoint", "ssm:GetParameter"]);
        expect(does("models")).to.deep.equal(["dynamodb:Query", "dynamodb:Query", "dynamodb:Scan"]);
        expect(does("ab-tests")).to.deep.equal(["dynamodb:GetItem", "dynamodb:UpdateItem"]);
        expect(does("health")).to.deep.equal(["dynamodb:GetItem", "ssm:GetParameter"]);
    });

    it("carries the tags on its functions", async () => {
        const functions = (await createApi()).ofType("aws:lambda/function:Function");
        expect(functions).to.have.length(4);
        expectTags(...functions);
    });
});
