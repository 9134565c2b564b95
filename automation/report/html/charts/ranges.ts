/** Usual ranges as bars with measured points on them, on a logarithmic axis: from a hundredth of a second to an hour. */
import type { DurationRange } from "../../../../components/facts/provisioningTimes.ts";
import { drawChart, fitText, FONT_SIZE, placed } from "./chart.ts";
import type { Markup } from "../markup.ts";
import { NARROW_WIDTH } from "./figure.ts";

export interface RangeRow {
    readonly label: string;
    /** Seconds. */
    readonly usual: DurationRange;
    readonly measured: readonly number[];
}

const SHORTEST = 0.01;
const LONGEST = 3600;
const ROW_BESIDE = 24;
const ROW_ABOVE = 38;

export async function drawRanges(rows: readonly RangeRow[], width: number): Promise<Markup> {
    const isNarrow = width === NARROW_WIDTH;
    const rowHeight = isNarrow ? ROW_ABOVE : ROW_BESIDE;
    const padding = { left: isNarrow ? 12 : 230, top: 4, right: 16, bottom: 40 };
    const barAt = (index: number): number => index * rowHeight + (isNarrow ? FONT_SIZE + 14 : ROW_BESIDE / 2);
    const ranges = rows.map(({ label, usual }, index) => ({
        label: fitText(label, isNarrow ? width - 20 : 220), min: Math.max(SHORTEST, usual.min), typical: Math.max(SHORTEST, usual.typical), max: usual.max,
        top: barAt(index) - 5, bottom: barAt(index) + 5, labelAt: isNarrow ? index * rowHeight + FONT_SIZE / 2 + 4 : barAt(index),
    }));
    // Equal ones would only lie upon each other.
    const points = rows.flatMap(({ measured, usual }, index) => [...new Set(measured.map((seconds) => Number(seconds.toPrecision(2))))].map((seconds) => ({
        seconds: Math.min(LONGEST, Math.max(SHORTEST, seconds)), at: barAt(index), colour: seconds > usual.max ? "var(--bad)" : "var(--accent)",
    })));
    const height = rows.length * rowHeight;
    const y = (field: string) => placed(field, height);
    const x = (field: string) => ({
        field, type: "quantitative" as const, title: "seconds", scale: { type: "log" as const, domain: [SHORTEST, LONGEST], nice: false },
        axis: { values: [0.01, 0.1, 1, 10, 60, 600, 3600], labelExpr: "datum.value" },
    });
    return drawChart({
        layer: [
            {
                data: { values: ranges }, mark: { type: "rect", fill: "var(--range)" },
                encoding: { x: x("min"), x2: { field: "max" }, y: y("top"), y2: { field: "bottom" } },
            },
            {
                data: { values: ranges }, mark: { type: "rule", stroke: "var(--ink)", strokeWidth: 2 },
                encoding: { x: x("typical"), y: y("top"), y2: { field: "bottom" } },
            },
            {
                data: { values: points }, mark: { type: "point", filled: true, size: 50, opacity: 1 },
                encoding: { x: x("seconds"), y: y("at"), fill: { field: "colour", type: "nominal", scale: null } },
            },
            {
                data: { values: ranges },
                mark: { type: "text", align: isNarrow ? "left" : "right", baseline: "middle" },
                encoding: { x: { value: isNarrow ? -8 : -10 }, y: y("labelAt"), text: { field: "label", type: "nominal" } },
            },
        ],
    }, { width, height, padding });
}
