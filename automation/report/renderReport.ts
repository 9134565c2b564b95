/** The report as plain text. */
import { displayPath } from "../displayPath.ts";
import { formatCounts, formatMetric, formatSeconds } from "../progress/eventLines.ts";
import { renderPreflight } from "../preflight/render/text.ts";
import type { ComparedPrediction, ReportData } from "./reportData.ts";
import { wrapLine } from "./wrapLine.ts";
import type { ResourceReport, ResourceStatus } from "./resourceStatus.ts";

/** More rows would say nothing new. */
const SHOWN_PREDICTIONS = 6;
const VARIANT_WIDTH = 10;
const METRIC_WIDTH = 12;
const STATUSES: readonly ResourceStatus[] = ["ran", "recorded only", "checked statically"];
const MEANINGS: Readonly<Record<ResourceStatus, string>> = {
    "ran": "a call of this run needed it",
    "recorded only": "created, read back and compared, but no call is known that needed it",
    "checked statically": "only a rule or a type looked at a part of it",
};
const KEPT_FILES = [
    "  state.json, or backend with the Pulumi CLI: the engine's state after the teardown; cloud.log: what the cloud said; home, tmp: what processes wrote",
    "  downloaded-<variant>.tar.gz: the artifacts as the second process loaded them",
];
/** Without the two blanks before each line. */
const LINE_WIDTH = 118;

export function renderReport(report: ReportData): string {
    const sections = [
        renderSection(`Rehearsal of stack ${report.stack} on ${displayPath(report.dataFile)}`, [`deployed by ${report.engine}`, ...renderEndpoints(report)]),
        renderSection("Models", renderModels(report)),
        ...report.variants.map(({ variant, predictions }) => renderSection(
            `Predictions of the ${variant}: transform job | deployed API | second process with the downloaded artifact`, renderPredictions(predictions))),
        renderSection("Verified", renderChecks(report)),
        renderSection("Resources", renderResources(report.resources)),
        renderSection("Not enforced by the rehearsal cloud, so not proven by this run", renderGaps(report)),
        renderSection("Refused calls", renderDenied(report)),
        ...(report.unreachableServices === undefined ? [] : [renderSection("Not reachable from the VPC", orNothing(report.unreachableServices, "nothing that is used"))]),
        renderSection("Alerts", renderAlerts(report)),
        renderSection("Preflight", report.preflight === undefined ? ["did not run"] : renderPreflight(report.preflight)),
        renderSection("Time and memory", renderCosts(report)),
        renderSection("What is left", renderLeftovers(report)),
    ];
    return `${sections.join("\n\n")}\n`;
}

function renderSection(title: string, lines: readonly string[]): string {
    return [title, ...lines.flatMap((line) => wrapLine(line, LINE_WIDTH)).map((line) => `  ${line}`)].join("\n");
}

function renderEndpoints({ variants, apiUrl, weights }: ReportData): readonly string[] {
    const served = variants.flatMap(({ variant, endpointName, modelVersion }) => (
        endpointName === undefined ? [] : [`${variant.padEnd(VARIANT_WIDTH)} ${endpointName}, model ${modelVersion ?? "unknown"}, ${weights[variant]} % of the requests`]));
    return served.length === 0 ? ["no endpoint was declared"] : [`behind ${apiUrl}`, ...served];
}

/** Metrics side by side: one column per variant, the deciding one first. */
function renderModels({ variants }: ReportData): readonly string[] {
    const judged = variants.flatMap(({ variant, evaluation }) => (evaluation === undefined ? [] : [{ variant, evaluation }]));
    const [first] = judged;
    if (first === undefined) return ["none was trained"];
    const { task, gate } = first.evaluation;
    const metrics = [gate.metric, ...new Set(judged.flatMap(({ evaluation }) => Object.keys(evaluation.metrics)).filter((name) => name !== gate.metric))];
    const row = (name: string, cells: readonly string[]): string => [name.padEnd(METRIC_WIDTH), ...cells.map((cell) => cell.padStart(METRIC_WIDTH))].join("");
    return [
        `${task}, judged by ${gate.metric} ${gate.direction === "maximize" ? ">=" : "<="} ${gate.floor}`,
        row("", judged.map(({ variant }) => variant)),
        row("test rows", judged.map(({ evaluation }) => String(evaluation.rows))),
        ...metrics.map((name) => row(name, judged.map(({ evaluation }) => formatMetric(evaluation.metrics[name])))),
    ];
}

function renderChecks({ checks }: ReportData): readonly string[] {
    if (checks.length === 0) return ["nothing was checked"];
    return checks.map(({ name, status, measured, durationMs }) => `${status === "done" ? "" : "FAILED "}${name} (${formatSeconds(durationMs)}): ${measured}`);
}

function renderAlerts({ unconfirmedSubscriptions }: ReportData): readonly string[] {
    return unconfirmedSubscriptions.length === 0
        ? ["no subscription waits for its confirmation"]
        : unconfirmedSubscriptions.map((address) => `${address} has not confirmed, and gets no alert until then`);
}

function orNothing(lines: readonly string[], nothing: string): readonly string[] {
    return lines.length === 0 ? [nothing] : lines;
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
