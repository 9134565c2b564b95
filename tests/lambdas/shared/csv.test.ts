import { expect } from "chai";
import fc from "fast-check";
import { formatCsvRow, readCsv, type CsvReject, type CsvRow } from "../../../lambdas/shared/csv.ts";
import { chunk } from "../support/memoryRunFiles.ts";

interface Reading {
    readonly header: readonly string[];
    readonly rows: readonly CsvRow[];
    readonly rejects: readonly CsvReject[];
}

async function read(text: string | Uint8Array, chunkBytes = 7): Promise<Reading> {
    const { header, batches } = await readCsv(chunk(Buffer.from(text), chunkBytes));
    const rows: CsvRow[] = [];
    const rejects: CsvReject[] = [];
    for await (const batch of batches) {
        rows.push(...batch.rows);
        rejects.push(...batch.rejects);
    }
    return { header, rows, rejects };
}

async function failure(text: string | Uint8Array): Promise<string> {
    return read(text).then(() => "no error", (error: Error) => error.message);
}

describe("readCsv", () => {
    it("drops a byte order mark, accepts CRLF, and skips empty lines", async () => {
        const { header, rows } = await read("\ufeffa, b\r\n1,x\r\n\r\n2,y\r\n");
        expect(header).to.deep.equal(["a", "b"]);
        expect(rows.map(({ cells }) => cells)).to.deep.equal([["1", "x"], ["2", "y"]]);
        expect(rows.map(({ line }) => line)).to.deep.equal([2, 4]);
    });

    it("reads quoted cells with delimiters, quotes and line ends in them", async () => {
        const { rows } = await read('a,b\n"1,5","say ""hi"""\n"two\nlines",z\nlast,row');
        expect(rows.map(({ cells }) => cells)).to.deep.equal([["1,5", 'say "hi"'], ["two\nlines", "z"], ["last", "row"]]);
        expect(rows.map(({ line }) => line)).to.deep.equal([2, 3, 5]);
    });

    for (const delimiter of [";", "\t", "|"]) {
        it(`finds the delimiter ${JSON.stringify(delimiter)}`, async () => {
            const { header, rows } = await read(`"a,b"${delimiter}c\n1${delimiter}2\n`);
            expect(header).to.deep.equal(["a,b", "c"]);
            expect(rows[0]?.cells).to.deep.equal(["1", "2"]);
        });
    }

    it("rejects a row with another number of columns, with line and reason", async () => {
        const { rows, rejects } = await read("a,b\n1,2\n3\n4,5,6\n7,8\n");
        expect(rows.map(({ cells }) => cells[0])).to.deep.equal(["1", "7"]);
        expect(rejects).to.deep.equal([
            { line: 3, text: "3", reason: "has 1 columns, the header has 2" },
            { line: 4, text: "4,5,6", reason: "has 3 columns, the header has 2" },
        ]);
    });

    it("loses only the broken row when a quote is not closed, however many rows follow", async () => {
        const following = Array.from({ length: 500 }, (_, index) => `${index},"q"`).join("\n");
        const { rows, rejects } = await read(`a,b\n1,"never closed\n${following}\n`, 1000);
        expect(rejects.map(({ line, reason }) => ({ line, reason }))).to.deep.equal([{ line: 2, reason: "has broken quotes" }]);
        expect(rows).to.have.length(500);
    });

    it("loses only the two broken rows when two unclosed quotes seem to close each other", async () => {
        const { rows, rejects } = await read('a,b\n1,"open\n2,ok\n3,"open\n4,ok\n');
        expect(rejects.map(({ line }) => line)).to.deep.equal([2, 4]);
        expect(rows.map(({ line }) => line)).to.deep.equal([3, 5]);
    });

    it("rejects text after a closing quote and a quote inside a cell", async () => {
        const { rows, rejects } = await read('a,b\n"x"y,1\nx"y"z,2\n3,4\n');
        expect(rejects.map(({ line }) => line)).to.deep.equal([2, 3]);
        expect(rows.map(({ cells }) => cells)).to.deep.equal([["3", "4"]]);
    });

    it("gives the same rows for chunks of any size", async () => {
        const text = '\ufeffnäme,"b"\r\n1,"ü, ""x"""\r\n"multi\nline",2\r\nbroken\r\n"never,3\r\n4,5\r\n';
        const whole = await read(text, 10_000);
        for (let size = 1; size < 20; size++) expect(await read(text, size), `chunks of ${size}`).to.deep.equal(whole);
        expect(whole.rows).to.have.length(3);
    });

    it("reads back what formatCsvRow writes", async () => {
        const cell = fc.string({ unit: fc.constantFrom("a", "ü", ",", '"', "\n", " ", "1") });
        const property = fc.asyncProperty(fc.array(fc.tuple(cell, cell), { maxLength: 8 }), fc.integer({ min: 1, max: 9 }), async (written, size) => {
            const filled = written.map(([left, right]) => [`x${left}`, right]);
            const { rows, rejects } = await read(["a,b", ...filled.map(formatCsvRow)].join("\n"), size);
            expect(rejects).to.deep.equal([]);
            expect(rows.map(({ cells }) => cells)).to.deep.equal(filled);
        });
        await fc.assert(property, { numRuns: 200 });
    });

    it("says what is wrong with a header", async () => {
        expect(await failure("")).to.contain("the file is empty");
        expect(await failure("a,,c\n")).to.contain("column 2 of 3 has no name");
        expect(await failure("a,b,a\n")).to.contain("column names occur twice: a");
        expect(await failure('a,"b\n1,2\n')).to.contain("the header's quotes are broken");
    });

    it("names what a file looks like that is no UTF-8 text", async () => {
        expect(await failure(Uint8Array.of(0x1f, 0x8b, 8, 0))).to.contain("is gzip");
        expect(await failure(Uint8Array.of(0x50, 0x4b, 3, 4))).to.contain("zip (or Excel)");
        expect(await failure(Uint8Array.of(0xff, 0xfe, 0x61, 0))).to.contain("UTF-16");
        expect(await failure(Buffer.from("a,b\n1,caf\xe9\n", "latin1"))).to.contain("not UTF-8");
    });

    it("refuses a line that never ends", async () => {
        const { batches } = await readCsv(chunk(Buffer.from(`a,b\n${"x".repeat(3_000_000)}`), 65_536));
        const error = await batches.next().then(() => batches.next()).then(() => batches.next(), (reason: Error) => reason);
        expect((error as Error).message).to.contain("line 2 is longer than");
    });
});
