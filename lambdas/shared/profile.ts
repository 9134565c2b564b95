/** What ValidateData found in the data, and PreprocessData goes by. */
import type { TaskType } from "./documents.ts";

export interface ColumnProfile {
    readonly name: string;
    /** `empty`: no row has a value, so the column is no feature. */
    readonly type: "numeric" | "boolean" | "categorical" | "empty";
    /** Rows without a value. */
    readonly missing: number;
    /** Boolean columns: the two texts, lower case, as [false, true]. */
    readonly values?: readonly [string, string];
}

/** The document `profile.json`. */
export interface DataProfile {
    readonly task: TaskType;
    readonly label: string;
    /** Class names by class index: [negative, positive] for binary; absent for regression. */
    readonly classes?: readonly string[];
    /** Accepted rows. */
    readonly rows: number;
    /** Broken rows. */
    readonly rejected: number;
    /** Every column but the label and the ignored ones, in the file's order. */
    readonly columns: readonly ColumnProfile[];
}
