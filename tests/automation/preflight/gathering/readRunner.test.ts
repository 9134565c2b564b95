import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect } from "chai";
import { readRunner } from "../../../../automation/preflight/gathering/readRunner.ts";

describe("where the command runs", () => {
    let folder: string;

    beforeEach(async () => {
        folder = await mkdtemp(path.join(tmpdir(), "firstlight-runner-"));
    });

    afterEach(async () => {
        await rm(folder, { recursive: true, force: true });
    });

    /** Nobody has logged in on this machine, but for what is given. */
    const read = (environment: NodeJS.ProcessEnv = {}) => readRunner({
        projectFolder: folder, environment: { HOME: folder, PULUMI_HOME: folder, ...environment },
    });

    it("is told with the backend that the environment names, and with whether a CI service runs it", async () => {
        expect(await read({ PULUMI_BACKEND_URL: "s3://states", CI: "true" })).to.deep.equal({ isCi: true, backendUrl: "s3://states" });
        expect(await read({ PULUMI_BACKEND_URL: "s3://states", CI: "false" })).to.deep.equal({ isCi: false, backendUrl: "s3://states" });
    });

    it("is told with the backend that Pulumi.yaml names when the environment names none", async () => {
        await writeFile(path.join(folder, "Pulumi.yaml"), "name: firstlight\nbackend:\n  url: gs://states\n");
        expect(await read()).to.deep.equal({ isCi: false, backendUrl: "gs://states" });
    });

    it("is told without a backend when none is chosen", async () => {
        expect(await read()).to.deep.equal({ isCi: false, backendUrl: undefined });
    });

    it("is not told when what the login left cannot be read", async () => {
        await writeFile(path.join(folder, "credentials.json"), "{");
        expect(await read()).to.equal(undefined);
    });
});
