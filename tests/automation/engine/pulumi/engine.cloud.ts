/** The engine on the real CLI, with a provider whose cloud is a map. Runs that are killed: kills.cloud.ts. */
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { expect } from "chai";
import type { EngineEvent } from "../../../../automation/engine/engine.ts";
import { EngineError } from "../../../../automation/engine/engine.ts";
import { errorOf, GROUP, INNER, ROOT, stageEngine, THING, urnOfThing } from "../../../support/engineStage.ts";
import { PULUMI_PROJECT, PULUMI_STACK, describeWithPulumi } from "../../../support/pulumiStack.ts";

describeWithPulumi("the engine on a real Pulumi CLI", function () {
    this.timeout(120_000);
    const stage = stageEngine();

    it("says which CLI it runs", () => {
        expect(stage.engine.describe().version).to.match(/^3\.\d+\.\d+/);
        expect(stage.engine.describe().path).to.match(/^\/.*pulumi$/);
    });

    it("reads the state where it lies, and where that cannot be, by one run of the CLI for all who ask at the same time", async () => {
        stage.stack.write(`new Thing("a"); export const word = "w";`);
        await stage.engine.up();
        const log = path.join(stage.stack.folder, "runs");
        const counting = path.join(stage.stack.folder, "counting-pulumi");
        const { path: command, version } = stage.engine.describe();
        writeFileSync(counting, `#!/bin/sh\necho "$1 $2" >> '${log}'\nPATH='${path.dirname(command)}':"$PATH" exec '${command}' "$@"\n`, { mode: 0o755 });
        const counted = await stage.stack.open({ cli: { path: counting, version } });
        const [resources, pending, outputs] = await Promise.all([counted.resources(), counted.pendingOperations(), counted.outputs()]);
        expect([resources.map(({ name }) => name), pending, outputs]).to.deep.equal([["fixture-test", "a"], [], { word: "w" }]);
        expect(existsSync(log), "asked without the CLI").to.equal(false);
        expect(await counted.exportState()).to.have.nested.property("deployment.resources").that.has.length(resources.length + 1);
        const state = path.join(stage.stack.folder, "backend", ".pulumi", "stacks", PULUMI_PROJECT, `${PULUMI_STACK}.json`);
        writeFileSync(`${state}.gz`, gzipSync(readFileSync(state)));
        rmSync(state);
        rmSync(log);
        expect(await Promise.all([counted.resources(), counted.pendingOperations(), counted.outputs()])).to.deep.equal([resources, pending, outputs]);
        expect(readFileSync(log, "utf8")).to.equal("stack export\n");
        writeFileSync(state, gunzipSync(readFileSync(`${state}.gz`)));
        rmSync(`${state}.gz`);
    });

    it("has nothing to say of a stack that does not exist, and does not make it", async () => {
        const other = await stage.stack.open({ stack: "other" });
        expect(await other.resources()).to.deep.equal([]);
        expect(await other.outputs()).to.deep.equal({});
        expect(await other.pendingOperations()).to.deep.equal([]);
        expect(await other.refresh()).to.deep.equal([]);
        expect(await other.destroy()).to.deep.equal({});
        expect(await other.exportState()).to.deep.equal({ version: 3, deployment: null });
    });

    it("tells what the backend knows beside the stack: what was deployed, and others that have resources", async () => {
        stage.stack.write(`new Thing("a");`);
        const other = await stage.stack.open({ stack: "beside" });
        await other.preview();
        expect(await other.backendView.wasDeployed(), "made by a preview alone").to.equal(false);
        const never = await stage.stack.open({ stack: "never" });
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
        stage.stack.write(`new Thing("a", { value: "x" }); new Thing("b", { size: 1 }); new Thing("c"); new Thing("kept", {}, { retainOnDelete: true }); export const word = "w"; export const hidden = pulumi.secret("s3cret");`);
        const planned = await stage.engine.preview();
        expect(planned.counts).to.deep.equal({ create: 5 });
        expect(planned.changes.map(({ name, operation, properties }) => [name, operation, properties])).to.have.deep.members([
            ["fixture-test", "create", []], ["a", "create", []], ["b", "create", []], ["c", "create", []], ["kept", "create", []],
        ]);
        expect(stage.stack.cloud.names).to.deep.equal([]);
        const first = await stage.engine.up();
        expect(first.counts).to.deep.equal({ create: 5 });
        expect(first.outputs).to.deep.equal({ word: "w" });
        expect(await stage.engine.outputs()).to.deep.equal({ word: "w" });
        stage.stack.write(`new Thing("a", { value: "y", tags: { k: "v" } }); new Thing("b", { size: 2 });`);
        const changed = await stage.engine.preview();
        expect(changed.counts).to.deep.equal({ same: 1, update: 1, replace: 1, delete: 1, retain: 1 });
        expect(changed.changes).to.have.deep.members([
            { urn: urnOfThing("a"), type: THING, name: "a", operation: "update", properties: ["tags", "value"] },
            { urn: urnOfThing("b"), type: THING, name: "b", operation: "replace", properties: ["size"] },
            { urn: urnOfThing("c"), type: THING, name: "c", operation: "delete", properties: [] },
            { urn: urnOfThing("kept"), type: THING, name: "kept", operation: "retain", properties: [] },
        ]);
        const events: EngineEvent[] = [];
        const second = await stage.engine.up({ onEvent: (event) => events.push(event) });
        expect(second).to.deep.equal({ counts: changed.counts, outputs: {} });
        const steps = events.map((event) => (event.kind === "resource" ? `${event.operation} ${event.name} ${event.status}` : event.message));
        expect(steps).to.have.members([
            "update a started", "update a done", "replace b started", "replace b done", "replace b started", "replace b done",
            "delete c started", "delete c done", "retain kept started", "retain kept done",
        ]);
        expect(stage.stack.cloud.names).to.deep.equal(["a", "b", "kept"]);
        expect((await stage.engine.up()).counts).to.deep.equal({ same: 3 });
    });

    it("names the resource that failed, without the secrets of the state", async () => {
        stage.stack.write(`new Thing("a", { password: pulumi.secret("hunter2-hunter2") });`);
        await stage.engine.up();
        stage.stack.cloud.options = { before: ({ kind, inputs }) => { if (kind === "update") throw new Error(`AccessDenied: not with hunter2-hunter2 in ${String(inputs["value"])}`); } };
        stage.stack.write(`new Thing("a", { value: "v", password: pulumi.secret("hunter2-hunter2") });`);
        const events: EngineEvent[] = [];
        const error = await errorOf(stage.engine.up({ onEvent: (event) => events.push(event) })) as EngineError;
        expect(error).to.be.instanceOf(EngineError);
        expect(error.urn).to.equal(urnOfThing("a"));
        expect(error.message).to.equal(`${THING} a: AccessDenied: not with [secret] in v`);
        const failed = events.find((event) => event.kind === "resource" && event.status === "failed");
        expect(failed).to.include({ name: "a", operation: "update", message: "AccessDenied: not with [secret] in v" });
        expect(JSON.stringify(events)).not.to.contain("hunter2");
        const [resource] = (await stage.engine.resources()).filter(({ name }) => name === "a");
        expect(resource?.custom).to.equal(true);
        expect(JSON.stringify(resource)).not.to.contain("hunter2").and.not.to.contain("ciphertext");
    });

    it("finds drift, and the next up puts it right", async () => {
        stage.stack.write(`new Thing("a", { value: "x", tags: { k: "v" } }); new Thing("b"); new Thing("c", { value: "z" });`);
        await stage.engine.up();
        expect(await stage.engine.refresh()).to.deep.equal([]);
        for (const [id, { name }] of stage.stack.cloud.stored) if (name === "b") stage.stack.cloud.stored.delete(id);
        for (const stored of stage.stack.cloud.stored.values()) if (stored.name === "a") stored.inputs = { ...stored.inputs, value: "drifted" };
        const events: EngineEvent[] = [];
        expect(await stage.engine.refresh({ onEvent: (event) => events.push(event) })).to.have.deep.members([
            { urn: urnOfThing("a"), type: THING, name: "a", kind: "changed", properties: ["value"] },
            { urn: urnOfThing("b"), type: THING, name: "b", kind: "deleted", properties: [] },
        ]);
        expect(events).to.deep.equal([]);
        stage.stack.cloud.takeLog();
        expect((await stage.engine.up()).counts).to.deep.equal({ same: 2, update: 1, create: 1 });
        expect(stage.stack.cloud.takeLog().sort()).to.deep.equal(["create b", "update a"]);
    });

    it("adopts into an empty state what the program declares", async () => {
        stage.stack.write(`const group = new Group("g"); new Thing("inner", { value: "x" }, { parent: group }); new Thing("g", { value: "y" });`);
        stage.stack.cloud.stored.set("inner-7", { type: THING, name: "inner", inputs: { value: "x" } });
        stage.stack.cloud.stored.set("g-8", { type: THING, name: "g", inputs: { value: "y" } });
        await stage.engine.adopt([
            { urn: INNER, type: THING, name: "inner", parent: GROUP, id: "inner-7" },
            { urn: urnOfThing("g"), type: THING, name: "g", parent: ROOT, id: "g-8" },
            { urn: GROUP, type: "memory:index:Group", name: "g" },
        ]);
        expect((await stage.engine.resources()).map(({ urn, id }) => [urn, id])).to.have.deep.members([
            [ROOT, undefined], [GROUP, undefined], [INNER, "inner-7"], [urnOfThing("g"), "g-8"],
        ]);
        expect((await stage.engine.up()).counts).to.deep.equal({ same: 4 });
        expect(stage.stack.cloud.takeLog()).to.deep.equal([]);
    });

    it("says what cannot be adopted", async () => {
        const error = await errorOf(stage.engine.adopt([{ urn: urnOfThing("a"), type: THING, name: "a", id: "a-404" }]));
        expect(error).to.be.instanceOf(EngineError);
        expect(error.message).to.contain(`${THING} a: `).and.to.contain("a-404");
    });

    it("brings back an exported state, its secrets encrypted", async () => {
        stage.stack.write(`new Thing("a", { value: "x", password: pulumi.secret("hunter2-hunter2") });`);
        await stage.engine.up();
        const state = await stage.engine.exportState();
        expect(JSON.stringify(state)).not.to.contain("hunter2");
        stage.stack.write("");
        stage.stack.cloud.options = { before: () => { throw new Error("nothing may be touched"); } };
        await stage.engine.importState({ ...state as object, deployment: { ...(state as { deployment: object }).deployment, resources: [] } });
        expect(await stage.engine.resources()).to.deep.equal([]);
        await stage.engine.importState(state);
        stage.stack.write(`new Thing("a", { value: "x", password: pulumi.secret("hunter2-hunter2") });`);
        expect((await stage.engine.up()).counts).to.deep.equal({ same: 2 });
    });
});
