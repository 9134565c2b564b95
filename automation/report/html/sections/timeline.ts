/** Where the time went: phases, the pipeline's states, resources by component. */
import { formatCounts, formatSeconds } from "../../../progress/eventLines.ts";
import { shortTypeOf } from "../../../progress/liveView/renderRun.ts";
import { drawBarRows } from "../charts/barRows.ts";
import type { BarRow } from "../charts/barRows.ts";
import { renderFigure } from "../charts/figure.ts";
import { drawLanes } from "../charts/lanes.ts";
import { html } from "../markup.ts";
import type { Markup } from "../markup.ts";
import type { ReportContext, ResourcePhase, Section } from "../reportContext.ts";
import { durationOf } from "../runStory.ts";
import type { PhaseSpan, StateSpan } from "../runStory.ts";

/** States that took less of the pipeline's time are counted, and not drawn. */
const SHOWN_SHARE = 0.01;

export const timelineSection: Section = {
    id: "timeline",
    title: "Timeline",
    async render(context) {
        const { story, resourcePhases } = context;
        if (story.phases.length === 0) return undefined;
        const parts = [await renderPhases(context)];
        if (story.states.length > 0) parts.push(await renderStates(story.states));
        for (const resourcePhase of resourcePhases) parts.push(await renderResources(resourcePhase, context));
        return html`${parts}`;
    },
};

async function renderPhases({ story, summary }: ReportContext): Promise<Markup> {
    const rows = story.phases.map((phase): BarRow => ({
        label: phase.phase, startMs: phase.startMs, endMs: phase.endMs, text: formatSeconds(durationOf(phase)), colour: colourOf(phase),
    }));
    const longest = story.phases.reduce((left, right) => (durationOf(right) > durationOf(left) ? right : left));
    return renderFigure({
        description: `Bars over ${formatSeconds(story.totalMs)}, one per phase. The longest is ${longest.phase} with ${formatSeconds(durationOf(longest))}.`,
        draw: (width) => drawBarRows(rows, story.totalMs, width),
        table: {
            isWordy: true,
            head: ["Phase", "Status", "Began after", "Took", "Did"],
            rows: story.phases.map((phase) => [
                phase.phase, phase.status, formatSeconds(phase.startMs), formatSeconds(durationOf(phase)),
                didIn(phase, summary.phases),
            ]),
            numeric: [2, 3],
        },
    });
}

function didIn({ phase }: PhaseSpan, reports: ReportContext["summary"]["phases"]): string {
    const counts = reports.find((report) => report.phase === phase)?.counts;
    return counts === undefined ? "" : formatCounts(counts);
}

function colourOf({ status }: PhaseSpan): string {
    return status === "failed" ? "var(--bad)" : status === "unfinished" ? "var(--warn)" : "var(--bar)";
}

const LANE_COLOURS: Readonly<Record<string, string>> = { champion: "var(--champion)", challenger: "var(--challenger)" };

async function renderStates(states: readonly StateSpan[]): Promise<Markup> {
    const startMs = Math.min(...states.map((state) => state.startMs));
    const totalMs = Math.max(...states.map((state) => state.endMs)) - startMs;
    const shown = states.filter((state) => durationOf(state) > totalMs * SHOWN_SHARE || !state.isFinished);
    const rows = shown.map((state): BarRow => ({
        label: state.lane === "pipeline" ? state.state : `${state.state}, ${state.lane}`,
        startMs: state.startMs - startMs, endMs: state.endMs - startMs, text: formatSeconds(durationOf(state)), colour: LANE_COLOURS[state.lane] ?? "var(--bar)",
    }));
    return html`<h3>Training pipeline</h3>${await renderFigure({
        description: `Bars over ${formatSeconds(totalMs)}, one per state of the training pipeline and variant: ${shown.length} of ${states.length} states took more than a hundredth of it.`,
        caption: html`<span class="key champion">champion</span> <span class="key challenger">challenger</span> <span class="key bar">both</span>
${states.length - shown.length} states that took next to no time are left out.`,
        draw: (width) => drawBarRows(rows, totalMs, width),
        table: {
            isWordy: true,
            head: ["State", "Variant", "Began after", "Took"],
            rows: states.map((state) => [state.state, state.lane === "pipeline" ? "" : state.lane, formatSeconds(state.startMs - startMs), formatSeconds(durationOf(state))]),
            numeric: [2, 3],
        },
    })}`;
}

async function renderResources({ phase, spans, chain }: ResourcePhase, { componentOf }: ReportContext): Promise<Markup> {
    const critical = new Set(chain.map(({ urn }) => urn));
    const durationMs = Math.max(durationOf(phase), 1);
    const slowest = [...spans].sort((left, right) => durationOf(right) - durationOf(left)).slice(0, 10);
    return html`<h3>Resources of ${phase.phase}</h3>${await renderFigure({
        description: `${spans.length} resources as bars over the ${formatSeconds(durationMs)} of the phase ${phase.phase}, by component. The slowest is ${slowest[0]?.name ?? "none"}.`,
        caption: html`${spans.length} resources by component; each bar is one. <span class="key accent">longest chain</span>
<span class="key bar">others</span>${spans.some(({ status }) => status === "failed") ? html` <span class="key bad">failed</span>` : undefined}`,
        draw: (width) => drawLanes({ spans, startMs: phase.startMs, durationMs, componentOf, critical }, width),
        table: {
            isWordy: true,
            head: ["The ten slowest", "Type", "Component", "Took"],
            rows: slowest.map((span) => [`${span.operation} ${span.name}`, shortTypeOf(span.type), componentOf(span.urn), formatSeconds(durationOf(span))]),
            numeric: [3],
        },
    })}`;
}
