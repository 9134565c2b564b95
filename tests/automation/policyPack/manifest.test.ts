import { readFileSync } from "node:fs";
import path from "node:path";
import { expect } from "chai";
import { parse } from "yaml";

const PROJECT = path.resolve(import.meta.dirname, "../../..");
const read = (file: string): string => readFileSync(path.join(PROJECT, file), "utf8");

describe("the policy pack's manifests", () => {
    it("have the project's version, which the pack is shown with", () => {
        const { version } = JSON.parse(read("package.json")) as { version: string };
        expect(JSON.parse(read("automation/policyPack/package.json"))).to.include({ version, type: "module", main: "index.cjs" });
        expect(parse(read("automation/policyPack/PulumiPolicy.yaml"))).to.include({ version, runtime: "nodejs" });
    });
});
