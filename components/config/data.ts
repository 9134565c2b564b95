/** The section `data`: of the table that is learnt from. */
import type { TaskType } from "../../lambdas/shared/documents.ts";
import type { SectionReader } from "./sectionReader.ts";
import { present } from "./present.ts";

export interface DataConfig {
    /** Column to predict. */
    readonly label: string;
    /** Columns that are not features: identifiers, causes that leak the label. @default [] */
    readonly ignore: readonly string[];
    /** @default found from the label column and printed */
    readonly task?: TaskType;
    /** Share of broken rows, 0..1, above which the run fails. @default 0.01 */
    readonly maxRejectedShare: number;
}

export function parseData(section: SectionReader): DataConfig {
    const label = section.text("label");
    if (label === undefined) section.refuse("label", "is missing", "name the column to predict");
    const ignore = section.texts("ignore") ?? [];
    if (label !== undefined && ignore.includes(label)) {
        section.refuse("ignore", `contains the label, got ${JSON.stringify(label)}`, "take the label out of the list");
    }
    const data: DataConfig = {
        label: label ?? "",
        ignore,
        ...present("task", section.choice("task", ["binary", "multiclass", "regression"])),
        maxRejectedShare: section.number("maxRejectedShare", { min: 0, max: 1 }) ?? 0.01,
    };
    section.finish();
    return data;
}
