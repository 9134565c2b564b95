/** Text lines of a byte stream, with bounded memory. */

/** A line longer than this is taken for a file that is no text at all. */
const MAX_LINE_CHARACTERS = 1024 * 1024;

/** First bytes of files that are often taken for CSV by their name. */
const otherFormats: readonly { readonly name: string; readonly bytes: readonly number[]; readonly fix: string }[] = [
    { name: "gzip", bytes: [0x1f, 0x8b], fix: "unpack it before uploading" },
    { name: "zip (or Excel)", bytes: [0x50, 0x4b, 0x03, 0x04], fix: "save it as CSV in UTF-8" },
    { name: "Parquet", bytes: [0x50, 0x41, 0x52, 0x31], fix: "save it as CSV in UTF-8" },
    { name: "UTF-16", bytes: [0xff, 0xfe], fix: "save it as CSV in UTF-8" },
    { name: "UTF-16", bytes: [0xfe, 0xff], fix: "save it as CSV in UTF-8" },
];

/**
 * Yields the lines of each chunk, without their ends (LF or CRLF) and without a byte order mark.
 * Throws when the bytes are not UTF-8 text, naming what they look like.
 */
export async function* readLines(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<readonly string[]> {
    const decoder = new TextDecoder("utf-8", { fatal: true });
    let rest = "";
    let linesBefore = 0;
    let isFirst = true;
    for await (const chunk of chunks) {
        if (isFirst) refuseOtherFormat(chunk);
        isFirst = false;
        const lines = (rest + decode(decoder, chunk, linesBefore)).split("\n");
        rest = lines.pop()!;
        if (rest.length > MAX_LINE_CHARACTERS) throw tooLong(linesBefore + lines.length + 1);
        linesBefore += lines.length;
        if (lines.length > 0) yield lines.map(withoutCarriageReturn);
    }
    rest += decode(decoder, undefined, linesBefore);
    if (rest !== "") yield [withoutCarriageReturn(rest)];
}

function withoutCarriageReturn(line: string): string {
    return line.endsWith("\r") ? line.slice(0, -1) : line;
}

function decode(decoder: InstanceType<typeof TextDecoder>, chunk: Uint8Array | undefined, linesBefore: number): string {
    try {
        return chunk === undefined ? decoder.decode() : decoder.decode(chunk, { stream: true });
    } catch (error) {
        throw new Error(`the file is not UTF-8 text, somewhere after line ${linesBefore}\n  fix: save it as CSV in UTF-8`, {
            cause: error,
        });
    }
}

function refuseOtherFormat(chunk: Uint8Array): void {
    const format = otherFormats.find(({ bytes }) => bytes.every((byte, index) => chunk[index] === byte));
    if (format !== undefined) throw new Error(`the file is ${format.name}, not CSV text\n  fix: ${format.fix}`);
}

function tooLong(line: number): Error {
    return new Error(
        `line ${line} is longer than ${MAX_LINE_CHARACTERS} characters: the file does not look like CSV\n  fix: save it as CSV in UTF-8`,
    );
}
