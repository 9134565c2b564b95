import { expect } from "chai";
import { OperatorError } from "../../../automation/errors.ts";
import { enableEndpointsPhase } from "../../../automation/phases/enableEndpoints.ts";
import { PreflightError } from "../../../automation/phases/preflightError.ts";
import { buildModelJson, buildTarGz, buildZip } from "../../../automation/preflight/artifact/samples.ts";
import { testConfig } from "../../support/programContexts.ts";
import { awsError, createPhaseWorld, failureOf, OUTPUTS } from "../../support/phaseWorld.ts";
import type { Answers, PhaseWorld } from "../../support/phaseWorld.ts";

const FOLDER = "s3://models/training/job";
const APPROVED = JSON.stringify({
    modelId: "binary:churned", version: "v1", modelDataUrl: `${FOLDER}/output/model.tar.gz`, schemaUrl: `${FOLDER}/schema.json`,
    goldenUrl: `${FOLDER}/golden.json`, trainingJobName: "job", trainingImage: "sagemaker-xgboost:3.0-5",
});

const SOUND = buildTarGz({ "xgboost-model": buildModelJson() });

/** States of the endpoint, one per look; the last one stays. */
function world(parameters: Readonly<Record<string, string>>, artifact: Uint8Array = SOUND, endpoint: readonly (string | undefined)[] = ["InService"]): PhaseWorld {
    const states = [...endpoint];
    const answers: Answers = {
        GetParameterCommand: ({ Name }: { Name: string }) => {
            const value = parameters[Name.slice(Name.lastIndexOf("/") + 1)];
            if (value === undefined) throw awsError("ParameterNotFound");
            return { Parameter: { Value: value } };
        },
        PutParameterCommand: () => ({}),
        DescribeEndpointCommand: () => {
            const state = states.length > 1 ? states.shift() : states[0];
            if (state === undefined) throw awsError("ValidationException", 'Could not find endpoint "arn".');
            return { EndpointStatus: state, EndpointArn: "arn" };
        },
        ListTagsCommand: () => ({ Tags: [{ Key: "Project", Value: "firstlight" }, { Key: "Environment", Value: "dev" }] }),
        DeleteEndpointCommand: () => ({}),
        GetCallerIdentityCommand: () => ({ Account: "111122223333" }),
        HeadObjectCommand: () => ({ ContentLength: artifact.length }),
        GetObjectCommand: ({ Range }: { Range: string }) => {
            const [, from = "0", to = "0"] = /bytes=(\d+)-(\d+)/.exec(Range) ?? [];
            return { Body: { transformToByteArray: async () => artifact.subarray(Number(from), Number(to) + 1) } };
        },
    };
    const made = createPhaseWorld(answers);
    made.engine.outputsAfterUp = { ...OUTPUTS, endpointArn: "arn:aws:sagemaker:eu-central-1:111122223333:endpoint/firstlight-dev-endpoint" };
    return made;
}

function written({ sent }: PhaseWorld): readonly unknown[] {
    return sent.filter(({ name }) => name === "PutParameterCommand").map(({ input }) => [input["Name"], input["Value"]]);
}

describe("the phase enable-endpoints", () => {
    it("looks at the approved artifact, sets the switch, and brings the stack up", async () => {
        const made = world({ approved: APPROVED, switch: "none" });
        await enableEndpointsPhase.run(made.context);
        expect(written(made)).to.deep.equal([["/firstlight/dev/inference/switch", "on"]]);
        expect(made.engine.calls).to.deep.equal(["up"]);
        const preflight = made.reporter.events.find(({ kind }) => kind === "preflight");
        expect(preflight).to.have.nested.property("result.passed").that.includes.members(["F01", "F03", "F08", "F10"]);
    });

    it("leaves a switch alone that is on already", async () => {
        const made = world({ approved: APPROVED, switch: "on" });
        await enableEndpointsPhase.run(made.context);
        expect(written(made)).to.deep.equal([]);
        expect(made.engine.calls).to.deep.equal(["up"]);
    });

    it("refuses without an approved model, and touches nothing", async () => {
        const made = world({ approved: "none", switch: "none" });
        expect(await failureOf(enableEndpointsPhase.run(made.context))).to.be.instanceOf(OperatorError).with.property("message").that.matches(/^F10/);
        expect(written(made)).to.deep.equal([]);
        expect(made.engine.calls).to.deep.equal([]);
    });

    it("refuses a broken artifact before the switch is set", async () => {
        const made = world({ approved: APPROVED, switch: "none" }, buildZip({ "xgboost-model": buildModelJson() }));
        const error = await failureOf(enableEndpointsPhase.run(made.context));
        expect(error).to.be.instanceOf(PreflightError);
        expect((error as PreflightError).findings.map(({ id }) => id)).to.deep.equal(["F01"]);
        expect(written(made)).to.deep.equal([]);
        expect(made.engine.calls).to.deep.equal([]);
    });

    it("deletes an endpoint of ours that failed in an earlier run, and waits until it is gone", async () => {
        const made = world({ approved: APPROVED, switch: "on" }, SOUND, ["Failed", "Deleting", undefined, "InService"]);
        await enableEndpointsPhase.run(made.context);
        expect(made.sent.filter(({ name }) => name === "DeleteEndpointCommand").map(({ input }) => input)).to.deep.equal([{ EndpointName: "firstlight-dev-endpoint" }]);
        expect(made.engine.calls).to.deep.equal(["up"]);
    });

    it("does not delete what serves, and fails when the endpoint does not serve after the up", async () => {
        const made = world({ approved: APPROVED, switch: "on" }, SOUND, [undefined, "Failed"]);
        expect(await failureOf(enableEndpointsPhase.run(made.context))).to.have.property("message").that.includes("firstlight-dev-endpoint is Failed");
        expect(made.sent.some(({ name }) => name === "DeleteEndpointCommand")).to.equal(false);
    });

    it("does nothing when the configuration says off", async () => {
        const made = createPhaseWorld({}, { config: testConfig({ inference: { endpoints: "off" } }) });
        await enableEndpointsPhase.run(made.context);
        expect(made.engine.calls).to.deep.equal([]);
        expect(made.notes().join()).to.include("off in the configuration");
    });
});
