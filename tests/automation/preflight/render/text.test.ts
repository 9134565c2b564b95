import { expect } from "chai";
import { renderPreflight } from "../../../../automation/preflight/render/text.ts";
import { renderExplanation } from "../../../../automation/preflight/render/explanation.ts";
import { loadRules } from "../../../../automation/preflight/runPreflight.ts";
import { isChecked } from "../../../../automation/preflight/rule.ts";
import { BLOCKER, RESULT, WARNING } from "../samples.ts";

describe("the text of a preflight", () => {
    it("has what blocks first, each with graph, lines, fix and link; then warnings, then what was not seen, each once", () => {
        expect(renderPreflight(RESULT)).to.deep.equal([
            "Blockers (1)",
            "  F28 dev/health-function: does not wait for health-logs",
            "    graph: with endpoints on",
            "    at: components/compute/lambdaFunction.ts:86, from components/inference/inferenceApi.ts:134",
            "    fix: add what is missing to the resource's dependsOn",
            "    see: docs/failures.md#f28",
            "Warnings (1)",
            "  F40 dev/training.instanceType: ml.m5.large has a quota of 0",
            "    at: Pulumi.dev.yaml:12",
            "    fix: ask for an increase",
            "    see: docs/failures.md#f40",
            "Not checked (3)",
            "  F01 F03: it needs a trained model",
            "  F12: it needs the account",
            "Skipped (1)",
            "  F29: no NAT in dev",
            "Not applicable: nothing of the kind is in this stack (1)",
            "  F21",
            "Passed (2)",
            "  F05 F06",
            "1 blocker, 1 warning, 2 rules passed, 3 not checked, 1 not applicable, 1 skipped",
        ]);
    });

    it("puts blockers before warnings, whatever their order", () => {
        const lines = renderPreflight({ ...RESULT, findings: [WARNING, BLOCKER] });
        expect(lines.findIndex((line) => line.includes("F28"))).to.be.lessThan(lines.findIndex((line) => line.includes("F40")));
    });

    it("shows as passed only what passed", () => {
        const nothing = renderPreflight({ findings: [], passed: [], notChecked: RESULT.notChecked, notApplicable: [], skipped: [] });
        expect(nothing.join("\n")).not.to.match(/^Passed/m);
        expect(nothing.at(-1)).to.equal("0 blockers, 0 warnings, 0 rules passed, 3 not checked, 0 not applicable");
    });
});

describe("the explanation of a rule", () => {
    it("tells its story, what finds or holds it, and what to do, for every rule", async () => {
        for (const rule of await loadRules()) {
            const text = renderExplanation(rule).join("\n");
            expect(text, rule.id).to.contain(rule.story).and.to.contain(rule.fix).and.to.contain(rule.title).and.to.contain(`docs/failures.md#${rule.id.toLowerCase()}`);
            const proof = isChecked(rule) ? rule.mustFind.map(({ title }) => title) : rule.heldBy;
            for (const each of proof) expect(text, rule.id).to.contain(each);
        }
    });
});
