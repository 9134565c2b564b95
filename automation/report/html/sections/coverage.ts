/**
 * What really ran and what not. Of a deployment: which phases, on which resources. Of a rehearsal: also what stood for the rest, and what it
 * therefore does not prove.
 */
import { isProvisioned } from "../../../componentTypes.ts";
import { DEPLOY_PHASES } from "../../../phases/phaseRange.ts";
import { formatSeconds } from "../../../progress/eventLines.ts";
import { serviceOf } from "../../../progress/liveView/renderRun.ts";
import type { PhaseName } from "../../../progress/reporter.ts";
import { renderFigure } from "../charts/figure.ts";
import { drawShares } from "../charts/shares.ts";
import { html } from "../markup.ts";
import type { Content, Markup } from "../markup.ts";
import type { ReportContext, Section } from "../reportContext.ts";
import { durationOf } from "../runStory.ts";
import type { ReportData } from "../../reportData.ts";
import type { ResourceStatus } from "../../resourceStatus.ts";

/** In the words of the report on the screen. */
const MEANINGS: Readonly<Record<ResourceStatus, string>> = {
    ran: "its data plane was used in this run",
    "recorded only": "kept in state and read back, nothing used it",
    "checked statically": "at least one property was only looked at by a rule or a type",
};
const STATUSES: readonly ResourceStatus[] = ["ran", "recorded only", "checked statically"];

export const coverageSection: Section = {
    id: "coverage",
    title: "What ran and what not",
    render(context) {
        const { rehearsal, events } = context.input;
        if (rehearsal !== undefined) return renderRehearsal(rehearsal);
        return events.some((event) => event.kind === "run" && event.command === "deploy") ? renderDeployment(context) : undefined;
    },
};

function renderDeployment({ input, story, summary }: ReportContext): Markup {
    const made = new Set(story.resources.map(({ urn }) => urn));
    const untouched = input.resources.filter(({ urn, type, custom }) => custom && isProvisioned(type) && !made.has(urn)).length;
    const notChecked = summary.preflight?.notChecked.map(({ id }) => id) ?? [];
    return html`${renderList("Phases", DEPLOY_PHASES.map((phase) => describePhase(phase, story)), "none")}
${renderList("Beside them", [
    ...(untouched === 0 ? [] : [`resources that were there and stayed as they were: ${untouched}`]),
    ...(notChecked.length === 0 ? [] : [`rules of the preflight that had nothing to look at, or could not: ${notChecked.join(" ")}`]),
    ...(summary.checks.length === 0 ? ["the deployed platform was asked nothing"] : []),
], "nothing was left out")}`;
}

function describePhase(name: PhaseName, { phases }: ReportContext["story"]): Markup {
    const span = phases.findLast(({ phase }) => phase === name);
    if (span === undefined) return html`${name}: <strong>did not run</strong>`;
    const took = formatSeconds(durationOf(span));
    if (span.status === "done") return html`<span class="good">✓</span> ${name}: ${took}`;
    return html`<span class="bad">✗</span> ${name}: <strong>${span.status}</strong> after ${took}`;
}

async function renderRehearsal(rehearsal: ReportData): Promise<Markup> {
    return html`${await renderStatuses(rehearsal)}
${renderList("Not enforced by the rehearsal cloud, so not proven by this run", rehearsal.gaps.map(({ what, coveredBy }) => (coveredBy === undefined ? what : html`${what}; <span class="soft">instead: ${coveredBy}</span>`)), "nothing is known")}
${renderList("Refused calls", rehearsal.denied.map(({ principal, action, resource }) => `${principal} may not ${action} on ${resource}`), "none: no permission is missing")}
${rehearsal.unreachableServices === undefined ? undefined : renderList("Not reachable from the VPC", rehearsal.unreachableServices, "nothing that is used")}
${renderList("Alerts", rehearsal.unconfirmedSubscriptions.map((address) => `${address} has not confirmed, and gets none until then`), "no subscription waits for its confirmation")}
${renderList("What is left", rehearsal.leftovers ?? ["nothing was torn down"], "nothing: the inventory of all services and regions is empty")}
<p class="soft">Peak memory: ${Math.round(rehearsal.peakMemoryMiB.cloud)} MiB in the cloud and its workers, ${Math.round(rehearsal.peakMemoryMiB.driver)} MiB in the driver.</p>`;
}

async function renderStatuses({ resources }: ReportData): Promise<Markup> {
    const counts = STATUSES.map((status) => ({ status, count: resources.filter((resource) => resource.status === status).length }));
    const services = [...Map.groupBy(resources, ({ type }) => serviceOf(type))].map(([service, members]) => ({
        service, total: members.length, counts: STATUSES.map((status) => members.filter((resource) => resource.status === status).length),
    })).sort((left, right) => right.total - left.total);
    return html`<dl class="meanings">${counts.map(({ status, count }) => html`<div><dt><span class="key ${status.split(" ")[0] ?? ""}">${status}</span> ${count} of ${resources.length}</dt><dd>${MEANINGS[status]}</dd></div>`)}</dl>
${await renderFigure({
    description: `Bars for ${services.length} services, each split by what was done with its resources. ${counts.map(({ status, count }) => `${status}: ${count}`).join(", ")}.`,
    isFilled: true,
    draw: (width) => drawShares(services.map(({ service, counts: parts }) => ({ label: service, parts })), ["var(--ran)", "var(--recorded)", "var(--checked)"], width),
    table: { head: ["Service", ...STATUSES], rows: services.map(({ service, counts: parts }) => [service, ...parts]), numeric: [1, 2, 3] },
})}`;
}

function renderList(title: string, items: readonly Content[], nothing: string): Markup {
    return html`<h3>${title}</h3>${items.length === 0 ? html`<p>${nothing}</p>` : html`<ul>${items.map((item) => html`<li>${item}</li>\n`)}</ul>`}`;
}
