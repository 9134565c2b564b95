import { expect } from "chai";
import { findOutcome, findTroubles } from "../../../../automation/report/html/outcome.ts";
import type { DriverEvent, TimedEvent } from "../../../../automation/progress/reporter.ts";
import { readRecordedRehearsal } from "../../../support/recordedRehearsal.ts";

const timed = (...events: readonly DriverEvent[]): readonly TimedEvent[] => events.map((event, atMs) => ({ ...event, atMs }));
const REFUSED = "AccessDenied: no\n  fix: give it s3:CreateBucket";

describe("the outcome of a run", () => {
    it("is what its last event says", () => {
        const of = (...events: readonly DriverEvent[]) => findOutcome({ title: "", events: timed(...events), resources: [] });
        expect(of({ kind: "end", exitCode: 0, durationMs: 1 })).to.deep.equal({ status: "done" });
        expect(of({ kind: "end", exitCode: 2, durationMs: 1, message: "refused" })).to.deep.equal({ status: "failed", message: "refused" });
        expect(of({ kind: "phase", phase: "up", status: "failed", message: "refused" })).to.deep.equal({ status: "failed", message: "refused" });
        expect(of({ kind: "note", message: "hello" })).to.deep.equal({ status: "unfinished" });
    });

    it("of a rehearsal is also what it left and what was refused", () => {
        const recorded = readRecordedRehearsal("dev");
        expect(findOutcome(recorded)).to.deep.equal({ status: "done" });
        expect(findOutcome({ ...recorded, rehearsal: { ...recorded.rehearsal, leftovers: ["a bucket"] } })).to.deep.equal({ status: "failed", message: "1 resources are left" });
    });

    it("names each trouble once, with its fix", () => {
        const resource = { kind: "resource", urn: "u", type: "aws:s3/bucket:Bucket", name: "raw", operation: "create", status: "failed", message: REFUSED } as const;
        const troubles = findTroubles(timed(resource, { kind: "phase", phase: "up", status: "failed", message: REFUSED }, { kind: "end", exitCode: 2, durationMs: 1, message: REFUSED }));
        expect(troubles).to.deep.equal([{ where: "create raw (aws:s3/bucket:Bucket)", what: "AccessDenied: no", fix: "give it s3:CreateBucket" }]);
    });

    it("has no trouble to tell of a run without any", () => {
        expect(findTroubles(readRecordedRehearsal("staging").events)).to.deep.equal([]);
    });
});
