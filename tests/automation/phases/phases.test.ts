import { expect } from "chai";
import { EXIT, describeError, exitCodeOf, OperatorError } from "../../../automation/errors.ts";
import { EngineError } from "../../../automation/engine/engine.ts";
import { selectPhases } from "../../../automation/phases/phaseRange.ts";
import { phases, runPhases } from "../../../automation/phases/phases.ts";
import type { Phase } from "../../../automation/phases/phase.ts";
import { createPhaseWorld, failureOf } from "../../support/phaseWorld.ts";

function phase(name: Phase["name"], run: Phase["run"] = async () => undefined): Phase {
    return { name, run };
}

function names(selected: readonly Phase[]): readonly string[] {
    return selected.map(({ name }) => name);
}

describe("phases", () => {
    it("are five, in the order of a deployment", () => {
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
});
