import { expect } from "chai";
import type { StackResource } from "../../../../automation/engine/engine.ts";
import { createOfflineEngine } from "../../../../automation/engine/offlineEngine.ts";
import { readState } from "../../../../automation/preflight/gathering/readState.ts";
import { failureOf, FakeEngine } from "../../../support/phaseWorld.ts";

const TABLE: StackResource = { urn: "urn:table", type: "aws:dynamodb/table:Table", name: "table", custom: true, id: "t", dependencies: [], inputs: {}, outputs: {} };

describe("the state as rules see it", () => {
    it("has what exists, and without an id what a killed run began to make", async () => {
        const engine = new FakeEngine();
        engine.resourcesNow = [TABLE];
        engine.pendingNow = [
            { urn: "urn:role", type: "aws:iam/role:Role", name: "role", operation: "creating", inputs: { name: "r" } },
            { urn: "urn:table", type: TABLE.type, name: "table", operation: "updating", inputs: {} },
        ];
        const { state } = await readState(engine);
        expect(state?.map(({ urn, id }) => [urn, id])).to.deep.equal([["urn:table", "t"], ["urn:role", undefined]]);
    });

    it("is empty before the first deployment", async () => {
        expect(await readState(new FakeEngine())).to.deep.equal({ state: [] });
    });

    it("is not known where it cannot be read, and says why: that is not the same as empty", async () => {
        const engine = createOfflineEngine(() => Promise.reject(new Error("no Pulumi backend is chosen\nand more")));
        expect(await readState(engine)).to.deep.equal({ problem: "no Pulumi backend is chosen" });
    });

    it("is looked at once by an engine that only looks, which changes nothing", async () => {
        let looks = 0;
        const role = { urn: "urn:pulumi:dev::p::aws:iam/role:Role::role", type: "aws:iam/role:Role", custom: true, id: "r" };
        const engine = createOfflineEngine(async () => {
            looks++;
            return { version: 3, deployment: { resources: [role], pending_operations: [{ resource: { ...role, urn: `${role.urn}2` }, type: "creating" }] } };
        });
        const { state } = await readState(engine);
        expect([looks, state?.map(({ name, id }) => [name, id])]).to.deep.equal([1, [["role", "r"], ["role2", undefined]]]);
        expect(await failureOf(engine.up())).to.have.property("message", "preflight must not deploy");
    });
});
