/** Locks of the Pulumi engine in the backends that it keeps itself, a file for each run. Source: `pkg/backend/diy/lock.go` of Pulumi. */
import type { EngineLock } from "../engine.ts";
import { listFiles } from "./backendFiles.ts";
import type { StackPlace, StoredFile } from "./backendFiles.ts";

/** What every stack of such a backend belongs to. */
const ORGANIZATION = "organization";

interface LockFile { readonly pid?: number; readonly username?: string; readonly hostname?: string; readonly timestamp?: string }

/** Empty for backends that keep no lock files: a service knows its own. */
export async function readEngineLocks(place: StackPlace): Promise<readonly EngineLock[]> {
    const files = await listLockFiles(place);
    const texts = await Promise.all(files.map((file) => file.read()));
    return parseLocks(texts.filter((text) => text !== undefined));
}

/** `pulumi cancel` knows no stack whose state is gone, and leaves its locks; the next run that makes the stack anew would meet them. */
export async function removeEngineLocks(place: StackPlace): Promise<void> {
    for (const file of await listLockFiles(place)) await file.remove();
}

async function listLockFiles(place: StackPlace): Promise<readonly StoredFile[]> {
    const files = await listFiles(place, [".pulumi", "locks", ORGANIZATION, place.project, place.stack].join("/"));
    return files.filter(({ name }) => name.endsWith(".json"));
}

/** A lock whose file is still empty, or was cut off when its writer was killed, has an owner that nobody knows. */
function parseLocks(texts: readonly string[]): readonly EngineLock[] {
    return texts.map((text) => {
        const { pid, hostname, username, timestamp } = parseLock(text);
        const user = username === undefined ? {} : { user: username };
        return { host: hostname ?? "", pid: pid ?? 0, since: new Date(timestamp ?? 0), ...user };
    });
}

function parseLock(text: string): LockFile {
    try {
        return JSON.parse(text) as LockFile;
    } catch {
        return {};
    }
}
