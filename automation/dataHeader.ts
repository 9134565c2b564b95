/** Looks at a data file's header before anything starts, so that a misspelt column costs a second and not a training run. */
import { open, stat } from "node:fs/promises";
import { parse } from "csv-parse/sync";
import { OperatorError } from "./errors.ts";
import { nearestName } from "./driver/nearestName.ts";

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
    const nearest = nearestName(first, columns);
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
