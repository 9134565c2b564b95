import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { expect } from "chai";
import { TRIED_VERSION } from "../../../../automation/engine/pulumi/cli.ts";
import { findState } from "../../../../automation/preflight/gathering/findState.ts";
import type { StateSource } from "../../../../automation/preflight/gathering/findState.ts";
import { failureOf } from "../../../support/phaseWorld.ts";

const LATEST = { resources: [], pending_operations: [] };
const FILE = JSON.stringify({ version: 3, checkpoint: { latest: LATEST } });
const EMPTY = { version: 3, deployment: null };

describe("where preflight finds the state", () => {
    let folder: string;
    beforeEach(() => { folder = mkdtempSync(path.join(os.tmpdir(), "firstlight-find-state-")); });
    afterEach(() => rmSync(folder, { recursive: true }));

    function look(environment: NodeJS.ProcessEnv = {}, changes: Partial<StateSource> = {}): ReturnType<typeof findState> {
        return findState({
            projectFolder: folder, project: "fixture", stack: "test", target: { region: "eu-central-1" }, isOffline: false,
            environment: { HOME: folder, PATH: "", PULUMI_BACKEND_URL: `file://${folder}`, ...environment }, ...changes,
        });
    }

    function write(name: string, text: string): void {
        const file = path.join(folder, ".pulumi", "stacks", name);
        mkdirSync(path.dirname(file), { recursive: true });
        writeFileSync(file, text);
    }

    /** A CLI that says its version, and for everything else runs a line of the shell. */
    function makeCli(line: string, version = TRIED_VERSION): string {
        const bin = path.join(folder, "bin");
        mkdirSync(bin);
        writeFileSync(path.join(bin, "pulumi"), `#!/bin/sh\nif [ "$1" = version ]; then echo v${version}; else ${line}; fi\n`);
        chmodSync(path.join(bin, "pulumi"), 0o755);
        return `${bin}${path.delimiter}${process.env["PATH"] ?? ""}`;
    }

    it("is the backend's own file, without any CLI, also offline", async () => {
        write("fixture/test.json", FILE);
        expect(await look()).to.deep.equal({ version: 3, deployment: LATEST });
        expect(await look({}, { isOffline: true })).to.deep.equal({ version: 3, deployment: LATEST });
    });

    it("is empty where the backend has no such stack: it is new, or knows others", async () => {
        expect(await look()).to.deep.equal(EMPTY);
        write("fixture/test2.json", FILE);
        write("other/test.json", FILE);
        write("fixture/test.json.bak", FILE);
        expect(await look()).to.deep.equal(EMPTY);
    });

    const others = ["fixture/test.json.gz", "test.json", "test.json.zst"];
    for (const name of others) {
        it(`is not taken for empty where it lies as ${name}, which only the CLI reads`, async () => {
            write(name, "x");
            expect(await failureOf(look())).to.have.property("message", `only the Pulumi CLI can read it in file://${folder}, and there is no recent one on PATH`);
        });
    }

    it("is what a CLI on PATH exports, where only that can read it", async () => {
        write("fixture/test.json.gz", "x");
        expect(await look({ PATH: makeCli(`echo '{"version":3,"deployment":{"resources":[]}}'`) })).to.deep.equal({ version: 3, deployment: { resources: [] } });
    });

    it("is empty where that CLI knows no such stack, and is not known where it fails or is too old", async () => {
        write("test.json", "x");
        const PATH = makeCli("echo \"error: no stack named 'test' found\" >&2; exit 255");
        expect(await look({ PATH })).to.deep.equal(EMPTY);
        rmSync(path.join(folder, "bin"), { recursive: true });
        const failing = makeCli("echo 'error: you must be logged in' >&2; exit 255");
        expect(await failureOf(look({ PATH: failing }))).to.have.property("message").that.matches(/^the Pulumi CLI could not read it in file:.*: you must be logged in/);
        rmSync(path.join(folder, "bin"), { recursive: true });
        expect(await failureOf(look({ PATH: makeCli("echo {}", "2.0.0") }))).to.have.property("message").that.contains("no recent one on PATH");
    });

    it("is not known without a backend, in another one offline, and in a folder that may not be read", async () => {
        expect(await failureOf(look({ PULUMI_BACKEND_URL: "" }))).to.have.property("message", "no Pulumi backend is chosen");
        const away = await failureOf(look({ PULUMI_BACKEND_URL: "s3://states?region=eu-central-1" }, { isOffline: true }));
        expect(away).to.have.property("message", "it lies in s3://states, and --offline asks nobody");
        writeFileSync(path.join(folder, "file"), "");
        const wrong = await failureOf(look({ PULUMI_BACKEND_URL: `file://${folder}/file` }));
        expect(wrong).to.have.property("message").that.matches(/^it could not be read in file:.*: ENOTDIR/);
    });
});
