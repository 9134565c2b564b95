import { expect } from "chai";
import { strToU8, zipSync } from "fflate";
import { locateHandler, mayExport } from "../../../automation/preflight/artifact/handlerExport.ts";
import { readZipDirectory, unpackEntry } from "../../../automation/preflight/artifact/zipDirectory.ts";
import { buildZip } from "../../../components/compute/zip.ts";

const code = strToU8("exports.handler = async () => 1;");

describe("the directory of a zip archive", () => {
    it("has names and sizes of all files", () => {
        const entries = readZipDirectory(buildZip({ "index.js": code, "lib/data.json": strToU8("{}") }));
        expect(entries?.map(({ name, unpackedBytes }) => [name, unpackedBytes]))
            .to.deep.equal([["index.js", code.length], ["lib/data.json", 2]]);
    });

    it("is undated in the bundles of the platform", () => {
        expect(readZipDirectory(buildZip({ "index.js": code }))?.map(({ isDated }) => isDated)).to.deep.equal([false]);
    });

    it("is dated when a file has its time, by the clock or by a field of Unix", () => {
        const byClock = zipSync({ "index.js": code }, { mtime: new Date(2026, 10, 21) });
        const byField = zipSync({ "index.js": [code, { mtime: new Date(1980, 0, 1), extra: { 0x5455: new Uint8Array(5) } }] });
        expect([byClock, byField].map((zip) => readZipDirectory(zip)?.[0]?.isDated)).to.deep.equal([true, true]);
    });

    it("is found before a comment, and in a part of a larger buffer", () => {
        const zip = buildZip({ "index.js": code });
        const larger = new Uint8Array([1, 2, 3, ...zip, ...strToU8("made by hand")]);
        expect(readZipDirectory(larger.subarray(3))?.map(({ name }) => name)).to.deep.equal(["index.js"]);
    });

    it("is not found in other files, nor in half a zip", () => {
        const zip = buildZip({ "index.js": code });
        expect([code, new Uint8Array(), zip.subarray(0, zip.length / 2), zip.subarray(zip.length - 22)].map(readZipDirectory))
            .to.deep.equal([undefined, undefined, undefined, undefined]);
    });
});

describe("an entry of a zip archive", () => {
    it("is unpacked, whether it was packed or only stored", () => {
        for (const level of [0, 9] as const) {
            const zip = zipSync({ "a.txt": [strToU8("first"), { level }], "index.js": [code, { level }] });
            const entries = readZipDirectory(zip) ?? [];
            expect(entries.map((entry) => Buffer.from(unpackEntry(zip, entry) ?? []).toString())).to.deep.equal(["first", Buffer.from(code).toString()]);
        }
    });

    it("is nothing when it is broken, packed in another way, or larger than it says", () => {
        const zip = zipSync({ "index.js": [strToU8("x".repeat(10_000)), { level: 9 }] });
        const [entry] = readZipDirectory(zip) ?? [];
        if (entry === undefined) throw new Error("the archive has no entry");
        const broken = zip.slice();
        broken.fill(0xff, entry.offset + 40, entry.offset + 50);
        expect(unpackEntry(broken, entry)).to.equal(undefined);
        for (const wrong of [{ method: 12 }, { offset: 1 }, { offset: zip.length - 4 }, { unpackedBytes: 100 }]) {
            expect(unpackEntry(zip, { ...entry, ...wrong }), JSON.stringify(wrong)).to.equal(undefined);
        }
        expect(unpackEntry(zip, entry)).to.have.length(10_000);
    });
});

describe("a function's handler", () => {
    it("names a file and what that exports", () => {
        expect(locateHandler("src/app.handler", "nodejs24.x"))
            .to.deep.equal({ files: ["src/app.js", "src/app.mjs", "src/app.cjs"], name: "handler" });
        expect(locateHandler("app.routes.handler", "nodejs24.x")?.name).to.equal("routes");
        expect(locateHandler("src.app.handler", "python3.13"))
            .to.deep.equal({ files: ["src/app.py", "src/app/__init__.py"], name: "handler" });
        expect(locateHandler("bootstrap", "provided.al2023")).to.equal(undefined);
    });

    for (const source of [
        "exports.handler = 1", 'exports["handler"]=1', 'Object.defineProperty(exports, "handler", {})',
        "module.exports = { other, handler }", "0&&(module.exports={handler});", "module.exports = make()",
        "export const handler=1", "export async function handler() {}", "export { main as handler };", "export{a,handler}",
        'export * from "./app.js"', "def handler(event, context):", "from app import handler",
    ]) {
        it(`may be exported by ${source}`, () => expect(mayExport(source, "handler")).to.equal(true));
    }

    for (const source of [
        "const handler = 1", "exports.handlers = 1", "export const run = handler", "    def handler():",
        "0&&(module.exports={run});module.exports=all(handler)",
    ]) {
        it(`is not exported by ${source}`, () => expect(mayExport(source, "handler")).to.equal(false));
    }
});
