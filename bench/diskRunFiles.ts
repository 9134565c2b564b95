/** The files of a run on disk, in place of S3: for measuring the functions' cores by themselves. */
import { createReadStream } from "node:fs";
import { mkdir, open, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { FileWriter, RunFiles } from "../lambdas/shared/runFiles.ts";

/** Reads `input` from disk and keeps the run's files under `folder`. */
export function createDiskRunFiles(input: string, folder: string): RunFiles {
    const pathOf = (name: string): string => join(folder, name);
    return {
        openInput: async () => createReadStream(input),
        openFile: async (name) => createReadStream(pathOf(name)),
        createFile: (name) => createDiskWriter(pathOf(name)),
        readDocument: async (name) => JSON.parse(await readFile(pathOf(name), "utf8")),
        writeDocument: async (name, document) => {
            await mkdir(dirname(pathOf(name)), { recursive: true });
            await writeFile(pathOf(name), JSON.stringify(document));
        },
        urlOf: pathOf,
        keyOf: pathOf,
    };
}

function createDiskWriter(path: string): FileWriter {
    const handle = mkdir(dirname(path), { recursive: true }).then(() => open(path, "w"));
    let bytes = 0;
    return {
        write: async (text) => {
            bytes += (await (await handle).write(text)).bytesWritten;
        },
        close: async () => {
            await (await handle).close();
            return bytes;
        },
        abort: async () => {
            await (await handle).close();
            await rm(path);
        },
    };
}
