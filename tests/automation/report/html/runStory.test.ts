import { expect } from "chai";
import { packLanes } from "../../../../automation/report/html/charts/lanes.ts";
import { tellStory } from "../../../../automation/report/html/runStory.ts";
import type { DriverEvent, TimedEvent } from "../../../../automation/progress/reporter.ts";
import { readRecordedRehearsal } from "../../../support/recordedRehearsal.ts";

const at = (atMs: number, event: DriverEvent): TimedEvent => ({ ...event, atMs });
const bucket = { kind: "resource", urn: "b", type: "aws:s3/bucket:Bucket", name: "raw", operation: "create" } as const;

describe("the story of a run", () => {
    it("gives everything a begin and an end, and each resource its phase", () => {
        const story = tellStory([
            at(100, { kind: "phase", phase: "up", status: "started" }),
            at(200, { ...bucket, status: "started" }),
            at(900, { ...bucket, status: "done", durationMs: 650 }),
            at(1000, { kind: "phase", phase: "up", status: "done", durationMs: 900 }),
            at(1100, { kind: "state", execution: "x", state: "TrainModel (champion)", status: "entered" }),
            at(1500, { kind: "state", execution: "x", state: "TrainModel (champion)", status: "done" }),
        ]);
        expect(story.phases).to.deep.equal([{ phase: "up", startMs: 100, endMs: 1000, status: "done" }]);
        // An engine knows better than whoever listens when it began.
        expect(story.resources).to.deep.include({ urn: "b", type: bucket.type, name: "raw", operation: "create", status: "done", phase: "up", startMs: 250, endMs: 900 });
        expect(story.states).to.deep.equal([{ state: "TrainModel", lane: "champion", startMs: 1100, endMs: 1500, isFinished: true }]);
        expect(story.totalMs).to.equal(1500);
    });

    it("lets what never ended last until the end of the run, and says so", () => {
        const story = tellStory([
            at(0, { kind: "phase", phase: "up", status: "started" }),
            at(10, { ...bucket, status: "started" }),
            at(20, { kind: "state", execution: "x", state: "TakeTurn", status: "entered" }),
            at(500, { kind: "end", exitCode: 130, durationMs: 500 }),
        ]);
        expect(story.phases[0]).to.include({ endMs: 500, status: "unfinished" });
        expect(story.resources[0]).to.include({ endMs: 500, status: "unfinished", phase: "up" });
        expect(story.states[0]).to.include({ endMs: 500, isFinished: false });
    });

    it("leaves out components and what stayed as it was", () => {
        const same = { ...bucket, operation: "same" } as const;
        const component = { ...bucket, type: "firstlight:data:Storage" };
        expect(tellStory([at(1, { ...same, status: "done" }), at(2, { ...component, status: "done", durationMs: 1 })]).resources).to.deep.equal([]);
    });

    it("of a recorded rehearsal has no resource beyond its phase and none at two places", () => {
        const { phases, resources } = tellStory(readRecordedRehearsal("staging").events);
        expect(resources.length).to.be.above(450);
        for (const { phase, startMs, endMs, name } of resources) {
            const within = phases.find((each) => each.phase === phase);
            expect(startMs, name).to.be.at.least(within?.startMs ?? Infinity);
            expect(endMs, name).to.be.at.most(within?.endMs ?? 0);
        }
    });

    it("is packed into as few lanes as there were resources at once", () => {
        const span = (urn: string, startMs: number, endMs: number) => ({ urn, type: "t", name: urn, operation: "create", status: "done", phase: "up", startMs, endMs }) as const;
        const [band, later] = packLanes([span("d", 50, 60), span("a", 0, 10), span("b", 5, 15), span("c", 10, 20)], (urn) => (urn === "d" ? "two" : "one"));
        expect([band?.component, band?.laneCount, later?.component]).to.deep.equal(["one", 2, "two"]);
        expect(band?.placed.map(({ span: { urn }, lane }) => `${urn}${lane}`)).to.deep.equal(["a0", "b1", "c0"]);
    });
});
