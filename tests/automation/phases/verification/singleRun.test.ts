import { expect } from "chai";
import { runIdOf } from "../../../../automation/phases/execution.ts";
import { singleRun } from "../../../../automation/phases/verification/singleRun.ts";
import { failureOf } from "../../../support/phaseWorld.ts";
import { createVerificationWorld, MARK } from "../../../support/verificationWorld.ts";
import type { TestedWorld } from "../../../support/verificationWorld.ts";

const RUN = "arn:aws:states:eu-central-1:111122223333:execution:pipeline:first";
const SECOND = "arn:aws:states:eu-central-1:111122223333:execution:pipeline:second";
const EVENT = JSON.stringify({ source: "aws.s3", detail: { object: { key: `data/${MARK}.csv` } } });

/** @param secondState the state that the second run passes through */
function world(secondState = "AlreadyProcessed"): TestedWorld {
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
        ListObjectVersionsCommand: ({ Prefix }: { Prefix: string }) => ({ Versions: [{ Key: Prefix, VersionId: "1" }] }),
    } });
}

function removed({ phase }: TestedWorld): readonly unknown[] {
    return phase.sent.filter(({ name }) => name === "ListObjectVersionsCommand").map(({ input }) => `${String(input["Bucket"])}: ${String(input["Prefix"])}`);
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

    it("fails when both run, and cleans up all the same", async () => {
        const made = world("ValidateData");
        expect(await failureOf(singleRun.run(made.world))).to.have.property("message").that.includes('must be ["first"], got ["second","first"]');
        expect(removed(made)).to.include(`processed: runs/${runIdOf(SECOND)}/`);
    });
});
