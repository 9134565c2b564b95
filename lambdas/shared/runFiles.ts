/** The files of one pipeline run, as the functions' cores see them: `s3RunFiles.ts` keeps them in S3, tests and bench on disk. */
import type { Variant } from "./documents.ts";

/** Writes a text file of any size with bounded memory. It exists only after `close`. */
export interface FileWriter {
    write(text: string): Promise<void>;
    /** Completes the file and gives its size in bytes. */
    close(): Promise<number>;
    /** Throws away what was written. */
    abort(): Promise<void>;
}

/** Files are named relative to the run's folder, e.g. `train/data.csv`. */
export interface RunFiles {
    /** The raw data from its beginning; may be called again for another pass. */
    openInput(): Promise<AsyncIterable<Uint8Array>>;
    openFile(name: string): Promise<AsyncIterable<Uint8Array>>;
    createFile(name: string): FileWriter;
    readDocument<Document>(name: string): Promise<Document>;
    writeDocument(name: string, document: unknown): Promise<void>;
    /** `s3://` URL of a file or folder of the run. */
    urlOf(name: string): string;
    /** Key of a file of the run in its bucket. */
    keyOf(name: string): string;
}

/** Names of the run's files; see documents.ts for what they hold. */
export const runFileNames = {
    profile: "profile.json",
    schema: "schema.json",
    train: "train/data.csv",
    validation: "validation/data.csv",
    test: "test/data.csv",
    rejects: "rejects.csv",
    samples: "samples.json",
    manifest: "manifest.json",
} as const;

/** Names of the files that each variant has for itself. */
export function variantFileNames(variant: Variant) {
    return {
        transform: `transform/${variant}`,
        transformOutput: `transform/${variant}/data.csv.out`,
        evaluation: `evaluation-${variant}.json`,
        golden: `golden-${variant}.json`,
    } as const;
}
