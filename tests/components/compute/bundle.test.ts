import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { expect } from "chai";
import { unzipSync } from "fflate";
import { buildLambdaCode, bundleLambda, bundleLambdas } from "../../../components/compute/bundle.ts";
import { buildZip } from "../../../components/compute/zip.ts";

const names = [
    "select-data", "validate-data", "preprocess-data", "evaluate-model", "register-model", "approve-model",
    "inference", "models", "ab-tests", "health", "stream-consumer",
] as const;

describe("bundleLambda", () => {
    it("gives a path relative to the project, named after the contents, and the hash of the zip", async () => {
        const { path, hash } = await bundleLambda("health");
        const digest = createHash("sha256").update(await readFile(path)).digest();
        expect(hash).to.equal(digest.toString("base64"));
        expect(path).to.equal(`.firstlight/bundles/health-${digest.toString("hex").slice(0, 16)}.zip`);
    });

    it("zips one file that exports the handler", async () => {
        const { path } = await bundleLambda("health");
        const files = unzipSync(await readFile(path));
        expect(Object.keys(files)).to.deep.equal(["index.js"]);
        expect(Buffer.from(files["index.js"]!).toString()).to.match(/handler:\(\)=>/);
    });

    it("gives the same bytes from any folder", async () => {
        const here = process.cwd();
        const expected = await buildLambdaCode("health");
        try {
            process.chdir(tmpdir());
            expect(Buffer.from(await buildLambdaCode("health")).equals(expected)).to.equal(true);
        } finally {
            process.chdir(here);
        }
    });

    it("keeps every function below 400 kB, without the credential chain, and without a path of this machine", async () => {
        const bundles = await bundleLambdas(names);
        for (const name of names) {
            const code = Buffer.from(unzipSync(await readFile(bundles[name].path))["index.js"]!).toString();
            expect(code.length, name).to.be.below(400_000);
            expect(code, name).to.not.contain("AssumeRoleWithWebIdentity").and.not.contain(process.cwd());
        }
    });

    it("fails with esbuild's words when there is no such function", async () => {
        const error = await buildLambdaCode("no-such").catch((reason: Error) => reason);
        expect((error as Error).message).to.contain("lambdas/no-such/handler.ts");
    });
});

describe("buildZip", () => {
    const files = { "b.js": Buffer.from("b".repeat(1_000)), "a.js": Buffer.from("a") };

    it("does not depend on the order of the files or the time zone", () => {
        const zone = process.env["TZ"];
        const expected = Buffer.from(buildZip(files));
        try {
            for (const other of ["Asia/Tokyo", "America/Lima"]) {
                process.env["TZ"] = other;
                expect(expected.equals(buildZip({ "a.js": files["a.js"], "b.js": files["b.js"] })), other).to.equal(true);
            }
        } finally {
            if (zone === undefined) delete process.env["TZ"];
            else process.env["TZ"] = zone;
        }
    });

    it("changes with the contents", () => {
        expect(Buffer.from(buildZip(files)).equals(buildZip({ ...files, "a.js": Buffer.from("c") }))).to.equal(false);
    });

    it("can be unpacked, with its files readable by everyone", () => {
        expect(Buffer.from(unzipSync(buildZip(files))["b.js"]!).toString()).to.equal("b".repeat(1_000));
        const zip = Buffer.from(buildZip(files));
        const entry = zip.indexOf(Buffer.from([0x50, 0x4b, 0x01, 0x02]));
        expect((zip.readUInt32LE(entry + 38) >>> 16).toString(8)).to.equal("100644");
    });
});
