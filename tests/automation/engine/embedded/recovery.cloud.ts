import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync, rmSync } from "node:fs";
import path from "node:path";
import { expect } from "chai";
import { EngineError } from "../../../../automation/engine/engine.ts";
import type { EngineEvent, StackResource } from "../../../../automation/engine/engine.ts";
import { createTestStack } from "../../../support/embeddedProgram.ts";
import type { TestStack } from "../../../support/embeddedProgram.ts";

const TWO = `const a = new Thing("a", { value: "x", tags: { k: "v" } }); new Thing("b", { value: a.arn });`;

describe("the embedded engine, when its state is not what exists", () => {
    let stack: TestStack;
    beforeEach(() => { stack = createTestStack(); });
    afterEach(() => stack.remove());

    async function up(program: string): Promise<void> {
        stack.write(program);
        await stack.engine().up();
        stack.cloud.takeLog();
    }

    async function find(name: string): Promise<StackResource | undefined> {
        return (await stack.engine().resources()).find((resource) => resource.name === name);
    }

    async function failure(work: Promise<unknown>): Promise<string> {
        const error = await work.then(() => undefined, (thrown: unknown) => thrown);
        expect(error).to.be.instanceOf(EngineError);
        return (error as EngineError).message;
    }

    /** An `up` that is killed while it makes `b`, as in embeddedKilled.ts. */
    async function kill(): Promise<void> {
        stack.write(`const a = new Thing("a"); new Thing("b", { value: a.arn, password: pulumi.secret("hunter22secret") });`);
        const child = spawn(process.execPath, [path.resolve(import.meta.dirname, "../../../support/embeddedKilled.ts"), stack.folder], { stdio: ["ignore", "pipe", "inherit"] });
        let printed = "";
        while (!printed.includes("waiting")) printed += String((await once(child.stdout, "data") as [Buffer])[0]);
        child.kill("SIGKILL");
        await once(child, "exit");
        stack.cloud.stored.set("a-1", { type: "memory:index/thing:Thing", name: "a", inputs: {} });
    }

    it("says what an up would change, by resource and property", async () => {
        await up(`new Thing("a", { value: "x", size: 1 }); new Thing("b", { value: "x" }); new Thing("c");`);
        stack.write(`new Thing("a", { value: "y", size: 2 }); new Thing("b", { value: "y", tags: {} }); new Thing("d");`);
        const { counts, changes } = await stack.engine().preview();
        expect(counts).to.deep.equal({ same: 1, replace: 1, update: 1, create: 1, delete: 1 });
        expect(changes.map(({ name, operation, properties }) => [name, operation, [...properties].sort()])).to.have.deep.members([
            ["a", "replace", ["size", "value"]], ["b", "update", ["tags", "value"]], ["d", "create", []], ["c", "delete", []],
        ]);
        expect(stack.cloud.takeLog()).to.deep.equal([]);
    });

    it("finds no drift after an up, and leaves its file as it is but for what it asks", async () => {
        await up(TWO);
        const before = await stack.engine().exportState();
        const events: EngineEvent[] = [];
        expect(await stack.engine().refresh({ onEvent: (event) => events.push(event) })).to.deep.equal([]);
        expect(await stack.engine().exportState()).to.deep.equal(before);
        expect(events.map((event) => (event.kind === "resource" ? `${event.operation} ${event.name} ${event.status}` : event.message)))
            .to.have.members(["read a started", "read a done", "read b started", "read b done"]);
    });

    it("sees what was changed and what was deleted, and the next up puts both right", async () => {
        await up(TWO);
        const [[idOfA, a] = ["", undefined], [idOfB] = [""]] = [...stack.cloud.stored];
        stack.cloud.stored.set(idOfA, { ...a!, inputs: { value: "somebody's", tags: {} } });
        stack.cloud.stored.delete(idOfB);
        const drift = await stack.engine().refresh();
        expect(drift.map(({ name, kind, properties }) => ({ name, kind, properties: [...properties].sort() }))).to.deep.equal([
            { name: "a", kind: "changed", properties: ["tags", "value"] }, { name: "b", kind: "deleted", properties: [] },
        ]);
        expect((await find("a"))?.inputs).to.deep.equal({ value: "somebody's", tags: {} });
        expect((await stack.engine().up()).counts).to.deep.equal({ same: 1, update: 1, create: 1 });
        expect(stack.cloud.takeLog()).to.deep.equal(["update a", "create b"]);
        expect(await stack.engine().refresh()).to.deep.equal([]);
    });

    it("keeps what depends on something that is gone", async () => {
        await up(TWO);
        stack.cloud.stored.delete([...stack.cloud.stored.keys()][0] ?? "");
        await stack.engine().refresh();
        expect((await find("b"))?.dependencies).to.deep.equal([]);
        await stack.engine().up();
        expect(stack.cloud.takeLog()).to.deep.equal(["create a", "update b"]);
    });

    it("takes no ignored property for drift, and does not put it back", async () => {
        const program = `new Thing("a", { value: "x" }, { ignoreChanges: ["value"] });`;
        await up(program);
        const [[id, a] = ["", undefined]] = [...stack.cloud.stored];
        stack.cloud.stored.set(id, { ...a!, inputs: { value: "somebody's" } });
        expect(await stack.engine().refresh()).to.deep.equal([]);
        expect((await find("a"))?.inputs).to.deep.equal({ value: "somebody's" });
        expect((await stack.engine().up()).counts).to.deep.equal({ same: 2 });
    });

    it("knows what a killed run had begun, and keeps it until somebody says what became of it", async () => {
        await kill();
        const [pending, ...others] = await stack.engine().pendingOperations();
        expect(others).to.deep.equal([]);
        expect(pending).to.deep.include({ name: "b", type: "memory:index/thing:Thing", operation: "creating", inputs: { value: "arn:memory:a-1" } });
        expect(readFileSync(stack.stateFile, "utf8")).not.to.include("hunter22secret");
        await stack.engine().refresh();
        expect(await stack.engine().pendingOperations()).to.have.length(1);
        await stack.engine().settle([{ urn: pending?.urn ?? "" }]);
        expect(await stack.engine().pendingOperations()).to.deep.equal([]);
        expect((await stack.engine().up()).counts).to.deep.equal({ same: 2, create: 1 });
    });

    it("takes what a killed run had made into the state, as it is, so that the next up makes the rest", async () => {
        await kill();
        const [pending] = await stack.engine().pendingOperations();
        stack.cloud.stored.set("b-7", { type: "memory:index/thing:Thing", name: "b", inputs: { value: "half" } });
        expect(await failure(stack.engine().settle([{ urn: pending?.urn ?? "", id: "b-9" }]))).to.include("the cloud has none with the id b-9");
        await stack.engine().settle([{ urn: pending?.urn ?? "", id: "b-7" }]);
        expect(await find("b")).to.deep.include({ id: "b-7", inputs: { value: "half" } });
        expect((await stack.engine().up()).counts).to.deep.equal({ same: 2, update: 1 });
        expect(stack.cloud.stored.get("b-7")?.inputs).to.deep.equal({ value: "arn:memory:a-1", password: "hunter22secret" });
        expect(await failure(stack.engine().settle([{ urn: pending?.urn ?? "" }]))).to.include("nothing to settle");
    });

    it("names the dead owner of its lock, and gives the lock up when asked", async () => {
        await kill();
        const [lock] = await stack.engine().locks();
        expect(lock?.pid).to.be.a("number").and.not.equal(process.pid);
        await stack.engine().clearLocks();
        expect(await stack.engine().locks()).to.deep.equal([]);
    });

    it("adopts what exists with the records of an undisturbed run, names of the engine's choice too", async () => {
        const program = `const g = new Group("g"); const n = new Named("n", { value: "x" }, { parent: g });
            new Thing("a", { value: n.arn, password: pulumi.secret("hunter22secret") }, { parent: g, ignoreChanges: ["size"] });`;
        await up(program);
        const all = (await stack.engine().resources()).filter(({ id, type }) => id !== undefined && !type.startsWith("pulumi:"));
        rmSync(stack.stateFile);
        await stack.engine().adopt(all.map(({ urn, type, name, id = "" }) => ({ urn, type, name, id })));
        const { changes } = await stack.engine().preview();
        expect(changes).to.deep.equal([]);
        expect((await stack.engine().up()).counts).to.deep.equal({ same: 4 });
        expect(stack.cloud.takeLog()).to.deep.equal([]);
    });

    it("refuses to adopt what the program does not declare, and what is not there", async () => {
        stack.write(`new Thing("a");`);
        const [urn, type] = ["urn:pulumi:test::fixture::memory:index/thing:Thing::", "memory:index/thing:Thing"];
        expect(await failure(stack.engine().adopt([{ urn: `${urn}z`, type, name: "z", id: "z-1" }]))).to.include("the program does not declare");
        expect(await failure(stack.engine().adopt([{ urn: `${urn}a`, type, name: "a", id: "a-9" }]))).to.include("the cloud has none with the id a-9");
        expect(await stack.engine().resources()).to.deep.equal([]);
    });

    it("gives its state away and takes it back, secrets sealed", async () => {
        stack.write(`new Thing("a", { password: pulumi.secret("hunter22secret") });`);
        const empty = await stack.engine().exportState();
        await stack.engine().up();
        const document = await stack.engine().exportState();
        expect(JSON.stringify(document)).not.to.include("hunter22secret");
        await stack.engine().importState(empty);
        expect(await stack.engine().resources()).to.deep.equal([]);
        await stack.engine().importState(document);
        expect((await stack.engine().up()).counts).to.deep.equal({ same: 2 });
        expect(await failure(stack.engine().importState({ format: 1 }))).to.include("the given document has format 1");
        expect(await failure(stack.engine({ passphrase: "other" }).importState(document))).to.include("cannot be decrypted");
    });
});
