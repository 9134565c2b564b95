/** Runs on the real CLI that are killed, or stopped by a signal: what the next one finds, and makes of it. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "chai";
import type { EngineLock } from "../../../../automation/engine/engine.ts";
import { EngineError } from "../../../../automation/engine/engine.ts";
import { LockedError } from "../../../../automation/errors.ts";
import { errorOf, GROUP, INNER, stageEngine, THING, urnOfThing, WAIT_LIMIT_MS, waitFor } from "../../../support/engineStage.ts";
import { PULUMI_STACK, describeWithPulumi } from "../../../support/pulumiStack.ts";

const KILLED_DRIVER = path.resolve(import.meta.dirname, "../../../support/pulumiKilledDriver.ts");

describeWithPulumi("a killed run on a real Pulumi CLI", function () {
    this.timeout(120_000);
    const stage = stageEngine();

    /** Runs `up` until these are being created, and kills the CLI there. */
    async function killDuringCreate(names: readonly string[]): Promise<EngineLock> {
        const begun = new Set<string>();
        let release = (): void => {};
        const released = new Promise<void>((resolve) => { release = resolve; });
        stage.stack.cloud.options = {
            before: async ({ name }) => {
                if (!names.includes(name)) return;
                begun.add(name);
                await released;
                throw new Error("nobody waits for this any more");
            },
        };
        const failed = errorOf(stage.engine.up());
        await waitFor(async () => (begun.size === names.length ? true : undefined));
        // The state is written after the create was asked for.
        await waitFor(async () => ((await stage.engine.pendingOperations()).length === names.length ? true : undefined));
        const [lock] = await stage.engine.locks();
        if (lock === undefined) throw new Error("the CLI holds no lock");
        process.kill(lock.pid, "SIGKILL");
        expect(await failed).to.be.instanceOf(EngineError);
        release();
        stage.stack.cloud.options = {};
        return lock;
    }

    it("takes in what a killed run had made, and forgets what it had not", async () => {
        stage.stack.write(`const group = new Group("g"); new Thing("inner", { value: "x", password: pulumi.secret("hunter2-hunter2") }, { parent: group }); new Thing("lost", { value: "y" });`);
        const lock = await killDuringCreate(["inner", "lost"]);
        expect(lock.host).not.to.equal("");
        expect(Date.now() - lock.since.getTime()).to.be.within(0, WAIT_LIMIT_MS);
        expect(await stage.engine.pendingOperations()).to.have.deep.members([
            { urn: INNER, type: THING, name: "inner", operation: "creating", inputs: { value: "x" } },
            { urn: urnOfThing("lost"), type: THING, name: "lost", operation: "creating", inputs: { value: "y" } },
        ]);
        const locked = await errorOf(stage.engine.up());
        expect(locked).to.be.instanceOf(LockedError);
        expect(locked.message).to.contain(`(process ${lock.pid})`);
        await stage.engine.clearLocks();
        expect(await stage.engine.locks()).to.deep.equal([]);
        expect((await errorOf(stage.engine.settle([{ urn: INNER, id: "inner-7" }]))).message).to.contain("lost");
        stage.stack.cloud.stored.set("inner-7", { type: THING, name: "inner", inputs: { value: "x", password: "hunter2-hunter2" } });
        await stage.engine.settle([{ urn: INNER, id: "inner-7" }, { urn: urnOfThing("lost") }]);
        expect(await stage.engine.pendingOperations()).to.deep.equal([]);
        const inner = (await stage.engine.resources()).find(({ urn }) => urn === INNER);
        expect(inner).to.include({ id: "inner-7", parent: GROUP });
        expect(inner?.outputs["arn"]).to.equal("arn:memory:inner-7");
        stage.stack.cloud.takeLog();
        expect((await stage.engine.up()).counts).to.deep.equal({ same: 3, create: 1 });
        expect(stage.stack.cloud.takeLog()).to.deep.equal(["create lost"]);
    });

    it("forgets a create that was taken in though nothing came of it", async () => {
        stage.stack.write(`new Thing("a", { value: "x" });`);
        await killDuringCreate(["a"]);
        await stage.engine.clearLocks();
        await stage.engine.settle([{ urn: urnOfThing("a"), id: "a-404" }]);
        expect((await stage.engine.resources()).map(({ name }) => name)).to.deep.equal(["fixture-test"]);
        expect((await stage.engine.up()).counts).to.deep.equal({ same: 1, create: 1 });
    });

    it("finishes what it began when the driver is killed", async () => {
        stage.stack.write(`const a = new Thing("a", { value: "x" }); new Thing("b", { value: a.arn });`);
        const options = { projectFolder: stage.stack.folder, stack: PULUMI_STACK, environment: stage.stack.environment };
        const driver = spawn(process.execPath, [KILLED_DRIVER, JSON.stringify(options)], { stdio: "ignore" });
        stage.stack.cloud.options = {
            before: async ({ name }) => {
                if (name !== "a") return;
                driver.kill("SIGKILL");
                await once(driver, "exit");
            },
        };
        await waitFor(async () => (stage.stack.cloud.names.includes("b") && (await stage.engine.locks()).length === 0 ? true : undefined));
        expect(driver.signalCode).to.equal("SIGKILL");
        expect(await stage.engine.pendingOperations()).to.deep.equal([]);
        expect((await stage.engine.up()).counts).to.deep.equal({ same: 3 });
    });

    it("ends on a signal after what runs was done", async () => {
        stage.stack.write(`const a = new Thing("a"); new Thing("b", { value: a.arn });`);
        const controller = new AbortController();
        stage.stack.cloud.options = {
            before: async ({ name }) => {
                if (name !== "a") return;
                controller.abort();
                await sleep(500);
            },
        };
        const error = await errorOf(stage.engine.up({ signal: controller.signal }));
        expect((error.cause as Error).name).to.equal("AbortError");
        expect(await stage.engine.pendingOperations()).to.deep.equal([]);
        expect(await stage.engine.locks()).to.deep.equal([]);
        expect((await stage.engine.resources()).map(({ name }) => name)).to.have.members(["fixture-test", "a"]);
        stage.stack.cloud.takeLog();
        stage.stack.cloud.options = {};
        expect((await stage.engine.up()).counts).to.deep.equal({ same: 2, create: 1 });
    });
});
