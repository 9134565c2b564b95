/** The files of a run in memory, for tests of the functions' cores. */
import type { FileWriter, RunFiles } from "../../../lambdas/shared/runFiles.ts";

export interface MemoryRunFiles extends RunFiles {
    /** Completed files and documents (JSON) by name. */
    readonly contents: Map<string, string>;
    /** Names in the order in which they were completed. */
    readonly written: string[];
}

/** Gives `input` in chunks of `chunkBytes`, so that lines, quotes and UTF-8 characters are cut anywhere. */
export function createMemoryRunFiles(input: string | Uint8Array, chunkBytes = 61): MemoryRunFiles {
    const contents = new Map<string, string>();
    const written: string[] = [];
    const complete = (name: string, text: string): void => {
        contents.set(name, text);
        written.push(name);
    };
    return {
        contents,
        written,
        openInput: async () => chunk(Buffer.from(input), chunkBytes),
        openFile: async (name) => chunk(Buffer.from(requireText(contents, name)), chunkBytes),
        createFile: (name) => createWriter((text) => complete(name, text)),
        readDocument: async (name) => JSON.parse(requireText(contents, name)),
        writeDocument: async (name, document) => complete(name, JSON.stringify(document)),
        urlOf: (name) => `s3://processed/runs/r1/${name}`,
        keyOf: (name) => `runs/r1/${name}`,
    };
}

/** Text as a byte stream in small chunks. */
export async function* chunk(bytes: Uint8Array, chunkBytes: number): AsyncGenerator<Uint8Array> {
    for (let start = 0; start < bytes.length; start += chunkBytes) yield bytes.subarray(start, start + chunkBytes);
}

function createWriter(complete: (text: string) => void): FileWriter {
    let text = "";
    return {
        write: async (part) => void (text += part),
        close: async () => {
            complete(text);
            return Buffer.byteLength(text);
        },
        abort: async () => undefined,
    };
}

function requireText(contents: ReadonlyMap<string, string>, name: string): string {
    const text = contents.get(name);
    if (text === undefined) throw new Error(`no file ${name}; there are ${[...contents.keys()].join(", ")}`);
    return text;
}
