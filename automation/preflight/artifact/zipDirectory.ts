/** The directory of a zip archive: what is in it, and each entry when it is asked for. https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT */
import { inflateRawSync } from "node:zlib";

export interface ZipEntry {
    readonly name: string;
    readonly unpackedBytes: number;
    /** Whether it carries the time of its packing, so that the archive is another one after the next packing of the same files. */
    readonly isDated: boolean;
    readonly packedBytes: number;
    /** How it is packed: 0 is not at all, 8 is deflate. */
    readonly method: number;
    /** Where its own header lies in the archive, before its content. */
    readonly offset: number;
}

const END_OF_DIRECTORY = 0x06054b50;
const END_BYTES = 22;
/** Of the comment after it. */
const MAX_COMMENT_BYTES = 0xffff;
const HEADER = 0x04034b50;
const HEADER_BYTES = 30;
const STORED = 0;
const DEFLATED = 8;
const ENTRY = 0x02014b50;
const ENTRY_BYTES = 46;
/** 1980-01-01, 00:00: the oldest that the format holds, and what packers write that leave the time out. */
const NO_DATE = 0x21;
/** Extra fields with times: of NTFS, of Unix as it was and as it is. */
const TIME_FIELDS = [0x000a, 0x000d, 0x5455, 0x5855];

/** Undefined when the bytes are no zip archive. */
export function readZipDirectory(bytes: Uint8Array): readonly ZipEntry[] | undefined {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const end = findEnd(view);
    if (end === undefined) return undefined;
    const entries: ZipEntry[] = [];
    let offset = view.getUint32(end + 16, true);
    for (let count = view.getUint16(end + 10, true); count > 0; count -= 1) {
        if (offset + ENTRY_BYTES > end || view.getUint32(offset, true) !== ENTRY) return undefined;
        const extra = offset + ENTRY_BYTES + view.getUint16(offset + 28, true);
        const extraBytes = view.getUint16(offset + 30, true);
        if (extra + extraBytes > end) return undefined;
        entries.push({
            name: new TextDecoder().decode(bytes.subarray(offset + ENTRY_BYTES, extra)),
            unpackedBytes: view.getUint32(offset + 24, true),
            packedBytes: view.getUint32(offset + 20, true),
            method: view.getUint16(offset + 10, true),
            offset: view.getUint32(offset + 42, true),
            isDated: view.getUint16(offset + 12, true) !== 0 || view.getUint16(offset + 14, true) !== NO_DATE
                || hasTimeField(new DataView(bytes.buffer, bytes.byteOffset + extra, extraBytes)),
        });
        offset = extra + extraBytes + view.getUint16(offset + 32, true);
    }
    return entries;
}

/** Undefined when it is packed in another way than Lambda unpacks, or is broken. At most what the directory says is unpacked. */
export function unpackEntry(bytes: Uint8Array, { offset, packedBytes, unpackedBytes, method }: ZipEntry): Uint8Array | undefined {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    if (offset + HEADER_BYTES > bytes.byteLength || view.getUint32(offset, true) !== HEADER) return undefined;
    const start = offset + HEADER_BYTES + view.getUint16(offset + 26, true) + view.getUint16(offset + 28, true);
    const packed = bytes.subarray(start, start + packedBytes);
    if (method === STORED) return packed;
    if (method !== DEFLATED) return undefined;
    try {
        return inflateRawSync(packed, { maxOutputLength: Math.max(1, unpackedBytes) });
    } catch {
        return undefined;
    }
}

function findEnd(view: DataView): number | undefined {
    const last = view.byteLength - END_BYTES;
    for (let offset = last; offset >= Math.max(0, last - MAX_COMMENT_BYTES); offset -= 1) {
        if (view.getUint32(offset, true) === END_OF_DIRECTORY) return offset;
    }
    return undefined;
}

function hasTimeField(extra: DataView): boolean {
    for (let offset = 0; offset + 4 <= extra.byteLength; offset += 4 + extra.getUint16(offset + 2, true)) {
        if (TIME_FIELDS.includes(extra.getUint16(offset, true))) return true;
    }
    return false;
}
