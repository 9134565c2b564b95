import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { expect } from "chai";
import { StateFile } from "../../../../automation/engine/embedded/state.ts";
import type { ResourceRecord } from "../../../../automation/engine/embedded/state.ts";
import { ResourceReference, Secret } from "../../../../automation/engine/embedded/values.ts";
import { EngineError } from "../../../../automation/engine/engine.ts";
import { FileReference } from "../../../../automation/engine/provider.ts";

const RECORD: ResourceRecord = {
    urn: "urn:pulumi:s::p::m:i:T::a", type: "m:i:T", custom: true, id: "a-1",
    inputs: { secret: new Secret({ key: "hunter22" }), file: new FileReference("archive", "/x.zip", "abc"), list: [1, null, true] },
    outputs: { other: new ResourceReference("urn:other", "id"), component: new ResourceReference("urn:component") },
    dependencies: [], propertyDependencies: {}, protect: false, retainOnDelete: false, ignoreChanges: [], additionalSecretOutputs: [],
    autoNamed: false, initErrors: [], pendingDeletion: false, pendingReplacement: false,
};

describe("StateFile", () => {
    const folder = mkdtempSync(path.join(os.tmpdir(), "firstlight-state-"));
    const options = { file: path.join(folder, "deep", "state.json"), project: "p", stack: "s", passphrase: "correct horse" };
    after(() => rmSync(folder, { recursive: true }));

    it("is empty before the first save", () => {
        expect(new StateFile(options).load()).to.deep.equal({ resources: [], pendingOperations: [] });
    });

    it("gives back what was saved, and leaves no secret and no other file behind", () => {
        const pendingOperations = [{ operation: "creating", resource: RECORD }] as const;
        new StateFile(options).save({ resources: [RECORD], pendingOperations });
        expect(new StateFile(options).load()).to.deep.equal({ resources: [RECORD], pendingOperations });
        expect(readFileSync(options.file, "utf8")).not.to.include("hunter22");
        expect(readdirSync(path.dirname(options.file))).to.deep.equal(["state.json"]);
    });

    it("refuses another passphrase, another stack, and a file that is no state", () => {
        new StateFile(options).save({ resources: [RECORD], pendingOperations: [] });
        expect(() => new StateFile({ ...options, passphrase: "other" }).load()).to.throw(EngineError, "passphrase");
        expect(() => new StateFile({ ...options, stack: "t" }).load()).to.throw(EngineError, "is the state of p/s, not of p/t");
        const broken = { ...options, file: path.join(folder, "broken.json") };
        writeFileSync(broken.file, "{");
        expect(() => new StateFile(broken).load()).to.throw(EngineError, "is not a state file");
    });
});
