/** Which CLI is taken, with scripts in the place of Pulumi. */
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { expect } from "chai";
import { findCli, isRecentEnough, TRIED_VERSION } from "../../../../automation/engine/pulumi/cli.ts";
import { CommandRunner } from "../../../../automation/engine/pulumi/command.ts";
import { OperatorError } from "../../../../automation/errors.ts";

async function refusalOf(work: Promise<unknown>): Promise<OperatorError> {
    try {
        await work;
    } catch (error) {
        if (error instanceof OperatorError) return error;
        throw error;
    }
    throw new Error("it was not refused");
}

describe("the Pulumi CLI", () => {
    let folder: string;
    beforeEach(() => { folder = mkdtempSync(path.join(os.tmpdir(), "firstlight-cli-")); });
    afterEach(() => rmSync(folder, { recursive: true }));

    function write(name: string, text: string): string {
        const file = path.join(folder, name);
        mkdirSync(path.dirname(file), { recursive: true });
        writeFileSync(file, text);
        chmodSync(file, 0o755);
        return file;
    }

    function fakeCli(place: string, version: string): string {
        return write(path.join(place, "pulumi"), `#!/bin/sh\necho ${version}\n`);
    }

    function environment(...places: readonly string[]): NodeJS.ProcessEnv {
        return { PATH: [...places.map((place) => path.join(folder, place)), "/usr/bin", "/bin"].join(path.delimiter) };
    }

    const own = (): string => path.join(".firstlight", "pulumi", TRIED_VERSION, "bin");
    const installing = (text: string): { installer: string } => ({ installer: write("installer.mjs", text) });
    const failing = (): { installer: string } => installing("console.error('first line'); console.error('getaddrinfo ENOTFOUND get.pulumi.com'); process.exitCode = 1;");

    it("is recent enough from the version that was compared with, within its major version", () => {
        for (const version of ["3.259.0", "3.259.1", "3.260.0", "3.1000.0", "v3.270.0"]) expect(isRecentEnough(version), version).to.equal(true);
        for (const version of ["3.258.9", "3.99.0", "2.300.0", "4.0.0", "dev", ""]) expect(isRecentEnough(version), version).to.equal(false);
    });

    it("is the first one on PATH when that is recent enough", async () => {
        const file = fakeCli("one", "v3.260.1");
        fakeCli("two", "3.270.0");
        expect(await findCli({ projectFolder: folder, environment: environment("none", "one", "two"), ...failing() })).to.deep.equal({ version: "3.260.1", path: file });
    });

    it("is the project's own when the one on PATH is too old", async () => {
        fakeCli("one", "3.258.0");
        const file = fakeCli(own(), TRIED_VERSION);
        expect(await findCli({ projectFolder: folder, environment: environment("one"), ...failing() })).to.deep.equal({ version: TRIED_VERSION, path: file });
    });

    it("is installed below the project when there is none", async () => {
        const installer = `
            import { mkdirSync, writeFileSync } from "node:fs";
            mkdirSync(process.argv[2] + "/bin", { recursive: true });
            writeFileSync(process.argv[2] + "/bin/pulumi", "#!/bin/sh\\necho ${TRIED_VERSION}\\n", { mode: 0o755 });`;
        const found = await findCli({ projectFolder: folder, environment: environment(), ...installing(installer) });
        expect(found).to.deep.equal({ version: TRIED_VERSION, path: path.join(folder, own(), "pulumi") });
    });

    it("is installed by a process that has no secret of ours: it runs what it downloads", async () => {
        const seen = path.join(folder, "seen.json");
        const secrets = { AWS_SECRET_ACCESS_KEY: "s", AWS_SESSION_TOKEN: "s", PULUMI_CONFIG_PASSPHRASE: "s", GITHUB_TOKEN: "s" };
        const installer = installing(`import { writeFileSync } from "node:fs"; writeFileSync(${JSON.stringify(seen)}, JSON.stringify(process.env)); process.exitCode = 1;`);
        await refusalOf(findCli({ projectFolder: folder, environment: { ...environment(), ...secrets, HTTPS_PROXY: "http://proxy:1", AWS_PROFILE: "dev" }, ...installer }));
        expect(JSON.parse(readFileSync(seen, "utf8"))).to.include({ HTTPS_PROXY: "http://proxy:1", AWS_PROFILE: "dev" }).and.not.to.include.any.keys(Object.keys(secrets));
    });

    it("is asked for with all that is to be done when it cannot be installed", async () => {
        const error = await refusalOf(findCli({ projectFolder: folder, environment: environment(), ...failing() }));
        expect(error.message).to.equal(`there is no Pulumi CLI on PATH, and ${TRIED_VERSION} could not be installed: getaddrinfo ENOTFOUND get.pulumi.com`);
        const root = path.join(folder, ".firstlight", "pulumi", TRIED_VERSION);
        for (const text of ["https://www.pulumi.com/docs/install/", `--version ${TRIED_VERSION}`, root, `export PATH="${root}/bin:$PATH"`, `npx --yes pulumi@${TRIED_VERSION}`]) {
            expect(error.fix).to.contain(text);
        }
    });

    it("is not installed where nothing may be, and asked for instead", async () => {
        const error = await refusalOf(findCli({ projectFolder: folder, environment: environment(), installs: false, ...failing() }));
        expect(error.message).to.equal("there is no Pulumi CLI on PATH, and this command installs none");
        expect(error.fix).to.contain(path.join(folder, ".firstlight", "pulumi", TRIED_VERSION));
        expect(existsSync(path.join(folder, ".firstlight"))).to.equal(false);
    });

    it("is named with its version when it is too old and no other can be installed", async () => {
        fakeCli("one", "3.100.0");
        const error = await refusalOf(findCli({ projectFolder: folder, environment: environment("one"), ...failing() }));
        expect(error.message).to.contain("the Pulumi CLI on PATH is 3.100.0; 3.259.0 or a later 3.x is needed");
    });

    it("is not waited for when its installation hangs, which is ended", async () => {
        const pidFile = path.join(folder, "pid");
        const hanging = installing(`import { writeFileSync } from "node:fs"; writeFileSync(${JSON.stringify(pidFile)}, String(process.pid)); setInterval(() => {}, 1000);`);
        const error = await refusalOf(findCli({ projectFolder: folder, environment: environment(), ...hanging, installLimitMs: 1_500 }));
        expect(error.message).to.contain("it did not end within 2 s");
        const pid = Number(readFileSync(pidFile, "utf8"));
        expect(() => process.kill(pid, 0)).to.throw("ESRCH");
    });

    it("runs in a process group of its own, with its folder on PATH, and is told of an interruption once", async () => {
        const script = `#!/bin/sh
            trap 'echo interrupted >> ${folder}/seen; exit 130' INT
            ps -o pgid= -p $$ | tr -d ' ' > ${folder}/group
            echo "$PATH" > ${folder}/path
            echo begun > ${folder}/begun
            while true; do sleep 0.05; done`;
        const runner = new CommandRunner({ version: TRIED_VERSION, path: write("bin/pulumi", script) }, environment());
        const controller = new AbortController();
        const waiting = setInterval(() => {
            try {
                if (readFileSync(path.join(folder, "begun"), "utf8") !== "") controller.abort();
            } catch {
                // It has not begun yet.
            }
        }, 20);
        const error = await runner.operate(["up"], { folder, environment: {}, signal: controller.signal }).then(() => undefined, (failure: unknown) => failure as Error);
        clearInterval(waiting);
        expect(error?.message).to.contain("pulumi ended with 130");
        expect(readFileSync(path.join(folder, "seen"), "utf8")).to.equal("interrupted\n");
        expect(readFileSync(path.join(folder, "path"), "utf8").split(path.delimiter)[0]).to.equal(path.join(folder, "bin"));
        expect(Number(readFileSync(path.join(folder, "group"), "utf8"))).not.to.equal(process.pid);
    });

    it("gives the classes of the Automation API's errors", async () => {
        const { ConcurrentUpdateError, StackNotFoundError } = await import("@pulumi/pulumi/automation/index.js");
        const run = (text: string): Promise<unknown> => {
            const runner = new CommandRunner({ version: TRIED_VERSION, path: write("bin/pulumi", `#!/bin/sh\necho "${text}" >&2\nexit 1\n`) }, environment());
            return runner.read([], { folder, environment: {} }).catch((error: unknown) => error);
        };
        expect(await run("error: no stack named 'dev' found")).to.be.instanceOf(StackNotFoundError);
        expect(await run("error: the stack is currently locked by 1 lock(s)")).to.be.instanceOf(ConcurrentUpdateError);
        expect(await run("error: something else")).not.to.be.instanceOf(ConcurrentUpdateError);
    });

    it("is not quoted with what its AWS SDK logs of objects without a checksum", async () => {
        const lines = "SDK 2026/11/21 19:37:46 WARN Response has no supported checksum.\nerror: one\nSDK 2026/11/21 19:37:47 WARN again\nerror: two";
        const runner = new CommandRunner({ version: TRIED_VERSION, path: write("bin/pulumi", `#!/bin/sh\necho "${lines}" >&2\nexit 1\n`) }, environment());
        const error: unknown = await runner.operate([], { folder, environment: {} }).catch((failure: unknown) => failure);
        expect((error as Error).message).to.equal("pulumi ended with 1: error: one\nerror: two");
    });
});
