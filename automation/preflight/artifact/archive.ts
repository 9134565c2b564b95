/**
 * Reads a `model.tar.gz` as SageMaker does: gunzip, then tar, from the first byte to the last. By ranges, with bounded memory,
 * and once per artifact, however many rules look at it.
 */
import { createGunzip } from "node:zlib";
import { Readable } from "node:stream";
import type { ArtifactSource } from "../rule.ts";
import { parseTarHeader, TAR_BLOCK_BYTES } from "./tar.ts";
import type { TarEntry } from "./tar.ts";

export interface ArchiveEntry extends TarEntry {
    /** First bytes of a regular file, at most 64 MiB. */
    readonly content: Uint8Array;
}

export type ArchiveReading =
    | { readonly ok: true; readonly entries: readonly ArchiveEntry[] }
    /** Why SageMaker could not extract it. */
    | { readonly ok: false; readonly problem: string };

const RANGE_BYTES = 1024 * 1024;
const MAX_CONTENT_BYTES = 64 * 1024 * 1024;
const ZIP_MAGIC = [0x50, 0x4b];
const GZIP_MAGIC = [0x1f, 0x8b];

const readings = new WeakMap<ArtifactSource, Promise<ArchiveReading>>();

/** Never rejects because of the archive's content; rejects when the bytes cannot be fetched. */
export function readArchive(source: ArtifactSource): Promise<ArchiveReading> {
    const known = readings.get(source);
    if (known !== undefined) return known;
    const reading = readFresh(source);
    readings.set(source, reading);
    return reading;
}

async function readFresh(source: ArtifactSource): Promise<ArchiveReading> {
    if (source.sizeBytes === 0) return { ok: false, problem: "is empty" };
    const magic = await source.read(0, Math.min(2, source.sizeBytes));
    if (startsWith(magic, ZIP_MAGIC)) return { ok: false, problem: "begins with 50 4b: it is a zip archive, whatever its name says" };
    if (!startsWith(magic, GZIP_MAGIC)) return { ok: false, problem: `begins with ${toHex(magic)}, but gzip begins with 1f 8b` };
    try {
        return await readTar(Readable.from(readRanges(source)).pipe(createGunzip()));
    } catch (error) {
        if (!isZlibError(error)) throw error;
        return { ok: false, problem: `cannot be decompressed to its end: ${error.message}` };
    }
}

async function* readRanges(source: ArtifactSource): AsyncGenerator<Uint8Array> {
    for (let offset = 0; offset < source.sizeBytes; offset += RANGE_BYTES) {
        yield await source.read(offset, Math.min(RANGE_BYTES, source.sizeBytes - offset));
    }
}

async function readTar(stream: AsyncIterable<Buffer>): Promise<ArchiveReading> {
    const reader = new BlockReader(stream);
    const entries: ArchiveEntry[] = [];
    for (;;) {
        const block = await reader.take(TAR_BLOCK_BYTES);
        if (block.length === 0 || block.every((byte) => byte === 0)) break;
        const header = block.length === TAR_BLOCK_BYTES ? parseTarHeader(block) : undefined;
        if (header === undefined) return { ok: false, problem: entries.length === 0 ? "is gzip, but what it holds is no tar archive" : "holds a tar archive that is broken in the middle" };
        const kept = Math.min(header.size, MAX_CONTENT_BYTES);
        const content = await reader.take(kept);
        const padded = Math.ceil(header.size / TAR_BLOCK_BYTES) * TAR_BLOCK_BYTES;
        if (content.length < kept || await reader.skip(padded - kept) < header.size - kept) {
            return { ok: false, problem: `ends in the middle of ${header.name}` };
        }
        entries.push({ ...header, content });
    }
    await reader.drain();
    return entries.some(({ type }) => type === "file") ? { ok: true, entries } : { ok: false, problem: "holds no file" };
}

/** Hands a stream out in pieces of the wanted size. */
class BlockReader {
    readonly #chunks: AsyncIterator<Buffer>;
    #rest: Buffer = Buffer.alloc(0);

    constructor(stream: AsyncIterable<Buffer>) {
        this.#chunks = stream[Symbol.asyncIterator]();
    }

    /** Fewer bytes than wanted only at the end. */
    async take(length: number): Promise<Buffer> {
        const parts = [this.#rest];
        let total = this.#rest.length;
        while (total < length) {
            const next = await this.#chunks.next();
            if (next.done === true) break;
            parts.push(next.value);
            total += next.value.length;
        }
        const all = Buffer.concat(parts);
        this.#rest = all.subarray(length);
        return all.subarray(0, length);
    }

    /** Number of bytes that were there to skip. */
    async skip(length: number): Promise<number> {
        let skipped = 0;
        while (skipped < length) {
            const part = await this.take(Math.min(RANGE_BYTES, length - skipped));
            if (part.length === 0) break;
            skipped += part.length;
        }
        return skipped;
    }

    /** To the end, so that a truncated gzip or a wrong checksum is seen. */
    async drain(): Promise<void> {
        this.#rest = Buffer.alloc(0);
        while ((await this.#chunks.next()).done !== true);
    }
}

function startsWith(bytes: Uint8Array, magic: readonly number[]): boolean {
    return magic.every((byte, index) => bytes[index] === byte);
}

function toHex(bytes: Uint8Array): string {
    return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join(" ");
}

function isZlibError(error: unknown): error is Error {
    return error instanceof Error && "code" in error && /^Z_/.test(String(error.code));
}
