import { expect } from "chai";
import { writeAsAsked } from "../../../../automation/engine/pulumi/adoptedInputs.ts";
import type { StackExport } from "../../../../automation/engine/pulumi/checkpoint.ts";
import { FileReference, UNKNOWN } from "../../../../automation/engine/provider.ts";
import type { PropertyMap } from "../../../../automation/engine/provider.ts";

const TYPE = "aws:lambda/permission:Permission";
const URN = `urn:pulumi:dev::firstlight::${TYPE}::caller`;
const SECRET = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", ciphertext: "v1:abc" };

/** Inputs in the state after an import that found `imported`, of a program that asks for `asked`. */
function write(imported: PropertyMap, asked: PropertyMap | undefined): PropertyMap | undefined {
    const state: StackExport = { version: 3, deployment: { resources: [{ urn: URN, type: TYPE, custom: true, id: "one", inputs: imported, outputs: { arn: "arn" } }] } };
    const written = writeAsAsked(state, [{ urn: URN, type: TYPE, name: "caller", id: "one", ...(asked === undefined ? {} : { inputs: asked }) }]);
    expect(written.deployment?.resources?.[0]).to.deep.include({ id: "one", outputs: { arn: "arn" } });
    return written.deployment?.resources?.[0]?.inputs;
}

describe("inputs of imported resources", () => {
    it("are what the program asks for, not what the provider tells beside it", () => {
        expect(write({ value: "x", path: "/", timeout: 3 }, { value: "x", size: 2 })).to.deep.equal({ value: "x", size: 2 });
    });

    it("are the import's where the plan knows none, and where they are secret", () => {
        expect(write({ arn: "arn:1", password: SECRET }, { arn: UNKNOWN, password: "p", role: UNKNOWN })).to.deep.equal({ arn: "arn:1", password: SECRET });
    });

    it("keep a generated name, noted as such, and no other", () => {
        expect(write({ statementId: "caller-64ef7b2", function: "f" }, { statementId: "caller-0000000", function: "f" }))
            .to.deep.equal({ statementId: "caller-64ef7b2", function: "f", __defaults: ["statementId"] });
        expect(write({ statementId: "other" }, { statementId: "caller-0000000" })).to.deep.equal({ statementId: "caller-0000000" });
    });

    it("hold files by their hashes", () => {
        expect(write({}, { code: new FileReference("archive", "/bundle.zip", "abc") }))
            .to.deep.equal({ code: { "4dabf18193072939515e22adb298388d": "0def7320c3a5731c473e5ecbe6d01bc7", path: "/bundle.zip", hash: "abc" } });
    });

    it("stay as they were imported where nobody says what is asked for", () => {
        expect(write({ value: "x", path: "/" }, undefined)).to.deep.equal({ value: "x", path: "/" });
    });
});
