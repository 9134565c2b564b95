/** The engine on the real CLI, with a provider whose cloud is a map. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { gunzipSync, gzipSync } from "node:zlib";
import { expect } from "chai";
import type { EngineEvent, EngineLock } from "../../../../automation/engine/engine.ts";
import { EngineError } from "../../../../automation/engine/engine.ts";
import { LockedError } from "../../../../automation/errors.ts";
import type { PulumiEngine } from "../../../../automation/engine/pulumi.ts";
import { PULUMI_PROJECT, PULUMI_STACK, createPulumiTestStack, describeWithPulumi } from "../../../support/pulumiStack.ts";
import type { PulumiTestStack } from "../../../support/pulumiStack.ts";

const URN = "urn:pulumi:test::fixture::";
const GROUP = `${URN}memory:index:Group::g`;
const INNER = `${URN}memory:index:Group$memory:index/thing:Thing::inner`;
const THING = "memory:index/thing:Thing";
const KILLED_DRIVER = path.resolve(import.meta.dirname, "../../../support/pulumiKilledDriver.ts");
const WAIT_LIMIT_MS = 60_000;

function thing(name: string): string {
    return `${URN}${THING}::${name}`;
}

async function waitFor<Value>(find: () => Promise<Value | undefined>): Promise<Value> {
    const endsAt = Date.now() + WAIT_LIMIT_MS;
    for (;;) {
        const found = await find();
        if (found !== undefined) return found;
        if (Date.now() > endsAt) throw new Error("it did not happen in time");
        await sleep(20);
    }
}

async function failureOf(work: Promise<unknown>): Promise<Error> {
    try {
        await work;
    } catch (error) {
        return error as Error;
    }
    throw new Error("it did not fail");
}

describeWithPulumi("the engine on a real Pulumi CLI", function () {
    this.timeout(120_000);
    let stack: PulumiTestStack;
    let engine: PulumiEngine;
    before(async () => { stack = await createPulumiTestStack(); });
    beforeEach(async () => {
        stack.cloud.options = {};
        engine = await stack.open();
    });
    afterEach(async () => {
        stack.cloud.options = {};
        await engine.clearLocks();
        await engine.destroy();
        stack.cloud.stored.clear();
        stack.cloud.takeLog();
    });
    after(() => stack.remove());

    /** Runs `up` until these are being created, and kills the CLI there. */
    async function killDuringCreate(names: readonly string[]): Promise<EngineLock> {
        const begun = new Set<string>();
        let release = (): void => {};
        const released = new Promise<void>((resolve) => { release = resolve; });
        stack.cloud.options = {
            before: async ({ name }) => {
                if (!names.includes(name)) return;
                begun.add(name);
                await released;
                throw new Error("nobody waits for this any more");
            },
        };
        const failed = failureOf(engine.up());
        await waitFor(async () => (begun.size === names.length ? true : undefined));
        // The state is written after the create was asked for.
        await waitFor(async () => ((await engine.pendingOperations()).length === names.length ? true : undefined));
        const [lock] = await engine.locks();
        if (lock === undefined) throw new Error("the CLI holds no lock");
        process.kill(lock.pid, "SIGKILL");
        expect(await failed).to.be.instanceOf(EngineError);
        release();
        stack.cloud.options = {};
        return lock;
    }

    it("says which CLI it runs", () => {
        expect(engine.describe().version).to.match(/^3\.\d+\.\d+/);
        expect(engine.describe().path).to.match(/^\/.*pulumi$/);
    });

    it("reads the state where it lies, and where that cannot be, by one run of the CLI for all who ask at the same time", async () => {
        stack.write(`new Thing("a"); export const word = "w";`);
        await engine.up();
        const log = path.join(stack.folder, "runs");
        const counting = path.join(stack.folder, "counting-pulumi");
        const { path: command, version } = engine.describe();
        writeFileSync(counting, `#!/bin/sh\necho "$1 $2" >> '${log}'\nPATH='${path.dirname(command)}':"$PATH" exec '${command}' "$@"\n`, { mode: 0o755 });
        const counted = await stack.open({ cli: { path: counting, version } });
        const [resources, pending, outputs] = await Promise.all([counted.resources(), counted.pendingOperations(), counted.outputs()]);
        expect([resources.map(({ name }) => name), pending, outputs]).to.deep.equal([["fixture-test", "a"], [], { word: "w" }]);
        expect(existsSync(log), "asked without the CLI").to.equal(false);
        expect(await counted.exportState()).to.have.nested.property("deployment.resources").that.has.length(resources.length + 1);
        const state = path.join(stack.folder, "backend", ".pulumi", "stacks", PULUMI_PROJECT, `${PULUMI_STACK}.json`);
        writeFileSync(`${state}.gz`, gzipSync(readFileSync(state)));
        rmSync(state);
        rmSync(log);
        expect(await Promise.all([counted.resources(), counted.pendingOperations(), counted.outputs()])).to.deep.equal([resources, pending, outputs]);
        expect(readFileSync(log, "utf8")).to.equal("stack export\n");
        writeFileSync(state, gunzipSync(readFileSync(`${state}.gz`)));
        rmSync(`${state}.gz`);
    });

    it("has nothing to say of a stack that does not exist, and does not make it", async () => {
        const other = await stack.open({ stack: "other" });
        expect(await other.resources()).to.deep.equal([]);
        expect(await other.outputs()).to.deep.equal({});
        expect(await other.pendingOperations()).to.deep.equal([]);
        expect(await other.refresh()).to.deep.equal([]);
        expect(await other.destroy()).to.deep.equal({});
        expect(await other.exportState()).to.deep.equal({ version: 3, deployment: null });
    });

    it("tells what the backend knows beside the stack: what was deployed, and others that have resources", async () => {
        stack.write(`new Thing("a");`);
        const other = await stack.open({ stack: "beside" });
        await other.preview();
        expect(await other.backendView.wasDeployed(), "made by a preview alone").to.equal(false);
        const never = await stack.open({ stack: "never" });
        expect(await never.backendView.wasDeployed()).to.equal(false);
        const before = await never.backendView.otherStacks();
        await other.up();
        expect(await never.backendView.otherStacks()).to.have.members([...before, "beside"]);
        expect((await never.backendView.resourcesOf("beside")).map(({ name }) => name)).to.include("a");
        await other.destroy();
        expect(await other.backendView.wasDeployed()).to.equal(true);
        expect(await never.backendView.otherStacks()).to.deep.equal(before);
    });

    it("previews with the properties that change, and gives the outputs that are no secrets", async () => {
        stack.write(`new Thing("a", { value: "x" }); new Thing("b", { size: 1 }); new Thing("c"); new Thing("kept", {}, { retainOnDelete: true }); export const word = "w"; export const hidden = pulumi.secret("s3cret");`);
        const planned = await engine.preview();
        expect(planned.counts).to.deep.equal({ create: 5 });
        expect(planned.changes.map(({ name, operation, properties }) => [name, operation, properties])).to.have.deep.members([
            ["fixture-test", "create", []], ["a", "create", []], ["b", "create", []], ["c", "create", []], ["kept", "create", []],
        ]);
        expect(stack.cloud.names).to.deep.equal([]);
        const first = await engine.up();
        expect(first.counts).to.deep.equal({ create: 5 });
        expect(first.outputs).to.deep.equal({ word: "w" });
        expect(await engine.outputs()).to.deep.equal({ word: "w" });
        stack.write(`new Thing("a", { value: "y", tags: { k: "v" } }); new Thing("b", { size: 2 });`);
        const changed = await engine.preview();
        expect(changed.counts).to.deep.equal({ same: 1, update: 1, replace: 1, delete: 1, retain: 1 });
        expect(changed.changes).to.have.deep.members([
            { urn: thing("a"), type: THING, name: "a", operation: "update", properties: ["tags", "value"] },
            { urn: thing("b"), type: THING, name: "b", operation: "replace", properties: ["size"] },
            { urn: thing("c"), type: THING, name: "c", operation: "delete", properties: [] },
            { urn: thing("kept"), type: THING, name: "kept", operation: "retain", properties: [] },
        ]);
        const events: EngineEvent[] = [];
        const second = await engine.up({ onEvent: (event) => events.push(event) });
        expect(second).to.deep.equal({ counts: changed.counts, outputs: {} });
        const steps = events.map((event) => (event.kind === "resource" ? `${event.operation} ${event.name} ${event.status}` : event.message));
        expect(steps).to.have.members([
            "update a started", "update a done", "replace b started", "replace b done", "replace b started", "replace b done",
            "delete c started", "delete c done", "retain kept started", "retain kept done",
        ]);
        expect(stack.cloud.names).to.deep.equal(["a", "b", "kept"]);
        expect((await engine.up()).counts).to.deep.equal({ same: 3 });
    });

    it("names the resource that failed, without the secrets of the state", async () => {
        stack.write(`new Thing("a", { password: pulumi.secret("hunter2-hunter2") });`);
        await engine.up();
        stack.cloud.options = { before: ({ kind, inputs }) => { if (kind === "update") throw new Error(`AccessDenied: not with hunter2-hunter2 in ${String(inputs["value"])}`); } };
        stack.write(`new Thing("a", { value: "v", password: pulumi.secret("hunter2-hunter2") });`);
        const events: EngineEvent[] = [];
        const error = await failureOf(engine.up({ onEvent: (event) => events.push(event) })) as EngineError;
        expect(error).to.be.instanceOf(EngineError);
        expect(error.urn).to.equal(thing("a"));
        expect(error.message).to.equal(`${THING} a: AccessDenied: not with [secret] in v`);
        const failed = events.find((event) => event.kind === "resource" && event.status === "failed");
        expect(failed).to.include({ name: "a", operation: "update", message: "AccessDenied: not with [secret] in v" });
        expect(JSON.stringify(events)).not.to.contain("hunter2");
        const [resource] = (await engine.resources()).filter(({ name }) => name === "a");
        expect(resource?.custom).to.equal(true);
        expect(JSON.stringify(resource)).not.to.contain("hunter2").and.not.to.contain("ciphertext");
    });

    it("finds drift, and the next up puts it right", async () => {
        stack.write(`new Thing("a", { value: "x", tags: { k: "v" } }); new Thing("b"); new Thing("c", { value: "z" });`);
        await engine.up();
        expect(await engine.refresh()).to.deep.equal([]);
        for (const [id, { name }] of stack.cloud.stored) if (name === "b") stack.cloud.stored.delete(id);
        for (const stored of stack.cloud.stored.values()) if (stored.name === "a") stored.inputs = { ...stored.inputs, value: "drifted" };
        const events: EngineEvent[] = [];
        expect(await engine.refresh({ onEvent: (event) => events.push(event) })).to.have.deep.members([
            { urn: thing("a"), type: THING, name: "a", kind: "changed", properties: ["value"] },
            { urn: thing("b"), type: THING, name: "b", kind: "deleted", properties: [] },
        ]);
        expect(events).to.deep.equal([]);
        stack.cloud.takeLog();
        expect((await engine.up()).counts).to.deep.equal({ same: 2, update: 1, create: 1 });
        expect(stack.cloud.takeLog().sort()).to.deep.equal(["create b", "update a"]);
    });

    it("takes in what a killed run had made, and forgets what it had not", async () => {
        stack.write(`const group = new Group("g"); new Thing("inner", { value: "x", password: pulumi.secret("hunter2-hunter2") }, { parent: group }); new Thing("lost", { value: "y" });`);
        const lock = await killDuringCreate(["inner", "lost"]);
        expect(lock.host).not.to.equal("");
        expect(Date.now() - lock.since.getTime()).to.be.within(0, WAIT_LIMIT_MS);
        expect(await engine.pendingOperations()).to.have.deep.members([
            { urn: INNER, type: THING, name: "inner", operation: "creating", inputs: { value: "x" } },
            { urn: thing("lost"), type: THING, name: "lost", operation: "creating", inputs: { value: "y" } },
        ]);
        const locked = await failureOf(engine.up());
        expect(locked).to.be.instanceOf(LockedError);
        expect(locked.message).to.contain(`process ${lock.pid} `);
        await engine.clearLocks();
        expect(await engine.locks()).to.deep.equal([]);
        expect((await failureOf(engine.settle([{ urn: INNER, id: "inner-7" }]))).message).to.contain("lost");
        stack.cloud.stored.set("inner-7", { type: THING, name: "inner", inputs: { value: "x", password: "hunter2-hunter2" } });
        await engine.settle([{ urn: INNER, id: "inner-7" }, { urn: thing("lost") }]);
        expect(await engine.pendingOperations()).to.deep.equal([]);
        const inner = (await engine.resources()).find(({ urn }) => urn === INNER);
        expect(inner).to.include({ id: "inner-7", parent: GROUP });
        expect(inner?.outputs["arn"]).to.equal("arn:memory:inner-7");
        stack.cloud.takeLog();
        expect((await engine.up()).counts).to.deep.equal({ same: 3, create: 1 });
        expect(stack.cloud.takeLog()).to.deep.equal(["create lost"]);
    });

    it("finishes what it began when the driver is killed", async () => {
        stack.write(`const a = new Thing("a", { value: "x" }); new Thing("b", { value: a.arn });`);
        const options = { projectFolder: stack.folder, stack: PULUMI_STACK, environment: stack.environment };
        const driver = spawn(process.execPath, [KILLED_DRIVER, JSON.stringify(options)], { stdio: "ignore" });
        stack.cloud.options = {
            before: async ({ name }) => {
                if (name !== "a") return;
                driver.kill("SIGKILL");
                await once(driver, "exit");
            },
        };
        await waitFor(async () => (stack.cloud.names.includes("b") && (await engine.locks()).length === 0 ? true : undefined));
        expect(driver.signalCode).to.equal("SIGKILL");
        expect(await engine.pendingOperations()).to.deep.equal([]);
        expect((await engine.up()).counts).to.deep.equal({ same: 3 });
    });

    it("forgets a create that was taken in though nothing came of it", async () => {
        stack.write(`new Thing("a", { value: "x" });`);
        await killDuringCreate(["a"]);
        await engine.clearLocks();
        await engine.settle([{ urn: thing("a"), id: "a-404" }]);
        expect((await engine.resources()).map(({ name }) => name)).to.deep.equal(["fixture-test"]);
        expect((await engine.up()).counts).to.deep.equal({ same: 1, create: 1 });
    });

    it("adopts into an empty state what the program declares", async () => {
        stack.write(`const group = new Group("g"); new Thing("inner", { value: "x" }, { parent: group }); new Thing("g", { value: "y" });`);
        stack.cloud.stored.set("inner-7", { type: THING, name: "inner", inputs: { value: "x" } });
        stack.cloud.stored.set("g-8", { type: THING, name: "g", inputs: { value: "y" } });
        await engine.adopt([
            { urn: INNER, type: THING, name: "inner", parent: GROUP, id: "inner-7" },
            { urn: thing("g"), type: THING, name: "g", parent: `${URN}pulumi:pulumi:Stack::fixture-test`, id: "g-8" },
            { urn: GROUP, type: "memory:index:Group", name: "g" },
        ]);
        expect((await engine.resources()).map(({ urn, id }) => [urn, id])).to.have.deep.members([
            [`${URN}pulumi:pulumi:Stack::fixture-test`, undefined], [GROUP, undefined], [INNER, "inner-7"], [thing("g"), "g-8"],
        ]);
        expect((await engine.up()).counts).to.deep.equal({ same: 4 });
        expect(stack.cloud.takeLog()).to.deep.equal([]);
    });

    it("says what cannot be adopted", async () => {
        const error = await failureOf(engine.adopt([{ urn: thing("a"), type: THING, name: "a", id: "a-404" }]));
        expect(error).to.be.instanceOf(EngineError);
        expect(error.message).to.contain(`${THING} a: `).and.to.contain("a-404");
    });

    it("brings back an exported state, its secrets encrypted", async () => {
        stack.write(`new Thing("a", { value: "x", password: pulumi.secret("hunter2-hunter2") });`);
        await engine.up();
        const state = await engine.exportState();
        expect(JSON.stringify(state)).not.to.contain("hunter2");
        stack.write("");
        stack.cloud.options = { before: () => { throw new Error("nothing may be touched"); } };
        await engine.importState({ ...state as object, deployment: { ...(state as { deployment: object }).deployment, resources: [] } });
        expect(await engine.resources()).to.deep.equal([]);
        await engine.importState(state);
        stack.write(`new Thing("a", { value: "x", password: pulumi.secret("hunter2-hunter2") });`);
        expect((await engine.up()).counts).to.deep.equal({ same: 2 });
    });

    it("ends on a signal after what runs was done", async () => {
        stack.write(`const a = new Thing("a"); new Thing("b", { value: a.arn });`);
        const controller = new AbortController();
        stack.cloud.options = {
            before: async ({ name }) => {
                if (name !== "a") return;
                controller.abort();
                await sleep(500);
            },
        };
        const error = await failureOf(engine.up({ signal: controller.signal }));
        expect((error.cause as Error).name).to.equal("AbortError");
        expect(await engine.pendingOperations()).to.deep.equal([]);
        expect(await engine.locks()).to.deep.equal([]);
        expect((await engine.resources()).map(({ name }) => name)).to.have.members(["fixture-test", "a"]);
        stack.cloud.takeLog();
        stack.cloud.options = {};
        expect((await engine.up()).counts).to.deep.equal({ same: 2, create: 1 });
    });
});
