/** `--diagnose`: one zip for somebody who helps, without secrets. */
import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { strToU8, zipSync } from "fflate";
import { pulumiStackOf } from "../../../components/environmentName.ts";
import type { DriverOptions } from "../options.ts";
import type { TimedEvent } from "../../progress/reporter.ts";
import type { SecretMasker } from "../secretMasker.ts";
import type { Session } from "../session.ts";
import { gatherDiagnosis } from "./gatherDiagnosis.ts";

export interface DiagnosisSource {
    readonly options: DriverOptions;
    /** Undefined when the command failed before it had one. */
    readonly session: Session | undefined;
    /** Of the run. */
    readonly events: readonly TimedEvent[];
    readonly environment: Readonly<NodeJS.ProcessEnv>;
}

export interface DiagnosisPlace {
    readonly projectFolder: string;
    readonly masker: SecretMasker;
}

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
