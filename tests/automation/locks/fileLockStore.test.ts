import { linkSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, unlinkSync, utimesSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { expect } from "chai";
import { OperatorError } from "../../../automation/errors.ts";
import { createFileLockStore } from "../../../automation/locks/fileLockStore.ts";
import type { LockOwner, LockStore } from "../../../automation/locks/lock.ts";
import { createRecord, writeRecord } from "../../../automation/locks/lockRecord.ts";
import { isDead } from "../../../automation/locks/owner.ts";
import { dead, living } from "./lockOwners.ts";
import { describeLockStore } from "./lockStoreContract.ts";

describe("locks in files", () => {
    let backendFolder: string;
    let folder: string;
    let store: LockStore;
    beforeEach(() => {
        backendFolder = mkdtempSync(path.join(os.tmpdir(), "firstlight-locks-"));
        folder = path.join(backendFolder, ".firstlight", "locks", "shop", "dev");
        store = open();
    });
    afterEach(() => rmSync(backendFolder, { recursive: true }));

    const open = (): LockStore => createFileLockStore({ backendFolder, folder });
    const fileOf = (number: number): string => path.join(folder, `${String(number).padStart(10, "0")}.json`);
    /** As another driver would, all at once. */
    const writeGeneration = (number: number, owner?: LockOwner): void => writeFileSync(fileOf(number), writeRecord(createRecord(owner)), { flag: "wx" });
    const numbers = (): number[] => readdirSync(folder).map((name) => Number.parseInt(name, 10)).sort((left, right) => left - right);

    describeLockStore(() => ({ open, corrupt: () => writeFileSync(fileOf(Math.max(...numbers())), "") }));

    it("say where they are", () => {
        expect(store.place).to.equal(folder);
    });

    it("keep the last generations, and do not grow", async () => {
        for (let round = 0; round < 15; round++) {
            const taken = await store.acquire(living(), isDead);
            if ("held" in taken) await taken.held.release();
        }
        expect(numbers()).to.deep.equal([22, 23, 24, 25, 26, 27, 28, 29, 30]);
    });

    it("leave no draft behind, and take away those of the dead", async () => {
        mkdirSync(folder, { recursive: true });
        const [old, young] = ["old", "young"].map((name) => path.join(folder, `${name}.draft`)) as [string, string];
        for (const file of [old, young]) writeFileSync(file, "");
        utimesSync(old, new Date(0), new Date(0));
        await store.acquire(living(), isDead);
        expect(readdirSync(folder).sort()).to.deep.equal(["0000000001.json", "young.draft"]);
    });

    it("are not won by one that slept while another took over", async () => {
        await store.acquire(dead(), isDead);
        const taken = await store.acquire(living("slow"), (other) => {
            // Between looking and linking.
            if (other.command === "up") writeGeneration(2, living("quick"));
            return isDead(other);
        });
        expect(taken).to.have.nested.property("heldBy.command", "quick");
    });

    it("are not won by one that slept so long that its generation became free again", async () => {
        await store.acquire(dead(), isDead);
        const taken = await store.acquire(living("slow"), (other) => {
            if (other.command === "up") {
                for (let number = 2; number < 20; number++) writeGeneration(number, number % 2 === 0 ? dead("between") : undefined);
                writeGeneration(20, living("quick"));
                for (let number = 1; number <= 12; number++) unlinkSync(fileOf(number));
            }
            return isDead(other);
        });
        expect(taken).to.have.nested.property("heldBy.command", "quick");
        expect(await open().read()).to.have.property("command", "quick");
    });

    it("are not given back for somebody who has taken them after an unlock", async () => {
        const first = await store.acquire(living("first"), isDead);
        await open().remove();
        await open().acquire(living("second"), isDead);
        if ("held" in first) await first.held.release();
        expect(await store.read()).to.have.property("command", "second");
    });

    it("do not make a backend out of a misspelt path", async () => {
        rmSync(backendFolder, { recursive: true });
        const refusal = await store.acquire(living(), isDead).catch((error: unknown) => error);
        expect(refusal).to.be.instanceOf(OperatorError).with.property("message", `the Pulumi backend ${backendFolder} is not a folder`);
        mkdirSync(backendFolder);
    });

    it("say so when their place is no folder", async () => {
        mkdirSync(path.dirname(folder), { recursive: true });
        writeFileSync(folder, "");
        const refusal = await store.acquire(living(), isDead).catch((error: unknown) => error) as OperatorError;
        expect(refusal).to.be.instanceOf(OperatorError);
        expect(refusal.message).to.contain("a part of its path is a file");
    });

    it("hold whole records only: a draft is written before it is linked", async () => {
        await store.acquire(living(), isDead);
        const [file = ""] = readdirSync(folder);
        const copy = path.join(backendFolder, "copy");
        linkSync(path.join(folder, file), copy);
        expect(JSON.parse(readFileSync(copy, "utf8"))).to.have.nested.property("owner.pid", process.pid);
    });
});
