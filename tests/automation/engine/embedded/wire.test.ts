import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { expect } from "chai";
import { ResourceReference, Secret } from "../../../../automation/engine/embedded/values.ts";
import { marshal, unmarshal, unmarshalMap } from "../../../../automation/engine/embedded/wire.ts";
import { FileReference, UNKNOWN } from "../../../../automation/engine/provider.ts";

const KEY = "4dabf18193072939515e22adb298388d";
const UNKNOWN_TEXT = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
const signed = (signature: string, rest: object) => ({ [KEY]: signature, ...rest });
const SECRET = "1b47061264138c4ac30d75fd1eb44270";
const OUTPUT = "d0e6a833031e9bbcd3f4e8bde6ca49a4";
const RESOURCE = "5cf8f73096256a8f31e491e813e4eb8e";
const ASSET = "c44067f5952c0a294b673a41bacd8c17";
const ARCHIVE = "0def7320c3a5731c473e5ecbe6d01bc7";

describe("values on the wire", () => {
    const folder = mkdtempSync(path.join(os.tmpdir(), "firstlight-wire-"));
    before(() => writeFileSync(path.join(folder, "a.zip"), "zip"));
    after(() => rmSync(folder, { recursive: true }));
    const read = (wire: unknown) => unmarshal(wire, folder);

    it("keep secrets, unknowns, outputs and references", () => {
        expect(read({ a: signed(SECRET, { value: ["x"] }), b: UNKNOWN_TEXT })).to.deep.equal({ a: new Secret(["x"]), b: UNKNOWN });
        expect(read(signed(OUTPUT, { secret: true, value: 1 }))).to.deep.equal(new Secret(1));
        expect(read(signed(OUTPUT, { dependencies: ["urn"] }))).to.equal(UNKNOWN);
        expect(read(signed(RESOURCE, { urn: "urn", id: "i" }))).to.deep.equal(new ResourceReference("urn", "i"));
        expect(read(signed(SECRET, { value: signed(SECRET, { value: 1 }) }))).to.deep.equal(new Secret(1));
    });

    it("are written as they were read", () => {
        for (const wire of [signed(SECRET, { value: { a: [1, null] } }), UNKNOWN_TEXT, signed(RESOURCE, { urn: "u", id: "i" }), signed(RESOURCE, { urn: "u" }), [true]]) {
            expect(marshal(read(wire))).to.deep.equal(wire);
        }
    });

    it("turn files into references with a hash, found from the project folder", () => {
        const file = read(signed(ARCHIVE, { path: "./a.zip" })) as FileReference;
        expect(file.kind).to.equal("archive");
        expect(file.path).to.equal(path.join(folder, "a.zip"));
        expect(file.hash).to.match(/^[0-9a-f]{64}$/);
        const text = read(signed(ASSET, { text: "hello" })) as FileReference;
        expect(readFileSync(text.path, "utf8")).to.equal("hello");
        expect((read(signed(ASSET, { text: "hello" })) as FileReference).hash).to.equal(text.hash);
    });

    it("refuse what is not supported, by name", () => {
        expect(() => read(signed(ARCHIVE, { assets: {} }))).to.throw("an AssetArchive is not supported");
        // As a real engine's state has it after a refresh: of an archive it keeps the hash alone.
        expect(read(signed(ARCHIVE, { assets: {}, hash: "ab12" }))).to.deep.equal(new FileReference("archive", "", "ab12"));
        expect(() => read(signed(ARCHIVE, { uri: "https://x" }))).to.throw("a remote asset is not supported");
        expect(() => read(signed(ARCHIVE, { path: "none.zip" }))).to.throw("none.zip cannot be read");
        expect(() => read(signed(ARCHIVE, { path: "." }))).to.throw("is a folder");
        expect(() => read(signed("0", {}))).to.throw("unknown signature");
    });

    it("count null properties as absent", () => {
        expect(unmarshalMap({ a: null, b: [null] }, folder)).to.deep.equal({ b: [null] });
    });
});
