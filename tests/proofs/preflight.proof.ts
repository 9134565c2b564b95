import { readFileSync } from "node:fs";
import path from "node:path";
import { expect } from "chai";
import { loadCheckedRules } from "../../automation/preflight/runPreflight.ts";
import { preflightMutations } from "./preflight/cases.ts";
import { CommandLayer } from "./preflight/commandLayer.ts";
import { judge } from "./preflight/judgement.ts";
import type { SeenFinding } from "./preflight/judgement.ts";
import { nameMutation } from "./preflight/mutation.ts";
import type { PreflightMutation } from "./preflight/mutation.ts";
import { renderPreflightPage } from "./preflight/page.ts";
import { idOfCase, PreflightProof, RULES_END_TO_END } from "./preflight.ts";
import type { PreflightCase } from "./preflight.ts";
import { describeLastRun, drawSample, PROJECT_FOLDER, readResult } from "./proof.ts";
import type { Proof, ProofResult } from "./proof.ts";

const SEED = 20261121;
const QUICK_COUNT = 12;
const PAGE = path.join(PROJECT_FOLDER, "docs", "preflight-proof.md");

describe("proof of the preflight by mutations", () => {
    const proof = new PreflightProof();
    let cases: readonly PreflightCase[];

    before(async () => {
        console.log(`    ${describeLastRun(proof as unknown as Proof<unknown>)}`);
        cases = await proof.cases(SEED);
    });
    after(() => proof.close());

    it("makes something wrong for every rule that has a check", async () => {
        const tried = new Set(preflightMutations.map(({ rule }) => rule));
        const missing = (await loadCheckedRules()).filter(({ id }) => !tried.has(id)).map(({ id }) => id);
        expect(missing).to.deep.equal([]);
        expect(new Set(preflightMutations.map(nameMutation)).size).to.equal(preflightMutations.length);
        console.log(`      ${tried.size} rules, ${preflightMutations.length} mutations`);
    });

    it("finds nothing where nothing is wrong, also in the parts that are to come", async () => {
        for (const one of cases.filter(({ kind }) => kind === "undisturbed")) {
            const { passed, detail } = await proof.run(one);
            expect(passed, `${idOfCase(one)}: ${detail}`).to.equal(true);
        }
    });

    it("finds a sample of what is wrong, in the recorded program", async () => {
        for (const one of drawSample(cases.filter(({ kind }) => kind === "as data"), QUICK_COUNT, SEED)) {
            const { passed, detail } = await proof.run(one);
            expect(passed, `${idOfCase(one)}: ${detail}`).to.equal(true);
        }
    });

    it("finds what is wrong for ten rules by the command itself, on a copy of the project", async () => {
        const commands = cases.filter(({ kind }) => kind === "end to end");
        expect(commands).to.have.length(RULES_END_TO_END);
        for (const one of commands) {
            const { passed, detail } = await proof.run(one);
            expect(passed, `${idOfCase(one)}: ${detail}`).to.equal(true);
        }
    });

    it("has left nothing wrong unfound in its last full run, which docs/preflight-proof.md tells of", () => {
        const result = readResult("preflight");
        expect(result?.failures).to.deep.equal([]);
        expect(result?.details).to.include.all.keys(preflightMutations.map((mutation) => `${nameMutation(mutation)} (as data)`));
        expect(readFileSync(PAGE, "utf8")).to.equal(renderPreflightPage(result!, preflightMutations));
    });
});

describe("the copy of the project that the command runs on", () => {
    it("declares nothing wrong by itself", async () => {
        const layer = new CommandLayer();
        try {
            const { passed, detail } = await layer.judgeUndisturbed("dev");
            expect(passed, detail).to.equal(true);
        } finally {
            layer.close();
        }
    });
});

describe("the judgement of a mutation", () => {
    const mutation: PreflightMutation = { rule: "F15", words: "no filter", edits: [], where: "raw-lifecycle", also: { F28: "it waits for it" } };
    const own: SeenFinding = { id: "F15", where: "dev/raw-lifecycle", what: "has no filter", severity: "blocker" };
    const other: SeenFinding = { id: "F28", where: "dev/raw", what: "does not wait", severity: "blocker" };

    it("wants the rule once, in its place, and those beside it that stand there with a reason", () => {
        expect(judge(mutation, [other, own])).to.deep.equal({
            passed: true, detail: "F15 blocker dev/raw-lifecycle: has no filter | F28 blocker dev/raw: does not wait",
        });
    });

    const wrong: readonly (readonly [what: string, findings: readonly SeenFinding[], says: string])[] = [
        ["nothing", [], "F15 found 0 things!"],
        ["the same twice", [own, own, other], "F15 found 2 things!"],
        ["another place", [{ ...own, where: "dev/logs-lifecycle" }, other], "F15 is not at raw-lifecycle!"],
        ["another stack", [{ ...own, where: "staging/raw-lifecycle" }, other], "F15 is not at raw-lifecycle!"],
        ["a rule that has nothing to do with it", [own, other, { ...other, id: "F06" }], "F06 found something too!"],
        ["a rule less than is rightly beside it", [own], "F28 found nothing!"],
    ];
    for (const [what, findings, says] of wrong) {
        it(`refuses ${what}`, () => {
            const { passed, detail } = judge(mutation, findings);
            expect(passed).to.equal(false);
            expect(detail).to.include(says);
        });
    }
});

describe("the page of all mutations", () => {
    const mutation: PreflightMutation = { rule: "F15", words: "no | filter", edits: [], where: "raw-lifecycle", also: { F28: "it waits for it" } };
    const result: ProofResult = {
        name: "preflight", seed: 1, codeHash: "0", finishedAt: "2026-01-01T00:00:00Z", judge: { node: "v24.0.0" }, passed: 2, failed: 1,
        byKind: { "as data": 1, "end to end": 1, "undisturbed": 1 }, failures: [{ id: "F15 no | filter (end to end)", passed: false, detail: "", kinds: [] }],
        details: { "undisturbed: dev": "9 rules passed", "F15 no | filter (as data)": "F15 at <arn of key>", "F15 no | filter (end to end)": "nothing was found" },
    };

    it("has a row for each, with what rightly stands beside it, and what is wrong in bold", () => {
        const page = renderPreflightPage(result, [mutation]);
        expect(page).to.include("3 cases, 2 as they must be, 1 not").and.include("- dev: 9 rules passed");
        expect(page).to.include("| F15 | dev: no \\| filter; F28 too: it waits for it | F15 at &lt;arn of key> | as data |");
        expect(page).to.include("| **nothing was found** | end to end |");
    });

    it("cannot be made of a result without details", () => {
        const { details: _details, ...bare } = result;
        expect(() => renderPreflightPage(bare, [mutation])).to.throw("holds no details");
    });
});
