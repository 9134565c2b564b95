import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect } from "chai";
import { findKey, locateFindings } from "../../../automation/preflight/locateFindings.ts";
import type { PreflightResult, RuleFinding } from "../../../automation/preflight/result.ts";
import { buildPlan, urnOf } from "../../../automation/preflight/samples.ts";

const YAML = `# A comment.
config:
  aws:region: us-east-1
  firstlight:preset: dev
  firstlight:training:
    # Cheaper.
    instanceType: ml.m5.large
    hyperparameters: { max_depth: 4 }
  alerts:
    emails: []
`;
const PLACE = { file: "Pulumi.dev.yaml", project: "firstlight" };

function lineOf(setting: string): number | undefined {
    return findKey(YAML, { ...PLACE, setting })?.line;
}

const COMPONENT = { type: "firstlight:compute:LambdaFunction", name: "health", custom: false, sourcePosition: { file: "index.ts", line: 65 } };
const FUNCTION = { type: "aws:lambda/function:Function", name: "health-function", parent: urnOf(COMPONENT), sourcePosition: { file: "components/lambda.ts", line: 86 } };
const SIBLING = { type: "aws:iam/role:Role", name: "health-role", parent: urnOf(COMPONENT), sourcePosition: { file: "index.ts", line: 65 } };

function resultOf(finding: Partial<RuleFinding>): PreflightResult {
    const whole: RuleFinding = { id: "F28", title: "", severity: "blocker", where: "dev/health", what: "", fix: "", ...finding };
    return { findings: [whole], passed: [], notChecked: [], notApplicable: [], skipped: [] };
}

describe("the line of a setting", () => {
    it("is that of its key, with the project's name before it or without", () => {
        expect(lineOf("training.instanceType")).to.equal(7);
        expect(lineOf("training.hyperparameters.max_depth")).to.equal(8);
        expect(lineOf("alerts.emails")).to.equal(10);
    });

    it("is that of its section where it stands at its default, and none without a section", () => {
        expect(lineOf("training.spot")).to.equal(5);
        expect(lineOf("inference.memoryMiB")).to.equal(undefined);
        expect(findKey("config: [", { ...PLACE, setting: "training.spot" })).to.equal(undefined);
    });
});

describe("a finding", () => {
    it("points to the setting, to the line of its resource, and to the components around it, each line once", async () => {
        const projectFolder = mkdtempSync(path.join(tmpdir(), "firstlight-lines-"));
        writeFileSync(path.join(projectFolder, "Pulumi.dev.yaml"), YAML);
        const plan = buildPlan(COMPONENT, FUNCTION, SIBLING);
        const plans = { asIs: buildPlan(), endpointsOn: plan };
        const file = { projectFolder, stack: "dev", project: "firstlight" };
        const both = await locateFindings(resultOf({ urn: urnOf(FUNCTION), setting: "training.instanceType" }), plans, file);
        expect(both.findings[0]?.at).to.deep.equal([
            { file: "Pulumi.dev.yaml", line: 7 }, { file: "components/lambda.ts", line: 86 }, { file: "index.ts", line: 65 },
        ]);
        const sibling = await locateFindings(resultOf({ urn: urnOf(SIBLING) }), plans, file);
        expect(sibling.findings[0]?.at).to.deep.equal([{ file: "index.ts", line: 65 }]);
    });

    it("points to the resource that it names without a URN, if there is but one", async () => {
        const twin = { ...FUNCTION, type: "aws:lambda/alias:Alias" };
        const find = async (...resources: readonly typeof FUNCTION[]) => (
            (await locateFindings(resultOf({ where: "dev/health-function" }), { asIs: buildPlan(), endpointsOn: buildPlan(...resources) }, undefined)).findings[0]?.at);
        expect(await find(FUNCTION)).to.deep.equal([{ file: "components/lambda.ts", line: 86 }]);
        expect(await find(FUNCTION, twin)).to.equal(undefined);
    });

    it("is that of the package, in package.json", async () => {
        const projectFolder = mkdtempSync(path.join(tmpdir(), "firstlight-locate-"));
        writeFileSync(path.join(projectFolder, "package.json"), '{\n  "allow": { "@pulumi/command": false },\n  "dependencies": {\n    "@pulumi/command": "latest"\n  }\n}\n');
        const found = resultOf({ where: "dev/package.json @pulumi/command", packageName: "@pulumi/command" });
        const place = { projectFolder, stack: "dev", project: "firstlight" };
        expect((await locateFindings(found, undefined, place)).findings[0]?.at).to.deep.equal([{ file: "package.json", line: 4 }]);
        const other = await locateFindings(resultOf({ packageName: "@pulumi/aws" }), undefined, place);
        expect(other.findings[0]).not.to.have.property("at");
    });

    it("has no line where none is known: no property is made up", async () => {
        const found = await locateFindings(resultOf({ urn: "urn:unknown", setting: "training.spot" }), undefined, undefined);
        expect(found.findings[0]).not.to.have.property("at");
    });
});
