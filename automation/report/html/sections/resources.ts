/** What the stack is made of: areas by component, who needs whom, and every resource by name. */
import { isProvisioned } from "../../../componentTypes.ts";
import { nameOfUrn } from "../../../progress/eventLines.ts";
import { shortTypeOf } from "../../../progress/liveView/renderRun.ts";
import type { ResourceStatus } from "../../resourceStatus.ts";
import { drawComponentGraph, orderComponents } from "../charts/componentGraph.ts";
import { renderFigure } from "../charts/figure.ts";
import { drawTreemap } from "../charts/treemap.ts";
import { countNeeds } from "../components.ts";
import { html } from "../markup.ts";
import type { Markup } from "../markup.ts";
import type { ReportContext, Section } from "../reportContext.ts";

const FILLS: Readonly<Record<ResourceStatus, string>> = {
    ran: "var(--ran)", "recorded only": "var(--recorded)", "checked statically": "var(--checked)",
};

const KEY = html` <span class="key ran">ran</span> <span class="key recorded">recorded only</span> <span class="key checked">checked statically</span>`;

export const resourcesSection: Section = {
    id: "resources",
    title: "Resources",
    async render(context) {
        const resources = context.input.resources.filter(({ custom, type }) => custom && isProvisioned(type));
        if (resources.length === 0) return undefined;
        return html`${await renderTreemap(resources, context)}${await renderNeeds(context)}${renderTree(resources, context)}`;
    },
};

type Resources = ReportContext["input"]["resources"];

async function renderTreemap(resources: Resources, { input: { rehearsal }, componentOf }: ReportContext): Promise<Markup> {
    const statuses = new Map(rehearsal?.resources.map(({ type, name, status }) => [`${type} ${name}`, status]));
    // In a real deployment nothing stands in for anything.
    const other: ResourceStatus = rehearsal === undefined ? "ran" : "recorded only";
    const fillOf = ({ type, name }: Resources[number]): string => FILLS[statuses.get(`${type} ${name}`) ?? other];
    const groups = Map.groupBy(resources, (resource) => [
        componentOf(resource.urn), resource.type.split(":").at(-1) ?? "", fillOf(resource),
    ].join("\n"));
    const leaves = [...groups].map(([key, members]) => {
        const [component = "", type = "", fill = ""] = key.split("\n");
        return { component, type, fill, count: members.length };
    });
    const components = [...Map.groupBy(resources, ({ urn }) => componentOf(urn))].map(([component, members]) => [component, members.length] as const).sort(([, left], [, right]) => right - left);
    return renderFigure({
        description: `${resources.length} resources as areas, in ${components.length} components. The largest are ${components.slice(0, 3).map(([name, count]) => `${name} with ${count}`).join(", ")}.`,
        caption: html`${resources.length} resources in ${components.length} components; the larger an area, the more there are.${rehearsal === undefined ? undefined : KEY}`,
        isFilled: true,
        draw: (width) => drawTreemap(leaves, width),
        table: { head: ["Component", "Resources"], rows: components.map(([name, count]) => [name, count]), numeric: [1] },
    });
}

async function renderNeeds({ input }: ReportContext): Promise<Markup | undefined> {
    const needs = countNeeds(input.resources);
    if (needs.length === 0) return undefined;
    const most = [...needs].sort((left, right) => right.count - left.count)[0];
    const order = orderComponents(needs);
    const isAcyclic = needs.every(({ from, to }) => order.indexOf(from) > order.indexOf(to));
    return html`<h3>Who needs whom</h3>${await renderFigure({
        description: `A graph of components, what is needed above who needs it, with an arc between the two. The strongest: ${most?.from} needs ${most?.to}, ${most?.count} times.`,
        caption: `Each component needs those above it that an arc leads to; the thicker the arc, the more of their resources depend on each other.${isAcyclic ? "" : " Dashed: it needs one below."}`,
        isFilled: true,
        draw: (width) => drawComponentGraph(needs, width),
        table: { head: ["Component", "Needs", "Dependencies"], rows: needs.map(({ from, to, count }) => [from, to, count]), numeric: [2] },
    })}`;
}

/** Folded up by component: who looks for one resource opens one component. */
function renderTree(resources: Resources, { componentOf }: ReportContext): Markup {
    const components = [...Map.groupBy(resources, ({ urn }) => componentOf(urn))].sort(([left], [right]) => left.localeCompare(right));
    return html`<h3>All by name</h3>
${components.map(([component, members]) => html`<details class="component"><summary>${component} <span class="soft">${members.length}</span></summary>
<ul>${members.map(({ name, type, dependencies }) => html`<li>${name} <span class="soft">${shortTypeOf(type)}${describeDependencies(dependencies)}</span></li>\n`)}</ul></details>\n`)}`;
}

function describeDependencies(dependencies: readonly string[]): string {
    return dependencies.length === 0 ? "" : `; needs ${[...new Set(dependencies.map(nameOfUrn))].join(", ")}`;
}
