import { expect } from "chai";
import type { PreflightResult } from "../../../automation/preflight/result.ts";
import { mergeResults } from "../../../automation/preflight/result.ts";
import { renderReport } from "../../../automation/report/renderReport.ts";
import { comparePredictions, summarizeEvents } from "../../../automation/report/reportData.ts";
import type { ReportData, VariantReport } from "../../../automation/report/reportData.ts";
import type { ResourceReport } from "../../../automation/report/resourceStatus.ts";
import { wrapLine } from "../../../automation/report/wrapLine.ts";
import type { DriverEvent } from "../../../automation/progress/reporter.ts";
import type { Variant } from "../../../lambdas/shared/documents.ts";

const LINE_WIDTH = 120;
const FINDING = { severity: "blocker", where: "dev/x", what: "it is a zip archive", id: "F01", title: "t", fix: "pack it" } as const;

function resources(status: ResourceReport["status"], type: string, count: number): readonly ResourceReport[] {
    return Array.from({ length: count }, (_, index) => ({ name: `${type}-${index}`, type, status, effects: { applied: 1, recorded: 0, static: 0 } }));
}

function report(overrides: Partial<ReportData> = {}): ReportData {
    return {
        stack: "dev", engine: "Pulumi 3.259.0", dataFile: "customers.csv", phases: [{ phase: "up", status: "done", durationMs: 61_000, counts: { create: 3 } }],
        apiUrl: "https://api", variants: [], weights: { champion: 90, challenger: 10 }, checks: [], unconfirmedSubscriptions: [], resources: [], gaps: [], peakMemoryMiB: { cloud: 500, driver: 200 }, totalMs: 150_000, leftovers: [], denied: [], ...overrides,
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

    it("says which engine deployed", () => {
        expect(renderReport(report())).to.match(/^Rehearsal of stack dev on customers\.csv\n  deployed by Pulumi 3\.259\.0\n/);
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
        const text = renderReport(report({ variants: [{ variant: "challenger", predictions }] }));
        expect(text).to.include("Predictions of the challenger").and.to.include("DIFFERENT").and.to.include("1 of 2 rows are equal to 1e-6 in all three");
    });

    it("claims two computations only when the second process did not run", () => {
        const predictions = comparePredictions([{ features: {}, golden: [0.5], served: [0.5], answer: "yes" }], undefined);
        expect(renderReport(report({ variants: [{ variant: "champion", predictions }] }))).to.include("1 of 1 rows are equal to 1e-6 in the two that ran");
    });

    it("names every permission that was missing", () => {
        const denied = [{ action: "s3:GetObject", resource: "arn:aws:s3:::raw/a", principal: "arn:aws:iam::111122223333:role/worker", allowed: false }];
        expect(renderReport(report({ denied }))).to.include("role/worker may not s3:GetObject on arn:aws:s3:::raw/a");
        expect(renderReport(report())).not.to.include("may not");
    });

    it("says what did not happen", () => {
        const text = renderReport(report());
        expect(text).to.include("no endpoint was declared").and.to.include("none was trained").and.to.include("nothing was checked").and.to.include("did not run");
        expect(renderReport(report({ variants: [{ variant: "champion", predictions: [] }] }))).to.include("none were asked");
    });

    it("puts the metrics of both variants side by side, the deciding one first", () => {
        const judged = (variant: Variant, value: number): VariantReport => ({
            variant, endpointName: `dev-${variant}`, modelVersion: `v-${variant}`, predictions: [],
            evaluation: { task: "binary", rows: 40, metrics: { accuracy: 0.8, auc: value }, gate: { metric: "auc", value, floor: 0.75, direction: "maximize" } },
        });
        const lines = renderReport(report({ variants: [judged("champion", 0.9), judged("challenger", 0.8712)] })).split("\n");
        expect(lines.find((line) => line.includes("auc  "))).to.match(/auc +0\.9000 +0\.8712$/);
        expect(lines.findIndex((line) => line.includes("auc  "))).to.be.lessThan(lines.findIndex((line) => line.includes("accuracy ")));
        expect(lines.join("\n")).to.include("champion   dev-champion, model v-champion, 90 % of the requests");
    });

    it("shows what each check measured, what the VPC cannot reach, and whom no alert reaches", () => {
        const text = renderReport(report({
            checks: [{ name: "traffic split", status: "done", measured: "90/10 gave 88/12", durationMs: 1500 }, { name: "stream", status: "failed", measured: "too few", durationMs: 10 }],
            unreachableServices: ["states: no endpoint"], unconfirmedSubscriptions: ["ops@example.com"],
        }));
        expect(text).to.include("traffic split (1.5 s): 90/10 gave 88/12").and.to.include("FAILED stream");
        expect(text).to.include("Not reachable from the VPC\n  states: no endpoint").and.to.include("ops@example.com has not confirmed");
        expect(renderReport(report())).not.to.include("Not reachable from the VPC");
    });
});

