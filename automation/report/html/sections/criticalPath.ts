/** The longest chain through the dependencies, as measured, and as AWS usually takes. */
import { expectResource } from "../../../../components/facts/provisioningTimes.ts";
import { formatSeconds, nameOfUrn } from "../../../progress/eventLines.ts";
import { formatRough, shortTypeOf } from "../../../progress/liveView/renderRun.ts";
import { drawBarRows } from "../charts/barRows.ts";
import type { BarRow } from "../charts/barRows.ts";
import { renderFigure } from "../charts/figure.ts";
import { findCriticalPath } from "../criticalPath.ts";
import type { ChainLink } from "../criticalPath.ts";
import { html } from "../markup.ts";
import type { Markup } from "../markup.ts";
import type { ReportContext, ResourcePhase, Section } from "../reportContext.ts";
import { durationOf } from "../runStory.ts";

export const criticalPathSection: Section = {
    id: "critical-path",
    title: "Critical path",
    async render(context) {
        const phases = context.resourcePhases.filter(({ chain, phase }) => chain.length > 0 && phase.phase !== "destroy");
        if (phases.length === 0) return undefined;
        const parts: Markup[] = [];
        for (const each of phases) parts.push(await renderChain(each, context));
        return html`<p>The longest chain of resources that had to wait for each other, by the time that each took. A phase cannot be shorter
than its chain, however much runs beside it.</p>${parts}`;
    },
};

async function renderChain({ phase, spans, chain }: ResourcePhase, context: ReportContext): Promise<Markup> {
    const totalMs = sumOf(chain);
    const share = Math.round(100 * totalMs / Math.max(durationOf(phase), 1));
    const types = new Map(spans.map(({ urn, type }) => [urn, type]));
    return html`<h3>${phase.phase}: ${formatSeconds(totalMs)} in ${chain.length} links</h3>
${await renderFigure({
    description: `A staircase of ${chain.length} bars, each beginning where the one before ends: ${chain.map(({ urn }) => nameOfUrn(urn)).join(", then ")}.`,
    caption: `${share} % of the phase's ${formatSeconds(durationOf(phase))}; the rest is starting the program, and waiting for a free place among those that work at once.`,
    draw: (width) => drawBarRows(stairsOf(chain), totalMs, width),
})}
${renderExpected(expectChain(spans, context), types)}`;
}

function stairsOf(chain: readonly ChainLink[]): readonly BarRow[] {
    let startMs = 0;
    return chain.map(({ urn, durationMs }) => {
        const begin = startMs;
        startMs += durationMs;
        return { label: nameOfUrn(urn), startMs: begin, endMs: startMs, text: formatSeconds(durationMs), colour: "var(--accent)" };
    });
}

/** The chain as it would be if each resource took what it usually takes. */
function expectChain(spans: ResourcePhase["spans"], { input }: ReportContext): readonly ChainLink[] {
    return findCriticalPath(input.resources, new Map(spans.map(({ urn, type, operation }) => [urn, 1000 * expectResource(type, operation).typical])));
}

function renderExpected(chain: readonly ChainLink[], types: ReadonlyMap<string, string>): Markup {
    const steps = chain.map(({ urn, durationMs }) => html`<li>${nameOfUrn(urn)} <span class="soft">${shortTypeOf(types.get(urn) ?? "")}, ${formatRough(durationMs / 1000)}</span></li>`);
    return html`<details><summary>By the times that AWS usually takes: ${formatRough(sumOf(chain) / 1000)} in ${chain.length} links</summary><ol>${steps}</ol></details>`;
}

function sumOf(chain: readonly ChainLink[]): number {
    return chain.reduce((sum, { durationMs }) => sum + durationMs, 0);
}
