import { expect } from "chai";
import { InferenceEndpoint } from "../../../components/inference/inferenceEndpoint.ts";
import { runProgram } from "../../support/mocks.ts";
import { allowedActions, expectTags, statementsOf, TEST_MODEL, testConfig, testContext } from "../../support/programContexts.ts";

async function createEndpoint() {
    return runProgram(() => void new InferenceEndpoint("endpoint", {
        context: testContext(),
        model: TEST_MODEL,
        settings: testConfig({ inference: { memoryMiB: 3072, maxConcurrency: 4 } }).inference,
        endpointName: "firstlight-dev-endpoint",
        modelsBucketArn: "arn:aws:s3:::models",
        s3KeyArn: "arn:key",
    }));
}

describe("InferenceEndpoint", () => {
    it("serves the approved model with the image that it was trained by", async () => {
        const { resources } = await createEndpoint();
        const model = resources.named("firstlight-dev-model");
        expect(model.inputs["primaryContainer"]).to.deep.equal({ image: TEST_MODEL.trainingImage, modelDataUrl: TEST_MODEL.modelDataUrl });
        expect(model.inputs).not.to.have.any.keys("vpcConfig", "enableNetworkIsolation", "name");
        expect(resources.named("firstlight-dev-endpoint-config").inputs["productionVariants"]).to.deep.equal([{
            variantName: "champion", modelName: "firstlight-dev-model-0123456", serverlessConfig: { memorySizeInMb: 3072, maxConcurrency: 4 },
        }]);
    });

    it("is never replaced by a later model, and never loses the one it serves", async () => {
        const { resources } = await createEndpoint();
        const model = resources.named("firstlight-dev-model");
        const configuration = resources.named("firstlight-dev-endpoint-config");
        expect([model.retainOnDelete, model.ignoreChanges]).to.deep.equal([true, ["primaryContainer"]]);
        expect([configuration.retainOnDelete, configuration.ignoreChanges]).to.deep.equal([true, ["productionVariants"]]);
        const endpoint = resources.ofType("aws:sagemaker/endpoint:Endpoint")[0];
        expect(endpoint?.inputs["name"]).to.equal("firstlight-dev-endpoint");
        expect(endpoint?.ignoreChanges).to.deep.equal(["endpointConfigName"]);
    });

    it("is created after the guard, which stands after the role's policy, the model and the configuration", async () => {
        const { resources } = await createEndpoint();
        expect(resources.ofType("aws:sagemaker/endpoint:Endpoint")[0]?.explicitDependencies).to.deep.equal(["endpoint-guard"]);
        expect(resources.named("endpoint-guard").explicitDependencies).to.have.members(["serving-policy", "firstlight-dev-model", "firstlight-dev-endpoint-config"]);
        expect(resources.named("firstlight-dev-model").explicitDependencies).to.deep.equal(["serving-policy"]);
        expect(resources.named("serving-parameter").explicitDependencies).to.deep.equal(["endpoint"]);
    });

    it("guards the name by a script without shell, absolute path or credential", async () => {
        const { inputs } = (await createEndpoint()).resources.named("endpoint-guard");
        expect(inputs).to.deep.equal({
            interpreter: [
                "node", "automation/guards/endpointGuard.ts", "--endpoint", "firstlight-dev-endpoint", "--region", "eu-central-1",
                "--tag", "Project=firstlight", "--tag", "Environment=dev",
            ],
            create: "create",
            delete: "delete",
        });
    });

    it("never runs the guard's create again, which would wait for the endpoint to go", async () => {
        const { ignoreChanges } = (await createEndpoint()).resources.named("endpoint-guard");
        expect(ignoreChanges).to.have.members(["interpreter", "create"]);
    });

    it("says which model is served, and leaves later values alone", async () => {
        const parameter = (await createEndpoint()).resources.named("serving-parameter");
        expect(parameter.inputs["name"]).to.equal("/firstlight/dev/inference/serving");
        expect(JSON.parse(parameter.inputs["value"])).to.deep.equal(TEST_MODEL);
        expect(parameter.ignoreChanges).to.deep.equal(["value"]);
    });

    it("may read artifacts and pull its image, and write nothing of ours", async () => {
        const { resources } = await createEndpoint();
        const { policy } = resources.named("serving-policy").inputs;
        expect(allowedActions(policy).filter((action) => /s3:|kms:/.test(action))).to.deep.equal(["kms:Decrypt", "kms:DescribeKey", "s3:GetObject", "s3:GetObjectVersion"]);
        const [trust] = statementsOf(resources.named("serving-role").inputs["assumeRolePolicy"]);
        expect(trust?.Condition).to.deep.equal({ StringEquals: { "aws:SourceAccount": "123456789012" } });
    });

    it("carries the tags on all that takes them", async () => {
        const { resources } = await createEndpoint();
        expectTags(...["firstlight-dev-model", "firstlight-dev-endpoint-config", "serving-parameter", "serving-role"].map((name) => resources.named(name)));
        expectTags(...resources.ofType("aws:sagemaker/endpoint:Endpoint"));
    });
});
