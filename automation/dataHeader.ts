/** Looks at a data file's header before anything starts, so that a misspelt column costs a second and not a training run. */
import { open, stat } from "node:fs/promises";
import { parse } from "csv-parse/sync";
import { OperatorError } from "./errors.ts";

/** More than any header that people write. */
const HEADER_BYTES = 256 * 1024;
const SHOWN_COLUMNS = 30;

export interface NamedColumns {
    /** The column to predict. */
    readonly label: string;
    /** Columns that are no features. */
    readonly ignore: readonly string[];
}

/** @throws OperatorError when the file is missing or empty, or has no such column; with its columns and the nearest name. */
export async function checkDataHeader(file: string, { label, ignore }: NamedColumns): Promise<void> {
    const columns = await readHeader(file);
    const missing = [label, ...ignore].filter((name) => !columns.includes(name));
    const [first] = missing;
    if (first === undefined) return;
    const nearest = findNearest(first, columns);
    const shown = columns.slice(0, SHOWN_COLUMNS).join(", ") + (columns.length > SHOWN_COLUMNS ? `, and ${columns.length - SHOWN_COLUMNS} more` : "");
    const option = first === label ? "--label" : "--ignore";
    const guess = nearest === undefined ? "" : `${option} ${JSON.stringify(nearest)}? `;
    throw new OperatorError(`${file} has no column ${JSON.stringify(first)}`, `${guess}its columns are ${shown}`);
}

async function readHeader(file: string): Promise<readonly string[]> {
    const found = await stat(file).catch(() => undefined);
    if (found?.isFile() !== true) throw new OperatorError(`data file ${file} does not exist`, "give a CSV file with --data");
    if (found.size === 0) throw new OperatorError(`data file ${file} is empty`, "give a CSV file with a header and rows");
    const handle = await open(file);
    try {
        const { buffer, bytesRead } = await handle.read(Buffer.alloc(Math.min(HEADER_BYTES, found.size)), 0);
        return parseHeader(buffer.toString("utf8", 0, bytesRead), file);
    } finally {
        await handle.close();
    }
}

function parseHeader(text: string, file: string): readonly string[] {
    try {
        const [header = []] = parse(text, { bom: true, to: 1, relax_column_count: true, skip_empty_lines: true });
        return header;
    } catch (error) {
        throw new OperatorError(`${file}: its first line is no CSV header: ${(error as Error).message}`, "give a CSV file with a header", { cause: error });
    }
}

/** The column that takes the fewest edits, if that is not another word altogether. Exported for its test. */
export function findNearest(name: string, columns: readonly string[]): string | undefined {
    const ranked = columns.map((column) => ({ column, edits: countEdits(name.toLowerCase(), column.toLowerCase()) })).sort((left, right) => left.edits - right.edits);
    const [best] = ranked;
    return best !== undefined && best.edits <= Math.max(2, name.length / 3) ? best.column : undefined;
}

/** Levenshtein's distance. */
function countEdits(left: string, right: string): number {
    let previous = Array.from({ length: right.length + 1 }, (_, index) => index);
    for (let row = 1; row <= left.length; row++) {
        const current = [row];
        for (let column = 1; column <= right.length; column++) {
            const replaced = (previous[column - 1] ?? 0) + (left[row - 1] === right[column - 1] ? 0 : 1);
            current.push(Math.min(replaced, (previous[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1));
        }
        previous = current;
    }
    return previous[right.length] ?? 0;
}
