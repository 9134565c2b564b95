/** Headers of the tar format (POSIX ustar). https://pubs.opengroup.org/onlinepubs/9699919799/utilities/pax.html */

export const TAR_BLOCK_BYTES = 512;

export interface TarEntry {
    /** As it stands in the archive, e.g. `./xgboost-model`. */
    readonly name: string;
    readonly type: "file" | "directory" | "link" | "metadata" | "other";
    readonly size: number;
    /** Permission bits. */
    readonly mode: number;
}

const TYPES: Readonly<Record<string, TarEntry["type"]>> = {
    "0": "file", "\0": "file", "7": "file", "5": "directory", "1": "link", "2": "link", x: "metadata", g: "metadata", L: "metadata", K: "metadata",
};

/** Undefined when the block's checksum is wrong: then it is no header. */
export function parseTarHeader(block: Uint8Array): TarEntry | undefined {
    if (checksumOf(block) !== parseOctal(block, 148, 8)) return undefined;
    const prefix = readText(block, 345, 155);
    const name = readText(block, 0, 100);
    return {
        name: isUstar(block) && prefix !== "" ? `${prefix}/${name}` : name,
        type: TYPES[String.fromCharCode(block[156] ?? 0)] ?? "other",
        size: parseOctal(block, 124, 12) ?? 0,
        mode: parseOctal(block, 100, 8) ?? 0,
    };
}

/** One file as tar blocks; for archives that we make ourselves. */
export function buildTarFile(name: string, content: Uint8Array, mode = 0o644): Uint8Array {
    const header = Buffer.alloc(TAR_BLOCK_BYTES);
    header.write(name, 0, 100, "utf8");
    header.write(`${mode.toString(8).padStart(7, "0")}\0`, 100);
    header.write("0000000\0", 108);
    header.write("0000000\0", 116);
    header.write(`${content.length.toString(8).padStart(11, "0")}\0`, 124);
    header.write("00000000000\0", 136);
    header.write("0", 156);
    header.write("ustar\0" + "00", 257);
    header.write(`${checksumOf(header).toString(8).padStart(6, "0")}\0 `, 148);
    const padding = Buffer.alloc((TAR_BLOCK_BYTES - (content.length % TAR_BLOCK_BYTES)) % TAR_BLOCK_BYTES);
    return Buffer.concat([header, content, padding]);
}

/** What stands at the end of every archive. */
export function buildTarEnd(): Uint8Array {
    return Buffer.alloc(2 * TAR_BLOCK_BYTES);
}

/** Sum of all bytes, with the checksum's own field as spaces. */
function checksumOf(block: Uint8Array): number {
    return block.reduce((sum, byte, index) => sum + (index >= 148 && index < 156 ? 0x20 : byte), 0);
}

function isUstar(block: Uint8Array): boolean {
    return readText(block, 257, 5) === "ustar";
}

function parseOctal(block: Uint8Array, offset: number, length: number): number | undefined {
    const text = readText(block, offset, length).trim();
    return /^[0-7]+$/.test(text) ? Number.parseInt(text, 8) : undefined;
}

function readText(block: Uint8Array, offset: number, length: number): string {
    const bytes = block.subarray(offset, offset + length);
    const end = bytes.indexOf(0);
    return Buffer.from(end < 0 ? bytes : bytes.subarray(0, end)).toString("utf8");
}
