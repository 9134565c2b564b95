import {
    CreateEndpointCommand,
    CreateEndpointConfigCommand,
    DeleteEndpointCommand,
    DeleteEndpointConfigCommand,
    DescribeEndpointCommand,
    ListEndpointsCommand,
    UpdateEndpointCommand,
} from "@aws-sdk/client-sagemaker";
import { expect } from "chai";
import { archive, fixture, refusal, SageMakerWorld } from "./sagemakerWorld.ts";

const ROW = "0.1,0.2,0.3,0.4";

describe("SageMaker stand-in: endpoints", () => {
    let world: SageMakerWorld;

    before(async () => {
        world = await SageMakerWorld.open();
        const endpoint = await world.deploy("Main", archive({ "xgboost-model": await fixture("3.0.5/xgboost-model") }));
        expect(endpoint.FailureReason).to.equal(undefined);
        await world.createModel("broken", await world.put("broken.tar.gz", archive({ "xgboost-model": Buffer.from("no model") })));
        await world.createConfig("broken", "broken");
    });
    after(() => world.close());

    const create = (name: string, config: string) =>
        refusal(world.sagemaker.send(new CreateEndpointCommand({ EndpointName: name, EndpointConfigName: config })));
    const update = (name: string, config: string) =>
        refusal(world.sagemaker.send(new UpdateEndpointCommand({ EndpointName: name, EndpointConfigName: config })));
    const remove = (name: string) => refusal(world.sagemaker.send(new DeleteEndpointCommand({ EndpointName: name })));

    it("answers one value per line, and JSON when asked", async () => {
        expect(await world.invoke("Main", `${ROW}\n,,,`)).to.match(/^0\.8889\d*\n0\.8889\d*\n$/);
        expect(JSON.parse(await world.invoke("Main", ROW, "text/csv", "application/json"))).to.have.nested.property("predictions[0].score");
    });

    it("wraps the container's refusals in a ModelError", async () => {
        const json = await refusal(world.invoke("Main", "{}", "application/json"));
        expect(json?.name).to.equal("ModelError");
        expect(json?.message).to.match(/^Received client error \(415\) from primary with message "Content-type application\/json is not supported\."/);
        expect((await refusal(world.invoke("Main", `${ROW},5`)))?.message).to.match(/^Received client error \(400\) .*Unable to evaluate payload/s);
        expect((await refusal(world.invoke("Main", ROW, "text/csv", "text/html")))?.message).to.contain("(406)");
        expect((await refusal(world.invoke("Main", "a,b,c,d")))?.message).to.contain("(415)");
    });

    it("accepts one column too few, as the container does", async () => {
        expect(Number(await world.invoke("Main", "0.1,0.2,0.3"))).to.be.within(0, 1);
    });

    it("refuses payloads over 4 MB", async () => {
        expect((await refusal(world.invoke("Main", Buffer.alloc(4 * 1024 * 1024 + 1, "1"))))?.name).to.equal("ValidationError");
    });

    it("throttles above the variant's concurrency", async () => {
        const rows = Buffer.from(`${ROW}\n`.repeat(60_000));
        const answers = await Promise.all(Array.from({ length: 4 }, () => refusal(world.invoke("Main", rows))));
        expect(answers.filter((answer) => answer === undefined)).to.have.length.greaterThan(0);
        expect(answers.map((answer) => answer?.name)).to.include("ThrottlingException");
    });

    it("does not know an endpoint in another case, nor one that is being created", async () => {
        expect((await refusal(world.invoke("main", ROW)))?.message).to.equal(`Endpoint main of account ${world.cloud.accountId} not found.`);
        await world.setSettings({ creationSeconds: 1.5 });
        await world.createConfig("slow", "Main");
        await create("slow", "slow");
        expect((await refusal(world.invoke("slow", ROW)))?.name).to.equal("ValidationError");
        expect((await remove("slow"))?.message).to.contain("Cannot update in-progress endpoint");
        await world.setSettings({});
        await world.settled("slow");
        await world.removeEndpoint("slow");
    });

    it("takes names without regard to case, and lower-cases them in ARNs", async () => {
        expect((await create("MAIN", "Main"))?.message).to.match(/^Cannot create already existing endpoint "arn:aws:sagemaker:eu-west-1:\d{12}:endpoint\/main"\.$/);
    });

    it("lets a failed endpoint only be deleted, and keeps its name until it is gone", async () => {
        await create("failing", "broken");
        const failed = await world.settled("failing");
        expect(failed.EndpointStatus).to.equal("Failed");
        expect(failed.FailureReason).to.contain("did not pass the ping health check");
        expect((await update("failing", "Main"))?.message).to.contain("can only be deleted");
        expect((await refusal(world.invoke("failing", ROW)))?.name).to.equal("ValidationError");
        await world.setSettings({ deletionSeconds: 600 });
        expect(await remove("failing")).to.equal(undefined);
        const deleting = await world.sagemaker.send(new DescribeEndpointCommand({ EndpointName: "failing" }));
        expect(deleting.EndpointStatus).to.equal("Deleting");
        expect((await create("failing", "Main"))?.message).to.contain("Cannot create already existing endpoint");
        await world.setSettings({});
        await new Promise((resolve) => setTimeout(resolve, 1300));
        const gone = await refusal(world.sagemaker.send(new DescribeEndpointCommand({ EndpointName: "failing" })));
        expect(gone?.name).to.equal("ValidationException");
        expect(gone?.message).to.match(/^Could not find endpoint "arn:.*endpoint\/failing"\.$/);
    });

    it("updates to a new configuration only, and stays with the old one when the new one fails", async () => {
        expect((await update("Main", "Main"))?.message).to.contain("a new endpoint configuration is needed");
        expect(await update("Main", "broken")).to.equal(undefined);
        const kept = await world.settled("Main");
        expect([kept.EndpointStatus, kept.EndpointConfigName]).to.deep.equal(["InService", "Main"]);
        expect(kept.FailureReason).to.contain("did not pass the ping health check");
        await world.createConfig("bigger", "Main", 2, 3072);
        await update("Main", "bigger");
        const updated = await world.settled("Main");
        expect(updated.EndpointConfigName).to.equal("bigger");
        expect(updated.ProductionVariants?.[0]?.CurrentServerlessConfig).to.deep.equal({ MemorySizeInMB: 3072, MaxConcurrency: 2 });
        expect(await world.invoke("Main", ROW)).to.match(/^0\.8889/);
    });

    it("keeps serving when its configuration is deleted", async () => {
        await world.createConfig("passing", "Main", 1);
        await update("Main", "passing");
        await world.settled("Main");
        await world.sagemaker.send(new DeleteEndpointConfigCommand({ EndpointConfigName: "passing" }));
        expect(await world.invoke("Main", ROW)).to.match(/^0\.8889/);
    });

    it("counts endpoints and their concurrency against the quotas", async () => {
        await world.setSettings({ serverlessEndpoints: 1 });
        expect((await create("one-more", "Main"))?.name).to.equal("ResourceLimitExceeded");
        await world.setSettings({ serverlessConcurrency: 1 });
        expect((await create("one-more", "Main"))?.message).to.contain("'Maximum total concurrency that can be allocated across all serverless endpoints' is 1");
        await world.setSettings({});
        const listed = await world.sagemaker.send(new ListEndpointsCommand({ NameContains: "one-more" }));
        expect(listed.Endpoints).to.deep.equal([]);
    });

    it("refuses configurations that a serverless endpoint cannot have", async () => {
        const refuse = (variant: object, more: object = {}) =>
            refusal(
                world.sagemaker.send(
                    new CreateEndpointConfigCommand({ EndpointConfigName: "never", ProductionVariants: [{ VariantName: "v", ModelName: "Main", ...variant }], ...more }),
                ),
            );
        const serverless = { ServerlessConfig: { MemorySizeInMB: 1024, MaxConcurrency: 1 } };
        expect((await refuse({ ServerlessConfig: { MemorySizeInMB: 1500, MaxConcurrency: 1 } }))?.message).to.contain("1500");
        expect((await refuse({ ServerlessConfig: { MemorySizeInMB: 7168, MaxConcurrency: 1 } }))?.message).to.contain("less than or equal to 6144");
        expect((await refuse({ ServerlessConfig: { MemorySizeInMB: 1024, MaxConcurrency: 201 } }))?.message).to.contain("less than or equal to 200");
        expect((await refuse({ ...serverless, ModelName: "nobody" }))?.message).to.match(/^Could not find model "arn:/);
        const capture = { EnableCapture: true, InitialSamplingPercentage: 10, DestinationS3Uri: "s3://x/y", CaptureOptions: [{ CaptureMode: "Input" }] };
        expect((await refuse(serverless, { DataCaptureConfig: capture }))?.message).to.contain("DataCaptureConfig is not supported for serverless");
        expect((await refuse({ InstanceType: "ml.m5.large", InitialInstanceCount: 1 }))?.message).to.contain("not runnable in the rehearsal");
    });
});
