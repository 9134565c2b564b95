/** What each type took against what it usually takes. */
import { expectResource, findProvisioningTime } from "../../../../components/facts/provisioningTimes.ts";
import type { DurationRange } from "../../../../components/facts/provisioningTimes.ts";
import { formatSeconds } from "../../../progress/eventLines.ts";
import { formatRough, shortTypeOf } from "../../../progress/liveView/renderRun.ts";
import { renderFigure } from "../charts/figure.ts";
import { drawRanges } from "../charts/ranges.ts";
import { html } from "../markup.ts";
import type { Markup } from "../markup.ts";
import type { ReportContext, Section } from "../reportContext.ts";
import { durationOf } from "../runStory.ts";

/** More would say the same of ever smaller things. */
const SHOWN_TYPES = 16;

export interface TypeTimes {
    readonly type: string;
    readonly usual: DurationRange;
    /** Seconds, sorted. */
    readonly measured: readonly number[];
    readonly source: string;
}

const OF_A_REHEARSAL = html`<p>Measured on this machine, where nothing has to be provisioned: the ranges say what to wait for in an account,
the points only that each was made.</p>`;

const PULLS = /^https:\/\/github\.com\/hashicorp\/terraform-provider-aws\/pull\//;

export const expectedSection: Section = {
    id: "expected",
    title: "Usual times and measured ones",
    async render(context) {
        const types = gatherCreations(context);
        if (types.length === 0) return undefined;
        return html`${context.input.rehearsal === undefined ? undefined : OF_A_REHEARSAL}${await renderRanges(types)}`;
    },
};

/** Creations by type, what usually takes longest first. */
export function gatherCreations({ story }: Pick<ReportContext, "story">): readonly TypeTimes[] {
    const creations = story.resources.filter(({ operation, status }) => operation === "create" && status === "done");
    return [...Map.groupBy(creations, ({ type }) => type)].map(([type, spans]): TypeTimes => ({
        type,
        usual: expectResource(type, "create"),
        measured: spans.map((span) => durationOf(span) / 1000).sort((left, right) => left - right),
        source: findProvisioningTime(type)?.source ?? "estimate",
    })).sort((left, right) => right.usual.typical - left.usual.typical || right.usual.max - left.usual.max);
}

async function renderRanges(types: readonly TypeTimes[]): Promise<Markup> {
    const shown = types.slice(0, SHOWN_TYPES);
    const late = types.filter(({ usual, measured }) => (measured.at(-1) ?? 0) > usual.max);
    const judgement = late.length === 0 ? "None took longer than usual." : `Longer than usual: ${late.map(({ type }) => shortTypeOf(type)).join(", ")}.`;
    return renderFigure({
        description: `For ${shown.length} types the range of usual seconds of a creation and the measured ones as points, on a logarithmic axis. ${judgement}`,
        caption: html`Seconds of a creation. <span class="key range">usual, with the typical</span> <span class="key accent">measured</span>
${late.length === 0 ? judgement : html`<span class="bad">${judgement}</span>`}`,
        draw: (width) => drawRanges(shown.map(({ type, ...rest }) => ({ label: shortTypeOf(type), ...rest })), width),
        table: {
            isWordy: true,
            head: ["Type", "Usual", "Measured", "Source"],
            rows: types.map(({ type, usual, measured, source }) => [
                shortTypeOf(type), `${formatRough(usual.min)}, ${formatRough(usual.typical)}, ${formatRough(usual.max)}`,
                `${measured.length} in ${formatSeconds(1000 * (measured[0] ?? 0))} to ${formatSeconds(1000 * (measured.at(-1) ?? 0))}`, source.replace(PULLS, "terraform-provider-aws #"),
            ]),
        },
    });
}
