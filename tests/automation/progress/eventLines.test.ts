import { expect } from "chai";
import { EventLines, formatCounts, formatSeconds } from "../../../automation/progress/eventLines.ts";
import { createConsoleReporter } from "../../../automation/progress/reporters.ts";
import type { DriverEvent } from "../../../automation/progress/reporter.ts";

function bodies(...events: readonly DriverEvent[]): readonly string[] {
    const lines = new EventLines(0);
    return events.flatMap((event, index) => lines.describe(event, index * 1000)).map((line) => line.slice(10));
}

describe("lines for people", () => {
    it("begin with the time since the start", () => {
        expect(new EventLines(0).describe({ kind: "note", message: "hello" }, 1500)).to.deep.equal(["   1.5 s    hello"]);
        expect(formatSeconds(150_000)).to.equal("2 min 30 s");
    });

    it("begin so when somebody else's words are several lines, too", () => {
        expect(bodies({ kind: "note", message: "too few rows\n  fix: upload more data" })).to.deep.equal(["  too few rows", "  fix: upload more data"]);
    });

    it("tell each state of the pipeline once, with its duration", () => {
        expect(bodies(
            { kind: "state", execution: "run", state: "TrainModel", status: "entered" },
            { kind: "state", execution: "run", state: "TrainModel", status: "done" },
        )).to.deep.equal(["  TrainModel 1.0 s"]);
    });

    it("tell failures of resources and keep quiet about those that are done", () => {
        const resource = { kind: "resource", urn: "u", type: "t", name: "raw", operation: "create" } as const;
        expect(bodies({ ...resource, status: "started" }, { ...resource, status: "done" })).to.deep.equal([]);
        expect(bodies({ ...resource, status: "failed", message: "AccessDenied" })).to.deep.equal(["  create raw failed: AccessDenied"]);
    });

    it("tell what is run and how it ended", () => {
        expect(bodies(
            { kind: "run", command: "deploy", stack: "dev", startedAt: "2026-11-21T16:38:00.000Z", versions: { node: "24.21.0", events: "1" } },
            { kind: "end", exitCode: 0, durationMs: 1500 },
            { kind: "end", exitCode: 2, durationMs: 1500, message: "said elsewhere" },
        )).to.deep.equal(["deploy dev (node 24.21.0, events 1)", "done after 1.5 s", "ended with exit code 2 after 1.5 s"]);
    });

    it("tell what happened outside, and what an earlier run left behind", () => {
        const drifted = { urn: "u", type: "aws:lambda/function:Function", name: "health" } as const;
        expect(bodies(
            { kind: "drift", drift: [] },
            { kind: "drift", drift: [{ ...drifted, kind: "changed", properties: ["timeout"] }, { ...drifted, kind: "deleted", properties: [] }] },
            { kind: "pending", urn: "urn:pulumi:dev::p::aws:s3/bucket:Bucket::raw", operation: "creating", outcome: "adopted", message: "it exists" },
            { kind: "lock", status: "waiting", message: "held by 4711" },
            { kind: "retry", phase: "up", attempt: 2, waitMs: 5000, message: "throttled" },
        )).to.deep.equal([
            "  every resource is as the state says",
            "  changed outside: health (aws:lambda/function:Function): timeout",
            "  deleted outside: health (aws:lambda/function:Function)",
            "  creating raw was not finished; adopted: it exists",
            "  lock waiting: held by 4711",
            "  again in 5.0 s (attempt 2): throttled",
        ]);
    });

    it("tell what would be done, and how requests are split", () => {
        expect(bodies(
            { kind: "preview", counts: { update: 1, same: 2 }, changes: [{ urn: "u", type: "aws:s3/bucket:Bucket", name: "raw", operation: "update", properties: ["tags"] }] },
            { kind: "weights", weights: { champion: 90, challenger: 10 }, drained: "challenger" },
        )).to.deep.equal([
            "  update  raw (aws:s3/bucket:Bucket): tags",
            "  would be: 1 updated, 2 unchanged",
            "  requests: champion 90 %, challenger 10 %; the challenger is drained, its share goes to the other",
        ]);
    });

    it("count in words", () => {
        expect(formatCounts({ create: 2, same: 3, delete: 0 })).to.equal("2 created, 3 unchanged");
        expect(formatCounts({})).to.equal("nothing to do");
    });

    it("show on a status line what goes on, and nothing between phases", () => {
        const lines = new EventLines(0);
        lines.describe({ kind: "phase", phase: "up", status: "started" }, 0);
        lines.describe({ kind: "resource", urn: "u", type: "t", name: "raw", operation: "create", status: "started" }, 0);
        expect(lines.status(3000)).to.equal("   3.0 s  up: 3.0 s create raw");
        lines.describe({ kind: "phase", phase: "up", status: "done", durationMs: 3000 }, 3000);
        expect(lines.status(3000)).to.equal("");
    });

    it("are plain without a terminal", () => {
        let text = "";
        const reporter = createConsoleReporter({ write: (written: string) => { text += written; } });
        reporter.report({ kind: "phase", phase: "up", status: "started" });
        reporter.close();
        expect(text).to.match(/^ +0\.0 s  up\n$/);
    });
});
