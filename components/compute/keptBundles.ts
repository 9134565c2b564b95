/** Bundles of earlier runs. The program runs many times for each change of a function, and bundling all of them takes seconds each time. */
import { createHash, randomUUID } from "node:crypto";
import { statSync } from "node:fs";
import { readFile, rename, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** What a bundle depends on beside the files that go into it: how it is made, and where its imports lead. */
const SETTINGS = [
    "components/compute/bundle.ts", "components/compute/zip.ts", "components/facts/runtimes.ts", "package-lock.json", "tsconfig.json",
];

const PACKAGES = "node_modules/";

interface BundleRecord<Bundle> {
    readonly bundle: Bundle;
    /** By path from the project folder: SHA-256, and of a package's file its size and the time at which it was installed. */
    readonly inputs: Readonly<Record<string, string>>;
}

/** How a bundle was made. */
export interface Making {
    /** All that went into it, from the project folder. */
    readonly files: readonly string[];
    /** Milliseconds since 1970 at which it began: a file that was changed after that may have been read before. */
    readonly startedAt: number;
}

/** Keeps what was made of files, and finds it again as long as all of them are as they were. */
export class KeptBundles<Bundle extends { readonly path: string; readonly hash: string }> {
    readonly #projectFolder: string;
    readonly #folder: string;
    /** The functions share most of their files. */
    readonly #digests = new Map<string, Promise<string>>();

    /** @param folder where bundles and their records lie, from the project folder */
    constructor(projectFolder: string, folder: string) {
        this.#projectFolder = projectFolder;
        this.#folder = folder;
    }

    /** Undefined when there is none, or when any file has changed, its zip too. */
    async find(name: string): Promise<Bundle | undefined> {
        try {
            const { bundle, inputs } = JSON.parse(await readFile(this.#recordOf(name), "utf8")) as BundleRecord<Bundle>;
            const digests = await Promise.all(Object.keys(inputs).map((path) => this.#digest(path)));
            if (Object.values(inputs).some((digest, index) => digest !== digests[index])) return undefined;
            return await digestOf(join(this.#projectFolder, bundle.path)) === bundle.hash ? bundle : undefined;
        } catch {
            // No record, or one of its files is gone: it is made anew.
            return undefined;
        }
    }

    /** Leaves it out when a file was changed meanwhile. */
    async keep(name: string, bundle: Bundle, { files, startedAt }: Making): Promise<void> {
        const paths = [...SETTINGS, ...files];
        const changed = await Promise.all(paths.map(async (path) => (await stat(join(this.#projectFolder, path))).mtimeMs >= startedAt));
        if (changed.includes(true)) return;
        const inputs = Object.fromEntries(await Promise.all(paths.map(async (path) => [path, await this.#digest(path)] as const)));
        const temporary = `${this.#recordOf(name)}.${randomUUID()}`;
        await writeFile(temporary, JSON.stringify({ bundle, inputs } satisfies BundleRecord<Bundle>));
        await rename(temporary, this.#recordOf(name));
    }

    #recordOf(name: string): string {
        return join(this.#projectFolder, this.#folder, `${name}.json`);
    }

    #digest(path: string): Promise<string> {
        const file = join(this.#projectFolder, path);
        const known = this.#digests.get(path) ?? (path.startsWith(PACKAGES) ? stampOf(file) : digestOf(file));
        this.#digests.set(path, known);
        return known;
    }
}

/** Of the thousand files that packages have in bundles, to read each takes as long as half of the program. Installing anew gives new times. */
async function stampOf(file: string): Promise<string> {
    const { size, mtimeMs } = statSync(file);
    return `${size} ${mtimeMs}`;
}

/** Base64, as Lambda tells it. */
async function digestOf(file: string): Promise<string> {
    return createHash("sha256").update(await readFile(file)).digest("base64");
}
