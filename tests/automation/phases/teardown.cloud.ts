/** A stack is taken away: protected data only when asked twice, a destroy that was killed goes on, and the end is an account without a trace. */
import { rm } from "node:fs/promises";
import path from "node:path";
import { CreateLogGroupCommand } from "@aws-sdk/client-cloudwatch-logs";
import { CreateMultipartUploadCommand, DeleteObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { expect } from "chai";
import { describeError, exitCodeOf } from "../../../automation/errorReport.ts";
import { readOutputs } from "../../../automation/outputs.ts";
import { teardownPhase } from "../../../automation/phases/teardown.ts";
import { upPhase } from "../../../automation/phases/up.ts";
import { preparePythonEnvironment } from "../../../automation/rehearsal/pythonEnvironment.ts";
import { startRehearsal } from "../../../automation/rehearsal/rehearsal.ts";
import type { Rehearsal } from "../../../automation/rehearsal/rehearsal.ts";
import { createRecordingReporter } from "../../../automation/progress/reporters.ts";
import { overrideValues, readStackSettings } from "../../../automation/stackSettings.ts";
import type { PlatformOutputs } from "../../../components/outputs.ts";
import { failureOf } from "../../support/phaseWorld.ts";

const PROJECT = path.resolve(import.meta.dirname, "..", "..", "..");

describe("the teardown of a stack that protects its data", function suite() {
    this.timeout(300_000);
    const reporter = createRecordingReporter();
    let rehearsal: Rehearsal;
    let outputs: PlatformOutputs;

    before(async () => {
        const { python } = await preparePythonEnvironment({ folder: PROJECT });
        const settings = overrideValues(await readStackSettings(PROJECT, "dev"), { destroyData: false });
        rehearsal = await startRehearsal({
            projectFolder: PROJECT, settings, dataFile: path.join(PROJECT, "data", "customer-churn.csv"), python, reporter, signal: new AbortController().signal,
        });
        await upPhase.run(rehearsal.context);
        outputs = await readOutputs(rehearsal.engine);
        const { s3 } = rehearsal.context.aws;
        const Bucket = outputs.rawBucketName;
        for (const Body of ["one", "two"]) await s3.send(new PutObjectCommand({ Bucket, Key: "notes/a.txt", Body }));
        await s3.send(new DeleteObjectCommand({ Bucket, Key: "notes/a.txt" }));
        await s3.send(new CreateMultipartUploadCommand({ Bucket, Key: "notes/b.txt" }));
    });
    after(async () => rehearsal?.close({ keepFiles: false }));

    it("is refused before anything is touched when it was not asked for twice", async () => {
        const before = await rehearsal.cloud.inventory();
        const failure = await failureOf(teardownPhase.run(rehearsal.context));
        expect(describeError(failure)).to.include("protects its data").and.to.include(outputs.rawBucketName).and.to.include("--delete-data --confirm dev");
        expect(exitCodeOf(failure)).to.equal(1);
        expect(await rehearsal.cloud.inventory()).to.deep.equal(before);
    });

    it("goes on after it was killed half way, lifts protections, empties versioned buckets, and leaves nothing", async () => {
        const interruption = new AbortController();
        const context = { ...rehearsal.context, deletesData: true };
        const killing = { report: (event: Parameters<typeof reporter.report>[0]): void => {
            reporter.report(event);
            if (event.kind === "resource" && event.operation === "delete" && event.type === "aws:dynamodb/table:Table") interruption.abort();
        } };
        await failureOf(teardownPhase.run({ ...context, reporter: killing, signal: interruption.signal }));
        const left = (await rehearsal.engine.resources()).length;
        expect(left).to.be.greaterThan(20).and.lessThan(200);
        // What a function and the pipeline may still do meanwhile.
        await context.aws.logs.send(new CreateLogGroupCommand({ logGroupName: "/aws/lambda/firstlight-dev-inference" })).catch(() => undefined);
        await teardownPhase.run(context);
        expect(await rehearsal.cloud.inventory()).to.deep.equal([]);
        expect(await rehearsal.engine.resources()).to.deep.equal([]);
        const notes = reporter.events.flatMap((event) => (event.kind === "note" ? [event.message] : []));
        expect(notes.join("\n")).to.include("lifted the deletion protection of table firstlight-dev-ab-tests")
            .and.to.match(/emptied bucket firstlight-dev-raw-\S+: 3 versions and markers/).and.to.match(/pending deletion until \d{4}-\d\d-\d\d/);
    });

    it("does nothing when there is nothing", async () => {
        const before = reporter.events.length;
        await teardownPhase.run(rehearsal.context);
        expect(reporter.events.slice(before).filter(({ kind }) => kind === "resource")).to.deep.equal([]);
    });

    it("says sweep when the state is lost and the resources are not", async () => {
        await upPhase.run(rehearsal.context);
        await rm(path.join(rehearsal.folder, "state.json"));
        const before = await rehearsal.cloud.inventory();
        const failure = await failureOf(teardownPhase.run(rehearsal.context));
        expect(exitCodeOf(failure)).to.equal(2);
        expect(describeError(failure)).to.match(/\d+ resources carry its tags/).and.to.include("sweep --stack dev --confirm dev");
        expect(await rehearsal.cloud.inventory()).to.deep.equal(before);
    });
});
