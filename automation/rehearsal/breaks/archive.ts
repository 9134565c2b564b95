/** The model out of the archive that the training job wrote. */
import { readArchive } from "../../preflight/artifact/archive.ts";
import { MODEL_FILE_NAME, pathOf } from "../../preflight/artifact/modelFile.ts";
import { openMemoryArtifact } from "../../preflight/artifact/source.ts";

/** @throws Error when the archive is broken or holds no model. */
export async function extractModel(archive: Uint8Array): Promise<Uint8Array> {
    const reading = await readArchive(openMemoryArtifact("model.tar.gz", archive));
    if (!reading.ok) throw new Error(`the trained archive ${reading.problem}`);
    const file = reading.entries.find((entry) => pathOf(entry) === MODEL_FILE_NAME);
    if (file === undefined) throw new Error("the trained archive holds no model");
    return file.content;
}
