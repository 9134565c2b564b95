/** Metrics of two models against each other, and the split of the traffic. */
import { VARIANTS } from "../../../../lambdas/shared/documents.ts";
import type { Variant, Weights } from "../../../../lambdas/shared/documents.ts";
import { formatMetric } from "../../../progress/eventLines.ts";
import { drawChart, fitText, FONT_SIZE, placed } from "./chart.ts";
import type { Markup } from "../markup.ts";
import { NARROW_WIDTH } from "./figure.ts";

export interface MetricPoint { readonly metric: string; readonly variant: Variant; readonly value: number }

export interface MetricGate { readonly metric: string; readonly floor: number }

const ROW = 30;
const LABEL_WIDTH = 92;
const VALUES_WIDTH = { narrow: 0, wide: 170 } as const;

/** A row per metric with an axis of its own when it is no share: log loss and errors have no upper end. */
export async function drawMetrics(points: readonly MetricPoint[], gate: MetricGate, width: number): Promise<Markup> {
    const isNarrow = width === NARROW_WIDTH;
    const metrics = [...new Set(points.map(({ metric }) => metric))];
    const padding = { left: LABEL_WIDTH, top: 4, right: 16 + (isNarrow ? VALUES_WIDTH.narrow : VALUES_WIDTH.wide), bottom: 40 };
    const plotWidth = width - padding.left - padding.right;
    const end = Math.max(1, ...points.map(({ value }) => value));
    const rowOf = (metric: string): number => (metrics.indexOf(metric) + 0.5) * ROW;
    const height = metrics.length * ROW;
    const y = (field: string) => placed(field, height);
    const x = (field: string) => ({
        field, type: "quantitative" as const, title: null, scale: { domain: [0, end], nice: false },
        axis: { tickCount: isNarrow ? 3 : 6 },
    });
    const values = points.map(({ metric, variant, value }) => ({
        value, at: rowOf(metric) + (variant === "champion" ? -4 : 4), colour: `var(--${variant})`,
    }));
    const texts = metrics.map((metric) => ({
        metric: fitText(metric, LABEL_WIDTH - 8), at: rowOf(metric),
        values: isNarrow ? "" : VARIANTS.map((variant) => formatMetric(points.find((point) => point.metric === metric && point.variant === variant)?.value)).join(" / "),
    }));
    return drawChart({
        layer: [
            { data: { values: texts }, mark: { type: "rule", stroke: "var(--line)" }, encoding: { y: y("at") } },
            {
                data: {
                    values: metrics.includes(gate.metric) ? [
                        { floor: gate.floor, top: rowOf(gate.metric) - ROW / 2 + 3, bottom: rowOf(gate.metric) + ROW / 2 - 3 },
                    ] : [],
                },
                mark: { type: "rule", stroke: "var(--ink)", strokeWidth: 2 }, encoding: { x: x("floor"), y: y("top"), y2: { field: "bottom" } },
            },
            {
                data: { values }, mark: { type: "point", filled: true, size: 90, opacity: 1 },
                encoding: { x: x("value"), y: y("at"), fill: { field: "colour", type: "nominal", scale: null } },
            },
            {
                data: { values: texts }, mark: { type: "text", align: "right", baseline: "middle" },
                encoding: { x: { value: -10 }, y: y("at"), text: { field: "metric", type: "nominal" } },
            },
            {
                data: { values: texts }, mark: { type: "text", align: "right", baseline: "middle" },
                encoding: { x: { value: plotWidth + padding.right - 4 }, y: y("at"), text: { field: "values", type: "nominal" } },
            },
        ],
    }, { width, height, padding });
}

const SPLIT_BAR = 22;

export async function drawSplit(weights: Weights, width: number): Promise<Markup> {
    const padding = { left: 2, top: FONT_SIZE + 12, right: 2, bottom: 2 };
    const plotWidth = width - padding.left - padding.right;
    const parts = VARIANTS.map((variant, index) => ({
        start: index === 0 ? 0 : weights.champion, end: index === 0 ? weights.champion : 100, label: `${variant} ${weights[variant]} %`,
        colour: `var(--${variant})`, labelAt: index === 0 ? 0 : plotWidth,
    }));
    const x = { type: "quantitative" as const, axis: null, scale: { domain: [0, 100], nice: false } };
    return drawChart({
        layer: [
            {
                data: { values: parts.filter(({ start, end }) => end > start) }, mark: { type: "rect" },
                encoding: { x: { field: "start", ...x }, x2: { field: "end" }, fill: { field: "colour", type: "nominal", scale: null } },
            },
            ...parts.map((part, index) => ({
                data: { values: [part] }, mark: { type: "text", align: index === 0 ? "left" : "right", baseline: "middle" } as const,
                encoding: {
                    x: { value: part.labelAt }, y: { value: -FONT_SIZE / 2 - 4 },
                    text: { field: "label", type: "nominal" },
                } as const,
            })),
        ],
    }, { width, height: SPLIT_BAR, padding });
}
