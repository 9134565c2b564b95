import { expect } from "chai";
import { OperatorError } from "../../../automation/errors.ts";
import { enableEndpointsPhase } from "../../../automation/phases/enableEndpoints.ts";
import { PreflightError } from "../../../automation/phases/preflightError.ts";
import { buildModelJson, buildTarGz, buildZip } from "../../../automation/preflight/artifact/samples.ts";
import { testConfig } from "../../support/programContexts.ts";
import { awsError, createPhaseWorld, failureOf, OUTPUTS } from "../../support/phaseWorld.ts";
import type { Answers, PhaseWorld } from "../../support/phaseWorld.ts";

const FOLDER = "s3://models/training/job";
const ARTIFACT = `${FOLDER}/output/model.tar.gz`;
const APPROVED = JSON.stringify({
    modelId: "binary:churned", version: "v1", modelDataUrl: ARTIFACT, schemaUrl: `${FOLDER}/schema.json`,
    goldenUrl: `${FOLDER}/golden.json`, trainingJobName: "job", trainingImage: "sagemaker-xgboost:3.0-5",
});

const APPROVED_CHAMPION = { "approved-champion": APPROVED };
const SERVED_CHAMPION = { ...APPROVED_CHAMPION, "serving-champion": APPROVED, switch: "on" };

const SOUND = buildTarGz({ "xgboost-model": buildModelJson() });

const SCHEMA = {
    version: 1, task: "binary", label: "churned", classes: ["no", "yes"], features: [{ name: "months", type: "numeric", imputedValue: 1 }], columnCount: 1, threshold: 0.5,
};
const GOLDEN = [{ features: { months: 3 }, scores: [0.25] }];

const SETTINGS = { memoryMiB: 2048, maxConcurrency: 2 };
const ORDER = "arn:aws:states:eu-central-1:111122223333:execution:pipeline:order";

interface Scene {
    readonly parameters: Readonly<Record<string, string>>;
    readonly artifact?: Uint8Array;
    /** States of the champion's endpoint, one per look; the last one stays. @default ["InService"] */
    readonly states?: readonly (string | undefined)[];
    /** Memory that the endpoint runs with before and after a deployment. @default [2048, 2048] */
    readonly memory?: readonly [before: number, after: number];
    /** Whether a deployment order is under way. */
    readonly isOrdered?: true;
    /** Artifact that the endpoint serves before and after a deployment. @default the approved one, both times */
    readonly artifacts?: readonly [before: string, after: string];
    /** What the endpoint answers. @default "0.25" */
    readonly score?: string;
    /** How a deployment ends. @default SUCCEEDED */
    readonly end?: string;
    /** Why it ends so. @default "the old configuration serves" */
    readonly reason?: string;
}

function world({ parameters, artifact = SOUND, states: given = ["InService"], memory: [before, after] = [2048, 2048], isOrdered, end = "SUCCEEDED", reason = "the old configuration serves", ...serving }: Scene): PhaseWorld {
    const states = [...given];
    const artifacts = serving.artifacts ?? [ARTIFACT, ARTIFACT];
    let memory = before;
    let [artifactUrl] = artifacts;
    const answers: Answers = {
        DescribeEndpointConfigCommand: () => ({ ProductionVariants: [{ ModelName: "model", ServerlessConfig: { MemorySizeInMB: memory, MaxConcurrency: 2 } }] }),
        DescribeModelCommand: () => ({ PrimaryContainer: { ModelDataUrl: artifactUrl } }),
        InvokeEndpointCommand: () => ({ Body: new TextEncoder().encode(serving.score ?? "0.25") }),
        GetItemCommand: () => ({}),
        ListExecutionsCommand: () => ({ executions: [{ executionArn: "arn:training" }, ...(isOrdered === true ? [{ executionArn: ORDER }] : [])] }),
        StartExecutionCommand: () => ({ executionArn: ORDER }),
        DescribeExecutionCommand: ({ executionArn }: { executionArn: string }) => {
            if (executionArn !== ORDER) return { status: "RUNNING", input: '{"source":"aws.s3"}' };
            memory = after;
            [, artifactUrl] = artifacts;
            return { status: end, input: '{"source":"firstlight.deployment"}', error: "EndpointFailed", cause: reason };
        },
        GetExecutionHistoryCommand: () => ({ events: [] }),
        GetParameterCommand: ({ Name }: { Name: string }) => {
            const value = Name.endsWith("/settings") ? JSON.stringify(SETTINGS) : parameters[Name.slice(Name.lastIndexOf("/") + 1)];
            if (value === undefined) throw awsError("ParameterNotFound");
            return { Parameter: { Value: value } };
        },
        PutParameterCommand: () => ({}),
        DescribeEndpointCommand: ({ EndpointName }: { EndpointName: string }) => {
            if (EndpointName.endsWith("challenger")) throw awsError("ValidationException", 'Could not find endpoint "arn".');
            const state = states.length > 1 ? states.shift() : states[0];
            if (state === undefined) throw awsError("ValidationException", 'Could not find endpoint "arn".');
            return { EndpointStatus: state, EndpointArn: "arn", EndpointConfigName: "former", LastModifiedTime: new Date("2026-11-21T16:38:00.250Z") };
        },
        ListTagsCommand: () => ({ Tags: [{ Key: "Project", Value: "firstlight" }, { Key: "Environment", Value: "dev" }] }),
        DeleteEndpointCommand: () => ({}),
        GetCallerIdentityCommand: () => ({ Account: "111122223333" }),
        HeadObjectCommand: () => ({ ContentLength: artifact.length }),
        GetObjectCommand: ({ Key, Range }: { Key: string; Range: string }) => {
            if (Key.endsWith(".json")) return { Body: { transformToString: async () => JSON.stringify(Key.endsWith("schema.json") ? SCHEMA : GOLDEN) } };
            const [, from = "0", to = "0"] = /bytes=(\d+)-(\d+)/.exec(Range) ?? [];
            return { Body: { transformToByteArray: async () => artifact.subarray(Number(from), Number(to) + 1) } };
        },
    };
    const made = createPhaseWorld(answers);
    made.engine.outputsAfterUp = { ...OUTPUTS, modelVersions: { champion: "v1" } };
    return made;
}

