/** The report as plain text. */
import { describeEvaluation, formatCounts, formatSeconds } from "../eventLines.ts";
import { renderPreflight } from "../preflight/renderPreflight.ts";
import type { ComparedPrediction, ReportData } from "./reportData.ts";
import type { ResourceReport, ResourceStatus } from "./resourceStatus.ts";

/** More rows would say nothing new. */
const SHOWN_PREDICTIONS = 6;
const STATUSES: readonly ResourceStatus[] = ["ran", "recorded only", "checked statically"];

export function renderReport(report: ReportData): string {
    const sections = [
        renderSection(`Rehearsal of stack ${report.stack} on ${report.dataFile}`, renderEndpoint(report)),
        renderSection("Model", report.evaluation === undefined ? ["none was trained"] : describeEvaluation(report.evaluation)),
        renderSection("Predictions: transform job | deployed API | second process with the downloaded artifact", renderPredictions(report.predictions)),
        renderSection("Resources", renderResources(report.resources)),
        renderSection("Not enforced by the rehearsal cloud", renderGaps(report)),
        renderSection("Preflight", report.preflight === undefined ? ["did not run"] : renderPreflight(report.preflight)),
        renderSection("Time and memory", renderCosts(report)),
        renderSection("What is left", renderLeftovers(report)),
    ];
    return `${sections.join("\n\n")}\n`;
}

function renderSection(title: string, lines: readonly string[]): string {
    return [title, ...lines.map((line) => `  ${line}`)].join("\n");
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

function renderResources(resources: readonly ResourceReport[]): readonly string[] {
    return STATUSES.flatMap((status) => {
        const found = resources.filter((resource) => resource.status === status);
        return [`${status}: ${found.length}`, ...found.map((resource) => `  ${renderResource(resource)}`)];
    });
}

function renderResource({ name, type, proof, effects }: ResourceReport): string {
    const sent = `${effects.applied} properties applied, ${effects.recorded} recorded, ${effects.static} static`;
    return `${name.padEnd(36)} ${shortType(type).padEnd(32)} ${sent}${proof === undefined ? "" : `; used: ${proof}`}`;
}

/** `aws:s3/bucket:Bucket` -> `s3 Bucket`. */
function shortType(type: string): string {
    const [, module = "", name = type] = type.split(":");
    return `${module.split("/")[0]} ${name}`;
}

function renderGaps({ gaps }: ReportData): readonly string[] {
    if (gaps.length === 0) return ["nothing is known"];
    return gaps.map(({ what, coveredBy }) => `${what}; ${coveredBy === undefined ? "nothing stands in for it" : `covered by ${coveredBy}`}`);
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

function renderLeftovers({ leftovers, keptFolder }: ReportData): readonly string[] {
    const files = keptFolder === undefined ? [] : [`the run's files are kept in ${keptFolder}`];
    if (leftovers === undefined) return ["nothing was torn down", ...files];
    if (leftovers.length === 0) return ["nothing: the account's inventory is empty", ...files];
    return [`${leftovers.length} resources are LEFT:`, ...leftovers.map((resource) => `  ${resource}`), ...files];
}
