/** Errors with their fix, and what else was out of the ordinary: drift, unfinished steps, retries, waits. */
import { formatSeconds, nameOfUrn } from "../../../progress/eventLines.ts";
import type { TimedEvent } from "../../../progress/reporter.ts";
import { html } from "../markup.ts";
import type { Markup } from "../markup.ts";
import { findTroubles } from "../outcome.ts";
import type { Trouble } from "../outcome.ts";
import type { Section } from "../reportContext.ts";

export const troublesSection: Section = {
    id: "errors",
    title: "Errors and how to fix them",
    render({ input }) {
        const troubles = findTroubles(input.events);
        if (troubles.length === 0) return undefined;
        return html`<ul class="troubles">${troubles.map(renderTrouble)}</ul>`;
    },
};

function renderTrouble({ where, what, fix }: Trouble): Markup {
    const shownFix = fix === undefined ? undefined : html`<p class="fix"><strong>Fix</strong> ${fix}</p>`;
    return html`<li><p class="where">${where}</p><p class="words">${what}</p>${shownFix}</li>\n`;
}

export const incidentsSection: Section = {
    id: "incidents",
    title: "Out of the ordinary",
    render({ input }) {
        const lines = input.events.flatMap((event) => describeIncident(event).map((line) => ({ atMs: event.atMs, line })));
        if (lines.length === 0) return undefined;
        return html`<ul class="incidents">${lines.map(({ atMs, line }) => html`<li><span class="time">${formatSeconds(atMs)}</span> ${line}</li>\n`)}</ul>`;
    },
};

function describeIncident(event: TimedEvent): readonly Markup[] {
    switch (event.kind) {
        case "drift": return event.drift.map(({ kind, name, type, properties }) => (
            html`<strong>${kind === "deleted" ? "Deleted" : "Changed"} outside:</strong> ${name} (${type})${properties.length === 0 ? "" : `: ${properties.join(", ")}`}`));
        case "pending": return [html`<strong>Not finished by an earlier run:</strong> ${event.operation} ${nameOfUrn(event.urn)}; ${event.outcome}: ${event.message}`];
        case "retry": return [
            html`<strong>Run again:</strong> ${event.phase}, attempt ${event.attempt}, after ${formatSeconds(event.waitMs)}: ${event.message}`,
        ];
        case "lock": return event.status === "waiting" || event.status === "cleared" ? [
            html`<strong>Lock ${event.status}:</strong> ${event.message}`,
        ] : [];
        case "weights": return event.drained === undefined ? [] : [html`<strong>Drained:</strong> the ${event.drained} gets no requests`];
        default: return [];
    }
}
