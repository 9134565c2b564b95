import { expect } from "chai";
import { renderStatus } from "../../../../automation/driver/commands/status/renderStatus.ts";
import type { StackStatus } from "../../../../automation/driver/commands/status/stackStatus.ts";
import { EngineError } from "../../../../automation/engine/engine.ts";
import { EXIT } from "../../../../automation/errorReport.ts";
import { ACCOUNT, createDriverWorld } from "../../../support/driverWorld.ts";
import type { DriverWorld } from "../../../support/driverWorld.ts";
import { awsError } from "../../../support/phaseWorld.ts";
import type { Answers } from "../../../support/phaseWorld.ts";

const MODEL = {
    modelId: "churn", version: "20261121-c16c-a", modelDataUrl: "s3://m/model.tar.gz", schemaUrl: "s3://m/schema.json", goldenUrl: "s3://m/golden.json",
    trainingJobName: "job", trainingImage: "image:3.0-5",
};

/** The champion serves; the challenger has an approved model and no endpoint. */
const SERVING: Answers = {
    GetParameterCommand: ({ Name }: { Name: string }) => {
        if (Name.endsWith("/switch")) return { Parameter: { Value: "on" } };
        const model = Name.endsWith("challenger") ? { ...MODEL, version: "20261121-c16c-b" } : MODEL;
        return { Parameter: { Value: Name.endsWith("serving-challenger") ? "none" : JSON.stringify(model) } };
    },
    DescribeEndpointCommand: ({ EndpointName }: { EndpointName: string }) => {
        if (EndpointName.endsWith("challenger")) throw awsError("ValidationException", "Could not find endpoint");
        return { EndpointStatus: "InService", EndpointArn: "arn:endpoint", EndpointConfigName: "configuration" };
    },
    ListTagsCommand: () => ({ Tags: [] }),
    DescribeEndpointConfigCommand: () => ({ ProductionVariants: [{ ModelName: "model", ServerlessConfig: { MemorySizeInMB: 3072, MaxConcurrency: 4 } }] }),
    DescribeModelCommand: () => ({ PrimaryContainer: { ModelDataUrl: MODEL.modelDataUrl } }),
    GetItemCommand: () => ({ Item: undefined }),
    ListExecutionsCommand: () => ({
        executions: [{ name: "new", status: "RUNNING", startDate: new Date(60_000) }, { name: "old", executionArn: "arn:old", status: "FAILED", startDate: new Date(0), stopDate: new Date(30_000) }],
    }),
    DescribeExecutionCommand: ({ executionArn }: { executionArn: string }) => (executionArn === "arn:old" ? { error: "States.TaskFailed", cause: "no column churned\nat line 7" } : {}),
    ListSubscriptionsByTopicCommand: () => ({ Subscriptions: [{ SubscriptionArn: "PendingConfirmation", Endpoint: "kim@example.com" }] }),
};

async function readStatusOf(world: DriverWorld): Promise<StackStatus> {
    const { events, exitCode, stderr } = await world.run("status --stack dev --json -");
    expect(exitCode, stderr).to.equal(EXIT.done);
    const found = events.find((event) => event.kind === "status");
    if (found === undefined) throw new Error(`there is no status in ${JSON.stringify(events)}`);
    return found.status;
}

