/** A grid of components: how often the resources of the row's depend on those of the column's. */
import type { ComponentNeed } from "../components.ts";
import { drawChart, fitText, FONT_SIZE, placed, widthOfText } from "./chart.ts";
import type { Markup } from "../markup.ts";
import { NARROW_WIDTH } from "./figure.ts";

const MAX_LABEL = { narrow: 140, wide: 190 } as const;
const MAX_CELL = 34;

export async function drawNeeds(needs: readonly ComponentNeed[], width: number): Promise<Markup> {
    const isNarrow = width === NARROW_WIDTH;
    const rows = orderOf(needs, ({ from }) => from);
    const columns = orderOf(needs, ({ to }) => to);
    const labelWidth = Math.min(isNarrow ? MAX_LABEL.narrow : MAX_LABEL.wide, Math.max(...[...rows, ...columns].map(widthOfText)) + 12);
    const cell = Math.min(MAX_CELL, (width - labelWidth - 8) / columns.length);
    const padding = { left: labelWidth, top: labelWidth, right: width - labelWidth - cell * columns.length, bottom: 4 };
    const strongest = Math.max(...needs.map(({ count }) => count));
    const values = needs.map(({ from, to, count }) => ({
        x: columns.indexOf(to) * cell, x2: (columns.indexOf(to) + 1) * cell - 1, y: rows.indexOf(from) * cell, y2: (rows.indexOf(from) + 1) * cell - 1,
        middleX: (columns.indexOf(to) + 0.5) * cell, middleY: (rows.indexOf(from) + 0.5) * cell, count, strength: 0.15 + 0.35 * Math.sqrt(count / strongest),
    }));
    const [plotWidth, plotHeight] = [columns.length * cell, rows.length * cell];
    const across = (field: string) => placed(field, plotWidth);
    const down = (field: string) => placed(field, plotHeight);
    return drawChart({
        layer: [
            {
                data: { values: rows.map((_row, index) => ({ y: (index + 1) * cell - 0.5 })) },
                mark: { type: "rule", stroke: "var(--line)" }, encoding: { y: down("y") },
            },
            {
                data: { values }, mark: { type: "rect", fill: "var(--accent)" },
                encoding: {
                    x: across("x"), x2: { field: "x2" }, y: down("y"), y2: { field: "y2" },
                    fillOpacity: { field: "strength", type: "quantitative", scale: null },
                },
            },
            {
                data: { values }, mark: { type: "text", baseline: "middle", align: "center" },
                encoding: { x: across("middleX"), y: down("middleY"), text: { field: "count", type: "nominal" } },
            },
            {
                data: { values: rows.map((name, index) => ({ name: fitText(name, labelWidth - 8), y: (index + 0.5) * cell })) },
                mark: { type: "text", align: "right", baseline: "middle" }, encoding: {
                    x: { value: -8 }, y: down("y"), text: { field: "name", type: "nominal" },
                },
            },
            {
                data: { values: columns.map((name, index) => ({ name: fitText(name, labelWidth - 8), x: (index + 0.5) * cell })) },
                mark: { type: "text", align: "left", baseline: "middle", angle: -90 }, encoding: {
                    x: across("x"), y: { value: -8 }, text: { field: "name", type: "nominal" },
                },
            },
        ],
    }, { width, height: Math.max(plotHeight, FONT_SIZE), padding });
}

/** Those with the most dependencies first. */
function orderOf(needs: readonly ComponentNeed[], side: (need: ComponentNeed) => string): readonly string[] {
    const sums = new Map<string, number>();
    for (const need of needs) sums.set(side(need), (sums.get(side(need)) ?? 0) + need.count);
    return [...sums].sort(([, left], [, right]) => right - left).map(([name]) => name);
}
