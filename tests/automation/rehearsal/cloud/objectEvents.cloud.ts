import { EventBridgeClient, PutRuleCommand, PutTargetsCommand } from "@aws-sdk/client-eventbridge";
import { CreateStateMachineCommand, DescribeExecutionCommand, ListExecutionsCommand } from "@aws-sdk/client-sfn";
import { CreateBucketCommand, PutBucketNotificationConfigurationCommand, PutBucketVersioningCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { expect } from "chai";
import { setTimeout as delay } from "node:timers/promises";
import { allow, startTestCloud, type TestCloud } from "./testCloud.ts";

const DONE = JSON.stringify({ StartAt: "Done", States: { Done: { Type: "Succeed" } } });

describe("an event of a versioned bucket", () => {
    let test: TestCloud;
    before(async () => { test = await startTestCloud(); });
    after(() => test.stop());

    it("says which version of the object it is about", async () => {
        const s3 = new S3Client(test.settings);
        const events = new EventBridgeClient(test.settings);
        const { stateMachineArn } = await test.sfn.send(new CreateStateMachineCommand({
            name: "uploads", roleArn: await test.role("machine", "states.amazonaws.com"), definition: DONE,
        }));
        await s3.send(new CreateBucketCommand({ Bucket: "versioned" }));
        await s3.send(new PutBucketVersioningCommand({ Bucket: "versioned", VersioningConfiguration: { Status: "Enabled" } }));
        await s3.send(new PutBucketNotificationConfigurationCommand({ Bucket: "versioned", NotificationConfiguration: { EventBridgeConfiguration: {} } }));
        await events.send(new PutRuleCommand({ Name: "uploads", EventPattern: JSON.stringify({ source: ["aws.s3"] }) }));
        const RoleArn = await test.role("target", "events.amazonaws.com", allow("states:StartExecution"));
        await events.send(new PutTargetsCommand({ Rule: "uploads", Targets: [{ Id: "machine", Arn: stateMachineArn, RoleArn }] }));

        const { VersionId } = await s3.send(new PutObjectCommand({ Bucket: "versioned", Key: "data/a b.csv", Body: "x" }));

        expect(VersionId).to.be.a("string");
        expect((await firstInput(test, stateMachineArn ?? "")).detail.object).to.include({ "key": "data/a b.csv", "version-id": VersionId });
    });
});

async function firstInput(test: TestCloud, stateMachineArn: string): Promise<{ detail: { object: Record<string, string> } }> {
    for (let attempt = 0; attempt < 50; attempt++) {
        const [execution] = (await test.sfn.send(new ListExecutionsCommand({ stateMachineArn }))).executions ?? [];
        if (execution !== undefined) {
            const { input } = await test.sfn.send(new DescribeExecutionCommand({ executionArn: execution.executionArn }));
            return JSON.parse(input ?? "{}") as { detail: { object: Record<string, string> } };
        }
        await delay(100);
    }
    throw new Error("the upload started no execution");
}
