import { expect } from "chai";
import type { StackExport } from "../../../../automation/engine/pulumi/checkpoint.ts";
import { findPluginVersion, findSecretTexts, readOutputs, readPendingOperations, readResources } from "../../../../automation/engine/pulumi/checkpoint.ts";

const URN = "urn:pulumi:test::fixture::";
const SECRET = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", ciphertext: "v1:x:y" };
const THING = "memory:index/thing:Thing";

const STATE: StackExport = {
    version: 3,
    deployment: {
        resources: [
            { urn: `${URN}pulumi:pulumi:Stack::fixture-test`, type: "pulumi:pulumi:Stack", custom: false, outputs: { word: "w", hidden: SECRET, mixed: { open: 1, closed: [SECRET] } } },
            { urn: `${URN}pulumi:providers:memory::default_1_2_3`, type: "pulumi:providers:memory", custom: true, id: "p", inputs: { version: "1.2.3" } },
            {
                urn: `${URN}${THING}::a::b`, type: THING, custom: true, id: "a-1", parent: `${URN}pulumi:pulumi:Stack::fixture-test`,
                inputs: { __defaults: [], value: "x", password: SECRET }, outputs: { arn: "arn", token: SECRET },
            },
        ],
        pending_operations: [{ type: "creating", resource: { urn: `${URN}${THING}::late`, type: THING, custom: true, inputs: { value: "y", password: SECRET } } }],
    },
} as unknown as StackExport;

describe("the state that the Pulumi CLI exports", () => {
    it("holds the program's resources, without secrets and without default providers", () => {
        const [root, thing, ...others] = readResources(STATE);
        expect(others).to.deep.equal([]);
        expect(root).to.deep.include({ type: "pulumi:pulumi:Stack", name: "fixture-test", custom: false });
        expect(thing).to.deep.equal({
            urn: `${URN}${THING}::a::b`, type: THING, name: "a::b", custom: true, id: "a-1", parent: `${URN}pulumi:pulumi:Stack::fixture-test`,
            dependencies: [], inputs: { value: "x" }, outputs: { arn: "arn" },
        });
    });

    it("gives outputs that hold no secret at any depth", () => {
        expect(readOutputs(STATE)).to.deep.equal({ word: "w" });
    });

    it("gives pending operations with the inputs that are no secrets", () => {
        expect(readPendingOperations(STATE)).to.deep.equal([{ urn: `${URN}${THING}::late`, type: THING, name: "late", operation: "creating", inputs: { value: "y" } }]);
    });

    it("is empty when the stack was never deployed", () => {
        const state = { version: 3, deployment: null };
        expect([readResources(state), readPendingOperations(state), readOutputs(state)]).to.deep.equal([[], [], {}]);
    });

    it("knows the version behind a package's default provider", () => {
        expect(findPluginVersion(STATE, "memory")).to.equal("1.2.3");
        expect(findPluginVersion(STATE, "aws")).to.equal(undefined);
    });

    it("gives up all its secret texts when it shows them", () => {
        const shown = (value: unknown): object => ({ ...SECRET, ciphertext: undefined, plaintext: JSON.stringify(value) });
        const state = { resources: [{ inputs: { a: shown("one"), open: "no" }, outputs: { b: [shown({ deep: ["two", 3] })] } }] };
        expect(findSecretTexts(state)).to.deep.equal(["one", "two"]);
    });
});
