/** The stack as areas: components, in them types, as large as there are resources of them; coloured by what became of them in the run. */
import type { Spec } from "vega";
import { drawSpec, FONT_SIZE } from "./chart.ts";
import type { Markup } from "../markup.ts";
import { NARROW_WIDTH } from "./figure.ts";

/** Resources of one type in one component that have one colour. */
export interface TreemapLeaf {
    readonly component: string;
    readonly type: string;
    readonly count: number;
    /** A colour of the page. */
    readonly fill: string;
}

interface Node {
    readonly id: string;
    readonly parent?: string;
    readonly label: string;
    /** The label on several lines, and the longest of them in characters. */
    readonly lines?: readonly string[];
    readonly widest?: number;
    readonly fill: string;
    readonly size: number;
}

const HEADING = FONT_SIZE + 8;
const HEIGHTS = { narrow: 900, wide: 600 } as const;
const CHARACTER = FONT_SIZE * 0.6;
const LINE = FONT_SIZE + 2;
/** Whole on one line, whole on several, or cut while it still says something. */
const SHOWN = `length(datum.label) <= datum.room ? datum.label
    : datum.lines && datum.widest <= datum.room && length(datum.lines) * ${LINE} + 4 <= datum.y1 - datum.y0 ? datum.lines
    : datum.room < 5 ? '' : slice(datum.label, 0, datum.room - 1) + '…'`;

export async function drawTreemap(leaves: readonly TreemapLeaf[], width: number): Promise<Markup> {
    const height = width === NARROW_WIDTH ? HEIGHTS.narrow : HEIGHTS.wide;
    const spec: Spec = {
        width, height, padding: 0, autosize: "none",
        config: { background: "transparent", aria: false } as NonNullable<Spec["config"]>,
        data: [
            {
                name: "tree",
                values: placeNodes(leaves) as Node[],
                transform: [
                    { type: "stratify", key: "id", parentKey: "parent" },
                    {
                        type: "treemap", field: "size", sort: { field: "value", order: "descending" },
                        size: [width, height], method: "squarify", ratio: 2, paddingInner: 2,
                        paddingTop: HEADING, paddingOuter: 2, round: true,
                    },
                    // How many characters fit into an area; fonts are not known here.
                    {
                        type: "formula", as: "room",
                        expr: `datum.y1 - datum.y0 < ${FONT_SIZE + 5} ? 0 : floor((datum.x1 - datum.x0 - 5) / ${CHARACTER})`,
                    },
                    { type: "formula", as: "shown", expr: SHOWN },
                ],
            },
            { name: "components", source: "tree", transform: [{ type: "filter", expr: "datum.depth === 1" }] },
            { name: "leaves", source: "tree", transform: [{ type: "filter", expr: `datum.depth === 2 && datum.y1 - datum.y0 > 3` }] },
        ],
        marks: [
            area("components", { fill: "var(--panel)", stroke: "var(--line)" }),
            area("leaves", { field: "fill" }), label("components", HEADING / 2 + 1),
            label("leaves", FONT_SIZE / 2 + 3),
        ],
    };
    return drawSpec(spec);
}

function placeNodes(leaves: readonly TreemapLeaf[]): readonly Node[] {
    const components = [...Map.groupBy(leaves, ({ component }) => component)];
    const countOf = (members: readonly TreemapLeaf[]): number => members.reduce((sum, { count }) => sum + count, 0);
    return [
        { id: "root", label: "", fill: "", size: 0 },
        ...components.map(([component, members]) => ({
            id: `c:${component}`, parent: "root", label: `${component} ${countOf(members)}`, fill: "",
            size: 0,
        })),
        ...leaves.map(({ component, type, count, fill }, index) => ({
            id: `r:${index}`, parent: `c:${component}`, ...nameLeaf(count === 1 ? type : `${count} ${type}`),
            fill, size: count,
        })),
    ];
}

/** `4`, `Bucket`, `Policy`: a type is many words, written as one. */
function nameLeaf(label: string): Pick<Node, "label" | "lines" | "widest"> {
    const lines = label.split(/ |(?<=[a-z])(?=[A-Z])/);
    return { label, lines, widest: Math.max(...lines.map(({ length }) => length)) };
}

type Mark = NonNullable<Spec["marks"]>[number];

function area(data: string, fill: { readonly field: string } | { readonly fill: string; readonly stroke: string }): Mark {
    const paint = "field" in fill ? { fill: { field: fill.field } } : { fill: { value: fill.fill }, stroke: { value: fill.stroke } };
    return {
        type: "rect", from: { data },
        encode: { enter: { ...paint, x: { field: "x0" }, y: { field: "y0" }, x2: { field: "x1" }, y2: { field: "y1" } } },
    };
}

function label(data: string, down: number): Mark {
    return {
        type: "text", from: { data },
        encode: {
            enter: {
                x: { field: "x0", offset: 3 }, y: { field: "y0", offset: down },
                baseline: { value: "middle" }, fontSize: { value: FONT_SIZE }, lineHeight: { value: LINE },
                fill: { value: "var(--ink)" }, text: { field: "shown" },
            },
        },
    };
}
