/** Environments beside a stack, by `node automation/deploy.ts` on the real Pulumi CLI: what a sweep may take, and what goes with an environment. */
import { existsSync } from "node:fs";
import path from "node:path";
import { CreateTopicCommand, ListTopicsCommand, SNSClient } from "@aws-sdk/client-sns";
import { expect } from "chai";
import { clientSettings } from "../../../automation/aws.ts";
import { EXIT } from "../../../automation/errorReport.ts";
import { describeWithPulumi } from "../../support/pulumiStack.ts";
import { RealWorld } from "../../support/realWorld.ts";

const SWEEP = "sweep --stack dev --suffix pr9 --apply --yes";

describeWithPulumi("an environment beside a stack, on a real Pulumi CLI", function () {
    this.timeout(300_000);
    this.bail(true);
    let world: RealWorld;
    let sns: SNSClient;
    let file: string;

    before(async () => {
        world = await RealWorld.open("dev");
        sns = new SNSClient(clientSettings(world.cloud.target));
        file = path.join(await world.clone(), "Pulumi.dev--pr9.yaml");
    });
    after(async () => {
        sns?.destroy();
        await world?.close();
    });

    async function countTopics(): Promise<number> {
        return (await sns.send(new ListTopicsCommand({}))).Topics?.length ?? 0;
    }

    it("is left alone by a sweep whose backend knows nothing of the project in the account, and the backend is named", async () => {
        const Tags = Object.entries({ Project: "firstlight", Environment: "dev--pr9" }).map(([Key, Value]) => ({ Key, Value }));
        await sns.send(new CreateTopicCommand({ Name: "firstlight-dev--pr9-alerts", Tags }));
        const { exitCode, said } = await world.run(SWEEP);
        expect(exitCode, said).to.equal(EXIT.operator);
        expect(said).to.include(String(world.environment["PULUMI_BACKEND_URL"])).and.to.include("--state-lost");
        expect(await countTopics()).to.equal(1);
    });

    it("is swept when its state is said to be lost, and its settings file goes with it", async () => {
        expect(existsSync(file)).to.equal(true);
        const { exitCode, said } = await world.run(`${SWEEP} --state-lost`);
        expect(exitCode, said).to.equal(EXIT.done);
        expect(await countTopics()).to.equal(0);
        expect(existsSync(file)).to.equal(false);
    });

    it("leaves no settings file when it is destroyed", async () => {
        await world.run("status --stack dev --suffix pr9");
        expect(existsSync(file)).to.equal(true);
        const { exitCode, said } = await world.run("destroy --stack dev --suffix pr9 --yes");
        expect(exitCode, said).to.equal(EXIT.done);
        expect(existsSync(file)).to.equal(false);
    });
});
