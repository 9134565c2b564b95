import { expect } from "chai";
import type { AccountLookup } from "../../../automation/account/accountLookup.ts";
import { describeError, EXIT, exitCodeOf } from "../../../automation/errorReport.ts";
import { isJobOf } from "../../../automation/phases/jobLogs.ts";
import { teardownPhase } from "../../../automation/phases/teardown.ts";
import { EngineError } from "../../../automation/engine/engine.ts";
import type { StackResource } from "../../../automation/engine/engine.ts";
import { answersOfEmptyAccount, createFakeAccountClients } from "../../support/emptyAccount.ts";
import { testConfig } from "../../support/programContexts.ts";
import { awsError, createPhaseWorld, failureOf } from "../../support/phaseWorld.ts";
import type { Answers, PhaseWorld } from "../../support/phaseWorld.ts";

const config = testConfig();
const PREFIX = `${config.project}-${config.environment}`;
const ACCOUNT = "111122223333";
const OURS = [{ Key: "Project", Value: config.project }, { Key: "Environment", Value: config.environment }];
const THEIRS = [{ Key: "Project", Value: config.project }, { Key: "Environment", Value: `${config.environment}--pr7` }];

function resource(type: string, id: string, inputs: StackResource["inputs"] = {}): StackResource {
    return { urn: id, type, name: id, custom: true, id, dependencies: [], inputs, outputs: {} };
}

/** A stack that is there, in an account that answers as given. Its outputs are absent, as after an up that failed half way. */
function world(given: Answers): PhaseWorld {
    const made = createPhaseWorld(answersOfEmptyAccount({ ...answers(), ...given }), { config });
    const owner = { project: config.project, environment: config.environment };
    const lookup = async (): Promise<AccountLookup> => ({ clients: createFakeAccountClients(made.context.aws, ACCOUNT), owner } as AccountLookup);
    made.engine.outputsNow = {};
    made.engine.resourcesNow = [resource("aws:sfn/stateMachine:StateMachine", "arn:aws:states:r:a:stateMachine:pipeline")];
    return { ...made, context: { ...made.context, lookup } };
}

function answers(): Answers {
    return {
        GetCallerIdentityCommand: () => ({ Account: ACCOUNT }),
        ListExecutionsCommand: () => ({ executions: [] }),
        DescribeEndpointCommand: () => { throw awsError("ValidationException", 'Could not find endpoint "arn".'); },
    };
}

/** Models and streams that disappear when they are deleted. */
function leftBehind(): Answers {
    const arn = (kind: string, name: string): string => `arn:aws:sagemaker:eu-central-1:${ACCOUNT}:${kind}/${name}`;
    const models = new Set([`${PREFIX}-model-1234567`, `${PREFIX}--pr7-model-1234567`, `other-${PREFIX}-model`]);
    const configurations = new Set([`${PREFIX}-config-1234567`]);
    const streams = new Set([`${PREFIX}-0123456789ab-a-0-0/algo-1`, `${PREFIX}-pr7-0123456789ab-a-0-0/algo-1`]);
    return {
        ListModelsCommand: () => ({ Models: [...models].map((name) => ({ ModelName: name, ModelArn: arn("model", name) })) }),
        ListEndpointConfigsCommand: () => ({ EndpointConfigs: [...configurations].map((name) => ({ EndpointConfigName: name, EndpointConfigArn: arn("endpoint-config", name) })) }),
        ListTagsCommand: ({ ResourceArn }: { ResourceArn: string }) => ({ Tags: ResourceArn.includes("--pr7") ? THEIRS : OURS }),
        DescribeLogStreamsCommand: ({ logGroupName }: { logGroupName: string }) => {
            if (logGroupName.endsWith("TransformJobs")) throw awsError("ResourceNotFoundException");
            return { logStreams: [...streams].map((logStreamName) => ({ logStreamName })) };
        },
        DeleteModelCommand: ({ ModelName }: { ModelName: string }) => ({ was: models.delete(ModelName) }),
        DeleteEndpointConfigCommand: ({ EndpointConfigName }: { EndpointConfigName: string }) => ({ was: configurations.delete(EndpointConfigName) }),
        DeleteLogStreamCommand: ({ logStreamName }: { logStreamName: string }) => ({ was: streams.delete(logStreamName) }),
    };
}

function deletedBy({ sent }: PhaseWorld): readonly unknown[] {
    return sent.filter(({ name }) => name.startsWith("Delete")).map(({ input }) => Object.values(input).at(-1));
}

