import { execFile } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { promisify } from "node:util";
import { expect } from "chai";
import { preparePythonEnvironment } from "../../../../automation/rehearsal/pythonEnvironment.ts";
import { PROJECT } from "./testCloud.ts";

const run = promisify(execFile);
const SOURCES = path.join(PROJECT, "automation", "rehearsal", "cloud", "python");
const MISMATCH = `
import sys, os
sys.path.insert(0, ${JSON.stringify(SOURCES)})
import dataclasses, patches, patching
from ministack.core import iam_evaluator
before = iam_evaluator.enforce
changed = [dataclasses.replace(p, sha256="0" * 64) if p.name == "table-keys" else p for p in patches.PATCHES]
try:
    patching.apply_all(changed)
except patching.PatchMismatch as error:
    print(error, before is iam_evaluator.enforce)
`;

describe("the patches", () => {
    it("are refused by name, all of them, when one does not fit the installed source", async () => {
        const { python } = await preparePythonEnvironment({ folder: PROJECT });
        const env = { ...process.env, PYTHONDONTWRITEBYTECODE: "1", AWS_ENDPOINT_URL: "http://127.0.0.1:1", GATEWAY_PORT: "1" };
        const { stdout } = await run(python, ["-c", MISMATCH], { env });
        expect(stdout).to.contain("table-keys: ministack.services.dynamodb.handle_request has SHA-256").and.to.contain("True");
    });

    it("name a contract test that exists", () => {
        const folder = path.join(SOURCES, "patches");
        const text = readdirSync(folder).filter((name) => name.endsWith(".py")).map((name) => readFileSync(path.join(folder, name), "utf8")).join("");
        const named = [...text.matchAll(/test="([^"]+)"/g)].map((match) => match[1]!);
        expect(named).to.have.length.above(15);
        for (const file of new Set(named)) expect(readFileSync(path.join(import.meta.dirname, file), "utf8")).to.contain("describe(");
    });
});
