/** Rows of bars that are split into parts, each part with its number where there is room for it. */
import { drawChart, fitText, FONT_SIZE, placed } from "./chart.ts";
import type { Markup } from "../markup.ts";
import { NARROW_WIDTH } from "./figure.ts";

export interface ShareRow {
    readonly label: string;
    /** In the order of the colours. */
    readonly parts: readonly number[];
}

const ROW = FONT_SIZE + 13;

export async function drawShares(rows: readonly ShareRow[], colours: readonly string[], width: number): Promise<Markup> {
    const isNarrow = width === NARROW_WIDTH;
    const padding = { left: isNarrow ? 104 : 160, top: 2, right: 44, bottom: 2 };
    const plotWidth = width - padding.left - padding.right;
    const end = Math.max(1, ...rows.map(({ parts }) => sumOf(parts)));
    const perPixel = end / plotWidth;
    const bars = rows.flatMap(({ parts }, index) => parts.flatMap((count, part) => {
        const start = sumOf(parts.slice(0, part));
        const label = String(count);
        return count === 0 ? [] : [
            {
                start, end: start + count, top: index * ROW + 2, bottom: (index + 1) * ROW - 2,
                colour: colours[part] ?? "var(--bar)", middle: start + count / 2, at: (index + 0.5) * ROW,
                label: count / perPixel > label.length * FONT_SIZE ? label : "",
            },
        ];
    }));
    const height = Math.max(1, rows.length) * ROW;
    const y = (field: string) => placed(field, height);
    const x = (field: string) => ({ field, type: "quantitative" as const, axis: null, scale: { domain: [0, end], nice: false } });
    const labels = rows.map(({ label, parts }, index) => ({
        label: fitText(label, padding.left - 10), at: (index + 0.5) * ROW, total: String(sumOf(parts)),
    }));
    return drawChart({
        layer: [
            {
                data: { values: bars }, mark: { type: "rect" },
                encoding: {
                    x: x("start"), x2: { field: "end" }, y: y("top"), y2: { field: "bottom" },
                    fill: { field: "colour", type: "nominal", scale: null },
                },
            },
            {
                data: { values: bars }, mark: { type: "text", baseline: "middle" },
                encoding: { x: x("middle"), y: y("at"), text: { field: "label", type: "nominal" } },
            },
            {
                data: { values: labels }, mark: { type: "text", align: "right", baseline: "middle" },
                encoding: { x: { value: -8 }, y: y("at"), text: { field: "label", type: "nominal" } },
            },
            {
                data: { values: labels }, mark: { type: "text", align: "right", baseline: "middle" },
                encoding: { x: { value: plotWidth + padding.right - 6 }, y: y("at"), text: { field: "total", type: "nominal" } },
            },
        ],
    }, { width, height, padding });
}

function sumOf(numbers: readonly number[]): number {
    return numbers.reduce((sum, number) => sum + number, 0);
}
