/** What whole rehearsals told, recorded with `npm run rehearse -- --json`, and the state's resources before their teardown. */
import { readFileSync } from "node:fs";
import path from "node:path";
import { gunzipSync } from "node:zlib";
import type { HtmlReportInput } from "../../automation/report/htmlInput.ts";
import type { ReportData } from "../../automation/report/reportData.ts";
import type { TimedEvent } from "../../automation/progress/reporter.ts";

const FOLDER = path.join(import.meta.dirname, "..", "fixtures", "rehearsals");

/** Each line as it stands in the file, the summary last. */
export function readRecordedLines(stack: "dev" | "staging"): readonly unknown[] {
    return readText(`${stack}.events.jsonl.gz`).trim().split("\n").map((line): unknown => JSON.parse(line));
}

export function readRecordedRehearsal(stack: "dev" | "staging"): HtmlReportInput & { readonly rehearsal: ReportData } {
    const lines = readRecordedLines(stack) as readonly (TimedEvent | { readonly kind: "summary"; readonly report: ReportData })[];
    const events = lines.filter((line) => line.kind !== "summary");
    const summary = lines.find((line) => line.kind === "summary");
    if (summary === undefined) throw new Error(`the recording of ${stack} has no summary`);
    const resources = JSON.parse(readText(`${stack}.resources.json.gz`)) as HtmlReportInput["resources"];
    return { title: `Rehearsal of ${stack}`, events, resources, rehearsal: summary.report };
}

function readText(file: string): string {
    return gunzipSync(readFileSync(path.join(FOLDER, file))).toString("utf8");
}
