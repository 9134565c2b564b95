import { expect } from "chai";
import type { ModelsToServe } from "../../../components/inference/approvedModel.ts";
import { Serving } from "../../../components/inference/serving.ts";
import { runProgram } from "../../support/mocks.ts";
import { allowedActions, expectTags, statementsOf, TEST_CHALLENGER, TEST_MODEL, testConfig, testContext } from "../../support/programContexts.ts";

async function createServing(models: ModelsToServe) {
    return (await runProgram(() => void new Serving("serving", {
        context: testContext(), models,
        settings: testConfig().inference,
        modelsBucketArn: "arn:aws:s3:::models",
        s3KeyArn: "arn:key",
        kmsKeyArn: "arn:lambda-key",
    }))).resources;
}

describe("Serving", () => {
    it("declares an endpoint for each variant that has a model, and for no other", async () => {
        const named = async (models: ModelsToServe): Promise<readonly string[]> => (
            (await createServing(models)).ofType("aws:sagemaker/endpoint:Endpoint").map(({ inputs }) => inputs["name"]));
        expect(await named({})).to.deep.equal([]);
        expect(await named({ champion: TEST_MODEL })).to.deep.equal(["firstlight-dev-champion"]);
        expect(await named({ challenger: TEST_CHALLENGER })).to.deep.equal(["firstlight-dev-challenger"]);
        expect(await named({ champion: TEST_MODEL, challenger: TEST_CHALLENGER })).to.have.members(["firstlight-dev-champion", "firstlight-dev-challenger"]);
    });

    it("gives each variant its own model, with one role for both", async () => {
        const resources = await createServing({ champion: TEST_MODEL, challenger: TEST_CHALLENGER });
        const models = resources.ofType("aws:sagemaker/model:Model");
        expect(models.map(({ inputs }) => inputs["primaryContainer"].modelDataUrl)).to.have.members([TEST_MODEL.modelDataUrl, TEST_CHALLENGER.modelDataUrl]);
        expect(new Set(models.map(({ inputs }) => inputs["executionRoleArn"])).size).to.equal(1);
    });

    it("has the role without any endpoint: the pipeline deploys with it", async () => {
        const resources = await createServing({});
        const { policy } = resources.named("serving-policy").inputs;
        expect(allowedActions(policy).filter((action) => /s3:|kms:/.test(action))).to.deep.equal(["kms:Decrypt", "kms:DescribeKey", "s3:GetObject", "s3:GetObjectVersion"]);
        const [trust] = statementsOf(resources.named("serving-role").inputs["assumeRolePolicy"]);
        expect(trust?.Condition).to.deep.equal({ StringEquals: { "aws:SourceAccount": "123456789012" } });
        expectTags(resources.named("serving-role"));
    });

    it("takes over the role that the one endpoint had, whose name it keeps", async () => {
        const role = (await createServing({})).all.find(({ type, name }) => type === "firstlight:iam:ServiceRole" && name === "serving");
        expect(role?.aliases).to.deep.equal([{ parent: "endpoint" }]);
    });

    it("keeps the endpoints' logs as long as all logs, encrypted, whether or not there are endpoints", async () => {
        for (const models of [{}, { champion: TEST_MODEL }]) {
            const resources = await createServing(models);
            for (const variant of ["champion", "challenger"]) {
                const { inputs } = resources.named(`${variant}-endpoint-logs`);
                expect(inputs).to.include({ name: `/aws/sagemaker/Endpoints/firstlight-dev-${variant}`, kmsKeyId: "arn:lambda-key", retentionInDays: 14 });
                expectTags(resources.named(`${variant}-endpoint-logs`));
            }
        }
    });
});
