import { expect } from "chai";
import type { PreflightResult } from "../../../automation/preflight/result.ts";
import { mergeResults } from "../../../automation/preflight/result.ts";
import { renderPreflight } from "../../../automation/preflight/renderPreflight.ts";
import { renderReport } from "../../../automation/report/renderReport.ts";
import { comparePredictions, summarizeEvents } from "../../../automation/report/reportData.ts";
import type { ReportData } from "../../../automation/report/reportData.ts";
import type { ResourceReport } from "../../../automation/report/resourceStatus.ts";
import { wrapLine } from "../../../automation/report/wrapLine.ts";
import type { DriverEvent } from "../../../automation/reporter.ts";

const LINE_WIDTH = 120;
const FINDING = { severity: "blocker", where: "dev/x", what: "it is a zip archive", id: "F01", title: "t", fix: "pack it" } as const;

function resources(status: ResourceReport["status"], type: string, count: number): readonly ResourceReport[] {
    return Array.from({ length: count }, (_, index) => ({ name: `${type}-${index}`, type, status, effects: { applied: 1, recorded: 0, static: 0 } }));
}

function report(overrides: Partial<ReportData> = {}): ReportData {
    return {
        stack: "dev", dataFile: "customers.csv", phases: [{ phase: "up", status: "done", durationMs: 61_000, counts: { create: 3 } }],
        predictions: [], resources: [], gaps: [], peakMemoryMiB: { cloud: 500, driver: 200 }, totalMs: 150_000, leftovers: [], denied: [], ...overrides,
    };
}

describe("the report", () => {
    it("counts resources by what was done with them, and names their types by service", () => {
        const text = renderReport(report({
            resources: [...resources("ran", "aws:s3/bucket:Bucket", 3), ...resources("ran", "aws:iam/role:Role", 1), ...resources("recorded only", "aws:kms/alias:Alias", 2)],
        }));
        expect(text).to.include("ran: 4 of 6").and.to.include("iam: Role; s3: 3 Bucket");
        expect(text).to.include("recorded only: 2 of 6").and.to.include("kms: 2 Alias");
        expect(text).to.include("checked statically: 0 of 6");
    });

    it("keeps its lines short, however many types there are", () => {
        const many = Array.from({ length: 40 }, (_, index) => resources("ran", `aws:service${index % 9}/thing:SomeRatherLongResourceType${index}`, 2)).flat();
        const gaps = [{ what: "a long explanation of something that is not enforced ".repeat(6) }];
        const lines = renderReport(report({ resources: many, gaps })).split("\n");
        expect(Math.max(...lines.map(({ length }) => length))).to.be.at.most(LINE_WIDTH);
        expect(lines.join("\n")).to.include("SomeRatherLongResourceType39");
    });

    it("says loudly what is left, and says that nothing is", () => {
        expect(renderReport(report({ leftovers: ["arn:aws:s3:::raw"] }))).to.match(/1 resources are LEFT:\n\s+arn:aws:s3:::raw/);
        expect(renderReport(report())).to.include("nothing: the inventory of all services and regions is empty");
    });

    it("marks rows in which the computations differ, and counts the others", () => {
        const sample = { features: {}, golden: [0.5], served: [0.5], answer: "yes" };
        const predictions = comparePredictions([sample, sample], [[0.5], [0.6]]);
        expect(predictions.map(({ agrees }) => agrees)).to.deep.equal([true, false]);
        const text = renderReport(report({ predictions }));
        expect(text).to.include("DIFFERENT").and.to.include("1 of 2 rows are equal to 1e-6 in all three");
    });

    it("claims two computations only when the second process did not run", () => {
        const predictions = comparePredictions([{ features: {}, golden: [0.5], served: [0.5], answer: "yes" }], undefined);
        expect(renderReport(report({ predictions }))).to.include("1 of 1 rows are equal to 1e-6 in the two that ran");
    });

    it("names every permission that was missing", () => {
        const denied = [{ action: "s3:GetObject", resource: "arn:aws:s3:::raw/a", principal: "arn:aws:iam::111122223333:role/worker", allowed: false }];
        expect(renderReport(report({ denied }))).to.include("role/worker may not s3:GetObject on arn:aws:s3:::raw/a");
        expect(renderReport(report())).not.to.include("may not");
    });

    it("says what did not happen", () => {
        const text = renderReport(report());
        expect(text).to.include("no endpoint was declared").and.to.include("none was trained").and.to.include("none were asked").and.to.include("did not run");
    });
});

describe("the events of a run", () => {
    it("tell phases with their counts, the last model and the last predictions", () => {
        const evaluation = { task: "binary", rows: 1, metrics: {}, gate: { metric: "auc", value: 1, floor: 0, direction: "maximize" } } as const;
        const events: DriverEvent[] = [
            { kind: "phase", phase: "up", status: "started" }, { kind: "counts", phase: "up", counts: { create: 2 } }, { kind: "phase", phase: "up", status: "done", durationMs: 5 },
            { kind: "phase", phase: "train", status: "started" }, { kind: "evaluation", variant: "champion", modelVersion: "v1", evaluation }, { kind: "phase", phase: "train", status: "failed", durationMs: 7 },
            { kind: "predictions", variant: "champion", modelVersion: "v1", samples: [] },
        ];
        const summary = summarizeEvents(events);
        expect(summary.phases).to.deep.equal([{ phase: "up", status: "done", durationMs: 5, counts: { create: 2 } }, { phase: "train", status: "failed", durationMs: 7 }]);
        expect(summary).to.deep.include({ evaluation, modelVersion: "v1", samples: [] });
        expect(summary).not.to.have.property("preflight");
    });
});

describe("several looks of preflight", () => {
    const first: PreflightResult = { findings: [], passed: ["F02", "F05"], notChecked: [{ id: "F01", because: "no artifact" }, { id: "F03", because: "no artifact" }] };
    const second: PreflightResult = { findings: [FINDING], passed: [], notChecked: [{ id: "F02", because: "no account" }, { id: "F03", because: "archive is broken" }] };

    it("count each rule as it was last checked; what could not be checked hides nothing", () => {
        const merged = mergeResults([first, second]);
        expect(merged?.findings).to.deep.equal([FINDING]);
        expect(merged?.passed).to.deep.equal(["F02", "F05"]);
        expect(merged?.notChecked.map(({ id }) => id)).to.deep.equal(["F03"]);
        expect(mergeResults([])).to.equal(undefined);
    });

    it("show findings with their fix, and reasons once", () => {
        expect(renderPreflight(first)).to.deep.equal(["0 findings, 2 rules passed (F02 F05), 2 not checked", "  not checked F01 F03: no artifact"]);
        expect(renderPreflight(second).slice(0, 4)).to.deep.equal([
            "F01 dev/x: it is a zip archive", "  fix: pack it", "  see: docs/failures.md#f01", "1 finding, 0 rules passed, 2 not checked",
        ]);
    });
});

describe("a long line", () => {
    it("breaks at blanks and keeps its indentation", () => {
        expect(wrapLine("  one two three four", 11)).to.deep.equal(["  one two", "      three", "      four"]);
        expect(wrapLine("short", 80)).to.deep.equal(["short"]);
        expect(wrapLine("https://example.org/a/very/long/address", 10)).to.deep.equal(["https://example.org/a/very/long/address"]);
    });
});
