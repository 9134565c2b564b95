import { Ajv } from "ajv";
import { expect } from "chai";
import type { Log, Result, Run } from "sarif";
import { buildSarif } from "../../../../automation/preflight/render/sarif.ts";
import type { SarifSource } from "../../../../automation/preflight/render/sarif.ts";
import { isChecked } from "../../../../automation/preflight/rule.ts";
import { loadRules } from "../../../../automation/preflight/runPreflight.ts";
import { BLOCKER, RESULT, WARNING } from "../samples.ts";
import { SARIF_SCHEMA } from "./sarifSchema.ts";

const validate = new Ajv({
    allErrors: true, strict: true, strictRequired: false, strictTypes: false,
    formats: { uri: (text: string) => URL.canParse(text), "uri-reference": (text: string) => /^[^\s\\]+$/.test(text) && !text.startsWith("/") },
}).compile(SARIF_SCHEMA);

const rules = await loadRules();
const SOURCE: SarifSource = { stack: "dev--pr7", stackFile: "Pulumi.dev.yaml", version: "0.1.0", rules, result: RESULT, exitCode: 1, isStrict: false };

function build(overrides: Partial<SarifSource> = {}): Log {
    // As a reader of the file gets it.
    const log = JSON.parse(JSON.stringify(buildSarif({ ...SOURCE, ...overrides }))) as Log;
    expect(validate(log), JSON.stringify(validate.errors)).to.equal(true);
    return log;
}

function runOf(log: Log): Run {
    return log.runs[0]!;
}

function resultOf(log: Log, ruleId: string): Result {
    const found = runOf(log).results?.find((result) => result.ruleId === ruleId);
    if (found === undefined) throw new Error(`no result of ${ruleId}`);
    return found;
}

describe("the SARIF of a preflight", () => {
    it("keeps to the schema, whatever was found, and where nothing ran", () => {
        build();
        build({ result: { findings: [], passed: ["F05"], notChecked: [], notApplicable: [], skipped: [] }, exitCode: 0 });
        build({ result: { ...RESULT, findings: rules.filter(isChecked).map(({ id, title, fix }) => ({ ...WARNING, id, title, fix })) } });
        const { result: _result, ...unrun } = SOURCE;
        const [invocation] = runOf(JSON.parse(JSON.stringify(buildSarif({ ...unrun, failure: "there is no stack", exitCode: 2 }))) as Log).invocations ?? [];
        expect(invocation).to.deep.include({ executionSuccessful: false, exitCode: 2 });
        expect(invocation?.toolExecutionNotifications?.map(({ message }) => message.text)).to.deep.equal(["there is no stack"]);
    });

    it("is refused by the schema when a result has no place, a wrong level or an unknown property", () => {
        const log = build();
        const [first] = runOf(log).results ?? [];
        for (const broken of [{ ...first, locations: [] }, { ...first, level: "blocker" }, { ...first, colour: "red" }, { ...first, kind: "pass" }]) {
            expect(validate({ ...log, runs: [{ ...runOf(log), results: [broken] }] }), JSON.stringify(broken).slice(0, 80)).to.equal(false);
        }
    });

    it("has a result for each finding, at the line that decides it, with the others beside it", () => {
        const blocker = resultOf(build(), "F28");
        expect(blocker.level).to.equal("error");
        expect(blocker.message.text).to.contain(BLOCKER.what).and.to.contain(BLOCKER.fix).and.to.contain("with endpoints on");
        expect(blocker.locations?.[0]?.physicalLocation).to.deep.equal({
            artifactLocation: { uri: "components/compute/lambdaFunction.ts", uriBaseId: "%SRCROOT%" }, region: { startLine: 86 },
        });
        expect(blocker.relatedLocations?.map(({ physicalLocation }) => physicalLocation?.artifactLocation?.uri)).to.deep.equal(["components/inference/inferenceApi.ts"]);
        const warning = resultOf(build(), "F40");
        expect([warning.level, warning.locations?.[0]?.physicalLocation?.artifactLocation?.uri]).to.deep.equal(["warning", "Pulumi.dev.yaml"]);
    });

    it("puts a finding without a line into the stack's file", () => {
        const { at: _at, ...nowhere } = BLOCKER;
        const { physicalLocation } = resultOf(build({ result: { ...RESULT, findings: [nowhere] } }), "F28").locations?.[0] ?? {};
        expect(physicalLocation).to.deep.include({ artifactLocation: { uri: "Pulumi.dev.yaml", uriBaseId: "%SRCROOT%" }, region: { startLine: 1 } });
    });

    it("explains each rule that it names, by index too", () => {
        const log = build();
        const told = runOf(log).tool.driver.rules ?? [];
        for (const { ruleId, ruleIndex } of runOf(log).results ?? []) expect(told[ruleIndex ?? -1]?.id).to.equal(ruleId);
        const rule = rules.find(({ id }) => id === "F28")!;
        const help = told.find(({ id }) => id === "F28")?.help?.text;
        expect(help).to.contain(rule.story).and.to.contain(rule.prevention).and.to.contain(rule.fix);
    });

    it("has a notification, and no result, for what was not checked: an error where it stops the run", () => {
        const log = build();
        const notified = runOf(log).invocations?.[0]?.toolExecutionNotifications ?? [];
        expect(notified.map(({ associatedRule, level }) => [associatedRule?.id, level])).to.deep.equal([["F01", "warning"], ["F03", "warning"], ["F12", "warning"]]);
        expect(runOf(log).results?.map(({ ruleId }) => ruleId)).to.deep.equal(["F28", "F40", "F29"]);
        const strict = runOf(build({ isStrict: true })).invocations?.[0]?.toolExecutionNotifications ?? [];
        expect(new Set(strict.map(({ level }) => level))).to.deep.equal(new Set(["error"]));
    });

    it("has a suppressed result with the reason for what was skipped, which no view counts", () => {
        const skipped = resultOf(build(), "F29");
        expect(skipped).to.deep.include({ kind: "notApplicable", level: "none" });
        expect(skipped.suppressions).to.deep.equal([{ kind: "external", status: "accepted", justification: "no NAT in dev" }]);
    });

    it("knows a finding again when its numbers or its line have changed, and no other for it", () => {
        const printOf = (finding: Partial<typeof WARNING>): string => (
            resultOf(build({ result: { ...RESULT, findings: [{ ...WARNING, ...finding }] } }), "F40").partialFingerprints?.["firstlight/v1"] ?? "");
        expect(printOf({ what: "ml.m5.large has a quota of 1", at: [{ file: "Pulumi.dev.yaml", line: 3 }] })).to.equal(printOf({ what: "ml.m5.large has a quota of 2" }));
        expect(printOf({ where: "dev/other" })).not.to.equal(printOf({}));
    });
});
