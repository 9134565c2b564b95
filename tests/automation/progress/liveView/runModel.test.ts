import { expect } from "chai";
import { RunModel } from "../../../../automation/progress/liveView/runModel.ts";
import type { DriverEvent } from "../../../../automation/progress/reporter.ts";
import { readRecordedRehearsal } from "../../../support/recordedRehearsal.ts";

const bucket = { kind: "resource", urn: "b", type: "aws:s3/bucket:Bucket", name: "raw", operation: "create" } as const;
const role = { kind: "resource", urn: "r", type: "aws:iam/role:Role", name: "role", operation: "create" } as const;

/** One event a second, from 0. */
function follow(...events: readonly DriverEvent[]): RunModel {
    const model = new RunModel(0);
    events.forEach((event, index) => model.apply(event, index * 1000));
    return model;
}

describe("the model of a run", () => {
    it("keeps what has begun and not ended, oldest first, with what is usual", () => {
        const model = follow({ kind: "phase", phase: "up", status: "started" }, { ...role, status: "started" }, { ...bucket, status: "started" });
        expect(model.resources.map(({ name, startedAt }) => [name, startedAt])).to.deep.equal([["role", 1000], ["raw", 2000]]);
        expect(model.resources[0]?.usual.typical).to.equal(10);
        model.apply({ ...role, status: "done", durationMs: 5 }, 3000);
        model.apply({ ...bucket, status: "failed", message: "no" }, 3000);
        expect(model.resources).to.deep.equal([]);
        expect(model.tally).to.deep.equal({ done: 1, failed: 1, unchanged: 0 });
    });

    it("leaves out components: they take no time", () => {
        const component = { kind: "resource", urn: "c", type: "firstlight:data:Storage", name: "storage", operation: "create", status: "started" } as const;
        expect(follow(component, { ...role, status: "started" }).resources.map(({ name }) => name)).to.deep.equal(["role"]);
    });

    it("shows for each variant the state it is in, and the innermost of the pipeline's own", () => {
        const state = (name: string, status: "entered" | "done"): DriverEvent => ({ kind: "state", execution: "x", state: name, status });
        const model = follow(state("TrainVariants", "entered"), state("TrainModel (challenger)", "entered"), state("TrainModel (champion)", "entered"));
        expect(model.states.map(({ lane, activity }) => `${lane} ${activity.state}`)).to.deep.equal([
            "pipeline TrainVariants", "champion TrainModel (champion)", "challenger TrainModel (challenger)"]);
        model.apply(state("TrainModel (champion)", "done"), 9000);
        expect(model.states.map(({ lane }) => lane)).to.deep.equal(["pipeline", "challenger"]);
    });

    it("counts an endpoint's time from when a status was first seen", () => {
        const endpoint = { kind: "endpoint", endpoint: "e", status: "Creating" } as const;
        const model = follow(endpoint, endpoint, endpoint);
        expect(model.endpoints).to.deep.equal([{ endpoint: "e", status: "Creating", since: 0 }]);
        model.apply({ ...endpoint, status: "InService" }, 9000);
        expect(model.endpoints).to.deep.equal([{ endpoint: "e", status: "InService", since: 9000 }]);
    });

    it("forgets what a phase began when the phase ends, however it ends", () => {
        const model = follow({ kind: "phase", phase: "up", status: "started" }, { ...role, status: "started" }, { kind: "phase", phase: "up", status: "failed", durationMs: 2000 });
        expect([model.current, model.resources, model.phases]).to.deep.equal([undefined, [], [{ phase: "up", status: "failed", startedAt: 0, durationMs: 2000 }]]);
    });

    it("says what is waited for until something goes on", () => {
        const model = follow({ kind: "lock", status: "waiting", message: "held" });
        expect(model.waiting).to.equal("waiting for the lock: held");
        model.apply({ kind: "lock", status: "acquired", message: "ours" }, 1000);
        expect(model.waiting).to.equal(undefined);
        model.apply({ kind: "retry", phase: "up", attempt: 2, waitMs: 5000, message: "throttled" }, 2000);
        expect(model.waiting).to.equal("up begins again (attempt 2): throttled");
        model.apply({ ...role, status: "started" }, 7000);
        expect(model.waiting).to.equal(undefined);
    });

    it("ends a recorded rehearsal with every phase done and nothing in flight", () => {
        const model = new RunModel(0);
        for (const event of readRecordedRehearsal("staging").events) model.apply(event, event.atMs);
        expect(model.phases.map(({ phase, status }) => `${phase} ${status}`)).to.deep.equal(
            ["preflight", "up", "train", "enable-endpoints", "verify", "destroy"].map((phase) => `${phase} done`));
        expect([model.resources, model.states, model.current]).to.deep.equal([[], [], undefined]);
    });
});
