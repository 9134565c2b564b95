/** First pass over the data: writes the rejects, learns the encodings from the training rows, and checks the split. */
import { readCsv } from "../shared/csv.ts";
import type { FeatureSchema } from "../shared/documents.ts";
import { countColumns } from "../shared/encode.ts";
import type { DataSettings } from "../shared/environment.ts";
import type { DataProfile } from "../shared/profile.ts";
import { Rejects } from "../shared/rejects.ts";
import { runFileNames, type RunFiles } from "../shared/runFiles.ts";
import { createFeatureFitter } from "./fit.ts";
import { createRowSorter, selectFeatureColumns } from "./rows.ts";
import { findSplit, splits, type Split } from "./split.ts";

export interface FittedSchema {
    readonly schema: FeatureSchema;
    readonly rejected: number;
}

export interface FitArgs {
    readonly profile: DataProfile;
    readonly settings: DataSettings;
    /** Of a binary task. */
    readonly threshold: number;
    readonly files: RunFiles;
}

/** Throws when too many rows are broken, or when a class does not occur in all three splits. */
export async function fitSchema({ profile, settings, threshold, files }: FitArgs): Promise<FittedSchema> {
    const { header, batches } = await readCsv(await files.openInput());
    const sortRows = createRowSorter(header, profile);
    const fitters = selectFeatureColumns(profile).map(createFeatureFitter);
    const rejects = new Rejects(files.createFile(runFileNames.rejects));
    const counts = new SplitCounts(profile);
    for await (const batch of batches) {
        const { rows, rejects: broken } = sortRows(batch.rows);
        await rejects.add([...batch.rejects, ...broken].sort((left, right) => left.line - right.line));
        for (const { cells, label, text } of rows) {
            const split = findSplit(text);
            counts.add(split, label);
            if (split === "train") fitters.forEach((fitter, index) => fitter.add(cells[index]!));
        }
    }
    await rejects.finish(counts.total(), settings.maxRejectedShare, files.urlOf(runFileNames.rejects));
    counts.requireEverywhere();
    const features = fitters.map((fitter) => fitter.build());
    const { task, label, classes } = profile;
    const byTask = { ...(classes === undefined ? {} : { classes }), ...(task === "binary" ? { threshold } : {}) };
    return { schema: { version: 1, task, label, ...byTask, features, columnCount: countColumns(features) }, rejected: rejects.count };
}

/** Rows per split and class; a regression counts as one class. */
class SplitCounts {
    readonly #classes: readonly string[] | undefined;
    readonly #counts: Readonly<Record<Split, number[]>>;

    constructor({ classes }: DataProfile) {
        this.#classes = classes;
        const zeros = (): number[] => Array.from({ length: classes?.length ?? 1 }, () => 0);
        this.#counts = { train: zeros(), validation: zeros(), test: zeros() };
    }

    add(split: Split, label: number): void {
        this.#counts[split][this.#classes === undefined ? 0 : label]!++;
    }

    total(): number {
        return splits.reduce((sum, split) => sum + this.#counts[split].reduce((rows, count) => rows + count, 0), 0);
    }

    requireEverywhere(): void {
        const findings = splits.flatMap(
            (split) => this.#counts[split].flatMap((count, index) => (count === 0 ? [this.#describeAbsent(split, index)] : [])),
        );
        if (findings.length > 0) throw new Error(`${findings.join("\n")}\n  fix: add rows of the class, or remove the class from the data`);
    }

    #describeAbsent(split: Split, index: number): string {
        const rows = splits.reduce((sum, other) => sum + this.#counts[other][index]!, 0);
        const whose = this.#classes === undefined ? "the file" : `class ${JSON.stringify(this.#classes[index])}`;
        const what = `${whose} has ${rows} rows`;
        return `${what}, and none of them is among the ${split} rows: too few for a split of 80/10/10`;
    }
}
