/** First step of the pipeline: reads the data once, decides the task and the columns' types, and refuses what cannot be trained on. */
import { readCsv, type CsvReject, type CsvRow } from "../shared/csv.ts";
import type { ValidationResult } from "../shared/documents.ts";
import { isMissing } from "../shared/encode.ts";
import type { DataSettings } from "../shared/environment.ts";
import type { DataProfile } from "../shared/profile.ts";
import { Rejects } from "../shared/rejects.ts";
import { runFileNames, type RunFiles } from "../shared/runFiles.ts";
import { ColumnStatistics } from "./columns.ts";
import { LabelStatistics } from "./label.ts";

/** With fewer rows the test set has no ten rows, and no metric means anything. */
export const MIN_ROWS = 100;

/**
 * Writes `profile.json` and `rejects.csv`. Throws when the label or an ignored column is absent, when too many rows are broken,
 * when there are too few rows, and when a column cannot be a feature.
 */
export async function validateData(settings: DataSettings, files: RunFiles): Promise<ValidationResult> {
    const { header, batches } = await readCsv(await files.openInput());
    const columns = selectColumns(header, settings);
    const labelIndex = header.indexOf(settings.label);
    const label = new LabelStatistics();
    const rejects = new Rejects(files.createFile(runFileNames.rejects));
    let rows = 0;
    for await (const batch of batches) {
        const { complete, incomplete } = separateUnlabelled(batch.rows, labelIndex, settings.label);
        await rejects.add([...batch.rejects, ...incomplete]);
        for (const { cells } of complete) {
            label.add(cells[labelIndex]!);
            for (const { index, statistics } of columns) statistics.add(cells[index]!);
        }
        rows += complete.length;
    }
    await rejects.finish(rows, settings.maxRejectedShare, files.urlOf(runFileNames.rejects));
    if (rows < MIN_ROWS) throw new Error(`the file has ${rows} usable rows, but at least ${MIN_ROWS} are needed\n  fix: upload more data`);
    const profile: DataProfile = {
        ...label.decide(settings),
        label: settings.label,
        rows,
        rejected: rejects.count,
        columns: columns.map(({ statistics }) => statistics.profile(settings.maxRejectedShare)),
    };
    if (profile.columns.every(({ type }) => type === "empty")) {
        throw new Error("no column has values that could be features\n  fix: shorten data.ignore");
    }
    await files.writeDocument(runFileNames.profile, profile);
    return { task: profile.task, rows };
}

interface SelectedColumn {
    readonly index: number;
    readonly statistics: ColumnStatistics;
}

function selectColumns(header: readonly string[], { label, ignore }: DataSettings): SelectedColumn[] {
    const unknown = [label, ...ignore].filter((name) => !header.includes(name));
    if (unknown.length > 0) throw new Error(describeUnknownColumns(unknown, header, label));
    return header
        .map((name, index) => ({ index, statistics: new ColumnStatistics(name) }))
        .filter(({ statistics }) => statistics.name !== label && !ignore.includes(statistics.name));
}

function describeUnknownColumns(unknown: readonly string[], header: readonly string[], label: string): string {
    const findings = unknown.map((name) => {
        const setting = name === label ? "data.label" : "data.ignore";
        const nearest = findNearest(name, header);
        return `${setting} names column ${JSON.stringify(name)}, which the file does not have; nearest is ${JSON.stringify(nearest)}`;
    });
    return `${findings.join("\n")}\n  the file's columns: ${header.join(", ")}\n  fix: correct the configuration, or the file's first line`;
}

function separateUnlabelled(rows: readonly CsvRow[], labelIndex: number, label: string): { complete: CsvRow[]; incomplete: CsvReject[] } {
    const complete: CsvRow[] = [];
    const incomplete: CsvReject[] = [];
    for (const row of rows) {
        if (isMissing(row.cells[labelIndex]!)) incomplete.push({
            line: row.line, text: row.text, reason: `has no label ${JSON.stringify(label)}`,
        });
        else complete.push(row);
    }
    return { complete, incomplete };
}

/** The name that takes the fewest edits (Levenshtein), without regard to case. */
export function findNearest(name: string, candidates: readonly string[]): string {
    const distance = (candidate: string): number => countEdits(name.toLowerCase(), candidate.toLowerCase());
    return candidates.reduce((best, candidate) => (distance(candidate) < distance(best) ? candidate : best));
}

function countEdits(from: string, to: string): number {
    let previous = Array.from({ length: to.length + 1 }, (_, index) => index);
    for (let row = 1; row <= from.length; row++) {
        const current = [row];
        for (let column = 1; column <= to.length; column++) {
            const replaced = previous[column - 1]! + (from[row - 1] === to[column - 1] ? 0 : 1);
            current.push(Math.min(previous[column]! + 1, current[column - 1]! + 1, replaced));
        }
        previous = current;
    }
    return previous[to.length]!;
}
