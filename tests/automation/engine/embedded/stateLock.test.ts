import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { expect } from "chai";
import { lockState } from "../../../../automation/engine/embedded/stateLock.ts";
import { EngineError } from "../../../../automation/engine/engine.ts";

describe("lockState", () => {
    const folder = mkdtempSync(path.join(os.tmpdir(), "firstlight-lock-"));
    const file = path.join(folder, "state.json");
    after(() => rmSync(folder, { recursive: true }));

    it("is held by one until it is given back", () => {
        const unlock = lockState(file);
        expect(() => lockState(file)).to.throw(EngineError, `in use by process ${process.pid}`);
        unlock();
        expect(existsSync(`${file}.lock`)).to.equal(false);
        lockState(file)();
    });

    it("is taken over from a dead process and from an unreadable file", () => {
        for (const text of [JSON.stringify({ pid: 2 ** 30, started: "1" }), "{"]) {
            writeFileSync(`${file}.lock`, text);
            lockState(file)();
        }
        expect(existsSync(`${file}.lock`)).to.equal(false);
    });
});