describe("the teardown", () => {
    it("destroys the stack, and then what it retains: by name and by tags", async () => {
        const made = world(leftBehind());
        await teardownPhase.run(made.context);
        expect(made.engine.calls).to.deep.equal(["destroy"]);
        expect(deletedBy(made)).to.deep.equal([`${PREFIX}-config-1234567`, `${PREFIX}-model-1234567`, `${PREFIX}-0123456789ab-a-0-0/algo-1`]);
    });

    it("waits until the endpoint is gone before it takes away what the endpoint uses", async () => {
        let looks = 0;
        const describe = (): object => {
            if (++looks < 5) return { EndpointStatus: "Deleting", EndpointArn: "arn:endpoint" };
            throw awsError("ValidationException", 'Could not find endpoint "arn".');
        };
        const { context, sent } = world({ ...leftBehind(), DescribeEndpointCommand: describe });
        await teardownPhase.run(context);
        const names = sent.map(({ name }) => name);
        expect(looks).to.be.greaterThan(4);
        expect(names.lastIndexOf("DescribeEndpointCommand")).to.be.lessThan(names.indexOf("DeleteEndpointConfigCommand"));
    });

    it("stops the pipeline's runs and deletes a failed endpoint before the stack goes", async () => {
        let isThere = true;
        const { context, sent } = world({
            ListExecutionsCommand: () => ({ executions: [{ executionArn: "arn:run" }] }),
            StopExecutionCommand: () => ({}),
            DescribeExecutionCommand: () => ({ status: "RUNNING" }),
            ListTagsCommand: () => ({ Tags: OURS }),
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

    it("passes by a state machine that a killed destroy has deleted already", async () => {
        const { context, engine } = world({ ListExecutionsCommand: () => { throw awsError("StateMachineDoesNotExist"); } });
        await teardownPhase.run(context);
        expect(engine.calls).to.deep.equal(["destroy"]);
    });

    it("deletes log groups that functions made anew, without tags, after their groups were gone", async () => {
        const groups = new Set(["/aws/lambda/firstlight-dev-inference", "/aws/lambda/firstlight-dev-eu-inference"]);
        const made = world({
            DescribeLogGroupsCommand: ({ logGroupNamePrefix }: { logGroupNamePrefix: string }) => (
                { logGroups: [...groups].filter((name) => name.startsWith(logGroupNamePrefix)).map((logGroupName) => ({ logGroupName })) }),
            DeleteLogGroupCommand: ({ logGroupName }: { logGroupName: string }) => ({ was: groups.delete(logGroupName) }),
        });
        await teardownPhase.run(made.context);
        expect(deletedBy(made)).to.deep.equal(["/aws/lambda/firstlight-dev-inference"]);
    });

    it("refuses to touch a stack that protects its data, unless it was asked for twice", async () => {
        const { context, engine, sent } = world({});
        engine.resourcesNow = [resource("aws:dynamodb/table:Table", "firstlight-dev-ab-tests", { deletionProtectionEnabled: true })];
        const failure = await failureOf(teardownPhase.run(context));
        expect(describeError(failure)).to.include("dev protects its data").and.to.include("--delete-data --confirm dev");
        expect([engine.calls, sent]).to.deep.equal([[], []]);
    });

    it("destroys nothing by the state of another account: the engine would find none of it, and forget all", async () => {
        const { context, engine, sent } = world({});
        engine.resourcesNow = [{ ...resource("aws:kms/key:Key", "k"), outputs: { arn: `arn:aws:kms:eu-central-1:${ACCOUNT}:key/k` } }];
        const failure = await failureOf(teardownPhase.run({ ...context, accountId: "444455556666", deletesData: true }));
        expect(describeError(failure)).to.include(`of account ${ACCOUNT}, but the credentials are of account 444455556666`);
        expect([engine.calls, sent]).to.deep.equal([[], []]);
    });

    it("lifts the protection and empties the buckets when it was, and again when something was written meanwhile", async () => {
        const versions = [{ Key: "a", VersionId: "1" }];
        const { context, engine, sent } = world({
            DescribeTableCommand: () => ({ Table: { DeletionProtectionEnabled: true } }),
            UpdateTableCommand: () => ({}),
            ListObjectVersionsCommand: () => ({ Versions: versions }),
            DeleteObjectsCommand: () => ({ was: versions.pop() }),
        });
        engine.resourcesNow = [resource("aws:dynamodb/table:Table", "firstlight-dev-ab-tests"), resource("aws:s3/bucket:Bucket", "firstlight-dev-raw")];
        const destroy = engine.destroy.bind(engine);
        engine.destroy = async () => {
            if (engine.calls.length > 0) return destroy();
            engine.calls.push("filled anew");
            versions.push({ Key: "log", VersionId: "2" });
            throw new EngineError("deleting S3 Bucket: BucketNotEmpty: The bucket you tried to delete is not empty");
        };
        await teardownPhase.run({ ...context, deletesData: true });
        expect(engine.calls).to.deep.equal(["filled anew", "destroy"]);
        expect(sent.filter(({ name }) => name === "DeleteObjectsCommand")).to.have.length(2);
        expect(sent.find(({ name }) => name === "UpdateTableCommand")?.input).to.include({ TableName: "firstlight-dev-ab-tests", DeletionProtectionEnabled: false });
    });

    it("of a stack that was never deployed asks the engine, looks through the account, and deletes nothing", async () => {
        const made = world({});
        made.engine.resourcesNow = [];
        await teardownPhase.run(made.context);
        expect(made.engine.calls).to.deep.equal(["destroy"]);
        expect(deletedBy(made)).to.deep.equal([]);
    });

    it("says sweep when the state is empty and resources are there, and takes nothing of theirs", async () => {
        const made = world({ ...leftBehind(), GetApisCommand: () => ({ Items: [{ ApiId: "abc", Name: `${PREFIX}-api`, Tags: { Project: config.project, Environment: config.environment } }] }) });
        made.engine.resourcesNow = [];
        const failure = await failureOf(teardownPhase.run(made.context));
        expect(describeError(failure)).to.include("aws:apigatewayv2/api:Api firstlight-dev-api").and.to.include("deploy.ts sweep --stack dev --confirm dev");
        expect(deletedBy(made)).to.deep.equal([]);
    });

    it("names keys that wait for their deletion, and what no service there knows, and counts neither", async () => {
        const made = world({
            ListKeysCommand: () => ({ Keys: [{ KeyId: "k1", KeyArn: `arn:aws:kms:eu-central-1:${ACCOUNT}:key/k1` }] }),
            ListResourceTagsCommand: () => ({ Tags: OURS.map(({ Key, Value }) => ({ TagKey: Key, TagValue: Value })) }),
            DescribeKeyCommand: () => ({ KeyMetadata: { KeyState: "PendingDeletion", DeletionDate: new Date("2026-12-01T00:00:00Z") } }),
            DescribeQueryDefinitionsCommand: () => { throw awsError("UnknownOperationException"); },
        });
        await teardownPhase.run(made.context);
        expect(made.notes()).to.include("key k1: pending deletion until 2026-12-01");
        expect(made.notes().join("\n")).to.include("does not know the question: saved queries of CloudWatch Logs");
    });

    it("fails when the caller may not ask whether anything is left: with what, and the command to look again", async () => {
        const made = world({ ListTablesCommand: () => { throw awsError("AccessDeniedException"); }, ListTopicsCommand: () => { throw awsError("AuthorizationErrorException"); } });
        const failure = await failureOf(teardownPhase.run({ ...made.context, stack: "dev--pr7" }));
        expect(exitCodeOf(failure)).to.equal(EXIT.operator);
        expect(describeError(failure)).to.include("tables of DynamoDB: AccessDeniedException").and.to.include("topics of SNS: AuthorizationErrorException")
            .and.to.include("deploy.ts sweep --stack dev --suffix pr7");
        expect(made.engine.calls, "the stack itself is gone").to.deep.equal(["destroy"]);
    });

    it("fails when a service does not answer whether anything is left: with its words, and the command to look again", async () => {
        const made = world({ ListTopicsCommand: () => { throw awsError("InternalErrorException", "try later"); } });
        const failure = await failureOf(teardownPhase.run(made.context));
        expect(exitCodeOf(failure)).to.equal(EXIT.cloud);
        expect(describeError(failure)).to.include("InternalErrorException: try later").and.to.include("could not be asked").and.to.include("deploy.ts sweep --stack dev --confirm dev");
    });

    it("tells this stack's jobs from those of a stack whose name goes on", () => {
        expect(isJobOf("firstlight-dev", "firstlight-dev-0123456789ab-a-0-0/algo-1")).to.equal(true);
        expect(isJobOf("firstlight-dev", "firstlight-dev-0123456789ab-b-2-1")).to.equal(true);
        expect(isJobOf("firstlight-dev", "firstlight-dev-pr7-0123456789ab-a-0-0/algo-1")).to.equal(false);
        expect(isJobOf("firstlight-dev", "firstlight-devel-0123456789ab-a-0-0/algo-1")).to.equal(false);
    });
});
