/**
 * Rows of a CSV file as a stream. A broken row costs itself and nothing after it: csv-parse alone, when a quote is not
 * closed, takes the rest of the file for one cell. So lines are put together here, and csv-parse reads one record at a time.
 */
import { parse } from "csv-parse/sync";
import { readLines } from "./lines.ts";

/** Lines that one quoted cell may span; an unclosed quote is given up after as many. */
const MAX_RECORD_LINES = 100;
const delimiters = [",", ";", "\t", "|"] as const;

export interface CsvRow {
    /** Line of the file on which the row starts; the header is on line 1. */
    readonly line: number;
    /** The row as it stands in the file, without its line end. */
    readonly text: string;
    /** One per column of the header. */
    readonly cells: readonly string[];
}

export interface CsvReject {
    readonly line: number;
    readonly text: string;
    readonly reason: string;
}

export interface CsvBatch {
    readonly rows: readonly CsvRow[];
    readonly rejects: readonly CsvReject[];
}

export interface CsvFile {
    /** Column names, trimmed. */
    readonly header: readonly string[];
    /** The rows after the header; can be read once. Empty lines are skipped. */
    readonly batches: AsyncGenerator<CsvBatch>;
}

/**
 * Reads the header and gives the rows as a stream. The delimiter (`,` `;` tab `|`) is the one that the header has most of.
 * Throws when there is no header, or when a column has no name or another's.
 */
export async function readCsv(chunks: AsyncIterable<Uint8Array>): Promise<CsvFile> {
    const lines = readLines(chunks)[Symbol.asyncIterator]();
    const first = await lines.next();
    if (first.done === true) throw new Error("the file is empty\n  fix: upload a CSV file whose first line names the columns");
    const [headerLine, ...others] = first.value;
    const delimiter = findDelimiter(headerLine!);
    const header = parseHeader(headerLine!, delimiter);
    return { header, batches: readBatches(lines, others, new RecordAssembler(header.length, delimiter)) };
}

