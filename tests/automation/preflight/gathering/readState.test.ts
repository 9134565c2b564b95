import { expect } from "chai";
import type { StackResource } from "../../../../automation/engine/engine.ts";
import { offlineEngine } from "../../../../automation/engine/offlineEngine.ts";
import { readState } from "../../../../automation/preflight/gathering/readState.ts";
import { FakeEngine } from "../../../support/phaseWorld.ts";

const TABLE: StackResource = { urn: "urn:table", type: "aws:dynamodb/table:Table", name: "table", custom: true, id: "t", dependencies: [], inputs: {}, outputs: {} };

describe("the state as rules see it", () => {
    it("has what exists, and without an id what a killed run began to make", async () => {
        const engine = new FakeEngine();
        engine.resourcesNow = [TABLE];
        engine.pendingNow = [
            { urn: "urn:role", type: "aws:iam/role:Role", name: "role", operation: "creating", inputs: { name: "r" } },
            { urn: "urn:table", type: TABLE.type, name: "table", operation: "updating", inputs: {} },
        ];
        const state = await readState(engine);
        expect(state?.map(({ urn, id }) => [urn, id])).to.deep.equal([["urn:table", "t"], ["urn:role", undefined]]);
    });

    it("is empty before the first deployment", async () => {
        expect(await readState(new FakeEngine())).to.deep.equal([]);
    });

    it("is not known where none was opened, or it cannot be read: that is not the same as empty", async () => {
        expect(await readState(offlineEngine)).to.equal(undefined);
        const engine = Object.assign(new FakeEngine(), { resources: () => Promise.reject(new Error("incorrect passphrase")) });
        expect(await readState(engine)).to.equal(undefined);
    });
});