describe("the events of a run", () => {
    it("tell phases with their counts, each variant's last model and predictions, and the checks", () => {
        const evaluation = { task: "binary", rows: 1, metrics: {}, gate: { metric: "auc", value: 1, floor: 0, direction: "maximize" } } as const;
        const events: DriverEvent[] = [
            { kind: "phase", phase: "up", status: "started" }, { kind: "counts", phase: "up", counts: { create: 2 } }, { kind: "phase", phase: "up", status: "done", durationMs: 5 },
            { kind: "phase", phase: "train", status: "started" }, { kind: "evaluation", variant: "champion", modelVersion: "v1", evaluation }, { kind: "phase", phase: "train", status: "failed", durationMs: 7 },
            { kind: "predictions", variant: "champion", modelVersion: "v1", samples: [] },
            { kind: "evaluation", variant: "challenger", modelVersion: "v2", evaluation }, { kind: "check", name: "health", status: "done", measured: "ok", durationMs: 1 },
        ];
        const summary = summarizeEvents(events);
        expect(summary.phases).to.deep.equal([{ phase: "up", status: "done", durationMs: 5, counts: { create: 2 } }, { phase: "train", status: "failed", durationMs: 7 }]);
        expect(summary.variants).to.deep.equal([
            { variant: "champion", evaluation, modelVersion: "v1", samples: [] }, { variant: "challenger", evaluation, modelVersion: "v2", samples: [] },
        ]);
        expect(summary.checks).to.deep.equal([{ name: "health", status: "done", measured: "ok", durationMs: 1 }]);
        expect(summary).not.to.have.property("preflight");
    });
});

describe("several looks of preflight", () => {
    const first: PreflightResult = { findings: [], passed: ["F02", "F05"], notApplicable: [], skipped: [], notChecked: [{ id: "F01", because: "no artifact" }, { id: "F03", because: "no artifact" }] };
    const second: PreflightResult = { findings: [FINDING], passed: [], notApplicable: [], skipped: [], notChecked: [{ id: "F02", because: "no account" }, { id: "F03", because: "archive is broken" }] };

    it("count each rule as it was last checked; what could not be checked hides nothing", () => {
        const merged = mergeResults([first, second]);
        expect(merged?.findings).to.deep.equal([FINDING]);
        expect(merged?.passed).to.deep.equal(["F02", "F05"]);
        expect(merged?.notChecked.map(({ id }) => id)).to.deep.equal(["F03"]);
        expect(mergeResults([])).to.equal(undefined);
    });
});

describe("a long line", () => {
    it("breaks at blanks and keeps its indentation", () => {
        expect(wrapLine("  one two three four", 11)).to.deep.equal(["  one two", "      three", "      four"]);
        expect(wrapLine("short", 80)).to.deep.equal(["short"]);
        expect(wrapLine("https://example.org/a/very/long/address", 10)).to.deep.equal(["https://example.org/a/very/long/address"]);
    });
});