/** A line of a CSV file; cells are quoted where they must be. */
export function formatCsvRow(cells: readonly (string | number)[]): string {
    return cells.map((cell) => (/[",\r\n]/.test(String(cell)) ? `"${String(cell).replaceAll('"', '""')}"` : String(cell))).join(",");
}

async function* readBatches(
    lines: AsyncIterator<readonly string[]>,
    firstLines: readonly string[],
    assembler: RecordAssembler,
): AsyncGenerator<CsvBatch> {
    try {
        yield assembler.assemble(firstLines, false);
        for (let next = await lines.next(); next.done !== true; next = await lines.next()) yield assembler.assemble(next.value, false);
        yield assembler.assemble([], true);
    } finally {
        await lines.return?.();
    }
}

function findDelimiter(headerLine: string): string {
    const unquoted = headerLine.replaceAll(/"[^"]*"/g, "");
    const count = (delimiter: string): number => unquoted.split(delimiter).length;
    return delimiters.reduce((best, delimiter) => (count(delimiter) > count(best) ? delimiter : best));
}

function parseHeader(headerLine: string, delimiter: string): string[] {
    const header = parseRecord(headerLine, delimiter)?.map((name) => name.trim());
    if (header === undefined) throw new Error(`line 1: the header's quotes are broken: ${headerLine.slice(0, 200)}`);
    const unnamed = header.findIndex((name) => name === "");
    if (unnamed >= 0) {
        throw new Error(`line 1: column ${unnamed + 1} of ${header.length} has no name\n  fix: the first line must name every column`);
    }
    const repeated = header.filter((name, index) => header.indexOf(name) !== index);
    if (repeated.length > 0) {
        throw new Error(`line 1: column names occur twice: ${repeated.join(", ")}\n  fix: give each column its own name`);
    }
    return header;
}

/** Cells of one record, or undefined when its quotes are broken. */
function parseRecord(text: string, delimiter: string): string[] | undefined {
    if (!text.includes('"')) return text.split(delimiter);
    try {
        const records = parse(text, { delimiter, record_delimiter: "\n", relax_column_count: true });
        return records.length === 1 ? records[0] : undefined;
    } catch {
        return undefined;
    }
}

/**
 * Cells of the quoted lines by index, read in one call, which is several times faster than line by line.
 * Empty when a line is not a sound record by itself: then each is tried alone.
 */
function parseQuotedLines(lines: readonly string[], delimiter: string): ReadonlyMap<number, readonly string[]> {
    const indexes = [...lines.keys()].filter((index) => lines[index]!.includes('"'));
    if (indexes.length === 0 || indexes.some((index) => hasOddQuotes(lines[index]!))) return new Map();
    try {
        const text = indexes.map((index) => lines[index]).join("\n");
        const records = parse(text, { delimiter, record_delimiter: "\n", relax_column_count: true });
        return records.length === indexes.length ? new Map(indexes.map((index, place) => [index, records[place]!])) : new Map();
    } catch {
        return new Map();
    }
}

/** What may be one record. */
interface RecordLines {
    readonly lines: readonly string[];
    /** Line of the file on which it starts. */
    readonly line: number;
    /** When they are known already. */
    readonly cells: readonly string[] | undefined;
}

/** Puts physical lines together to records; keeps a record that is not complete until more lines come. */
class RecordAssembler {
    readonly #columnCount: number;
    readonly #delimiter: string;
    #pending: readonly string[] = [];
    /** Line of the file on which the first pending line stands. */
    #line = 2;

    constructor(columnCount: number, delimiter: string) {
        this.#columnCount = columnCount;
        this.#delimiter = delimiter;
    }

    assemble(newLines: readonly string[], isEnd: boolean): CsvBatch {
        const lines = this.#pending.length === 0 ? newLines : [...this.#pending, ...newLines];
        const rows: CsvRow[] = [];
        const rejects: CsvReject[] = [];
        const parsed = parseQuotedLines(lines, this.#delimiter);
        let index = 0;
        while (index < lines.length) {
            const length = countRecordLines(lines, index);
            if (length === undefined && !isEnd && lines.length - index < MAX_RECORD_LINES) break;
            const record = { lines: lines.slice(index, index + (length ?? 1)), line: this.#line + index, cells: parsed.get(index) };
            index += this.#take(record, { rows, rejects });
        }
        this.#pending = lines.slice(index);
        this.#line += index;
        return { rows, rejects };
    }

    /** Takes one record and says how many lines are done: one when a record of several lines is broken, so that the rest is tried again. */
    #take({ lines, line, cells: parsed }: RecordLines, into: { rows: CsvRow[]; rejects: CsvReject[] }): number {
        const text = lines.length === 1 ? lines[0]! : lines.join("\n");
        if (text.trim() === "") return lines.length;
        const cells = parsed ?? parseRecord(text, this.#delimiter);
        if (cells?.length === this.#columnCount) {
            into.rows.push({ line, text, cells });
            return lines.length;
        }
        const isCount = cells !== undefined && lines.length === 1;
        const reason = isCount ? `has ${cells.length} columns, the header has ${this.#columnCount}` : "has broken quotes";
        into.rejects.push({ line, text: lines[0]!, reason });
        return 1;
    }
}

/** Lines until every quote is closed; undefined when they are not among these lines or not within the limit. */
function countRecordLines(lines: readonly string[], start: number): number | undefined {
    let isOpen = false;
    for (let index = start; index < lines.length && index - start < MAX_RECORD_LINES; index++) {
        if (hasOddQuotes(lines[index]!)) isOpen = !isOpen;
        if (!isOpen) return index - start + 1;
    }
    return undefined;
}

function hasOddQuotes(line: string): boolean {
    let isOdd = false;
    for (let at = line.indexOf('"'); at >= 0; at = line.indexOf('"', at + 1)) isOdd = !isOdd;
    return isOdd;
}
