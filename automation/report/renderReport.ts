/** The report as plain text. */
import { displayPath } from "../displayPath.ts";
import { describeEvaluation, formatCounts, formatSeconds } from "../eventLines.ts";
import { renderPreflight } from "../preflight/renderPreflight.ts";
import type { ComparedPrediction, ReportData } from "./reportData.ts";
import { wrapLine } from "./wrapLine.ts";
import type { ResourceReport, ResourceStatus } from "./resourceStatus.ts";

/** More rows would say nothing new. */
const SHOWN_PREDICTIONS = 6;
const STATUSES: readonly ResourceStatus[] = ["ran", "recorded only", "checked statically"];
const MEANINGS: Readonly<Record<ResourceStatus, string>> = {
    "ran": "a call of this run needed it",
    "recorded only": "created, read back and compared, but no call is known that needed it",
    "checked statically": "only a rule or a type looked at a part of it",
};
const KEPT_FILES = [
    "  state.json: the engine's state after the teardown; cloud.log: what the cloud said; home, tmp: what processes wrote",
    "  downloaded-model.tar.gz: the artifact as the second process loaded it",
];
/** Without the two blanks before each line. */
const LINE_WIDTH = 118;

export function renderReport(report: ReportData): string {
    const sections = [
        renderSection(`Rehearsal of stack ${report.stack} on ${displayPath(report.dataFile)}`, renderEndpoint(report)),
        renderSection("Model", report.evaluation === undefined ? ["none was trained"] : describeEvaluation(report.evaluation)),
        renderSection("Predictions: transform job | deployed API | second process with the downloaded artifact", renderPredictions(report.predictions)),
        renderSection("Resources", renderResources(report.resources)),
        renderSection("Not enforced by the rehearsal cloud, so not proven by this run", renderGaps(report)),
        renderSection("Refused calls", renderDenied(report)),
        renderSection("Preflight", report.preflight === undefined ? ["did not run"] : renderPreflight(report.preflight)),
        renderSection("Time and memory", renderCosts(report)),
        renderSection("What is left", renderLeftovers(report)),
    ];
    return `${sections.join("\n\n")}\n`;
}

function renderSection(title: string, lines: readonly string[]): string {
    return [title, ...lines.flatMap((line) => wrapLine(line, LINE_WIDTH)).map((line) => `  ${line}`)].join("\n");
}

function renderEndpoint({ endpoint }: ReportData): readonly string[] {
    if (endpoint === undefined) return ["no endpoint was declared"];
    return [`endpoint ${endpoint.name}, behind ${endpoint.apiUrl}`, `model ${endpoint.modelVersion ?? "none"}`];
}

function renderPredictions(predictions: readonly ComparedPrediction[]): readonly string[] {
    if (predictions.length === 0) return ["none were asked"];
    const rows = predictions.slice(0, SHOWN_PREDICTIONS).map(({ golden, served, independent, answer, agrees }) => {
        const columns = [golden, served, independent ?? []].map((scores) => formatScores(scores).padEnd(22));
        return `${columns.join("| ")}| ${answer}${agrees ? "" : "   DIFFERENT"}`;
    });
    const agreeing = predictions.filter(({ agrees }) => agrees).length;
    const computations = predictions.every(({ independent }) => independent !== undefined) ? "all three" : "the two that ran";
    return [...rows, `${agreeing} of ${predictions.length} rows are equal to 1e-6 in ${computations}`];
}

function formatScores(scores: readonly number[]): string {
    return scores.length === 0 ? "-" : scores.slice(0, 3).map((score) => score.toFixed(7)).join(" ") + (scores.length > 3 ? " ..." : "");
}

/** A person wants to know how much of what was really used; which one by which call stands in the JSON file. */
function renderResources(resources: readonly ResourceReport[]): readonly string[] {
    return STATUSES.flatMap((status) => {
        const found = resources.filter((resource) => resource.status === status);
        return [`${status}: ${found.length} of ${resources.length} (${MEANINGS[status]})`, ...countTypes(found).map((line) => `  ${line}`)];
    });
}

/** `s3: 3 Bucket, BucketNotification`, by service. */
function countTypes(resources: readonly ResourceReport[]): readonly string[] {
    const services = new Map<string, Map<string, number>>();
    for (const { type } of resources) {
        const [, module = "", name = type] = type.split(":");
        const service = module.split("/")[0] ?? module;
        const counts = services.get(service) ?? new Map<string, number>();
        services.set(service, counts.set(name, (counts.get(name) ?? 0) + 1));
    }
    const parts = [...services].sort(([left], [right]) => left.localeCompare(right)).map(([service, counts]) => (
        `${service}: ${[...counts].map(([name, count]) => (count === 1 ? name : `${count} ${name}`)).join(", ")}`));
    return packLines(parts, LINE_WIDTH - 4);
}

/** As many parts on a line as fit. */
function packLines(parts: readonly string[], width: number): readonly string[] {
    const lines: string[] = [];
    for (const part of parts) {
        const longer = lines.length === 0 ? part : `${lines.at(-1)}; ${part}`;
        if (lines.length > 0 && longer.length <= width) lines[lines.length - 1] = longer;
        else lines.push(part);
    }
    return lines;
}

function renderGaps({ gaps }: ReportData): readonly string[] {
    if (gaps.length === 0) return ["nothing is known"];
    return gaps.map(({ what, coveredBy }) => (coveredBy === undefined ? what : `${what}; instead: ${coveredBy}`));
}

function renderCosts({ phases, totalMs, peakMemoryMiB }: ReportData): readonly string[] {
    const rows = phases.map(({ phase, status, durationMs, counts }) => {
        const done = counts === undefined ? "" : `  ${formatCounts(counts)}`;
        return `${phase.padEnd(18)} ${formatSeconds(durationMs).padStart(9)}  ${status}${done}`;
    });
    return [
        ...rows,
        `${"all, with start".padEnd(18)} ${formatSeconds(totalMs).padStart(9)}`,
        `peak memory: ${Math.round(peakMemoryMiB.cloud)} MiB in the cloud and its workers, ${Math.round(peakMemoryMiB.driver)} MiB in the driver`,
    ];
}

/** A function without permission to write its log works on; somebody would miss the log later. */
function renderDenied({ denied }: ReportData): readonly string[] {
    return denied.length === 0 ? ["none: no permission is missing"] : denied.map(({ principal, action, resource }) => `${principal} may not ${action} on ${resource}`);
}

function renderLeftovers({ leftovers, keptFolder }: ReportData): readonly string[] {
    const files = keptFolder === undefined ? [] : [`kept in ${keptFolder}:`, ...KEPT_FILES];
    if (leftovers === undefined) return ["nothing was torn down", ...files];
    if (leftovers.length === 0) return ["nothing: the inventory of all services and regions is empty", ...files];
    return [`${leftovers.length} resources are LEFT:`, ...leftovers.map((resource) => `  ${resource}`), ...files];
}
