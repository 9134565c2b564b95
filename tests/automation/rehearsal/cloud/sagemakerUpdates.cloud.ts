import { EventBridgeClient, PutRuleCommand, PutTargetsCommand } from "@aws-sdk/client-eventbridge";
import {
    CreateEndpointCommand, DeleteEndpointConfigCommand, DeleteModelCommand, DescribeEndpointCommand, ListEndpointsCommand, UpdateEndpointCommand,
} from "@aws-sdk/client-sagemaker";
import { CreateQueueCommand, ReceiveMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { expect } from "chai";
import { archive, csvLines, fixture, poll, refusal, SageMakerWorld } from "./sagemakerWorld.ts";

const ROW = "0.1,0.2,0.3";
const PAUSE_MS = 20;

describe("SageMaker stand-in: updates of an endpoint", () => {
    let world: SageMakerWorld;
    let former: string;
    let sqs: SQSClient;
    let QueueUrl: string;

    before(async () => {
        world = await SageMakerWorld.open();
        sqs = new SQSClient(world.cloud.target);
        QueueUrl = (await sqs.send(new CreateQueueCommand({ QueueName: "events" }))).QueueUrl!;
        const events = new EventBridgeClient(world.cloud.target);
        await events.send(new PutRuleCommand({ Name: "sagemaker", EventPattern: JSON.stringify({ source: ["aws.sagemaker"] }) }));
        const Arn = `arn:aws:sqs:${world.cloud.target.region}:${world.cloud.accountId}:events`;
        await events.send(new PutTargetsCommand({ Rule: "sagemaker", Targets: [{ Id: "queue", Arn }] }));
        for (const name of ["train", "validation"]) await world.put(`data/${name}/data.csv`, csvLines(200));
        const trained = await world.train("new-model");
        await world.deploy("Main", archive({ "xgboost-model": await fixture("3.0.5/xgboost-model") }));
        await world.createModel("new", trained.ModelArtifacts!.S3ModelArtifacts!);
        await world.createModel("broken", await world.put("broken.tar.gz", archive({ "xgboost-model": Buffer.from("no model") })));
        for (const name of ["new", "broken"]) await world.createConfig(name, name, 4);
        former = await world.invoke("Main", ROW);
    });
    after(() => world.close());

    const update = (config: string) => world.sagemaker.send(new UpdateEndpointCommand({ EndpointName: "Main", EndpointConfigName: config }));
    const describeMain = () => world.sagemaker.send(new DescribeEndpointCommand({ EndpointName: "Main" }));

    /** What the queue has heard of an endpoint or job so far. */
    async function heard(name: string): Promise<Record<string, unknown>[]> {
        const found: Record<string, unknown>[] = [];
        for (;;) {
            const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, VisibilityTimeout: 1 }));
            if (Messages.length === 0) return found;
            found.push(...Messages.map(({ Body }) => JSON.parse(Body!) as Record<string, unknown>).filter((event) => JSON.stringify(event).includes(name)));
        }
    }

    it("tell every change of status on the default bus", async () => {
        const events = await heard("endpoint/main");
        expect(events.map((event) => event["detail-type"])).to.include("SageMaker Endpoint State Change");
        const statuses = events.map((event) => (event["detail"] as { EndpointStatus: string }).EndpointStatus);
        expect(statuses).to.deep.equal(["CREATING", "IN_SERVICE"]);
    });

    it("that fail leave the old model in service, and say why", async () => {
        await update("broken");
        const kept = await world.settled("Main");
        expect([kept.EndpointStatus, kept.EndpointConfigName]).to.deep.equal(["InService", "Main"]);
        expect(kept.FailureReason).to.contain("did not pass the ping health check");
        expect(await world.invoke("Main", ROW)).to.equal(former);
    });

    it("can be told to hang, and are refused meanwhile", async () => {
        await world.setSettings({ endpointUpdates: { Main: "hang" } });
        await update("new");
        const hanging = await describeMain();
        expect(hanging).to.include({ EndpointStatus: "Updating", EndpointConfigName: "Main" });
        expect(hanging.PendingDeploymentSummary?.EndpointConfigName).to.equal("new");
        expect(hanging.FailureReason).to.equal(undefined);
        expect((await refusal(update("new")))?.message).to.match(/^Cannot update in-progress endpoint "arn:/);
        expect(await world.invoke("Main", ROW)).to.equal(former);
        await world.setSettings({ endpointUpdates: { Main: "rollbackFails" } });
        expect((await world.settled("Main")).EndpointStatus).to.equal("UpdateRollbackFailed");
        expect(await world.invoke("Main", ROW)).to.equal(former);
        await update("Main");
        expect(await world.settled("Main")).to.include({ EndpointStatus: "InService", EndpointConfigName: "Main" });
        await world.setSettings({});
    });

    it("change the model without a gap", async () => {
        const answers: string[] = [];
        let done = false;
        const asking = (async () => {
            while (!done) {
                answers.push(await world.invoke("Main", ROW));
                await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
            }
        })();
        await update("new");
        expect((await world.settled("Main")).EndpointConfigName).to.equal("new");
        done = true;
        await asking;
        // The last question may have been asked a moment before the change.
        answers.push(await world.invoke("Main", ROW));
        expect(answers.length).to.be.greaterThan(5);
        expect(new Set(answers).size).to.equal(2);
        expect(await world.invoke("Main", ROW)).to.not.equal(former);
    });

    it("need the configuration that serves, although it may be deleted", async () => {
        await world.createConfig("next", "new");
        await world.sagemaker.send(new DeleteEndpointConfigCommand({ EndpointConfigName: "new" }));
        expect((await refusal(update("next")))?.message).to.match(/^Could not find endpoint configuration "arn:.*endpoint-config\/new"\.$/);
        expect((await describeMain()).EndpointStatus).to.equal("InService");
        await world.createConfig("new", "new");
        await world.sagemaker.send(new DeleteModelCommand({ ModelName: "new" }));
        expect((await refusal(update("next")))?.message).to.match(/^Could not find model "arn:.*model\/new"\.$/);
    });

    it("have job events beside them, with the job's status as the API tells it", async () => {
        const told = await poll(() => heard("training-job/new-model"), (events) => events.length > 0);
        const last = told.at(-1)!;
        expect(last).to.include({ "detail-type": "SageMaker Training Job State Change", source: "aws.sagemaker" });
        expect(last["detail"]).to.include({ TrainingJobName: "new-model", TrainingJobStatus: "Completed" });
    });

    it("and creations of two endpoints go on beside each other, in memory that a laptop has", async () => {
        const model = archive({ "xgboost-model": await fixture("3.0.5/xgboost-model") });
        await world.createModel("pair", await world.put("pair.tar.gz", model));
        await world.createConfig("pair", "pair");
        const names = ["one", "two"];
        for (const name of names) await world.sagemaker.send(new CreateEndpointCommand({ EndpointName: name, EndpointConfigName: "pair" }));
        const statuses = async () => (await world.sagemaker.send(new ListEndpointsCommand({ NameContains: "o" }))).Endpoints!
            .filter(({ EndpointName }) => names.includes(EndpointName!)).map(({ EndpointStatus }) => EndpointStatus);
        expect(await statuses()).to.deep.equal(["Creating", "Creating"]);
        for (const name of names) expect((await world.settled(name)).EndpointStatus).to.equal("InService");
        // The cloud itself 65 MiB, each container about 105.
        expect(await world.cloud.peakMemoryMiB()).to.be.lessThan(900);
    });
});