describe("the status of a stack", () => {
    it("says where a serving stack is, and changes nothing", async () => {
        const world = createDriverWorld({ answers: SERVING });
        world.phaseWorld.engine.outputsNow = { ...world.phaseWorld.engine.outputsNow, phase: "serving" };
        const status = await readStatusOf(world);
        expect(status).to.deep.include({
            stack: "dev", account: ACCOUNT, phase: "serving", resources: 1, endpointSwitch: "on", unconfirmed: ["kim@example.com"], locks: [], pending: [], unasked: [], standIns: [],
            running: [{ name: "new", status: "RUNNING", startedAt: "1970-01-01T00:01:00.000Z" }],
            lastRun: {
                name: "old", status: "FAILED", startedAt: "1970-01-01T00:00:00.000Z", endedAt: "1970-01-01T00:00:30.000Z", reason: "States.TaskFailed: no column churned",
            },
        });
        expect(status.endpoints).to.deep.equal([
            {
                variant: "champion", name: "firstlight-dev-champion", status: "InService", memoryMiB: 3072, maxConcurrency: 4,
                modelVersion: "20261121-c16c-a", approvedVersion: "20261121-c16c-a",
            },
            { variant: "challenger", name: "firstlight-dev-challenger", status: "none", approvedVersion: "20261121-c16c-b" },
        ]);
        expect(status.weights).to.deep.equal({ champion: 90, challenger: 10 });
        expect(world.phaseWorld.engine.calls).to.deep.equal([]);
    });

    it("shows who holds the stack, and what a killed run had begun", async () => {
        const world = createDriverWorld({ answers: SERVING });
        const { engine } = world.phaseWorld;
        engine.locksNow = [{ host: "build-7", pid: 12, since: new Date(0), user: "ci" }];
        engine.pendingNow = [{ urn: "urn:pulumi:dev::p::aws:s3/bucket:Bucket::raw", type: "aws:s3/bucket:Bucket", name: "raw", operation: "creating", inputs: {} }];
        const { stdout } = await world.run("status --stack dev");
        expect(stdout).to.contain("ci on build-7 (process 12)").and.to.contain("creating raw: the next up finds out").and.to.contain("kim@example.com has not confirmed");
    });

    it("works on a stack that was never deployed", async () => {
        const answers: Answers = {
            GetParameterCommand: () => { throw awsError("ParameterNotFound"); },
            DescribeEndpointCommand: () => { throw awsError("ValidationException", "Could not find endpoint"); },
        };
        const world = createDriverWorld({ answers });
        Object.assign(world.phaseWorld.engine, { outputsNow: {}, resourcesNow: [] });
        const status = await readStatusOf(world);
        expect(status).to.deep.include({ phase: "none", resources: 0, unasked: [] });
        expect(status.endpoints?.map(({ status: word }) => word)).to.deep.equal(["none", "none"]);
    });

    it("works without credentials and without an engine, and says what it could not ask", async () => {
        const answers: Answers = { GetCallerIdentityCommand: () => { throw awsError("CredentialsProviderError", "Could not load credentials"); } };
        const status = await readStatusOf(createDriverWorld({ answers, createEngine: async () => { throw new EngineError("there is no CLI\nsecond line"); } }));
        expect(status).not.to.have.property("account");
        expect(status.unasked).to.deep.equal([{ what: "the state", why: "there is no CLI" }, { what: "the account", why: "Could not load credentials" }]);
    });

    it("says what one service refuses, and tells the rest", async () => {
        const status = await readStatusOf(createDriverWorld({ answers: { ...SERVING, ListExecutionsCommand: () => { throw awsError("AccessDeniedException", "no"); } } }));
        expect(status.unasked).to.deep.equal([{ what: "the runs of the pipeline", why: "no" }]);
        expect(status).to.have.property("endpointSwitch", "on");
    });

    it("says what points elsewhere than to AWS, where other commands refuse it", async () => {
        const status = await readStatusOf(createDriverWorld({ answers: SERVING, environment: { AWS_ENDPOINT_URL: "http://localhost:4566" } }));
        expect(status.standIns).to.deep.equal(["the variable AWS_ENDPOINT_URL is set"]);
        expect(renderStatus(status).join("\n")).to.contain("NOT AWS");
    });

    it("does not call a stack deployed whose first up was interrupted", () => {
        const status: StackStatus = { stack: "dev", region: "eu-central-1", phase: "infrastructure", resources: 54, outputs: {}, locks: [], standIns: [], unasked: [] };
        expect(renderStatus(status).join("\n")).to.contain("begun, and not yet brought up to the end, 54 resources");
        expect(renderStatus({ ...status, outputs: { phase: "infrastructure" } }).join("\n")).to.contain("deployed, without endpoints, 54 resources");
    });
});
