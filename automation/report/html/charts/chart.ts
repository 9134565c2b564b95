/** Draws charts to SVG, without a browser. Loaded only when a report is written: the two libraries take half a second. */
import { parse, View } from "vega";
import type { Spec } from "vega";
import { compile } from "vega-lite";
import type { TopLevelSpec } from "vega-lite";
import { trusted } from "../markup.ts";
import type { Markup } from "../markup.ts";

/** Smallest text in a chart, in its own units: on the narrowest screens a drawing is shown at nine tenths. */
export const FONT_SIZE = 13;
/** Widest of the characters that names are made of, on average, in parts of the font's size. Fonts are not known here. */
const CHARACTER_WIDTH = 0.6;

/** Colours are variables of the page, so that one drawing serves a light and a dark page. */
const CONFIG = {
    aria: false,
    background: "transparent",
    font: "inherit",
    view: { stroke: null },
    text: { fontSize: FONT_SIZE, fill: "var(--ink)" },
    axis: {
        labelColor: "var(--ink-soft)", titleColor: "var(--ink-soft)", gridColor: "var(--line)", labelFontSize: FONT_SIZE, titleFontSize: FONT_SIZE,
        titleFontWeight: "normal", domain: false, ticks: false, labelLimit: 0, titleLimit: 0, labelPadding: 6, labelFlush: false,
    },
} as const;

export interface Padding { readonly left: number; readonly top: number; readonly right: number; readonly bottom: number }

/** A chart whose whole size is known: the drawing's and what is kept around it. */
export interface ChartSize {
    readonly width: number;
    readonly height: number;
    readonly padding: Padding;
}

export type ChartContent = Omit<Extract<TopLevelSpec, { layer: unknown }>, "$schema" | "width" | "height" | "padding" | "autosize" | "config">;

/** A place along an axis that is not drawn, in units of the drawing from its left or upper edge. */
export function placed(field: string, length: number) {
    return { field, type: "quantitative" as const, axis: null, scale: { domain: [0, length], range: [0, length] } };
}

/** @param content layers and data of a vega-lite chart */
export async function drawChart(content: ChartContent, { width, height, padding }: ChartSize): Promise<Markup> {
    const inner = { width: width - padding.left - padding.right, height };
    const whole = { ...content, ...inner, padding, autosize: { type: "none" }, config: CONFIG } as TopLevelSpec;
    return drawSpec(compile(whole).spec);
}

/** @param spec a vega chart, whole */
export async function drawSpec(spec: Spec): Promise<Markup> {
    const view = new View(parse(spec), { renderer: "none" });
    const svg = await view.toSVG();
    view.finalize();
    return trusted(shrink(svg));
}

/** Half of a drawing is decimals nobody sees and attributes that say what is so anyway. Text stays as it is. */
function shrink(svg: string): string {
    return svg
        .replaceAll(/ (d|transform|x2|y2|width|height)="([^"]*)"/g, (_whole, name: string, value: string) => ` ${name}="${roundNumbers(value)}"`)
        .replaceAll(/<path class="(back|fore)ground"[^>]*(\/>|><\/path>)/g, "")
        .replaceAll(/ (class|role|aria-[a-z]+|pointer-events|xmlns:xlink|version|stroke-miterlimit)="[^"]*"/g, "")
        .replaceAll(/ font-family="[^"]*"| opacity="1"/g, "");
}

function roundNumbers(text: string): string {
    return text.replaceAll(/-?\d+\.\d{2,}/g, (number) => String(Math.round(Number(number) * 10) / 10));
}

/** Cut to what fits into so many units of a drawing. */
export function fitText(text: string, width: number): string {
    const room = Math.max(1, Math.floor(width / (FONT_SIZE * CHARACTER_WIDTH)));
    return text.length <= room ? text : `${text.slice(0, room - 1)}…`;
}

export function widthOfText(text: string): number {
    return text.length * FONT_SIZE * CHARACTER_WIDTH;
}
