import { createHash } from "node:crypto";
import { mkdir, mkdtemp, readFile, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect } from "chai";
import { KeptBundles } from "../../../components/compute/keptBundles.ts";

const SETTINGS = [
    "components/compute/bundle.ts", "components/compute/zip.ts", "components/facts/runtimes.ts", "package-lock.json", "tsconfig.json",
];
const FILES = ["lambdas/worker/handler.ts", "node_modules/library/index.js"];
const LONG_AGO = new Date(2020, 0, 1);
const BUNDLE = { path: "bundles/worker.zip", hash: createHash("sha256").update("zip").digest("base64") };

describe("a kept bundle", () => {
    let folder: string;

    const write = async (file: string, contents: string): Promise<void> => {
        await mkdir(path.dirname(path.join(folder, file)), { recursive: true });
        await writeFile(path.join(folder, file), contents);
        await utimes(path.join(folder, file), LONG_AGO, LONG_AGO);
    };
    /** As another run sees it: nothing is remembered but what is written down. */
    const find = () => new KeptBundles<typeof BUNDLE>(folder, "bundles").find("worker");

    beforeEach(async () => {
        folder = await mkdtemp(path.join(tmpdir(), "firstlight-kept-"));
        for (const file of [...SETTINGS, ...FILES]) await write(file, file);
        await write(BUNDLE.path, "zip");
        expect(await find()).to.equal(undefined);
        await new KeptBundles<typeof BUNDLE>(folder, "bundles").keep("worker", BUNDLE, { files: FILES, startedAt: Date.now() });
    });
    afterEach(() => rm(folder, { recursive: true }));

    it("is found again while nothing has changed, whatever the clock says of its files", async () => {
        expect(await find()).to.deep.equal(BUNDLE);
        await utimes(path.join(folder, FILES[0]!), new Date(), new Date());
        expect(await find()).to.deep.equal(BUNDLE);
        expect(await new KeptBundles(folder, "bundles").find("other")).to.equal(undefined);
    });

    it("is made anew when any file has changed or is gone: the code's, a library's, a setting, its zip", async () => {
        for (const file of [...FILES, ...SETTINGS, BUNDLE.path]) {
            const before = await readFile(path.join(folder, file), "utf8");
            await write(file, `${before} `);
            expect(await find(), file).to.equal(undefined);
            await rm(path.join(folder, file));
            expect(await find(), file).to.equal(undefined);
            await write(file, before);
            expect(await find(), file).to.deep.equal(BUNDLE);
        }
    });

    it("is not kept when a file was changed while it was made", async () => {
        await rm(path.join(folder, "bundles", "worker.json"));
        await new KeptBundles<typeof BUNDLE>(folder, "bundles").keep("worker", BUNDLE, { files: FILES, startedAt: LONG_AGO.getTime() });
        expect(await find()).to.equal(undefined);
    });

    it("is made anew when its record cannot be read", async () => {
        await write("bundles/worker.json", "{");
        expect(await find()).to.equal(undefined);
    });
});
