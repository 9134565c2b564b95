/** Reads a row of the data by what validation found: feature cells and a label as number, or the reason why it is broken. */
import type { CsvReject, CsvRow } from "../shared/csv.ts";
import { isMissing, parseNumber } from "../shared/encode.ts";
import type { ColumnProfile, DataProfile } from "../shared/profile.ts";

export interface LabelledRow {
    /** Cells of the feature columns, in the order of the features. */
    readonly cells: readonly string[];
    /** Class index, or the value of a regression. */
    readonly label: number;
    /** The row as it stands in the file; decides the split. */
    readonly text: string;
}

export interface SortedRows {
    readonly rows: readonly LabelledRow[];
    readonly rejects: readonly CsvReject[];
}

/** Columns that become features. */
export function selectFeatureColumns(profile: DataProfile): readonly ColumnProfile[] {
    return profile.columns.filter(({ type }) => type !== "empty");
}

/** Prepares the sorting of rows into usable and broken ones; both passes use the same, so they agree on every row. */
export function createRowSorter(header: readonly string[], profile: DataProfile): (rows: readonly CsvRow[]) => SortedRows {
    const columns = selectFeatureColumns(profile).map(({ name, type }) => ({
        name, index: header.indexOf(name), isNumeric: type === "numeric",
    }));
    const numericColumns = columns.filter(({ isNumeric }) => isNumeric);
    const labelIndex = header.indexOf(profile.label);
    const readLabel = createLabelReader(profile);
    const findFault = (cells: readonly string[]): string | undefined => {
        if (isMissing(cells[labelIndex]!)) return `has no label ${JSON.stringify(profile.label)}`;
        if (readLabel(cells[labelIndex]!) === undefined) {
            return `has the label ${JSON.stringify(cells[labelIndex])}, which is none of the task's`;
        }
        const bad = numericColumns.find(({ index }) => !isMissing(cells[index]!) && parseNumber(cells[index]!) === undefined);
        return bad === undefined ? undefined : `has ${JSON.stringify(cells[bad.index])} in the numeric column ${JSON.stringify(bad.name)}`;
    };
    return (csvRows) => {
        const rows: LabelledRow[] = [];
        const rejects: CsvReject[] = [];
        for (const { cells, line, text } of csvRows) {
            const reason = findFault(cells);
            if (reason !== undefined) rejects.push({ line, text, reason });
            else rows.push({ cells: columns.map(({ index }) => cells[index]!), label: readLabel(cells[labelIndex]!)!, text });
        }
        return { rows, rejects };
    };
}

function createLabelReader({ classes }: DataProfile): (cell: string) => number | undefined {
    if (classes === undefined) return parseNumber;
    const indexByClass = new Map(classes.map((name, index) => [name, index]));
    return (cell) => indexByClass.get(cell.trim());
}
