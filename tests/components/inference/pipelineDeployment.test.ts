import { expect } from "chai";
import { AB_TEST_CACHE_SECONDS, SERVING_CACHE_SECONDS } from "../../../lambdas/shared/routerCaches.ts";
import { buildAllStates } from "../../support/pipelineSettings.ts";

const states = buildAllStates();

/** The state that a choice leads to when the rule's text contains all of these. */
function wayOf(name: string, ...parts: readonly string[]): string | undefined {
    return states[name].Choices.find((rule: object) => parts.every((part) => JSON.stringify(rule).includes(part)))?.Next;
}

describe("DeployModel", () => {
    it("deploys one variant after the other, so that the other one can answer", () => {
        expect(states["DeployModel"]).to.include({ Type: "Map", MaxConcurrency: 1, ItemsPath: "$.planned" });
        expect(states["PlanDeployments"].Output).to.contain("'champion': 'firstlight-dev-champion'").and.to.contain("'challenger': 'firstlight-dev-challenger'");
    });

    it("deploys the approved model when an order names none, and gives way to a later run's", () => {
        const { Arguments, Output } = states["ReadApprovedModel"];
        expect(Arguments.Name).to.equal("{% '/firstlight/dev/inference/approved-' & $states.input.variant %}");
        expect(Output).to.contain("$approved.version > $model.version");
        expect(wayOf("IsDeployable", "overtaken")).to.equal("VariantDeployed");
        expect(states["IsDeployable"].Default).to.equal("NothingApproved");
    });

    it("approves without an endpoint only when SageMaker says that there is none, or it is being deleted", () => {
        expect(states["DescribeEndpoint"].Catch).to.deep.equal([{ ErrorEquals: ["States.ALL"], ResultPath: "$.error", Next: "IsEndpointAbsent" }]);
        expect(wayOf("IsEndpointAbsent", "*Could not find*")).to.equal("ApproveWithoutEndpoint");
        expect(states["IsEndpointAbsent"].Default).to.equal("DeploymentFailed");
        expect(wayOf("IsEndpointUpdatable", "Deleting")).to.equal("ApproveWithoutEndpoint");
        expect(states["ApproveWithoutEndpoint"].Parameters.Payload).to.include({ isServed: false });
    });

    it("waits for an endpoint that is being created, and refuses one that is broken", () => {
        expect(wayOf("IsEndpointUpdatable", "Creating", "settleWaits")).to.equal("WaitForEndpoint");
        expect(states["IsEndpointUpdatable"].Default).to.equal("EndpointUnusable");
        expect(states["EndpointUnusable"].Type).to.equal("Fail");
    });

    it("serves by the settings of the moment, with the image that trained the model and the role of the endpoints", () => {
        expect(states["ReadSettings"].Parameters).to.deep.equal({ Name: "/firstlight/dev/inference/settings" });
        expect(states["CreateServingModel"].Parameters).to.deep.include({
            ExecutionRoleArn: "arn:serving-role", PrimaryContainer: { "Image.$": "$.model.trainingImage", "ModelDataUrl.$": "$.model.modelDataUrl" },
        });
        expect(states["CreateEndpointConfiguration"].Parameters.ProductionVariants).to.deep.equal([{
            "VariantName.$": "$.variant", "ModelName.$": "$.served.name",
            ServerlessConfig: { "MemorySizeInMB.$": "$.settings.serving.memoryMiB", "MaxConcurrency.$": "$.settings.serving.maxConcurrency" },
        }]);
    });

    it("touches nothing that serves before the variant is drained, and drains no longer than it can take", () => {
        expect(states["CreateEndpointConfiguration"].Next).to.equal("DrainVariant");
        expect(states["DrainVariant"].Next).to.equal("WaitForRouters");
        expect(states["WaitForRouters"].Next).to.equal("UpdateEndpoint");
        expect(states["DrainVariant"].Arguments.UpdateExpression).to.equal("SET DrainedVariant = :variant, DrainedUntil = :until");
        expect(states["DrainVariant"].Arguments.ExpressionAttributeValues[":until"].N).to.match(/EnteredTime\) \/ 1000\) \+ 6300\) %\}$/);
    });

    it("waits longer than routers go by what they read before", () => {
        expect(states["WaitForRouters"].Seconds).to.be.above(AB_TEST_CACHE_SECONDS);
        expect(states["WaitForSchemas"].Seconds).to.be.above(SERVING_CACHE_SECONDS);
    });

    it("believes the update only when the new configuration is in service", () => {
        expect(wayOf("IsUpdateDone", "InService", "$.configuration.name")).to.equal("ApproveModel");
        expect(states["IsUpdateDone"].Choices[0].And).to.have.length(2);
        expect(wayOf("IsUpdateDone", "InService", "$.error")).to.equal("RestoreAfterFailure");
        expect(states["IsUpdateDone"].Choices[2]).to.deep.equal({ Variable: "$.seen.status", StringEquals: "InService", Next: "SayReturned" });
        expect(wayOf("IsUpdateDone", "Updating", "updateWaits")).to.equal("WaitForUpdate");
        expect(wayOf("IsUpdateDone", '"Failed"')).to.equal("SayBroken");
        expect(states["IsUpdateDone"].Default).to.equal("SayHanging");
    });

    it("looks at the endpoint even when the call to update it failed: it may have begun", () => {
        expect(states["UpdateEndpoint"].Catch).to.deep.equal([{ ErrorEquals: ["States.ALL"], ResultPath: "$.error", Next: "WaitForUpdate" }]);
    });

    it("makes the serverless configuration by a call whose fields are SageMaker's own, and retries it by that call's error name", () => {
        const { Resource, Parameters, Retry } = states["CreateEndpointConfiguration"];
        expect(Resource).to.match(/:states:::aws-sdk:sagemaker:createEndpointConfig$/);
        expect(Parameters.ProductionVariants[0].ServerlessConfig).to.have.all.keys("MemorySizeInMB.$", "MaxConcurrency.$");
        expect(Retry[0].ErrorEquals).to.include("SageMaker.SageMakerException");
    });

    it("retries a configuration that SageMaker does not know yet", () => {
        const retried = states["UpdateEndpoint"].Retry.flatMap(({ ErrorEquals }: { ErrorEquals: readonly string[] }) => ErrorEquals);
        expect(retried).to.include("SageMaker.AmazonSageMakerException");
    });

    it("puts the old configuration back when the new one hangs, or cannot be approved", () => {
        expect(states["SayHanging"].Next).to.equal("RollBackEndpoint");
        expect(states["ApproveModel"].Catch.at(-1).Next).to.equal("RollBackEndpoint");
        expect(states["RollBackEndpoint"].Parameters["EndpointConfigName.$"], "what ran before").to.equal("$.endpoint.configuration");
        expect(wayOf("IsRolledBack", "InService", "$.endpoint.configuration")).to.equal("RestoreAfterFailure");
        expect(states["IsRolledBack"].Default).to.equal("SayStuck");
        for (const name of ["RollBackEndpoint", "DescribeRollback"]) expect(states[name].Catch.at(-1).Next, name).to.equal("SayStuck");
    });

    it("says what a person must do where the pipeline can do no more", () => {
        for (const name of ["SayReturned", "SayBroken", "SayStuck"]) expect(states[name].Output, name).to.contain("fix: ");
    });

    it("ends the drain on every way out after it began", () => {
        const outs = ["DrainVariant", "SayReturned", "SayBroken"].map((name) => states[name].Catch?.at(-1).Next ?? states[name].Next);
        expect(outs).to.deep.equal(outs.map(() => "RestoreAfterFailure"));
        for (const [name, next] of [["RestoreTraffic", "VariantDeployed"], ["RestoreAfterFailure", "DeploymentFailed"]] as const) {
            expect(states[name].Parameters.UpdateExpression).to.equal("REMOVE DrainedVariant, DrainedUntil");
            expect(states[name]).to.include({ Next: next });
            expect(states[name].Catch.at(-1).Next, "a drain ends by itself").to.equal(next);
        }
    });

    it("restores the traffic of a stuck endpoint only when it is seen to run another configuration than the new one", () => {
        expect(states["SayStuck"].Next).to.equal("IsFormerServing");
        const [restore] = states["IsFormerServing"].Choices;
        expect(restore).to.deep.equal({
            And: [
                { Variable: "$.seen.configuration", IsPresent: true },
                { Not: { Variable: "$.seen.configuration", StringEqualsPath: "$.configuration.name" } },
            ],
            Next: "RestoreAfterFailure",
        });
        expect(states["IsFormerServing"].Default).to.equal("HoldDrain");
        expect(states["HoldDrain"].Arguments.ExpressionAttributeValues[":until"].N).to.contain(String(30 * 86_400));
        expect(states["HoldDrain"]).to.include({ Next: "DeploymentFailed" });
        expect(states["HoldDrain"].Catch.at(-1).Next).to.equal("DeploymentFailed");
    });

    it("approves again whatever went wrong, since half an approval names two models", () => {
        expect(states["ApproveModel"].Retry.at(-1)).to.deep.equal({ ErrorEquals: ["States.ALL"], IntervalSeconds: 5, MaxAttempts: 3, BackoffRate: 2 });
    });

    it("fails with the error of what failed", () => {
        expect(states["DeploymentFailed"]).to.include({ Type: "Fail", Error: "{% $states.input.error.Error %}" });
        expect(states["DeployModel"].Catch).to.deep.equal([{ ErrorEquals: ["States.ALL"], ResultPath: "$.error", Next: "ReleaseTurnAfterFailure" }]);
    });
});
