import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { expect } from "chai";
import { lockState, readLock, removeLock } from "../../../../automation/engine/embedded/stateLock.ts";
import { createFileLockStore } from "../../../../automation/locks/fileLockStore.ts";
import { currentOwner } from "../../../../automation/locks/owner.ts";
import { EngineError } from "../../../../automation/engine/engine.ts";

const NOBODY = 2 ** 30;

describe("lockState", () => {
    const folder = mkdtempSync(path.join(os.tmpdir(), "firstlight-lock-"));
    const file = path.join(folder, "state.json");
    after(() => rmSync(folder, { recursive: true }));

    /** As a killed process leaves it. */
    async function leaveLock(): Promise<void> {
        const store = createFileLockStore({ backendFolder: folder, folder: `${file}.lock` });
        await store.acquire({ ...currentOwner("test"), pid: NOBODY }, () => false);
    }

    it("is held by one until it is given back", async () => {
        const unlock = await lockState(file);
        const refusal = await lockState(file).then(() => undefined, (error: unknown) => error);
        expect(refusal).to.be.instanceOf(EngineError).with.property("message").that.includes(`in use by process ${process.pid}`);
        expect((await readLock(file)).map(({ host, pid }) => ({ host, pid }))).to.deep.equal([{ host: os.hostname(), pid: process.pid }]);
        await unlock();
        expect(await readLock(file)).to.deep.equal([]);
        await (await lockState(file))();
    });

    it("is taken over from a dead process", async () => {
        await leaveLock();
        expect((await readLock(file)).map(({ pid }) => pid)).to.deep.equal([NOBODY]);
        await (await lockState(file))();
        expect(await readLock(file)).to.deep.equal([]);
    });

    it("goes to one of many that come at once to a dead one's", async () => {
        await leaveLock();
        const attempts = await Promise.allSettled(Array.from({ length: 8 }, () => lockState(file)));
        const winners = attempts.filter((attempt) => attempt.status === "fulfilled");
        expect(winners).to.have.length(1);
        await winners[0]?.value();
    });

    it("can be removed whoever holds it", async () => {
        await lockState(file);
        await removeLock(file);
        await (await lockState(file))();
    });
});
