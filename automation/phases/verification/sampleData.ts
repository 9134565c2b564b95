/** A data file of the stack's shape from which nothing can be learnt. */
import type { DataConfig } from "../../../components/config/data.ts";
import type { ServedVariant } from "./check.ts";

/** Enough for every class to be there many times over. */
const ROWS = 1_000;

/**
 * Rows of real features whose labels alternate: a model of them is no better than chance and cannot reach a floor, so that a run which
 * nobody stopped in time approves nothing.
 */
export function buildMeaninglessData({ schema, golden }: Pick<ServedVariant, "schema" | "golden">, { ignore }: Pick<DataConfig, "ignore">): string {
    const features = schema.features.map(({ name }) => name);
    const labels = schema.classes ?? ["0", "1"];
    const lines = Array.from({ length: ROWS }, (_, row) => {
        const values = golden[row % golden.length]?.features ?? {};
        // The same features come with every label in turn.
        const label = labels[(row + Math.floor(row / golden.length)) % labels.length];
        return [label, ...features.map((name) => values[name] ?? ""), ...ignore.map(() => row)];
    });
    return [[schema.label, ...features, ...ignore], ...lines].map((cells) => `${cells.map(quote).join(",")}\n`).join("");
}

/** RFC 4180. */
function quote(cell: string | number | boolean | undefined): string {
    const text = String(cell ?? "");
    return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
