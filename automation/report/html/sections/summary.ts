/** What was run, how it ended, and the numbers one asks for first. */
import { isProvisioned } from "../../../componentTypes.ts";
import { describeWeights, formatCounts, formatSeconds } from "../../../progress/eventLines.ts";
import { findOutcome } from "../outcome.ts";
import type { Outcome } from "../outcome.ts";
import { html } from "../markup.ts";
import type { Content, Markup } from "../markup.ts";
import type { ReportContext } from "../reportContext.ts";
import type { TimedEvent } from "../../../progress/reporter.ts";

const WORDS: Readonly<Record<Outcome["status"], string>> = { done: "Done", failed: "Failed", unfinished: "Not finished" };

/** The head of the page. */
export function renderSummary(context: ReportContext): Markup {
    const { input, story } = context;
    const outcome = findOutcome(input);
    const run = input.events.find((event) => event.kind === "run");
    const facts: readonly (readonly [string, Content])[] = [
        ...(run === undefined ? [] : [["Command", run.command], ["Stack", run.stack], ["Began", formatTime(run.startedAt)]] as const),
        ...(run === undefined && input.rehearsal !== undefined ? [["Stack", input.rehearsal.stack]] as const : []),
        ["Took", formatSeconds(input.rehearsal?.totalMs ?? story.totalMs)],
        ...describeResources(context),
        ...describeChecks(context),
        ...describeServing(input.events, context),
        ...(run === undefined ? [] : [
            ["Versions", Object.entries(run.versions).map(([name, version]) => `${name} ${version}`).join(", ")],
        ] as const),
    ];
    const said = outcome.message === undefined ? story.phases.map(({ phase }) => phase).join(", ") : firstLine(outcome.message);
    return html`<p class="outcome ${outcome.status}"><strong>${WORDS[outcome.status]}</strong> ${said}</p>
<dl class="facts">${facts.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>\n`)}</dl>
`;
}

/** `2026-11-21 16:38 UTC` */
function formatTime(isoTime: string): string {
    return isoTime.replace(/^(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2}).*$/, "$1 $2 UTC");
}

function firstLine(text: string): string {
    return text.split("\n")[0] ?? "";
}

function describeResources({ input, summary }: ReportContext): readonly (readonly [string, Content])[] {
    const last = input.events.findLast((event) => event.kind === "counts");
    const inStack = input.resources.filter(({ type }) => isProvisioned(type)).length;
    const components = input.resources.filter(({ custom, type }) => !custom && !type.startsWith("pulumi:")).length;
    const counted = summary.phases.flatMap(({ phase, counts }) => (counts === undefined ? [] : [`${phase}: ${formatCounts(counts)}`]));
    return [
        ...(inStack === 0 ? [] : [["Resources", `${inStack}, in ${components} components`]] as const),
        ...(last === undefined ? [] : [["Changes", counted.join("; ")]] as const),
    ];
}

function describeChecks({ summary: { checks } }: ReportContext): readonly (readonly [string, Content])[] {
    if (checks.length === 0) return [];
    return [["Checks", `${checks.filter(({ status }) => status === "done").length} of ${checks.length} passed`]];
}

function describeServing(events: readonly TimedEvent[], { input: { rehearsal } }: ReportContext): readonly (readonly [string, Content])[] {
    const weights = events.findLast((event) => event.kind === "weights");
    const split = weights ?? (rehearsal === undefined ? undefined : { weights: rehearsal.weights });
    return [
        ...(split === undefined ? [] : [["Traffic", describeWeights(split).replace(/^requests: /, "")]] as const),
        ...(rehearsal === undefined ? [] : [["Data", rehearsal.dataFile.replace(/^.*[\\/]/, "")]] as const),
    ];
}