function written({ sent }: PhaseWorld): readonly unknown[] {
    return sent.filter(({ name }) => name === "PutParameterCommand").map(({ input }) => [input["Name"], input["Value"]]);
}

function orders({ sent }: PhaseWorld): readonly unknown[] {
    return sent.filter(({ name }) => name === "StartExecutionCommand").map(({ input }) => JSON.parse(String(input["input"])) as unknown);
}

describe("the phase enable-endpoints", () => {
    it("looks at the approved artifact, sets the switch, and brings the stack up", async () => {
        const made = world({ parameters: { ...APPROVED_CHAMPION, switch: "none" } });
        await enableEndpointsPhase.run(made.context);
        expect(written(made)).to.deep.equal([["/firstlight/dev/inference/switch", "on"]]);
        expect(made.engine.calls).to.deep.equal(["up"]);
        const preflight = made.reporter.events.find(({ kind }) => kind === "preflight");
        expect(preflight).to.have.nested.property("result.passed").that.includes.members(["F01", "F03", "F08", "F10"]);
    });

    it("leaves a switch alone that is on already", async () => {
        const made = world({ parameters: { ...APPROVED_CHAMPION, switch: "on" } });
        await enableEndpointsPhase.run(made.context);
        expect(written(made)).to.deep.equal([]);
        expect(made.engine.calls).to.deep.equal(["up"]);
    });

    it("refuses without an approved model, and touches nothing", async () => {
        const made = world({ parameters: { "approved-champion": "none", switch: "none" } });
        expect(await failureOf(enableEndpointsPhase.run(made.context))).to.be.instanceOf(OperatorError).with.property("message").that.matches(/^F10/);
        expect(written(made)).to.deep.equal([]);
        expect(made.engine.calls).to.deep.equal([]);
    });

    it("refuses a broken artifact before the switch is set", async () => {
        const made = world({ parameters: { ...APPROVED_CHAMPION, switch: "none" }, artifact: buildZip({ "xgboost-model": buildModelJson() }) });
        const error = await failureOf(enableEndpointsPhase.run(made.context));
        expect(error).to.be.instanceOf(PreflightError);
        expect((error as PreflightError).findings.map(({ id }) => id)).to.deep.equal(["F01"]);
        expect(written(made)).to.deep.equal([]);
        expect(made.engine.calls).to.deep.equal([]);
    });

    it("deletes an endpoint of ours that failed in an earlier run, and waits until it is gone", async () => {
        const made = world({ parameters: { ...APPROVED_CHAMPION, switch: "on" }, states: ["Failed", "Deleting", undefined, "InService"] });
        await enableEndpointsPhase.run(made.context);
        expect(made.sent.filter(({ name }) => name === "DeleteEndpointCommand").map(({ input }) => input)).to.deep.equal([{ EndpointName: "firstlight-dev-champion" }]);
        expect(made.engine.calls).to.deep.equal(["up"]);
    });

    it("does not delete what serves, and fails when the endpoint does not serve after the up", async () => {
        const made = world({ parameters: { ...APPROVED_CHAMPION, switch: "on" }, states: [undefined, "Failed"] });
        expect(await failureOf(enableEndpointsPhase.run(made.context))).to.have.property("message").that.includes("firstlight-dev-champion is Failed");
        expect(made.sent.some(({ name }) => name === "DeleteEndpointCommand")).to.equal(false);
    });

    it("waits for an endpoint that a deployment is changing", async () => {
        const made = world({ parameters: SERVED_CHAMPION, states: ["Updating", "Updating", "InService"] });
        await enableEndpointsPhase.run(made.context);
        expect(made.reporter.events).to.deep.include({ kind: "endpoint", endpoint: "firstlight-dev-champion", status: "InService", happenedAt: "2026-11-21T16:38:00.250Z" });
    });

    it("fails when a model is approved and its endpoint is not declared", async () => {
        const made = world({ parameters: { ...SERVED_CHAMPION, "approved-challenger": APPROVED } });
        expect(await failureOf(enableEndpointsPhase.run(made.context))).to.have.property("message").that.includes("firstlight-dev-challenger was not declared");
    });

    it("orders one deployment when an endpoint runs with other settings, and reads them back", async () => {
        const made = world({ parameters: SERVED_CHAMPION, memory: [1024, 2048] });
        await enableEndpointsPhase.run(made.context);
        expect(orders(made)).to.deep.equal([{ source: "firstlight.deployment", variants: ["champion"] }]);
        expect(made.notes().join()).to.include("it runs with 1024 MiB and concurrency 2, configured are 2048 MiB");
    });

    it("names the silent return to a former configuration, and has the approved model deployed again", async () => {
        const made = world({ parameters: SERVED_CHAMPION, artifacts: ["s3://models/old/model.tar.gz", ARTIFACT] });
        await enableEndpointsPhase.run(made.context);
        expect(orders(made)).to.deep.equal([{ source: "firstlight.deployment", variants: ["champion"] }]);
        expect(made.notes().join()).to.include("it serves s3://models/old/model.tar.gz by its configuration former, not").and.to.include("SageMaker returned to that configuration");
        const returned = world({ parameters: SERVED_CHAMPION, artifacts: ["s3://models/old/model.tar.gz", "s3://models/old/model.tar.gz"] });
        expect(await failureOf(enableEndpointsPhase.run(returned.context))).to.have.property("message").that.includes("after its deployment: it serves s3://models/old");
    });

    it("reads back model, settings, weights and a golden prediction of each endpoint", async () => {
        const made = world({ parameters: SERVED_CHAMPION });
        await enableEndpointsPhase.run(made.context);
        const check = made.reporter.events.find((event) => event.kind === "check");
        expect(check).to.include({ name: "effect on the champion", status: "done" });
        expect(check).to.have.property("measured").that.includes("serves version v1 with 2048 MiB and concurrency 2; a golden prediction came back as 0.25");
        expect(made.sent.find(({ name }) => name === "InvokeEndpointCommand")?.input).to.deep.include({ EndpointName: "firstlight-dev-champion", Body: "3" });
        expect(made.reporter.events).to.deep.include({ kind: "weights", weights: { champion: 90, challenger: 10 } });
    });

    it("fails when the endpoint answers something else than the transform job", async () => {
        const made = world({ parameters: SERVED_CHAMPION, score: "0.75" });
        expect(await failureOf(enableEndpointsPhase.run(made.context))).to.have.property("message").that.includes("answers 0.75 where the transform job said 0.25");
        expect(made.reporter.events.filter((event) => event.kind === "check").map(({ status }) => status)).to.deep.equal(["failed"]);
    });

    it("orders nothing when the settings are right, nor while an order for them is under way", async () => {
        const right = world({ parameters: SERVED_CHAMPION });
        await enableEndpointsPhase.run(right.context);
        expect(orders(right)).to.deep.equal([]);
        const ordered = world({ parameters: SERVED_CHAMPION, memory: [1024, 2048], isOrdered: true });
        await enableEndpointsPhase.run(ordered.context);
        expect(orders(ordered)).to.deep.equal([]);
        expect(ordered.notes().join()).to.include("attaching to its run order");
    });

    it("fails with the deployment's reason, and when the settings are others all the same", async () => {
        const failed = world({ parameters: SERVED_CHAMPION, memory: [1024, 1024], end: "FAILED" });
        expect(await failureOf(enableEndpointsPhase.run(failed.context))).to.have.property("message")
            .that.equals("the deployment order ended as FAILED: EndpointFailed: the old configuration serves");
        const unhealthy = "The primary container for production variant AllTraffic did not pass the ping health check.";
        const known = world({ parameters: SERVED_CHAMPION, memory: [1024, 1024], end: "FAILED", reason: unhealthy });
        expect(await failureOf(enableEndpointsPhase.run(known.context))).to.have.property("message")
            .that.matches(/^F03: /).and.includes(`the deployment order ended as FAILED: EndpointFailed: ${unhealthy}`);
        const ignored = world({ parameters: SERVED_CHAMPION, memory: [1024, 1024] });
        expect(await failureOf(enableEndpointsPhase.run(ignored.context))).to.have.property("message").that.includes("after its deployment: it runs with 1024 MiB");
    });

    it("does nothing when the configuration says off", async () => {
        const made = createPhaseWorld({}, { config: testConfig({ inference: { endpoints: "off" } }) });
        await enableEndpointsPhase.run(made.context);
        expect(made.engine.calls).to.deep.equal([]);
        expect(made.notes().join()).to.include("off in the configuration");
    });
});
