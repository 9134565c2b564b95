import { CreateEndpointCommand, DescribeEndpointCommand, DescribeEndpointConfigCommand, ListModelsCommand } from "@aws-sdk/client-sagemaker";
import { expect } from "chai";
import type { ApprovedModel, PipelineOutput } from "../../../lambdas/shared/documents.ts";
import { archive } from "../../automation/rehearsal/cloud/sagemakerWorld.ts";
import { DATA_PREFIX, PipelineWorld } from "../../support/pipelineWorld.ts";

const ENDPOINT = "firstlight-dev-challenger";
const ORDER = { source: "firstlight.deployment", variants: ["challenger"] };
let uploads = 0;

function upload(key = "data/x.csv"): object {
    return { source: "aws.s3", detail: { bucket: { name: "raw" }, object: { key, "version-id": `v${++uploads}`, size: 10 } } };
}

describe("the state machine of the program", function () {
    this.timeout(120_000);
    let world: PipelineWorld;
    before(async () => { world = await PipelineWorld.open(); });
    after(() => world.close());

    const approved = async (variant: string): Promise<ApprovedModel> => JSON.parse((await world.parameter(`approved-${variant}`))!) as ApprovedModel;
    const describe_ = () => world.sagemaker.sagemaker.send(new DescribeEndpointCommand({ EndpointName: ENDPOINT }));
    const outcomes = (output: string | undefined) => (JSON.parse(output ?? "{}") as PipelineOutput).deployments.map(({ variant, outcome }) => `${variant} ${outcome}`);

    it("trains both variants at the first run and approves them, since there are no endpoints", async () => {
        const event = upload();
        const done = await world.run(event);
        expect(done.status, `${done.error}: ${done.cause}`).to.equal("SUCCEEDED");
        expect(outcomes(done.output)).to.deep.equal(["champion approved", "challenger approved"]);
        expect((await approved("champion")).trainingJobName).to.match(/^firstlight-dev-[0-9a-f]{12}-a-0-0$/);
        expect((await approved("challenger")).version).to.match(/-challenger$/);
        expect((await world.sagemaker.sagemaker.send(new ListModelsCommand({}))).Models, "candidates are gone").to.deep.equal([]);
        expect(await world.turn()).to.equal(undefined);
        const again = await world.run(event);
        expect([again.status, again.output?.includes("deployments")], "its event came twice").to.deep.equal(["SUCCEEDED", false]);
    });

    it("fails with the job's own reason when one variant cannot be trained, and gives the turn back", async () => {
        await world.setParameter("approved-champion", "none");
        const failed = await world.run(upload("data/bad.csv"));
        expect(failed).to.include({ status: "FAILED", error: "States.TaskFailed" });
        expect(failed.cause).to.contain("num_round").and.not.to.contain("TrainingJobArn");
        expect(await world.turn()).to.equal(undefined);
        await world.setParameter("approved-champion", JSON.stringify(await approved("challenger")));
    });

    it("ends well when the schedule finds no data, and fails for an event that it does not know", async () => {
        const early = await world.run({ source: "aws.events", id: "e1", detail: {} });
        expect(early.status, early.cause).to.equal("SUCCEEDED");
        expect(JSON.parse(early.output!)).to.include({ kind: "schedule", upload: null });
        expect(await world.run({ source: "somebody" })).to.include({ status: "FAILED", error: "UnknownEvent" });
    });

    it("deploys an order to an endpoint that is there: by the settings of the moment, drained before, restored after", async () => {
        const model = await approved("challenger");
        await world.sagemaker.createModel("first", model.modelDataUrl);
        await world.sagemaker.createConfig("first", "first");
        await world.sagemaker.sagemaker.send(new CreateEndpointCommand({ EndpointName: ENDPOINT, EndpointConfigName: "first" }));
        await world.setParameter("serving-challenger", "none");
        // The endpoint is still being created: the run waits for it.
        const done = await world.run(ORDER);
        expect(done.status, `${done.error}: ${done.cause}`).to.equal("SUCCEEDED");
        expect(outcomes(done.output)).to.deep.equal(["challenger deployed"]);
        const { EndpointConfigName, EndpointStatus } = await describe_();
        expect(EndpointStatus).to.equal("InService");
        expect(EndpointConfigName).to.match(/^firstlight-dev-[0-9a-f]{12}-b-live-0-0$/);
        const { ProductionVariants } = await world.sagemaker.sagemaker.send(new DescribeEndpointConfigCommand({ EndpointConfigName }));
        expect(ProductionVariants?.[0]).to.deep.include({ VariantName: "challenger", ServerlessConfig: { MemorySizeInMB: 3072, MaxConcurrency: 3 } });
        expect(JSON.parse((await world.parameter("serving-challenger"))!)).to.deep.equal(model);
        expect(Object.keys((await world.abTest())!)).to.deep.equal(["TestId"]);
    });

    it("trains the challenger alone once there is a champion, by the schedule on the newest data, and deploys it", async () => {
        const before_ = await approved("challenger");
        await world.sagemaker.put(`${DATA_PREFIX}`, "");
        await world.sagemaker.put(`${DATA_PREFIX}x.csv`, "some,data");
        const done = await world.run({ source: "aws.events", id: "e2", detail: {} });
        expect(done.status, `${done.error}: ${done.cause}`).to.equal("SUCCEEDED");
        expect(outcomes(done.output)).to.deep.equal(["challenger deployed"]);
        expect((await approved("challenger")).version > before_.version).to.equal(true);
        expect(await world.parameter("serving-challenger")).to.equal(await world.parameter("approved-challenger"));
    });

    it("sees that SageMaker returned to the old model, says why, and leaves everything as it was", async () => {
        const good = (await world.parameter("approved-challenger"))!;
        const { EndpointConfigName: config } = await describe_();
        const modelDataUrl = await world.sagemaker.put("broken/output/model.tar.gz", archive({ "xgboost-model": Buffer.from("no model") }));
        await world.setParameter("approved-challenger", JSON.stringify({ ...JSON.parse(good) as ApprovedModel, modelDataUrl }));
        const failed = await world.run(ORDER);
        expect(failed).to.include({ status: "FAILED", error: "UpdateReturned" });
        expect(failed.cause).to.contain("ping health check").and.to.contain("fix: ");
        expect((await describe_()).EndpointConfigName).to.equal(config);
        expect(await world.parameter("serving-challenger")).to.equal(good);
        expect(Object.keys((await world.abTest())!)).to.deep.equal(["TestId"]);
        await world.setParameter("approved-challenger", good);
    });

    it("puts the endpoint back itself when SageMaker could not", async () => {
        const { EndpointConfigName: config } = await describe_();
        await world.sagemaker.setSettings({ endpointUpdates: { [ENDPOINT]: "rollbackFails" } });
        // The way back to the former configuration is none of the updates that are told to fail.
        const failed = await world.run(ORDER);
        await world.sagemaker.setSettings({});
        expect(failed, failed.cause).to.include({ status: "FAILED", error: "UpdateNotInService" });
        expect(failed.cause).to.contain("UpdateRollbackFailed").and.to.contain("was put back");
        expect(await describe_()).to.include({ EndpointStatus: "InService", EndpointConfigName: config });
    });

    it("takes the turn from a run that is no longer there, and waits for one that is", async () => {
        const { accountId, target } = world.sagemaker.cloud;
        await world.giveTurn(`arn:aws:states:${target.region}:${accountId}:execution:firstlight-dev-training:gone`);
        const done = await world.run(ORDER);
        expect(done.status, `${done.error}: ${done.cause}`).to.equal("SUCCEEDED");
        expect(await world.turn()).to.equal(undefined);
        const both = await Promise.all([world.run(ORDER), world.run(ORDER)]);
        expect(both.map(({ status, cause }) => `${status} ${cause ?? ""}`)).to.deep.equal(["SUCCEEDED ", "SUCCEEDED "]);
    });

    it("says what a person must do when an endpoint hangs and takes no other configuration, and ends the drain all the same", async () => {
        await world.sagemaker.setSettings({ endpointUpdates: { [ENDPOINT]: "hang" } });
        const failed = await world.run(ORDER);
        expect(failed, failed.cause).to.include({ status: "FAILED", error: "EndpointStuck" });
        expect(failed.cause).to.contain("could not be put back").and.to.contain("fix: ");
        expect(Object.keys((await world.abTest())!)).to.deep.equal(["TestId"]);
        expect(await world.turn()).to.equal(undefined);
    });
});
