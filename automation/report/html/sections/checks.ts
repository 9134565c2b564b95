/** What was asked of the deployed platform, and what the preflight rules found before. */
import { formatSeconds } from "../../../progress/eventLines.ts";
import { renderTable } from "../charts/figure.ts";
import type { RuleFinding } from "../../../preflight/result.ts";
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
        const { findings, passed, notChecked } = preflight;
        return html`<p>${findings.length} ${findings.length === 1 ? "finding" : "findings"}, ${passed.length} rules passed, ${notChecked.length} not checked.
Each rule is a failure that somebody had: docs/failures.md tells them.</p>
${findings.length === 0 ? undefined : html`<ul class="troubles">${findings.map(renderFinding)}</ul>`}
${passed.length === 0 ? undefined : html`<p><span class="good">✓</span> ${passed.join(" ")}</p>`}
${notChecked.length === 0 ? undefined : html`<ul>${notChecked.map(({ id, because }) => html`<li>${id}: ${because}</li>`)}</ul>`}`;
    },
};

function renderFinding({ id, severity, title, where, what, fix }: RuleFinding): Markup {
    return html`<li class="${severity}"><p class="where">${id} ${where} <span class="soft">${severity}: ${title}</span></p>
<p class="words">${what}</p>
<p class="fix"><strong>Fix</strong> ${fix}</p></li>
`;
}
