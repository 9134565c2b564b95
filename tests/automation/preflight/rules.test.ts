import { readdir } from "node:fs/promises";
import path from "node:path";
import { expect } from "chai";
import { loadRules } from "../../../automation/preflight/runPreflight.ts";

const rules = await loadRules();

describe("preflight rules", () => {
    it("are all files of the folder, each under its own id", async () => {
        const files = await readdir(path.resolve(import.meta.dirname, "../../../automation/preflight/rules"));
        expect(rules.map(({ id }) => `${id}.ts`)).to.deep.equal(files.sort());
        expect(rules.length).to.be.at.least(23);
    });

    for (const rule of rules) {
        describe(`${rule.id}: ${rule.title}`, () => {
            it("has a story, a fix and fixtures of both kinds", () => {
                expect(rule.story.length, "story").to.be.greaterThan(80);
                expect(rule.fix.length, "fix").to.be.greaterThan(20);
                expect(rule.mustFind, "mustFind").to.have.length.greaterThan(1);
                expect(rule.mustPass, "mustPass").to.have.length.greaterThan(0);
            });

            for (const fixture of rule.mustFind) {
                it(`finds ${fixture.title}`, async () => {
                    const evidence = await fixture.evidence();
                    expect(rule.applies(evidence), "applies").to.equal(true);
                    const result = await rule.check(evidence);
                    expect(result.checked && result.findings.length > 0, JSON.stringify(result)).to.equal(true);
                });
            }

            for (const fixture of rule.mustPass) {
                it(`passes ${fixture.title}`, async () => {
                    const evidence = await fixture.evidence();
                    expect(rule.applies(evidence), "applies").to.equal(true);
                    const result = await rule.check(evidence);
                    expect(result, JSON.stringify(result)).to.deep.equal({ checked: true, findings: [] });
                });
            }

            it("says not checked, and not passed, when there is no evidence", async () => {
                const evidence = { stack: "dev" };
                if (rule.applies(evidence)) expect((await rule.check(evidence)).checked).to.equal(false);
                else expect(rule.applies(evidence)).to.equal(false);
            });
        });
    }
});
