/** All resources as areas of one size, by component: how much of the stack each component is, and what of it really ran. */
import type { Spec } from "vega";
import { drawSpec, fitText, FONT_SIZE } from "./chart.ts";
import type { Markup } from "../markup.ts";
import { NARROW_WIDTH } from "./figure.ts";

export interface TreemapLeaf {
    readonly component: string;
    readonly name: string;
    /** A colour of the page. */
    readonly fill: string;
}

interface Node { readonly id: string; readonly parent?: string; readonly label: string; readonly fill: string; readonly size: number }

const HEADING = FONT_SIZE + 8;
const HEIGHTS = { narrow: 820, wide: 560 } as const;

export async function drawTreemap(leaves: readonly TreemapLeaf[], width: number): Promise<Markup> {
    const height = width === NARROW_WIDTH ? HEIGHTS.narrow : HEIGHTS.wide;
    const places = placeNodes(leaves);
    const spec: Spec = {
        width, height, padding: 0, autosize: "none",
        config: { background: "transparent", aria: false } as NonNullable<Spec["config"]>,
        data: [
            {
                name: "tree",
                values: places as Node[],
                transform: [
                    { type: "stratify", key: "id", parentKey: "parent" },
                    { type: "treemap", field: "size", size: [width, height], method: "squarify", ratio: 1.6, paddingInner: 2, paddingTop: HEADING, paddingOuter: 3, round: true },
                    // How many characters fit into an area; fonts are not known here.
                    { type: "formula", as: "room", expr: `floor((datum.x1 - datum.x0 - 6) / ${FONT_SIZE * 0.6})` },
                    { type: "formula", as: "shown", expr: "length(datum.label) <= datum.room ? datum.label : datum.room < 4 ? '' : slice(datum.label, 0, datum.room - 1) + '…'" },
                ],
            },
            { name: "components", source: "tree", transform: [{ type: "filter", expr: "datum.depth === 1" }] },
            { name: "leaves", source: "tree", transform: [{ type: "filter", expr: "datum.depth === 2" }] },
        ],
        marks: [
            area("components", { fill: "var(--panel)", stroke: "var(--line)" }),
            area("leaves", { field: "fill" }),
            label("components", "x0", "y0", 4),
            { ...label("leaves", "x0", "y0", 3), from: { data: "leaves" } },
        ],
    };
    return drawSpec(spec);
}

/** The root's heading is left away: it would say the stack's name once more. */
function placeNodes(leaves: readonly TreemapLeaf[]): readonly Node[] {
    const components = [...Map.groupBy(leaves, ({ component }) => component)];
    return [
        { id: "root", label: "", fill: "", size: 0 },
        ...components.map(([component, members]) => ({ id: `c:${component}`, parent: "root", label: `${component} ${members.length}`, fill: "", size: 0 })),
        ...leaves.map(({ component, name, fill }, index) => ({ id: `r:${index}`, parent: `c:${component}`, label: fitText(name, Number.MAX_SAFE_INTEGER), fill, size: 1 })),
    ];
}

type Mark = NonNullable<Spec["marks"]>[number];

function area(data: string, fill: { readonly field: string } | { readonly fill: string; readonly stroke: string }): Mark {
    const paint = "field" in fill ? { fill: { field: fill.field } } : { fill: { value: fill.fill }, stroke: { value: fill.stroke } };
    return { type: "rect", from: { data }, encode: { enter: { ...paint, x: { field: "x0" }, y: { field: "y0" }, x2: { field: "x1" }, y2: { field: "y1" } } } };
}

function label(data: string, x: string, y: string, offset: number): Mark {
    return {
        type: "text", from: { data },
        encode: { enter: { x: { field: x, offset }, y: { field: y, offset: HEADING / 2 + 1 }, baseline: { value: "middle" }, fontSize: { value: FONT_SIZE }, fill: { value: "var(--ink)" }, text: { field: "shown" } } },
    };
}
