/** The files of one pipeline run in S3. */
import type { S3Client } from "@aws-sdk/client-s3";
import type { RunFiles } from "./runFiles.ts";
import { createS3Writer } from "./s3Writer.ts";
import { buildS3Url, openObject, readJson, writeJson, type ObjectLocation } from "./store.ts";

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
