import { expect } from "chai";
import { LogGroup } from "@pulumi/aws/cloudwatch/logGroup.js";
import { nameRules } from "../../../components/facts/nameRules.ts";
import { ServiceRole } from "../../../components/iam/serviceRole.ts";
import { InferenceEndpoint } from "../../../components/inference/inferenceEndpoint.ts";
import { createNaming } from "../../../components/naming.ts";
import type { Variant } from "../../../lambdas/shared/documents.ts";
import { runProgram } from "../../support/mocks.ts";
import { expectTags, TEST_MODEL, testConfig, testContext, testLocation } from "../../support/programContexts.ts";

async function createEndpoint(variant: Variant = "champion") {
    return runProgram(() => {
        const context = testContext();
        const role = new ServiceRole("serving", { context, description: "x", service: "sagemaker", statements: [] });
        const logGroup = new LogGroup("logs", { name: "logs" });
        new InferenceEndpoint("endpoint", {
            context, variant, role, logGroup,
            model: TEST_MODEL,
            settings: testConfig({ inference: { memoryMiB: 3072, maxConcurrency: 4 } }).inference,
            endpointName: "firstlight-dev-champion",
        });
    });
}

describe("InferenceEndpoint", () => {
    it("serves the approved model with the image that it was trained by", async () => {
        const { resources } = await createEndpoint();
        const model = resources.named("firstlight-dev-champion-model");
        expect(model.inputs["primaryContainer"]).to.deep.equal({ image: TEST_MODEL.trainingImage, modelDataUrl: TEST_MODEL.modelDataUrl });
        expect(model.inputs).not.to.have.any.keys("vpcConfig", "enableNetworkIsolation", "name");
        expect(resources.named("firstlight-dev-champion-config").inputs["productionVariants"]).to.deep.equal([{
            variantName: "champion", modelName: "firstlight-dev-champion-model-0123456", serverlessConfig: { memorySizeInMb: 3072, maxConcurrency: 4 },
        }]);
    });

    it("is never replaced by a later model, and never loses the one it serves", async () => {
        const { resources } = await createEndpoint();
        const model = resources.named("firstlight-dev-champion-model");
        const configuration = resources.named("firstlight-dev-champion-config");
        expect([model.retainOnDelete, model.ignoreChanges]).to.deep.equal([true, ["primaryContainer"]]);
        expect([configuration.retainOnDelete, configuration.ignoreChanges]).to.deep.equal([true, ["productionVariants"]]);
        const endpoint = resources.ofType("aws:sagemaker/endpoint:Endpoint")[0];
        expect(endpoint?.inputs["name"]).to.equal("firstlight-dev-champion");
        expect(endpoint?.ignoreChanges).to.deep.equal(["endpointConfigName"]);
    });

    it("is created after the guard, which stands after the role's policy, the model and the configuration", async () => {
        const { resources } = await createEndpoint();
        expect(resources.ofType("aws:sagemaker/endpoint:Endpoint")[0]?.explicitDependencies).to.deep.equal(["endpoint-guard"]);
        expect(resources.named("endpoint-guard").explicitDependencies).to.have.members(["serving-policy", "logs", "firstlight-dev-champion-model", "firstlight-dev-champion-config"]);
        expect(resources.named("firstlight-dev-champion-model").explicitDependencies).to.deep.equal(["serving-policy"]);
        expect(resources.named("serving-champion-parameter").explicitDependencies).to.deep.equal(["endpoint"]);
    });

    it("guards the name by a script without shell, absolute path or credential", async () => {
        const { inputs } = (await createEndpoint()).resources.named("endpoint-guard");
        expect(inputs).to.deep.equal({
            interpreter: [
                "node", "automation/guards/endpointGuard.ts", "--endpoint", "firstlight-dev-champion", "--region", "eu-central-1",
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
        const parameter = (await createEndpoint()).resources.named("serving-champion-parameter");
        expect(parameter.inputs["name"]).to.equal("/firstlight/dev/inference/serving-champion");
        expect(JSON.parse(parameter.inputs["value"])).to.deep.equal(TEST_MODEL);
        expect(parameter.ignoreChanges).to.deep.equal(["value"]);
    });

    it("serves the challenger under its own names, which with the longest prefix and Pulumi's suffix still fit", async () => {
        const { resources } = await createEndpoint("challenger");
        const [variant] = resources.named("firstlight-dev-challenger-config").inputs["productionVariants"];
        expect(variant).to.include({ variantName: "challenger", modelName: "firstlight-dev-challenger-model-0123456" });
        expect(resources.named("serving-challenger-parameter").inputs["name"]).to.equal("/firstlight/dev/inference/serving-challenger");
        const longest = createNaming({ project: "p".repeat(60), environment: "dev" }, testLocation()).prefix;
        expect(`${longest}-challenger-config-0123456`.length).to.be.at.most(nameRules.endpoint.maxLength);
    });

    it("carries the tags on all that takes them", async () => {
        const { resources } = await createEndpoint();
        expectTags(...["firstlight-dev-champion-model", "firstlight-dev-champion-config", "serving-champion-parameter"].map((name) => resources.named(name)));
        expectTags(...resources.ofType("aws:sagemaker/endpoint:Endpoint"));
    });
});
