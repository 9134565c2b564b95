import { readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect } from "chai";
import type { HtmlReportInput } from "../../../../automation/report/htmlInput.ts";
import { renderHtml } from "../../../../automation/report/html/renderHtml.ts";
import { defaultReportFile, writeRunReport } from "../../../../automation/report/html/writeHtmlReport.ts";
import type { DriverEvent, TimedEvent } from "../../../../automation/progress/reporter.ts";
import { createRecordingReporter } from "../../../../automation/progress/reporters.ts";
import { makeHostile } from "../../../support/hostileInput.ts";
import { readRecordedRehearsal } from "../../../support/recordedRehearsal.ts";

/** Larger than any that was seen; a mail still takes it. */
const MAX_BYTES = 500_000;

const timed = (...events: readonly DriverEvent[]): readonly TimedEvent[] => events.map((event, index) => ({ ...event, atMs: index * 1000 }));

function sectionsOf(page: string): readonly string[] {
    return [...page.matchAll(/<section id="([a-z-]+)">/g)].map(([, id]) => id ?? "");
}

describe("report.html", function () {
    this.timeout(30_000);

    it("shows a whole rehearsal, in a bounded size, by what it loads from nowhere and runs nowhere", async () => {
        for (const stack of ["dev", "staging"] as const) {
            const page = await renderHtml(readRecordedRehearsal(stack));
            expect(sectionsOf(page)).to.deep.equal(["models", "checks", "timeline", "critical-path", "resources", "coverage", "preflight", "expected"]);
            expect(Buffer.byteLength(page)).to.be.below(MAX_BYTES);
            expect(page).to.not.match(/<(script|iframe|object|embed|img|video|base|form)\b|\son[a-z]+=|url\(|@import/i);
            expect([...page.matchAll(/<[^>]*\b(?:src|href|xlink:href)="([^"#][^"]*)"/g)].map(([, url]) => url)).to.deep.equal(["data:,"]);
            expect(page).to.contain('content="default-src &#39;none&#39;; style-src &#39;unsafe-inline&#39;; img-src data:"');
        }
    });

    it("tells each chart in words, and draws it for two widths", async () => {
        const page = await renderHtml(readRecordedRehearsal("dev"));
        const charts = [...page.matchAll(/<div class="chart[a-z ]* (narrow|wide)" role="img" aria-label="([^"]+)"><svg/g)];
        expect(charts.length).to.be.at.least(20);
        expect(charts.filter(([, width]) => width === "narrow")).to.have.length(charts.length / 2);
        for (const [, , words] of charts) expect(words?.length, words).to.be.above(30);
        expect(page).to.not.match(/NaN|undefined|\[object/);
    });

    it("has no colour in a chart that is not one of the page's two schemes", async () => {
        const page = await renderHtml(readRecordedRehearsal("staging"));
        const drawn = page.slice(page.indexOf("<main>"));
        const colours = new Set([...drawn.matchAll(/ (?:fill|stroke)="([^"]+)"/g)].map(([, colour]) => colour));
        expect([...colours].filter((colour) => colour !== "none" && colour !== "transparent" && !/^var\(--[a-z-]+\)$/.test(colour ?? ""))).to.deep.equal([]);
        const declared = (scheme: string): Set<string> => new Set([...scheme.matchAll(/(--[a-z-]+):#/g)].map(([, name]) => name ?? ""));
        const [light = "", dark = ""] = /:root\{color-scheme[^}]*\}[\s\S]*?@media \(prefers-color-scheme:dark\)\{:root\{[^}]*\}/.exec(page)?.[0].split("@media") ?? [];
        expect([...declared(light)]).to.deep.equal([...declared(dark)]);
        for (const colour of colours) if (colour?.startsWith("var(")) expect([...declared(light)]).to.include(colour.slice(4, -1));
    });

    it("escapes whatever names and messages contain", async () => {
        const page = await renderHtml(makeHostile(readRecordedRehearsal("dev")));
        expect(page).to.not.match(/<script|<img|<\/style><|onerror="/i);
        expect(page.match(/<\/?svg|<\/?html|<\/?body|<\/?main/g)?.filter((tag) => tag === "</svg").length).to.equal(page.match(/<svg/g)?.length);
        expect(page.match(/&lt;script&gt;/g)?.length).to.be.above(100);
    });

    it("begins a run that failed with why, where and how to fix it", async () => {
        const page = await renderHtml({
            title: "deploy of dev", resources: [],
            events: timed(
                { kind: "run", command: "deploy", stack: "dev", startedAt: "2026-11-21T16:38:00.000Z", versions: { node: "24" } },
                { kind: "phase", phase: "up", status: "started" },
                { kind: "retry", phase: "up", attempt: 2, waitMs: 5000, message: "throttled" },
                { kind: "drift", drift: [{ urn: "u", type: "aws:lambda/function:Function", name: "health", kind: "changed", properties: ["timeout"] }] },
                { kind: "pending", urn: "urn:pulumi:dev::p::aws:s3/bucket:Bucket::raw", operation: "creating", outcome: "adopted", message: "it exists" },
                { kind: "resource", urn: "u", type: "aws:s3/bucket:Bucket", name: "raw", operation: "create", status: "failed", durationMs: 900, message: "AccessDenied\n  fix: allow s3:CreateBucket" },
                { kind: "phase", phase: "up", status: "failed", durationMs: 4000, message: "AccessDenied\n  fix: allow s3:CreateBucket" },
                { kind: "end", exitCode: 2, durationMs: 5000, message: "AccessDenied" },
            ),
        });
        expect(sectionsOf(page)).to.deep.equal(["errors", "incidents", "timeline", "coverage"]);
        expect(page).to.contain("up: <strong>failed</strong>").and.to.contain("train: <strong>did not run</strong>");
        expect(page).to.contain("<strong>Failed</strong> AccessDenied").and.to.contain("2026-11-21 16:38 UTC");
        expect(page.match(/<strong>Fix<\/strong> allow s3:CreateBucket/g)).to.have.length(1);
        expect(page).to.contain("<strong>Changed outside:</strong> health").and.to.contain("<strong>Not finished by an earlier run:</strong> creating raw; adopted").and.to.contain("<strong>Run again:</strong> up, attempt 2");
    });

    it("says of a deployment which phases ran and which did not, and what stayed as it was", async () => {
        const { resources } = readRecordedRehearsal("dev");
        const page = await renderHtml({
            title: "Deployment of dev", resources,
            events: timed(
                { kind: "run", command: "deploy", stack: "dev", startedAt: "2026-11-21T16:38:00.000Z", versions: { node: "24" } },
                { kind: "phase", phase: "up", status: "started" },
                { kind: "phase", phase: "up", status: "done", durationMs: 1000 },
                { kind: "end", exitCode: 0, durationMs: 2000 },
            ),
        });
        const section = /<section id="coverage">[\s\S]*?<\/section>/.exec(page)?.[0] ?? "";
        expect(section).to.contain("What ran and what not").and.to.contain("</span> up: 1.0 s").and.to.contain("the deployed platform was asked nothing");
        expect([...section.matchAll(/([a-z-]+): <strong>did not run/g)].map(([, phase]) => phase)).to.deep.equal(["preflight", "train", "enable-endpoints", "verify"]);
        expect(Number(/stayed as they were: (\d+)/.exec(section)?.[1])).to.be.above(150);
        expect(page).to.not.contain('fill="var(--recorded)"');
    });

    it("is a page also when there was nothing to tell", async () => {
        const page = await renderHtml({ title: "status of dev", events: [], resources: [] });
        expect(page).to.contain("Not finished").and.to.contain("</html>");
        expect(sectionsOf(page)).to.deep.equal([]);
    });

    it("goes into a folder that is made for it; where that fails, the run goes on", async () => {
        const folder = path.join(tmpdir(), `firstlight-report-${process.pid}`);
        const reporter = createRecordingReporter();
        const input: HtmlReportInput = { title: "up of dev", events: timed({ kind: "note", message: "x" }), resources: [] };
        const file = defaultReportFile(folder, "dev", new Date(0));
        expect(file).to.equal(path.join(folder, ".firstlight", "reports", "dev-19700101T000000.html"));
        await writeRunReport(input, { file, reporter });
        expect(await readFile(file, "utf8")).to.contain("<title>up of dev</title>");
        await writeRunReport(input, { file: path.join(file, "below-a-file.html"), reporter });
        expect(reporter.events.map((event) => (event.kind === "note" ? event.message.split(" ").slice(0, 4).join(" ") : ""))).to.deep.equal(["the report lies in", "the report could not"]);
        await rm(folder, { recursive: true });
    });
});
