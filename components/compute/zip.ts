/** A zip file whose bytes depend on its contents alone: not on the clock, the folder, the user or the machine. */
import { zipSync } from "fflate";

const UNIX = 3;
/** Regular file, readable by everyone: Lambda runs the code as another user. */
const REGULAR_FILE_MODE = (0o100644 << 16) >>> 0;

/**
 * Packs files into a zip, in the order of their names.
 * fflate compresses in JavaScript, so the bytes do not change with the zlib of the running Node.
 */
export function buildZip(files: Readonly<Record<string, Uint8Array>>): Uint8Array {
    // The oldest time that a zip can hold; local, because fflate writes local calendar fields.
    const mtime = new Date(1980, 0, 1);
    const names = Object.keys(files).sort();
    const entries = names.map((name) => [name, [files[name]!, { level: 9, mtime, os: UNIX, attrs: REGULAR_FILE_MODE }]] as const);
    return zipSync(Object.fromEntries(entries) as Parameters<typeof zipSync>[0]);
}
