import { expect } from "chai";
import { planTurnWait } from "../../../components/inference/pipelineTurn.ts";
import { buildAllStates } from "../../support/pipelineSettings.ts";

const ME = { "S.$": "$$.Execution.Id" };

describe("the pipeline's beginning", () => {
    it("knows uploads, the schedule and orders by their source, and refuses everything else with an alert", () => {
        const { ClassifyEvent, RouteEvent, RefuseEvent } = buildAllStates();
        for (const source of ["aws.s3", "aws.events", "firstlight.deployment"]) expect(ClassifyEvent.Output).to.contain(`'${source}'`);
        expect(RouteEvent.Choices.map(({ StringEquals, Next }: { StringEquals: string; Next: string }) => [StringEquals, Next])).to.deep.equal([
            ["upload", "AcquireLease"], ["schedule", "SelectData"], ["deployment", "TakeTurn"],
        ]);
        expect(RouteEvent.Default).to.equal("RefuseEvent");
        expect(RefuseEvent).to.include({ Next: "DescribeFailure" });
    });

    it("takes one lease per version of an object or event of the schedule, and lets its own run pass again", () => {
        const { ClassifyEvent, AcquireLease } = buildAllStates();
        expect(AcquireLease.Parameters.ConditionExpression).to.equal("attribute_not_exists(LeaseId) OR ExecutionArn = :me");
        expect(AcquireLease.Parameters.ExpressionAttributeValues).to.deep.equal({ ":me": ME });
        for (const part of ["bucket.name", "$object.key", "$object.`version-id`", "$event.id"]) expect(ClassifyEvent.Output).to.contain(part);
        expect(ClassifyEvent.Output).to.contain("$toMillis");
        expect(AcquireLease.Catch[0]).to.deep.include({ ErrorEquals: ["DynamoDB.ConditionalCheckFailedException"], Next: "AlreadyProcessed" });
    });

    it("ends well when the schedule comes before the first data", () => {
        const { HasData, NothingToTrain } = buildAllStates();
        expect(HasData.Choices).to.deep.equal([{ Variable: "$.upload", IsNull: true, Next: "NothingToTrain" }]);
        expect(NothingToTrain.Type).to.equal("Succeed");
    });
});

describe("the turn", () => {
    it("is taken when it is free, ours, or of a run that has ended: by one conditional write", () => {
        const { TakeTurn } = buildAllStates();
        expect(TakeTurn.Parameters.Item.LeaseId).to.deep.equal({ S: "turn" });
        expect(TakeTurn.Parameters.Item, "it does not expire under its holder").not.to.have.property("ExpiresAt");
        expect(TakeTurn.Parameters.ConditionExpression).to.equal("attribute_not_exists(LeaseId) OR ExecutionArn = :me OR ExecutionArn = :ended");
        expect(TakeTurn.Parameters.ExpressionAttributeValues).to.deep.equal({ ":me": ME, ":ended": { "S.$": "$.turn.ended" } });
    });

    it("is taken over from a holder that was stopped, ran out of time or is forgotten, and waited for from one that runs", () => {
        const { HasHolderEnded, DescribeHolder, ForgetHolder } = buildAllStates();
        const ended = HasHolderEnded.Choices[0].Or.map(({ StringEquals }: { StringEquals: string }) => StringEquals);
        expect(ended).to.have.members(["SUCCEEDED", "FAILED", "TIMED_OUT", "ABORTED"]);
        expect(HasHolderEnded.Default).to.equal("WaitForTurn");
        expect(DescribeHolder.Catch[0]).to.deep.include({ ErrorEquals: ["Sfn.ExecutionDoesNotExistException"], Next: "ForgetHolder" });
        expect(ForgetHolder).to.deep.include({ Parameters: { "ended.$": "$.held.Item.ExecutionArn.S" }, ResultPath: "$.turn" });
    });

    it("is given back on both ways out, if it is ours, and not giving it back is no failure", () => {
        const { ReleaseTurn, ReleaseTurnAfterFailure } = buildAllStates();
        for (const [state, next] of [[ReleaseTurn, "Succeeded"], [ReleaseTurnAfterFailure, "DescribeFailure"]]) {
            expect(state.Parameters).to.deep.include({ ConditionExpression: "ExecutionArn = :me", Key: { LeaseId: { S: "turn" } } });
            expect(state).to.include({ Next: next });
            expect(state.Catch).to.deep.equal([{ ErrorEquals: ["States.ALL"], ResultPath: "$.releaseError", Next: next }]);
        }
    });

    it("is given back by everything that fails while it is held", () => {
        const states = buildAllStates();
        for (const name of ["TakeTurn", "ReadChampion", "ValidateData", "PreprocessData", "TrainVariants", "DeployModel"]) {
            expect(states[name].Catch.at(-1).Next, name).to.equal("ReleaseTurnAfterFailure");
        }
    });

    it("is asked for every minute, or as seldom as a long wait demands", () => {
        expect(planTurnWait(600)).to.deep.equal({ pauseSeconds: 60, tries: 10 });
        const { pauseSeconds, tries } = planTurnWait(500_000);
        expect(tries).to.be.at.most(400);
        expect(pauseSeconds * tries).to.be.at.least(500_000);
    });
});
