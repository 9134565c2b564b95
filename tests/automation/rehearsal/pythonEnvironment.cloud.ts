import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { expect } from "chai";
import { OperatorError } from "../../../automation/errors.ts";
import { preparePythonEnvironment } from "../../../automation/rehearsal/pythonEnvironment.ts";

/** A Python that makes "environments" whose pip only notes that it ran; the real install is in every other test of the cloud. */
const FAKE_PYTHON = `#!/bin/sh
env | grep -E "^(AWS_|PIP_)" >> "$FAKE_LOG"; echo "$@" >> "$FAKE_LOG"
case "$*" in
    *version_info*) echo "$FAKE_VERSION" ;;
    *"-m venv"*) [ -n "$FAKE_NO_VENV" ] && { echo "ensurepip is not available" >&2; exit 1; }
        for target; do :; done; mkdir -p "$target/bin" && cp "$0" "$target/bin/python" ;;
    *"pip install"*) [ -n "$FAKE_PIP_FAILS" ] && { echo "THESE PACKAGES DO NOT MATCH THE HASHES" >&2; exit 1; }; sleep 0.3 ;;
    *"import ministack"*) [ -n "$FAKE_NO_OMP" ] && { echo "Library not loaded: @rpath/libomp.dylib" >&2; exit 1; } ;;
esac
exit 0
`;

describe("the Python environment", () => {
    const saved = { ...process.env };
    let folder: string;
    let log: string;

    beforeEach(() => {
        folder = mkdtempSync(path.join(os.tmpdir(), "firstlight-python-"));
        log = path.join(folder, "log");
        mkdirSync(path.join(folder, "bin"));
        writeFileSync(path.join(folder, "bin", "python3"), FAKE_PYTHON);
        chmodSync(path.join(folder, "bin", "python3"), 0o755);
        Object.assign(process.env, { PATH: `${path.join(folder, "bin")}:/usr/bin:/bin`, FAKE_LOG: log, FAKE_VERSION: "3.12.1" });
    });
    afterEach(() => {
        for (const name of Object.keys(process.env)) if (!(name in saved)) delete process.env[name];
        Object.assign(process.env, saved);
        rmSync(folder, { recursive: true, force: true });
    });

    const installs = (): number => readFileSync(log, "utf8").split("\n").filter((line) => line.includes("pip install")).length;
    const failure = async (): Promise<OperatorError> => preparePythonEnvironment({ folder }).then(() => { throw new Error("it did not fail"); }, (error) => error);

    it("is installed once, with hashes, and says its size and time first", async () => {
        const lines: string[] = [];
        const first = await preparePythonEnvironment({ folder, onProgress: (line) => lines.push(line) });
        const second = await preparePythonEnvironment({ folder });
        expect(second).to.deep.equal(first);
        expect(installs()).to.equal(1);
        expect(readFileSync(log, "utf8")).to.contain("--require-hashes");
        expect(lines[0]).to.match(/MB to download.*MB on disk.*minutes/);
    });

    it("is installed once when two rehearsals need it at the same time", async () => {
        const [first, second] = await Promise.all([preparePythonEnvironment({ folder }), preparePythonEnvironment({ folder })]);
        expect(second).to.deep.equal(first);
        expect(installs()).to.equal(1);
        expect(readdirSync(path.join(folder, ".firstlight", "python")).filter((name) => name.endsWith(".lock"))).to.deep.equal([]);
    });

    it("is made anew when its install was killed, and its lock is taken over", async () => {
        const { python } = await preparePythonEnvironment({ folder });
        const target = path.dirname(path.dirname(python));
        rmSync(path.join(target, "finished.json"));
        writeFileSync(path.join(target, "half"), "");
        writeFileSync(`${target}.lock`, "999999999");
        await preparePythonEnvironment({ folder });
        expect(installs()).to.equal(2);
        expect(existsSync(path.join(target, "half"))).to.equal(false);
    });

    it("is installed without AWS variables, and with pip's own", async () => {
        Object.assign(process.env, { AWS_PROFILE: "mine", AWS_ACCESS_KEY_ID: "AKIAMINE", PIP_INDEX_URL: "https://mirror.example" });
        await preparePythonEnvironment({ folder });
        expect(readFileSync(log, "utf8")).to.contain("PIP_INDEX_URL=https://mirror.example").and.not.to.contain("AWS_");
    });

    it("needs Python 3.10", async () => {
        process.env["PATH"] = path.join(folder, "bin");
        process.env["FAKE_VERSION"] = "3.9.2";
        const lonely = readFileSync(path.join(folder, "bin", "python3"), "utf8").replaceAll("env |", "/usr/bin/env |").replaceAll("grep", "/bin/grep");
        writeFileSync(path.join(folder, "bin", "python3"), lonely);
        const error = await failure();
        expect(error).to.be.instanceOf(OperatorError);
        expect(error.message).to.contain("Python 3.10 or newer is needed").and.to.contain("python3 is 3.9.2");
        expect(error.fix).to.contain("install Python");
    });

    for (const [what, variable, message, fix] of [
        ["the venv module", "FAKE_NO_VENV", "cannot make a virtual environment", "python3.12-venv"],
        ["a package with the right hash", "FAKE_PIP_FAILS", "DO NOT MATCH THE HASHES", "PIP_INDEX_URL"],
        ["libomp", "FAKE_NO_OMP", "libomp.dylib", "brew install libomp"],
    ] as const) {
        it(`names ${what} when it is missing, and the fix`, async () => {
            process.env[variable] = "1";
            const error = await failure();
            expect(error.message).to.contain(message);
            expect(error.fix).to.contain(fix);
            delete process.env[variable];
            await preparePythonEnvironment({ folder });
        });
    }
});
