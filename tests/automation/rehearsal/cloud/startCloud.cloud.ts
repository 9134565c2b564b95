import { execFile, spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { promisify } from "node:util";
import { CreateBucketCommand, DeleteBucketCommand, ListBucketsCommand, PutBucketPolicyCommand, S3Client } from "@aws-sdk/client-s3";
import { CreateKeyCommand, ScheduleKeyDeletionCommand } from "@aws-sdk/client-kms";
import { CreateTopicCommand, DeleteTopicCommand, SNSClient } from "@aws-sdk/client-sns";
import { expect } from "chai";
import { startCloud } from "../../../../automation/rehearsal/cloud/startCloud.ts";
import { preparePythonEnvironment } from "../../../../automation/rehearsal/pythonEnvironment.ts";
import { ACCOUNT, allow, PROJECT, refusalOf, REGION, startTestCloud, type TestCloud } from "./testCloud.ts";

const run = promisify(execFile);

function isAlive(pid: number): boolean {
    try {
        process.kill(pid, 0);
        return true;
    } catch {
        return false;
    }
}

async function waitUntilGone(pid: number): Promise<boolean> {
    for (let attempt = 0; attempt < 50 && isAlive(pid); attempt++) await delay(100);
    return !isAlive(pid);
}

describe("the rehearsal cloud", () => {
    let test: TestCloud;
    let s3: S3Client;
    before(async () => {
        test = await startTestCloud();
        s3 = new S3Client(test.settings);
    });
    after(() => test.stop());

    it("listens on loopback alone", async () => {
        const { stdout } = await run("ss", ["-ltnH"]).catch(() => run("netstat", ["-ltn"]));
        const port = new URL(test.cloud.target.endpoint!).port;
        const listeners = stdout.split("\n").filter((line) => line.includes(`:${port} `));
        expect(listeners).to.have.length(1);
        expect(listeners[0]).to.contain("127.0.0.1:");
    });

    it("writes down each call with action, resource, principal and decision", async () => {
        await s3.send(new CreateBucketCommand({ Bucket: "usage-bucket" }));
        const reader = await test.role("usage-reader", undefined, allow("s3:ListBucket", "arn:aws:s3:::usage-bucket"));
        await refusalOf(new S3Client(await test.as(reader)).send(new ListBucketsCommand({})));
        const usage = await test.cloud.usage();
        expect(usage).to.deep.include({ action: "s3:CreateBucket", resource: "arn:aws:s3:::usage-bucket", principal: `arn:aws:iam::${ACCOUNT}:root`, allowed: true, count: 1 });
        expect(usage.find(({ action, principal }) => action === "s3:ListAllMyBuckets" && principal === reader)?.allowed).to.equal(false);
    });

    it("lists what exists, and nothing after it was deleted", async () => {
        const sns = new SNSClient(test.settings);
        const before = await test.cloud.inventory();
        const { TopicArn } = await sns.send(new CreateTopicCommand({ Name: "inventory-topic" }));
        await s3.send(new CreateBucketCommand({ Bucket: "inventory-bucket" }));
        const { KeyMetadata } = await test.kms.send(new CreateKeyCommand({}));
        expect(await test.cloud.inventory()).to.include.members([TopicArn, "arn:aws:s3:::inventory-bucket", KeyMetadata!.Arn]);
        await sns.send(new DeleteTopicCommand({ TopicArn }));
        await s3.send(new DeleteBucketCommand({ Bucket: "inventory-bucket" }));
        await test.kms.send(new ScheduleKeyDeletionCommand({ KeyId: KeyMetadata!.KeyId }));
        expect(await test.cloud.inventory()).to.deep.equal(before);
    });

    it("counts loopback as encrypted, so that buckets may refuse everything else", async () => {
        await s3.send(new CreateBucketCommand({ Bucket: "tls-bucket" }));
        const reader = await test.role("tls-reader", undefined, allow("s3:*", ["arn:aws:s3:::tls-bucket", "arn:aws:s3:::tls-bucket/*"]));
        const deny = (value: string): string => JSON.stringify({
            Version: "2012-10-17",
            Statement: [{ Effect: "Deny", Principal: "*", Action: "s3:*", Resource: "arn:aws:s3:::tls-bucket/*", Condition: { Bool: { "aws:SecureTransport": value } } }],
        });
        const client = new S3Client(await test.as(reader));
        const { PutObjectCommand } = await import("@aws-sdk/client-s3");
        await s3.send(new PutBucketPolicyCommand({ Bucket: "tls-bucket", Policy: deny("false") }));
        await client.send(new PutObjectCommand({ Bucket: "tls-bucket", Key: "a", Body: "a" }));
        await s3.send(new PutBucketPolicyCommand({ Bucket: "tls-bucket", Policy: deny("true") }));
        expect((await refusalOf(client.send(new PutObjectCommand({ Bucket: "tls-bucket", Key: "b", Body: "b" })))).name).to.equal("AccessDenied");
    });

    it("measures its memory", async () => {
        expect(await test.cloud.peakMemoryMiB()).to.be.within(20, 2000);
    });

    it("ends when its parent is killed", async () => {
        const { python } = await preparePythonEnvironment({ folder: PROJECT });
        const script = path.join(test.folder, "parent.ts");
        const module = path.join(PROJECT, "automation", "rehearsal", "cloud", "startCloud.ts");
        writeFileSync(script, `import { startCloud } from ${JSON.stringify(module)};
            const cloud = await startCloud({ region: "${REGION}", folder: ${JSON.stringify(path.join(test.folder, "orphan"))}, python: ${JSON.stringify(python)} });
            console.log(cloud.child.pid);`);
        const parent = spawn(process.execPath, [script], { stdio: ["ignore", "pipe", "inherit"] });
        const pid = await new Promise<number>((resolve) => parent.stdout.once("data", (data) => resolve(Number(data))));
        expect(isAlive(pid)).to.equal(true);
        parent.kill("SIGKILL");
        expect(await waitUntilGone(pid)).to.equal(true);
    });

    it("names the last log lines when it cannot start", async () => {
        const python = path.join(test.folder, "python");
        writeFileSync(python, "#!/bin/sh\necho 'no module named ministack' >&2\nexit 3\n", { mode: 0o755 });
        const error = await refusalOf(startCloud({ region: REGION, folder: path.join(test.folder, "broken"), python }));
        expect(error.message).to.contain("ended with exit code 3").and.to.contain("no module named ministack");
    });
});
