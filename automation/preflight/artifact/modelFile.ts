/** Which file of an archive the container loads: the one that all rules about the model look at. */
import { readArchive } from "./archive.ts";
import type { ArchiveEntry } from "./archive.ts";
import type { CheckResult, Evidence } from "../rule.ts";

/** Name that the training container gives the model, and that is unambiguous for the serving one. */
export const MODEL_FILE_NAME = "xgboost-model";

/** Path without a leading `./`. */
export function pathOf(entry: Pick<ArchiveEntry, "name">): string {
    return entry.name.replace(/^(\.\/)+/, "").replace(/\/$/, "");
}

/** Regular files at the archive's root that the container would load; it passes over dotfiles. */
export function findModelFiles(entries: readonly ArchiveEntry[]): readonly ArchiveEntry[] {
    return entries.filter((entry) => entry.type === "file" && !pathOf(entry).includes("/") && !pathOf(entry).startsWith("."));
}

/** Hands the one model file to a check, or says why there is none to check. */
export async function checkModelFile(evidence: Evidence, check: (file: ArchiveEntry, where: string) => CheckResult): Promise<CheckResult> {
    if (evidence.artifact === undefined) return { findings: [], open: "there is no artifact yet" };
    const archive = await readArchive(evidence.artifact);
    if (!archive.ok) return { findings: [], open: `the archive cannot be read (F01): it ${archive.problem}` };
    const files = findModelFiles(archive.entries);
    const file = files.find((entry) => pathOf(entry) === MODEL_FILE_NAME) ?? files[0];
    if (file === undefined) return { findings: [], open: "the archive has no file at its root (F08)" };
    return check(file, `${evidence.stack}/${evidence.artifact.url}#${pathOf(file)}`);
}
