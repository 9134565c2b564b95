/** What was asked of the deployed platform, and what the preflight rules found before. */
import { formatSeconds } from "../../../progress/eventLines.ts";
import { renderTable } from "../charts/figure.ts";
import { summarize } from "../../../preflight/render/text.ts";
import type { RuleFinding, RuleReason } from "../../../preflight/result.ts";
import { html } from "../markup.ts";
import type { Markup } from "../markup.ts";
import type { Section } from "../reportContext.ts";

export const checksSection: Section = {
    id: "checks",
    title: "Checks",
    render({ summary: { checks } }) {
        if (checks.length === 0) return undefined;
        return renderTable({
            head: ["Check", "What was measured", "Took"],
            rows: checks.map(({ name, status, measured, durationMs }) => [
                html`<span class="${status === "done" ? "good" : "bad"}">${status === "done" ? "✓" : "✗ failed"}</span>\u00A0${name}`,
                measured, formatSeconds(durationMs),
            ]),
            numeric: [2],
            isWordy: true,
        });
    },
};

export const preflightSection: Section = {
    id: "preflight",
    title: "Preflight",
    render({ summary: { preflight } }) {
        if (preflight === undefined) return undefined;
        const { findings, passed, notChecked, skipped } = preflight;
        return html`<p>${summarize(preflight)}.
Each rule is a failure that somebody had: docs/failures.md tells them.</p>
${findings.length === 0 ? undefined : html`<ul class="troubles">${findings.map(renderFinding)}</ul>`}
${passed.length === 0 ? undefined : html`<p><span class="good">✓</span> ${passed.join(" ")}</p>`}
${renderReasons("Not checked", notChecked)}${renderReasons("Skipped", skipped)}`;
    },
};

function renderReasons(heading: string, reasons: readonly RuleReason[]): Markup | undefined {
    return reasons.length === 0 ? undefined : html`<p>${heading}</p><ul>${reasons.map(({ id, because }) => html`<li>${id}: ${because}</li>`)}</ul>`;
}

function renderFinding({ id, severity, title, where, what, fix, graph, at = [] }: RuleFinding): Markup {
    return html`<li class="${severity}"><p class="where">${id} ${where} <span class="soft">${severity}: ${title}</span></p>
<p class="words">${what}${graph === undefined ? undefined : ` (graph: ${graph})`}</p>
${at.length === 0 ? undefined : html`<p class="soft">${at.map(({ file, line }) => `${file}:${line}`).join(", from ")}</p>`}
<p class="fix"><strong>Fix</strong> ${fix}</p></li>
`;
}
