import { expect } from "chai";
import { leaseIdOf, runIdOf } from "../../../../automation/phases/execution.ts";
import { runChecks } from "../../../../automation/phases/verification/runChecks.ts";
import { singleRun } from "../../../../automation/phases/verification/singleRun.ts";
import { failureOf } from "../../../support/phaseWorld.ts";
import type { Answers, SentCommand } from "../../../support/phaseWorld.ts";
import { createVerificationWorld, MARK } from "../../../support/verificationWorld.ts";
import type { TestedWorld } from "../../../support/verificationWorld.ts";

const RUN = "arn:aws:states:eu-central-1:111122223333:execution:pipeline:first";
const SECOND = "arn:aws:states:eu-central-1:111122223333:execution:pipeline:second";
const EVENT = JSON.stringify({ source: "aws.s3", detail: { object: { key: `data/${MARK}.csv` } } });

interface Scene {
    /** That the second run passes through. */
    readonly secondState?: string;
    readonly answers?: Answers;
}

function world({ secondState = "AlreadyProcessed", answers = {} }: Scene = {}): TestedWorld {
    return createVerificationWorld({ answers: {
        PutObjectCommand: () => ({ VersionId: "7" }),
        GetItemCommand: () => ({ Item: { ExecutionArn: { S: RUN } } }),
        DescribeExecutionCommand: ({ executionArn }: { executionArn: string }) => (
            executionArn.endsWith("other") ? { status: "SUCCEEDED", input: "{}" } : { status: executionArn === RUN ? "RUNNING" : "SUCCEEDED", input: EVENT }),
        StartExecutionCommand: () => ({ executionArn: SECOND }),
        GetExecutionHistoryCommand: ({ executionArn }: { executionArn: string }) => (
            { events: [{ id: 1, stateEnteredEventDetails: { name: executionArn === RUN ? "ValidateData" : secondState } }] }),
        ListExecutionsCommand: () => ({ executions: [
            { executionArn: SECOND, startDate: new Date() }, { executionArn: RUN, startDate: new Date() }, { executionArn: "arn:other", startDate: new Date() },
            { executionArn: "arn:long ago", startDate: new Date(0) },
        ] }),
        StopExecutionCommand: () => ({}), DeleteItemCommand: () => ({}), DeleteObjectsCommand: () => ({}),
        ListObjectVersionsCommand: ({ Prefix }: { Prefix: string }) => ({ Versions: [{ Key: Prefix, VersionId: "1" }] }), ...answers,
    } });
}

function removed({ phase }: TestedWorld): readonly unknown[] {
    return phase.sent.filter(({ name }) => name === "ListObjectVersionsCommand").map(({ input }) => `${String(input["Bucket"])}: ${String(input["Prefix"])}`);
}

function keysOf({ Delete }: SentCommand["input"]): readonly unknown[] {
    return (Delete as { readonly Objects: readonly { readonly Key: string }[] }).Objects.map(({ Key }) => Key);
}

describe("the check new data", () => {
    it("gives the state machine the same event again, and wants one run of the two", async () => {
        const made = world();
        expect(await singleRun.run(made.world)).to.equal("one upload, 2 events, one run (stopped); the others ended as AlreadyProcessed");
        expect(made.phase.sent.find(({ name }) => name === "StartExecutionCommand")?.input).to.deep.include({ input: EVENT });
    });

    it("stops the runs and removes their data, what they wrote, and their lease", async () => {
        const made = world();
        await singleRun.run(made.world);
        expect(made.phase.sent.filter(({ name }) => name === "StopExecutionCommand").map(({ input }) => input["executionArn"])).to.deep.equal([RUN]);
        expect(removed(made)).to.include.members([`processed: runs/${runIdOf(RUN)}/`, `models: training/firstlight-dev-${runIdOf(RUN)}-`, `raw: data/${MARK}.csv`]);
        expect(made.phase.sent.some(({ name }) => name === "DeleteItemCommand")).to.equal(true);
    });

    it("begins with the file of a verification that was killed, its run and lease, and leaves files of others", async () => {
        const [ours, theirs] = ["data/verify-aaaaaaaaaaaa.csv", "data/verify-customers.csv"];
        const answers = { ListObjectVersionsCommand: ({ Prefix }: { Prefix: string }) => (
            { Versions: Prefix === "data/verify-" ? [{ Key: ours, VersionId: "3" }, { Key: theirs, VersionId: "4" }] : [{ Key: Prefix, VersionId: "1" }] }) };
        const { world: later, phase } = world({ answers });
        await runChecks([singleRun], "full", { ...later, served: [] });
        const deleted = phase.sent.filter(({ name }) => name === "DeleteObjectsCommand").flatMap(({ input }) => keysOf(input));
        expect(deleted).to.include(ours).and.to.not.include(theirs);
        expect(phase.sent.filter(({ name }) => name === "StopExecutionCommand").map(({ input }) => input["executionArn"])).to.deep.equal([RUN]);
        const lease = leaseIdOf({ bucket: "raw", key: ours, versionId: "3" });
        expect(phase.sent.filter(({ name }) => name === "DeleteItemCommand").map(({ input }) => input["Key"])).to.deep.equal([{ LeaseId: { S: lease } }]);
        expect(phase.notes().join()).to.include(ours);
    });

    it("deletes nothing of earlier verifications in production", async () => {
        const { world: read, phase } = world();
        await runChecks([singleRun], "smoke", read);
        expect(phase.sent).to.deep.equal([]);
    });

    it("fails when both run, and cleans up all the same", async () => {
        const made = world({ secondState: "ValidateData" });
        expect(await failureOf(singleRun.run(made.world))).to.have.property("message").that.includes('must be ["first"], got ["second","first"]');
        expect(removed(made)).to.include(`processed: runs/${runIdOf(SECOND)}/`);
    });
});
