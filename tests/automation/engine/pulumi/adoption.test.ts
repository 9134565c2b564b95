import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { expect } from "chai";
import { EngineError } from "../../../../automation/engine/engine.ts";
import { buildImport, checkImport } from "../../../../automation/engine/pulumi/adoption.ts";
import type { StackExport } from "../../../../automation/engine/pulumi/checkpoint.ts";

const URN = "urn:pulumi:test::fixture::";
const ROOT = `${URN}pulumi:pulumi:Stack::fixture-test`;
const GROUP = { urn: `${URN}memory:index:Group::g`, type: "memory:index:Group", name: "g" };
const OUTER = { urn: `${URN}memory:index/thing:Thing::g`, type: "memory:index/thing:Thing", name: "g", parent: ROOT, id: "g-8" };
const INNER = { urn: `${URN}memory:index:Group$memory:index/thing:Thing::inner`, type: "memory:index/thing:Thing", name: "inner", parent: GROUP.urn, id: "inner-7" };
const EMPTY: StackExport = { version: 3, deployment: null };

function stateWith(resources: readonly object[]): StackExport {
    return { version: 3, deployment: { resources } } as unknown as StackExport;
}

describe("an import", () => {
    let projectFolder: string;
    before(() => {
        projectFolder = mkdtempSync(path.join(os.tmpdir(), "firstlight-adoption-"));
        mkdirSync(path.join(projectFolder, "node_modules", "@pulumi", "memory"), { recursive: true });
        writeFileSync(path.join(projectFolder, "node_modules", "@pulumi", "memory", "package.json"), JSON.stringify({ version: "4.5.6" }));
    });
    after(() => rmSync(projectFolder, { recursive: true }));

    function build(wanted: Parameters<typeof buildImport>[0], state: StackExport): ReturnType<typeof buildImport> {
        return buildImport(wanted, state, { projectFolder, project: "fixture", stack: "test" });
    }

    it("names every resource by its URN, parents first, with the version that the program asks for", () => {
        const { resources, nameTable } = build([INNER, OUTER, GROUP], EMPTY);
        expect(resources).to.deep.equal([
            { type: OUTER.type, name: OUTER.urn, logicalName: "g", id: "g-8", version: "4.5.6" },
            { type: GROUP.type, name: GROUP.urn, logicalName: "g", component: true },
            { type: INNER.type, name: INNER.urn, logicalName: "inner", parent: GROUP.urn, id: "inner-7", version: "4.5.6" },
        ]);
        expect(nameTable).to.deep.equal({});
    });

    it("leaves out what the state has, and takes the plugin's version from there", () => {
        const provider = { urn: `${URN}pulumi:providers:memory::default_1_2_3`, type: "pulumi:providers:memory", inputs: { version: "1.2.3" } };
        const { resources, nameTable } = build([GROUP, INNER], stateWith([{ urn: ROOT, type: "pulumi:pulumi:Stack" }, provider, GROUP]));
        expect(resources).to.deep.equal([{ type: INNER.type, name: INNER.urn, logicalName: "inner", parent: GROUP.urn, id: "inner-7", version: "1.2.3" }]);
        expect(nameTable).to.deep.equal({ [GROUP.urn]: GROUP.urn });
    });

    it("is refused when a parent is missing", () => {
        expect(() => build([INNER], EMPTY)).to.throw(EngineError, `its parent ${GROUP.urn} is neither in the state nor adopted with it`);
    });

    it("is refused before anything is touched when it would make another URN", () => {
        expect(() => build([{ ...OUTER, urn: INNER.urn }], EMPTY)).to.throw(EngineError, `would be adopted as ${OUTER.urn}, not as ${INNER.urn}`);
    });

    it("is checked by what the state holds after it", () => {
        const held = { urn: OUTER.urn, type: OUTER.type, name: "g", custom: true, dependencies: [], inputs: {}, outputs: {} };
        expect(() => checkImport([OUTER], [held])).not.to.throw();
        const other = `${URN}other$${OUTER.type}::g`;
        expect(() => checkImport([OUTER], [{ ...held, urn: other }])).to.throw(EngineError, `was adopted as ${other}, not as ${OUTER.urn}`);
        expect(() => checkImport([OUTER], [])).to.throw(EngineError, "was adopted as nothing");
    });
});
