import { expect } from "chai";
import { driftedProperties, observe, observeInputs } from "../../../../automation/engine/embedded/observation.ts";
import type { ResourceRecord } from "../../../../automation/engine/embedded/state.ts";
import { Secret } from "../../../../automation/engine/embedded/values.ts";
import type { ValueMap } from "../../../../automation/engine/embedded/values.ts";
import type { PropertyMap } from "../../../../automation/engine/provider.ts";
import { THING } from "../../../support/embeddedMemoryProvider.ts";

describe("observeInputs", () => {
    const inputs = (asked: ValueMap, observed: PropertyMap): ValueMap => observeInputs(THING, asked, observed).inputs;

    it("keeps what was asked where the cloud has it, whatever else the cloud has", () => {
        const asked: ValueMap = { value: "x", tags: {}, rules: [{ name: "a", count: 1 }] };
        const { inputs: found, differences } = observeInputs(THING, asked, { value: "x", size: 3, rules: [{ name: "a", count: 9 }] });
        expect(found).to.equal(asked);
        expect(differences).to.deep.equal([]);
    });

    it("takes the cloud's values where they differ, deep inside too, and leaves the rest", () => {
        expect(inputs({ value: "x", nested: { inner: 1, fixed: 2 } }, { value: "y", nested: { inner: 5, fixed: 2 } })).to.deep.equal({ value: "y", nested: { inner: 5, fixed: 2 } });
        expect(inputs({ rules: [{ name: "a", count: 1 }] }, { rules: [{ name: "b" }] })).to.deep.equal({ rules: [{ name: "b", count: 1 }] });
    });

    it("takes out what the cloud does not have", () => {
        expect(inputs({ value: "x", tags: { a: "1", b: "2" } }, { tags: { b: "2" } })).to.deep.equal({ tags: { b: "2" } });
        expect(inputs({ list: ["a", "b", "c"] }, { list: ["a"] })).to.deep.equal({ list: ["a"] });
    });

    it("takes lists that are longer in the cloud as they are there", () => {
        expect(inputs({ list: ["a"] }, { list: ["b", "c"] })).to.deep.equal({ list: ["b", "c"] });
    });

    it("keeps a secret secret", () => {
        expect(inputs({ password: new Secret("old") }, { password: "new" })).to.deep.equal({ password: new Secret("new") });
    });
});

describe("observe", () => {
    const record: ResourceRecord = {
        urn: "urn:pulumi:s::p::m:i:T::a", type: THING.type, custom: true, id: "a-1", inputs: { value: "x" }, outputs: { value: "x", arn: "old" },
        dependencies: [], propertyDependencies: {}, protect: false, retainOnDelete: false, ignoreChanges: [], additionalSecretOutputs: [],
        autoNamed: false, initErrors: ["value: asked \"x\""], pendingDeletion: false, pendingReplacement: false,
    };

    it("gives the record the cloud's id, inputs and outputs, and no error any more", () => {
        const observation = observe(record, { id: "a-2", inputs: { value: "y" }, outputs: { arn: "new", token: "t" } }, THING);
        expect(observation.record).to.deep.include({ id: "a-2", inputs: { value: "y" }, initErrors: [] });
        expect(observation.record.outputs).to.deep.equal({ value: "y", arn: "new", token: new Secret("t") });
        expect(observation.differences).to.deep.equal([["value"]]);
    });

    it("counts no difference that the program ignores", () => {
        const differences = [["value"], ["nested", "inner"], ["nested", "fixed"]];
        expect(driftedProperties(differences, [])).to.deep.equal(["value", "nested"]);
        expect(driftedProperties(differences, ["value", "nested.inner"])).to.deep.equal(["nested"]);
        expect(driftedProperties(differences, ["*"])).to.deep.equal([]);
    });
});
