import { expect } from "chai";
import { isJobOf } from "../../../automation/phases/jobLogs.ts";
import { teardownPhase } from "../../../automation/phases/teardown.ts";
import { testConfig } from "../../support/programContexts.ts";
import { awsError, createPhaseWorld } from "../../support/phaseWorld.ts";
import type { StackResource } from "../../../automation/engine/engine.ts";
import type { Answers, PhaseWorld } from "../../support/phaseWorld.ts";

const config = testConfig();
const PREFIX = `${config.project}-${config.environment}`;
const OURS = [{ Key: "Project", Value: config.project }, { Key: "Environment", Value: config.environment }];

function resource(type: string, id: string): StackResource {
    return { urn: id, type, name: id, custom: true, id, dependencies: [], inputs: {}, outputs: {} };
}

/** A stack that is there. Its outputs are absent, as after an up that failed half way. */
function world(given: Answers): PhaseWorld {
    const made = createPhaseWorld(given, { config });
    made.engine.outputsNow = {};
    made.engine.resourcesNow = [resource("aws:sfn/stateMachine:StateMachine", "arn:aws:states:r:a:stateMachine:pipeline")];
    return made;
}

function answers(): Answers {
    return {
        ListModelsCommand: () => ({ Models: [
            { ModelName: `${PREFIX}-model-1234567`, ModelArn: "arn:ours" }, { ModelName: `${PREFIX}-pr7-model-1234567`, ModelArn: "arn:theirs" },
            { ModelName: `other-${PREFIX}-model`, ModelArn: "arn:other" },
        ] }),
        ListEndpointConfigsCommand: () => ({ EndpointConfigs: [{ EndpointConfigName: `${PREFIX}-config-1234567`, EndpointConfigArn: "arn:ours" }] }),
        ListTagsCommand: ({ ResourceArn }: { ResourceArn: string }) => ({ Tags: ResourceArn === "arn:ours" ? OURS : [{ Key: "Project", Value: config.project }, { Key: "Environment", Value: "dev-pr7" }] }),
        DescribeEndpointCommand: () => { throw awsError("ValidationException", 'Could not find endpoint "arn".'); },
        DeleteModelCommand: () => ({}),
        DeleteEndpointConfigCommand: () => ({}),
        DeleteLogGroupCommand: () => { throw awsError("ResourceNotFoundException"); },
        GetCallerIdentityCommand: () => ({ Account: "111122223333" }),
        ListExecutionsCommand: () => ({ executions: [] }),
        DescribeLogStreamsCommand: ({ logGroupName }: { logGroupName: string }) => {
            if (logGroupName.endsWith("TransformJobs")) throw awsError("ResourceNotFoundException");
            return { logStreams: [{ logStreamName: `${PREFIX}-0123456789ab-a-0-0/algo-1` }, { logStreamName: `${PREFIX}-pr7-0123456789ab-a-0-0/algo-1` }] };
        },
        DeleteLogStreamCommand: () => ({}),
    };
}

describe("the teardown", () => {
    it("destroys the stack, and then what it retains: by name and by tags", async () => {
        const { context, engine, sent } = world(answers());
        await teardownPhase.run(context);
        expect(engine.calls).to.deep.equal(["destroy"]);
        const deleted = sent.filter(({ name }) => name.startsWith("Delete")).map(({ input }) => input["ModelName"] ?? input["EndpointConfigName"] ?? input["logStreamName"] ?? input["logGroupName"]);
        expect(deleted).to.deep.equal([
            `${PREFIX}-config-1234567`, `${PREFIX}-model-1234567`,
            "/aws/sagemaker/Endpoints/firstlight-dev-champion", "/aws/sagemaker/Endpoints/firstlight-dev-challenger", `${PREFIX}-0123456789ab-a-0-0/algo-1`,
        ]);
    });

    it("waits until the endpoint is gone before it takes away what the endpoint uses", async () => {
        let looks = 0;
        const describe = (): object => {
            if (++looks < 5) return { EndpointStatus: "Deleting", EndpointArn: "arn:endpoint" };
            throw awsError("ValidationException", 'Could not find endpoint "arn".');
        };
        const { context, sent } = world({ ...answers(), DescribeEndpointCommand: describe });
        await teardownPhase.run(context);
        const names = sent.map(({ name }) => name);
        expect(looks).to.be.greaterThan(4);
        expect(names.lastIndexOf("DescribeEndpointCommand")).to.be.lessThan(names.indexOf("DeleteEndpointConfigCommand"));
    });

    it("stops the pipeline's runs and deletes a failed endpoint before the stack goes", async () => {
        let isThere = true;
        const { context, sent } = world({
            ...answers(),
            ListExecutionsCommand: () => ({ executions: [{ executionArn: "arn:run" }] }),
            StopExecutionCommand: () => ({}),
            DescribeExecutionCommand: () => ({ status: "RUNNING" }),
            DescribeEndpointCommand: ({ EndpointName }: { EndpointName: string }) => {
                if (isThere && EndpointName.endsWith("challenger")) return { EndpointStatus: "Failed", EndpointArn: "arn:ours" };
                throw awsError("ValidationException", 'Could not find endpoint "arn".');
            },
            DeleteEndpointCommand: () => {
                isThere = false;
                return {};
            },
        });
        await teardownPhase.run(context);
        expect(sent.find(({ name }) => name === "StopExecutionCommand")?.input).to.include({ executionArn: "arn:run" });
        expect(sent.filter(({ name }) => name === "DeleteEndpointCommand").map(({ input }) => input["EndpointName"])).to.deep.equal(["firstlight-dev-challenger"]);
    });

    it("deletes log groups that functions made anew after their groups were gone", async () => {
        const { context, engine, sent } = world({ ...answers(), DeleteLogGroupCommand: () => ({}) });
        engine.resourcesNow = [resource("aws:cloudwatch/logGroup:LogGroup", "/aws/lambda/f")];
        await teardownPhase.run(context);
        expect(sent.filter(({ name }) => name === "DeleteLogGroupCommand").map(({ input }) => input["logGroupName"])).to.include("/aws/lambda/f");
    });

    it("of a stack that was never deployed asks the engine alone", async () => {
        const { context, engine, sent } = createPhaseWorld({}, { config });
        engine.resourcesNow = [];
        await teardownPhase.run(context);
        expect(engine.calls).to.deep.equal(["destroy"]);
        expect(sent).to.deep.equal([]);
    });

    it("tells this stack's jobs from those of a stack whose name goes on", () => {
        expect(isJobOf("firstlight-dev", "firstlight-dev-0123456789ab-a-0-0/algo-1")).to.equal(true);
        expect(isJobOf("firstlight-dev", "firstlight-dev-0123456789ab-b-2-1")).to.equal(true);
        expect(isJobOf("firstlight-dev", "firstlight-dev-pr7-0123456789ab-a-0-0/algo-1")).to.equal(false);
        expect(isJobOf("firstlight-dev", "firstlight-devel-0123456789ab-a-0-0/algo-1")).to.equal(false);
    });
});
