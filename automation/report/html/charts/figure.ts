/** A chart on the page: drawn for two widths, told in words, and given as a table. */
import { html } from "../markup.ts";
import type { Content, Markup } from "../markup.ts";

/** Widths in which every chart is drawn: for a phone, and for everything from {@link WIDE_FROM_PIXELS}. */
export const NARROW_WIDTH = 360;
export const WIDE_WIDTH = 940;
/** In between the narrow drawing is shown: the wide one would have to be made so small that nobody could read it. */
export const WIDE_FROM_PIXELS = 860;

export interface Table {
    readonly head: readonly string[];
    readonly rows: readonly (readonly Content[])[];
    /** Columns of numbers, from 0. @default none */
    readonly numeric?: readonly number[];
    /** On a phone each row becomes a block with its first cell as a heading: for tables of words. @default false */
    readonly isWordy?: boolean;
}

export interface Figure {
    /** For those who cannot see it: what it shows, and what it says. */
    readonly description: string;
    readonly caption?: Content;
    /** Draws the chart so many units wide. */
    draw(width: number): Promise<Markup>;
    /** Text stands on coloured areas, and needs no halo of paper around it. @default false */
    readonly isFilled?: boolean;
    /** The same in numbers; absent where a table on the page says it already. */
    readonly table?: Table;
}

export async function renderFigure({ description, caption, draw, table, isFilled = false }: Figure): Promise<Markup> {
    const [narrow, wide] = [await draw(NARROW_WIDTH), await draw(WIDE_WIDTH)];
    const kind = isFilled ? "chart filled" : "chart";
    return html`<figure>
<div class="${kind} narrow" role="img" aria-label="${description}">${narrow}</div>
<div class="${kind} wide" role="img" aria-label="${description}">${wide}</div>
${caption === undefined ? undefined : html`<figcaption>${caption}</figcaption>`}
${table === undefined ? undefined : html`<details><summary>The same as a table</summary>${renderTable(table)}</details>`}
</figure>
`;
}

export function renderTable({ head, rows, numeric = [], isWordy = false }: Table): Markup {
    const nameOf = (index: number): Markup | undefined => (isWordy && index > 0 ? html` data-name="${head[index]}"` : undefined);
    const align = (index: number): Markup | undefined => (numeric.includes(index) ? html` class="number"` : undefined);
    return html`<table${isWordy ? html` class="wordy"` : undefined}><thead><tr>${head.map((cell, index) => html`<th scope="col"${align(index)}>${cell}</th>`)}</tr></thead>
<tbody>${rows.map((row) => html`<tr>${row.map((cell, index) => html`<td${align(index)}${nameOf(index)}>${cell}</td>`)}</tr>\n`)}</tbody></table>`;
}
