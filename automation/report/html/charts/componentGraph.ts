/** The graph of components: one below the other in the order in which they can be made, an arc from each to every one that it needs. */
import type { Spec } from "vega";
import type { ComponentNeed } from "../components.ts";
import type { Markup } from "../markup.ts";
import { drawSpec, fitText, FONT_SIZE, widthOfText } from "./chart.ts";
import { NARROW_WIDTH } from "./figure.ts";

const ROW = { narrow: 30, wide: 28 } as const;
const MAX_LABEL = { narrow: 150, wide: 220 } as const;
const DOT = 9;
const THICKEST = 6;
/** How far an arc reaches at most, in parts of its height. */
const ROUNDEST = 0.8;

export async function drawComponentGraph(needs: readonly ComponentNeed[], width: number): Promise<Markup> {
    const isNarrow = width === NARROW_WIDTH;
    const order = orderComponents(needs);
    const row = isNarrow ? ROW.narrow : ROW.wide;
    const left = Math.min(isNarrow ? MAX_LABEL.narrow : MAX_LABEL.wide, Math.max(...order.map(widthOfText)) + 8);
    const middleOf = (name: string): number => (order.indexOf(name) + 0.5) * row;
    const strongest = Math.max(...needs.map(({ count }) => count));
    const farthest = Math.max(...needs.map(({ from, to }) => Math.abs(middleOf(from) - middleOf(to))));
    const start = left + DOT;
    // On a wide page the arcs stay round.
    const room = Math.min(width - start - THICKEST, ROUNDEST * farthest);
    const arcs = needs.map(({ from, to, count }) => {
        const [upper, lower] = [middleOf(from), middleOf(to)].sort((one, other) => one - other) as [number, number];
        const reach = room * ((lower - upper) / farthest) ** 0.8;
        return {
            path: `M${start},${upper} A${reach},${(lower - upper) / 2} 0 0 1 ${start},${lower}`,
            thickness: 1 + (THICKEST - 1) * Math.sqrt((count - 1) / Math.max(1, strongest - 1)),
            // What is made first needs something that is made later, but another resource of it.
            dash: order.indexOf(from) < order.indexOf(to) ? [4, 3] : [],
        };
    });
    const nodes = order.map((name) => ({ name: fitText(name, left), y: middleOf(name), labelX: left, dotX: left + DOT }));
    return drawSpec(buildSpec({ nodes, arcs }, { width, height: order.length * row }));
}

interface GraphMarks {
    readonly nodes: readonly { readonly name: string; readonly y: number; readonly labelX: number; readonly dotX: number }[];
    readonly arcs: readonly { readonly path: string; readonly thickness: number; readonly dash: readonly number[] }[];
}

function buildSpec({ nodes, arcs }: GraphMarks, size: { readonly width: number; readonly height: number }): Spec {
    return {
        ...size, padding: 0, autosize: "none", config: { background: "transparent" },
        data: [{ name: "nodes", values: [...nodes] }, { name: "arcs", values: [...arcs] }],
        marks: [
            {
                type: "path", from: { data: "arcs" },
                encode: {
                    enter: {
                        path: { field: "path" }, stroke: { value: "var(--accent)" }, strokeOpacity: { value: 0.45 },
                        strokeWidth: { field: "thickness" }, strokeDash: { field: "dash" },
                    },
                },
            },
            {
                type: "symbol", from: { data: "nodes" },
                encode: { enter: { x: { field: "dotX" }, y: { field: "y" }, size: { value: DOT * DOT }, fill: { value: "var(--accent)" } } },
            },
            {
                type: "text", from: { data: "nodes" },
                encode: {
                    enter: {
                        x: { field: "labelX" }, y: { field: "y" }, text: { field: "name" }, align: { value: "right" }, baseline: { value: "middle" },
                        fontSize: { value: FONT_SIZE }, fill: { value: "var(--ink)" },
                    },
                },
            },
        ],
    };
}

/** What is needed stands above who needs it; where components need each other, the one with fewer open needs comes first. */
export function orderComponents(needs: readonly ComponentNeed[]): readonly string[] {
    const left = new Set(needs.flatMap(({ from, to }) => [from, to]).sort());
    const order: string[] = [];
    while (left.size > 0) {
        const openNeedsOf = (name: string): number => needs.filter(({ from, to }) => from === name && left.has(to)).reduce((sum, { count }) => sum + count, 0);
        const [first = ""] = [...left].sort((one, other) => openNeedsOf(one) - openNeedsOf(other));
        left.delete(first);
        order.push(first);
    }
    return order;
}
