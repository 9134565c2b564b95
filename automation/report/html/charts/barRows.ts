/** Bars along an axis of time, one row each: phases, states, links of a chain. On a narrow drawing the name stands above its bar. */
import { drawChart, fitText, FONT_SIZE, placed, widthOfText } from "./chart.ts";
import type { Markup } from "../markup.ts";
import { NARROW_WIDTH } from "./figure.ts";

export interface BarRow {
    readonly label: string;
    /** Milliseconds on the axis. */
    readonly startMs: number;
    readonly endMs: number;
    /** What stands at the row's end: a duration. */
    readonly text: string;
    /** A colour of the page, for example `var(--bar)`. */
    readonly colour: string;
}

/** Milliseconds in one unit of the axis. */
export interface TimeUnit { readonly title: string; readonly ms: number }

export function chooseUnit(totalMs: number): TimeUnit {
    return totalMs < 180_000 ? { title: "seconds", ms: 1000 } : { title: "minutes", ms: 60_000 };
}

const LABEL_WIDTH = 230;
const TEXT_WIDTH = 100;
const ROW_BESIDE = 24;
const ROW_ABOVE = 40;
const BAR = 12;
const AXIS = 40;
/** So that what took no time is seen at all. */
const MIN_BAR = 2;

/** @param totalMs end of the axis, which begins at 0 */
export async function drawBarRows(rows: readonly BarRow[], totalMs: number, width: number): Promise<Markup> {
    const isNarrow = width === NARROW_WIDTH;
    const rowHeight = isNarrow ? ROW_ABOVE : ROW_BESIDE;
    const padding = { left: isNarrow ? 12 : LABEL_WIDTH, top: 4, right: isNarrow ? 12 : TEXT_WIDTH, bottom: AXIS };
    const plotWidth = width - padding.left - padding.right;
    const unit = chooseUnit(totalMs);
    const end = Math.max(totalMs / unit.ms, 0.001);
    const minimum = end * MIN_BAR / plotWidth;
    const values = rows.map(({ label, startMs, endMs, text, colour }, index) => {
        const start = Math.min(startMs / unit.ms, end - minimum);
        return {
            label: fitText(label, isNarrow ? plotWidth - widthOfText(text) - 8 : LABEL_WIDTH - 10),
            text, colour, start,
            end: Math.min(end, Math.max(endMs / unit.ms, start + minimum)),
            barAt: index * rowHeight + (isNarrow ? FONT_SIZE + 14 : ROW_BESIDE / 2),
            labelAt: index * rowHeight + (isNarrow ? FONT_SIZE / 2 + 4 : ROW_BESIDE / 2),
        };
    });
    const height = Math.max(rows.length, 1) * rowHeight;
    const y = (field: string) => placed(field, height);
    const x = {
        type: "quantitative" as const, title: unit.title, scale: { domain: [0, end], nice: false },
        axis: { tickCount: isNarrow ? 5 : 9 },
    };
    return drawChart({
        data: { values },
        layer: [
            {
                mark: { type: "bar", height: BAR, cornerRadius: 2 },
                encoding: {
                    x: { field: "start", ...x }, x2: { field: "end" }, y: y("barAt"),
                    fill: { field: "colour", type: "nominal", scale: null },
                },
            },
            {
                mark: { type: "text", align: isNarrow ? "left" : "right", baseline: "middle" },
                encoding: { x: { value: -10 }, y: y("labelAt"), text: { field: "label", type: "nominal" } },
            },
            {
                mark: { type: "text", align: "right", baseline: "middle" },
                encoding: {
                    x: { value: plotWidth + (isNarrow ? 10 : TEXT_WIDTH - 4) }, y: y("labelAt"),
                    text: { field: "text", type: "nominal" },
                },
            },
        ],
    }, { width, height, padding });
}
