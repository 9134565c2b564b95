/** The files of one pipeline run, as the functions' cores see them; `createS3RunFiles` keeps them in S3, tests and bench on disk. */
import type { S3Client } from "@aws-sdk/client-s3";
import { createS3Writer } from "./s3Writer.ts";
import { buildS3Url, openObject, readJson, writeJson, type ObjectLocation } from "./store.ts";

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
    transform: "transform",
    transformOutput: "transform/data.csv.out",
    evaluation: "evaluation.json",
    golden: "golden.json",
} as const;

export interface S3RunFilesArgs {
    readonly s3: S3Client;
    readonly processedBucket: string;
    readonly runId: string;
    /** The raw object, with the version that started the run; not needed by steps that only read the run's own files. */
    readonly input?: ObjectLocation;
}

/** The run's folder `runs/<runId>/` in the processed bucket. */
export function createS3RunFiles({ s3, processedBucket, runId, input }: S3RunFilesArgs): RunFiles {
    const keyOf = (name: string): string => `runs/${runId}/${name}`;
    const locate = (name: string): ObjectLocation => ({ bucket: processedBucket, key: keyOf(name) });
    const urlOf = (name: string): string => buildS3Url(locate(name));
    return {
        openInput: async () => {
            if (input === undefined) throw new Error("this step does not read the raw data");
            return openObject(s3, input);
        },
        openFile: async (name) => openObject(s3, locate(name)),
        createFile: (name) => createS3Writer(s3, locate(name)),
        readDocument: async (name) => readJson(s3, urlOf(name)),
        writeDocument: async (name, document) => writeJson(s3, urlOf(name), document),
        urlOf,
        keyOf,
    };
}
