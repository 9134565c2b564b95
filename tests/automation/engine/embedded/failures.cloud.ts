import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect } from "chai";
import { EngineError } from "../../../../automation/engine/engine.ts";
import type { EngineEvent } from "../../../../automation/engine/engine.ts";
import { createTestStack } from "../../../support/embeddedProgram.ts";
import type { TestStack } from "../../../support/embeddedProgram.ts";

/** A process that has ended and waits for init to notice (state Z) does not run any more. */
function isRunning(pid: number): boolean {
    try {
        process.kill(pid, 0);
        return !existsSync(`/proc/${pid}/stat`) || !readFileSync(`/proc/${pid}/stat`, "utf8").includes(") Z ");
    } catch {
        return false;
    }
}

describe("the embedded engine, when something goes wrong", () => {
    let stack: TestStack;
    beforeEach(() => { stack = createTestStack(); });
    afterEach(() => stack.remove());

    /** The message of the failure that the program ends in. */
    async function failure(program: string): Promise<string> {
        stack.write(program);
        const error = await stack.engine().up().then(() => undefined, (thrown: unknown) => thrown);
        expect(error).to.be.instanceOf(EngineError);
        return (error as EngineError).message;
    }

    async function names(): Promise<string[]> {
        return (await stack.engine().resources()).filter(({ type }) => type.startsWith("memory:")).map(({ name }) => name).sort();
    }

    it("keeps what is done, and goes on from there", async () => {
        const program = `const a = new Thing("a"); const b = new Thing("b", { value: a.arn }); new Thing("c", { value: b.arn });`;
        stack.cloud.options = { before: ({ name, kind }) => { if (name === "b" && kind === "create") throw new Error("Throttled: value is too new"); } };
        expect(await failure(program)).to.equal("memory:index/thing:Thing b: Throttled: value is too new");
        expect(await names()).to.deep.equal(["a"]);
        stack.cloud.options = {};
        stack.cloud.takeLog();
        await stack.engine().up();
        expect(stack.cloud.takeLog()).to.deep.equal(["create b", "create c"]);
    });

    it("waits for what runs, and begins nothing new", async () => {
        stack.cloud.options = {
            before: async ({ name }) => {
                if (name === "slow") await new Promise((resolve) => setTimeout(resolve, 300));
                if (name === "bad") throw new Error("Refused");
            },
        };
        expect(await failure(`const s = new Thing("slow"); new Thing("bad"); new Thing("after", { value: s.arn });`)).to.include("Refused");
        expect(await names()).to.deep.equal(["slow"]);
        expect(stack.cloud.names).to.deep.equal(["slow"]);
    });

    it("does not delete anything when the program fails", async () => {
        stack.write(`new Thing("a"); new Thing("b");`);
        await stack.engine().up();
        const message = await failure(`new Thing("a"); throw new pulumi.RunError("no region configured");`);
        expect(message).to.equal("no region configured");
        expect(stack.cloud.names).to.deep.equal(["a", "b"]);
    });

    it("shows the program's own error, with its place when it is a bug", async () => {
        const message = await failure(`const config = undefined; console.log(config.name);`);
        expect(message).to.include("Cannot read properties of undefined").and.include("index.ts");
    });

    it("lets the program catch the error of an invoke, and names the function when it does not", async () => {
        const invoke = `pulumi.runtime.invoke("memory:index/getWord:getWord", { text: "forbidden" })`;
        stack.write(`let found = "yes"; try { await ${invoke}; } catch { found = "no"; } export { found };`);
        expect((await stack.engine().up()).outputs).to.deep.equal({ found: "no" });
        expect(await failure(`await ${invoke};`)).to.include("memory:index/getWord:getWord: AccessDenied: not this word");
    });

    it("refuses to delete or replace what is protected", async () => {
        stack.write(`new Thing("a", { size: 1 }, { protect: true });`);
        await stack.engine().up();
        expect(await failure(`new Thing("a", { size: 2 }, { protect: true });`)).to.include("Thing a: the change would replace it, and it is protected");
        expect(await failure(``)).to.include("Thing a: it is protected and cannot be deleted");
        const destroyed = await stack.engine().destroy().then(() => undefined, (error: Error) => error.message);
        expect(destroyed).to.include("Thing a: it is protected");
        expect(stack.cloud.names).to.deep.equal(["a"]);
    });

    it("finishes a replacement whose old half could not be deleted", async () => {
        stack.write(`new Thing("a", { size: 1 });`);
        await stack.engine().up();
        stack.cloud.options = { before: ({ kind }) => { if (kind === "delete") throw new Error("InUse"); } };
        expect(await failure(`new Thing("a", { size: 2 });`)).to.equal("memory:index/thing:Thing a: InUse");
        expect(stack.cloud.names).to.deep.equal(["a", "a"]);
        stack.cloud.options = {};
        stack.cloud.takeLog();
        await stack.engine().up();
        expect(stack.cloud.takeLog()).to.deep.equal(["delete a"]);
        expect(await names()).to.deep.equal(["a"]);
    });

    it("recreates what was deleted before a replacement that failed", async () => {
        const program = (size: number) => `new Thing("a", { size: ${size} }, { deleteBeforeReplace: true });`;
        stack.write(program(1));
        await stack.engine().up();
        stack.cloud.options = { before: ({ kind }) => { if (kind === "create") throw new Error("Quota"); } };
        await failure(program(2));
        stack.cloud.options = {};
        stack.cloud.takeLog();
        await stack.engine().up();
        expect(stack.cloud.takeLog()).to.deep.equal(["create a"]);
        expect(stack.cloud.names).to.deep.equal(["a"]);
    });

    it("fails when the cloud has something else than asked, and repairs it in the next run", async () => {
        stack.cloud.options = { observe: (_, inputs) => ({ ...inputs, value: "other" }) };
        const program = `new Thing("a", { value: "x" });`;
        expect(await failure(program)).to.equal(`memory:index/thing:Thing a: value: asked "x", the cloud has "other"`);
        expect(await names()).to.deep.equal(["a"]);
        stack.cloud.options = {};
        stack.cloud.takeLog();
        await stack.engine().up();
        expect(stack.cloud.takeLog()).to.deep.equal(["update a"]);
    });

    it("does not show a secret in a failure", async () => {
        stack.cloud.options = { before: ({ inputs }) => { throw new Error(`InvalidPassword: ${String(inputs["password"])}`); } };
        const events: EngineEvent[] = [];
        stack.write(`new Thing("a", { password: pulumi.secret("hunter22secret") });`);
        const error = await stack.engine().up({ onEvent: (event) => events.push(event) }).then(() => undefined, (thrown: Error) => thrown);
        expect(error?.message).to.equal("memory:index/thing:Thing a: InvalidPassword: [secret]");
        expect(JSON.stringify(events)).to.include("InvalidPassword").and.not.include("hunter22secret");
    });

    const refused: readonly (readonly [string, string, string])[] = [
        ["a property that the table lacks", `new Thing("a", { colour: "red" });`, "Thing a: colour: the rehearsal does not know this property"],
        ["the text undefined", `new Thing("a", { tags: { url: "s3://" + undefined } });`, `Thing a: tags.url contains the text "undefined"`],
        ["a type without handler", `new pulumi.CustomResource("memory:index/other:Other", "a", {});`, "Other a: this type cannot be rehearsed"],
        ["a function without handler", `await pulumi.runtime.invoke("memory:index/getOther:getOther", {});`, "getOther: this function cannot be rehearsed"],
        ["the same resource twice", `new Group("a"); new Group("a");`, "Group a: the program declares this resource twice"],
        ["import", `new Thing("a", {}, { import: "id-1" });`, "Thing a: it has the option import"],
        ["reading an existing resource", `new Thing("a", {}, { id: "id-1" });`, "Thing a: reading an existing resource (.get): not supported"],
        ["a stack reference", `new pulumi.StackReference("other/stack");`, "StackReference other/stack: not supported"],
        ["a remote component", `new pulumi.ComponentResource("memory:index:Remote", "a", {}, {}, true);`, "Remote a: it is a remote component"],
        ["transforms", `new Thing("a", {}, { transforms: [() => undefined] });`, "does not support transforms"],
        ["hooks", `new Thing("a", {}, { hooks: { afterCreate: [() => {}] } });`, "does not support resource hooks"],
        ["an archive made of assets", `new Thing("a", { source: new pulumi.asset.AssetArchive({}) });`, "Thing a: an AssetArchive is not supported"],
    ];
    for (const [what, program, message] of refused) {
        it(`refuses ${what} by name`, async () => {
            expect(await failure(program)).to.include(message);
            expect(stack.cloud.names).to.deep.equal([]);
        });
    }

    it("stops on an abort: what runs ends and is kept, nothing new begins", async () => {
        const stop = new AbortController();
        stack.cloud.options = {
            before: async ({ name }) => {
                if (name !== "slow") return;
                stop.abort();
                await new Promise((resolve) => setTimeout(resolve, 200));
            },
        };
        stack.write(`const s = new Thing("slow"); new Thing("after", { value: s.arn });`);
        const error = await stack.engine().up({ signal: stop.signal }).then(() => undefined, (thrown: Error) => thrown);
        expect(error?.message).to.include("was stopped");
        expect(await names()).to.deep.equal(["slow"]);
    });

    it("does not let two runs into one state", async () => {
        stack.write(`new Thing("a");`);
        const refusals: string[] = [];
        // The second begins when the first is at work, and ends before it.
        stack.cloud.options = { before: async () => {
            await stack.engine().up().catch((thrown: Error) => refusals.push(thrown.message));
        } };
        await stack.engine().up();
        stack.cloud.options = {};
        expect(refusals).to.have.length(1);
        expect(refusals[0]).to.include(`is in use by process ${process.pid}`);
        expect((await stack.engine().up()).counts).to.deep.equal({ same: 2 });
    });

    it("survives kill -9: the program ends too, and the next run goes on", async () => {
        stack.write(`console.log("program " + process.pid); const a = new Thing("a"); const b = new Thing("b", { value: a.arn });`);
        const support = path.resolve(import.meta.dirname, "../../../support/embeddedKilled.ts");
        const child = spawn(process.execPath, [support, stack.folder], { stdio: ["ignore", "pipe", "inherit"] });
        let printed = "";
        while (!printed.includes("waiting")) printed += String((await once(child.stdout, "data") as [Buffer])[0]);
        const programPid = Number(/program (\d+)/.exec(printed)?.[1]);
        expect(isRunning(programPid)).to.equal(true);
        child.kill("SIGKILL");
        await once(child, "exit");
        const until = Date.now() + 10_000;
        while (isRunning(programPid) && Date.now() < until) await new Promise((resolve) => setTimeout(resolve, 50));
        expect(isRunning(programPid)).to.equal(false);
        expect(readFileSync(stack.stateFile, "utf8")).to.include("pendingOperations");
        stack.cloud.stored.set("a-1", { type: "memory:index/thing:Thing", name: "a", inputs: {} });
        const events: EngineEvent[] = [];
        const { counts } = await stack.engine().up({ onEvent: (event) => events.push(event) });
        expect(counts).to.deep.equal({ same: 2, create: 1 });
        expect(events.some((event) => event.kind === "diagnostic" && event.message.startsWith("b: a run was killed while creating it"))).to.equal(true);
    });
});
