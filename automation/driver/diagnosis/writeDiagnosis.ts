/** `--diagnose`: one zip for somebody who helps, without secrets. */
import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { strToU8, zipSync } from "fflate";
import { pulumiStackOf } from "../../../components/environmentName.ts";
import { gatherDiagnosis } from "./gatherDiagnosis.ts";
import type { DiagnosisPlace, DiagnosisSource } from "./gatherDiagnosis.ts";

export interface WrittenDiagnosis {
    /** Absolute. */
    readonly file: string;
    /** What is in it. */
    readonly contents: readonly { readonly name: string; readonly text: string }[];
}

/** What cannot be asked any more is named in the bundle, and is no failure. */
export async function writeDiagnosis(source: DiagnosisSource, { projectFolder, masker }: DiagnosisPlace): Promise<WrittenDiagnosis> {
    const parts = await gatherDiagnosis(source, { projectFolder, masker });
    const folder = path.join(projectFolder, ".firstlight", "diagnoses");
    const time = new Date().toISOString().slice(0, 19).replaceAll(/[-:]/g, "");
    const file = path.join(folder, `${pulumiStackOf(source.options)}-${time}.zip`);
    // Once more as a whole: what was put together of pieces, too.
    const entries = parts.map(({ name, body }) => [name, strToU8(masker.mask(body))] as const);
    await mkdir(folder, { recursive: true });
    await writeFile(file, zipSync(Object.fromEntries(entries)), { mode: 0o600 });
    return { file, contents: parts.map(({ name, text }) => ({ name, text })) };
}
