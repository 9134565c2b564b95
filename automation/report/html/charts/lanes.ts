/** Resources as bars over the time of a phase, by component: as many lanes as a component had resources at once. */
import { durationOf } from "../runStory.ts";
import type { ResourceSpan } from "../runStory.ts";
import { drawChart, fitText, FONT_SIZE, placed } from "./chart.ts";
import type { Markup } from "../markup.ts";
import { chooseUnit } from "./barRows.ts";
import { NARROW_WIDTH } from "./figure.ts";

export interface LaneChart {
    readonly spans: readonly ResourceSpan[];
    /** Where the axis begins, in milliseconds of the run, and how long it is. */
    readonly startMs: number;
    readonly durationMs: number;
    componentOf(urn: string): string;
    /** URNs of the links of the critical path. */
    readonly critical: ReadonlySet<string>;
}

/** A bar and where it stands: lane 0 is the component's first. */
interface PlacedSpan { readonly span: ResourceSpan; readonly lane: number }

interface Band { readonly component: string; readonly placed: readonly PlacedSpan[]; readonly laneCount: number }

/** Components in the order in which they begin. */
export function packLanes(spans: readonly ResourceSpan[], componentOf: (urn: string) => string): readonly Band[] {
    const byComponent = Map.groupBy(spans, ({ urn }) => componentOf(urn));
    return [...byComponent].map(([component, members]) => {
        const ends: number[] = [];
        const placed = [...members].sort((left, right) => left.startMs - right.startMs || durationOf(right) - durationOf(left)).map((span) => {
            const free = ends.findIndex((end) => end <= span.startMs);
            const lane = free === -1 ? ends.length : free;
            ends[lane] = span.endMs;
            return { span, lane };
        });
        return { component, placed, laneCount: ends.length };
    }).sort((left, right) => firstStart(left) - firstStart(right));
}

function firstStart({ placed }: Band): number {
    return Math.min(...placed.map(({ span }) => span.startMs));
}

const LANE = 6;
const BAND_GAP = 10;
const LABEL_WIDTH = 190;
const LABEL_LINE = FONT_SIZE + 8;

export async function drawLanes({ spans, startMs, durationMs, componentOf, critical }: LaneChart, width: number): Promise<Markup> {
    const isNarrow = width === NARROW_WIDTH;
    const padding = { left: isNarrow ? 12 : LABEL_WIDTH, top: 4, right: isNarrow ? 12 : 16, bottom: 40 };
    const unit = chooseUnit(durationMs);
    const end = durationMs / unit.ms;
    const bars: Record<string, string | number>[] = [];
    const labels: { label: string; at: number }[] = [];
    const rules: { at: number }[] = [];
    let top = 0;
    for (const { component, placed, laneCount } of packLanes(spans, componentOf)) {
        const first = top + (isNarrow ? LABEL_LINE : BAND_GAP / 2);
        const label = `${component} (${placed.length})`;
        labels.push({
            label: fitText(label, isNarrow ? width - 12 : LABEL_WIDTH - 10),
            at: isNarrow ? top + LABEL_LINE / 2 : first + Math.max(laneCount * LANE, FONT_SIZE) / 2,
        });
        for (const { span, lane } of placed) bars.push(placeBar(span, {
            top: first + lane * LANE, startMs, unitMs: unit.ms, minimum: end / 400,
            isCritical: critical.has(span.urn),
        }));
        top = first + Math.max(laneCount * LANE, isNarrow ? 0 : FONT_SIZE) + BAND_GAP / 2;
        rules.push({ at: top });
    }
    const y = (field: string) => placed(field, top);
    const x = {
        type: "quantitative" as const, title: `${unit.title} since the phase began`,
        scale: { domain: [0, end], nice: false }, axis: { tickCount: isNarrow ? 5 : 9 },
    };
    return drawChart({
        layer: [
            { data: { values: rules }, mark: { type: "rule", stroke: "var(--line)" }, encoding: { y: y("at") } },
            {
                data: { values: bars }, mark: { type: "rect" },
                encoding: {
                    x: { field: "start", ...x }, x2: { field: "end" }, y: y("top"), y2: { field: "bottom" },
                    fill: { field: "colour", type: "nominal", scale: null },
                },
            },
            {
                data: { values: labels },
                mark: { type: "text", align: isNarrow ? "left" : "right", baseline: "middle" },
                encoding: { x: { value: -10 }, y: y("at"), text: { field: "label", type: "nominal" } },
            },
        ],
    }, { width, height: top, padding });
}

interface BarPlace { readonly top: number; readonly startMs: number; readonly unitMs: number; readonly minimum: number; readonly isCritical: boolean }

function placeBar(span: ResourceSpan, { top, startMs, unitMs, minimum, isCritical }: BarPlace): Record<string, string | number> {
    const start = Math.max(0, (span.startMs - startMs) / unitMs);
    return {
        start,
        end: Math.max((span.endMs - startMs) / unitMs, start + minimum),
        top,
        bottom: top + LANE - 1,
        colour: span.status === "failed" ? "var(--bad)" : isCritical ? "var(--accent)" : "var(--bar)",
    };
}
