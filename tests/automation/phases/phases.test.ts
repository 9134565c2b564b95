import { expect } from "chai";
import { EXIT, describeError, exitCodeOf } from "../../../automation/errorReport.ts";
import { OperatorError } from "../../../automation/errors.ts";
import { explainFailure } from "../../../automation/cloudErrors/explain.ts";
import { EngineError } from "../../../automation/engine/engine.ts";
import { DEPLOY_PHASES, selectPhases } from "../../../automation/phases/phaseRange.ts";
import { phases } from "../../../automation/phases/phases.ts";
import { runPhases } from "../../../automation/phases/runPhases.ts";
import type { Phase } from "../../../automation/phases/phase.ts";
import { createPhaseWorld, failureOf } from "../../support/phaseWorld.ts";

function phase(name: Phase["name"], run: Phase["run"] = async () => undefined): Phase {
    return { name, run };
}

function names(selected: readonly Phase[]): readonly string[] {
    return selected.map(({ name }) => name);
}

/** https://github.com/cloudposse/terraform-aws-lambda-function/issues/14 */
const PASSING = "InvalidParameterValueException: The role defined for the function cannot be assumed by Lambda.";

describe("phases", () => {
    it("are five, in the order of a deployment", () => {
        expect(names(phases)).to.deep.equal([...DEPLOY_PHASES]);
        expect(names(phases)).to.deep.equal(["preflight", "up", "train", "enable-endpoints", "verify"]);
    });

    it("are selected from one to another, both included", () => {
        expect(names(selectPhases(phases, {}))).to.deep.equal(names(phases));
        expect(names(selectPhases(phases, { from: "up", until: "train" }))).to.deep.equal(["up", "train"]);
        expect(names(selectPhases(phases, { until: "preflight" }))).to.deep.equal(["preflight"]);
    });

    it("refuse an unknown name with those that there are, and an end before the beginning", () => {
        expect(() => selectPhases(phases, { from: "trane" })).to.throw(OperatorError, /--from: there is no phase "trane"/).with.property("fix").that.includes("train");
        expect(() => selectPhases(phases, { from: "verify", until: "up" })).to.throw(OperatorError, /--until up comes before --from verify/);
    });

    it("report their start and their end, and stop at the first that fails", async () => {
        const { context, reporter } = createPhaseWorld({});
        const failing = phase("train", async () => { throw new EngineError("bucket raw: AccessDenied"); });
        const error = await failureOf(runPhases([phase("up"), failing, phase("verify")], context));
        expect(reporter.events.map((event) => (event.kind === "phase" ? `${event.phase} ${event.status}` : event.kind)))
            .to.deep.equal(["up started", "up done", "train started", "train failed"]);
        expect(describeError(error)).to.equal("bucket raw: AccessDenied");
        expect(exitCodeOf(error)).to.equal(EXIT.cloud);
    });

    it("end as interrupted when that is why they failed, whatever the engine says", async () => {
        const controller = new AbortController();
        const { context } = createPhaseWorld({}, { signal: controller.signal });
        const interrupted = phase("up", async () => {
            controller.abort();
            throw new EngineError("the run was stopped");
        });
        const error = await failureOf(runPhases([interrupted], context));
        expect(exitCodeOf(error)).to.equal(EXIT.interrupted);
        expect(describeError(error)).to.equal("Interrupted.");
    });

    it("run a phase again after an error that passes by itself, at most twice, and tell why", async () => {
        const { context, reporter } = createPhaseWorld({});
        let runs = 0;
        const flaky = phase("up", async () => {
            runs++;
            if (runs < 3) throw new EngineError(PASSING);
        });
        await runPhases([flaky], context);
        expect(runs).to.equal(3);
        const retries = reporter.events.filter((event) => event.kind === "retry");
        expect(retries.map(({ phase: name, attempt }) => `${name} ${attempt}`)).to.deep.equal(["up 2", "up 3"]);
        expect(retries[0]?.message).to.contain("does not know the new role yet");
        expect(reporter.events.at(-1)).to.include({ kind: "phase", status: "done" });
    });

    it("stop when it does not pass, with what it means", async () => {
        const { context } = createPhaseWorld({});
        let runs = 0;
        const error = await failureOf(runPhases([phase("up", async () => {
            runs++;
            throw new EngineError(PASSING);
        })], context));
        expect(runs).to.equal(3);
        expect(exitCodeOf(error)).to.equal(EXIT.cloud);
        expect(describeError(error)).to.contain("fix:").and.to.contain(PASSING);
    });

    it("stop at once at an error that nobody has recorded", async () => {
        const { context, reporter } = createPhaseWorld({});
        let runs = 0;
        const error = await failureOf(runPhases([phase("up", async () => {
            runs++;
            throw new EngineError("a word that nobody has recorded");
        })], context));
        expect(runs).to.equal(1);
        expect(exitCodeOf(error)).to.equal(EXIT.cloud);
        expect(reporter.events.filter(({ kind }) => kind === "retry")).to.deep.equal([]);
    });

    it("do not repeat what failed in the cloud and has had its own tries there: a training run costs each time", async () => {
        const { context } = createPhaseWorld({});
        let runs = 0;
        await failureOf(runPhases([phase("train", async () => {
            runs++;
            throw explainFailure("the training run ended as FAILED", PASSING);
        })], context));
        expect(runs).to.equal(1);
    });

    it("do not wait for another try when they are interrupted", async () => {
        const controller = new AbortController();
        const { context } = createPhaseWorld({}, { signal: controller.signal });
        const startedAt = Date.now();
        const running = failureOf(runPhases([phase("up", async () => { throw new EngineError(PASSING); })], context));
        setTimeout(() => controller.abort(), 20);
        expect(exitCodeOf(await running)).to.equal(EXIT.interrupted);
        expect(Date.now() - startedAt).to.be.below(200);
    });
});
