import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import path from "node:path";
import { expect } from "chai";
import { loadRules } from "../../../automation/preflight/runPreflight.ts";
import { isChecked, lacksEvidence } from "../../../automation/preflight/rule.ts";

const PROJECT = path.resolve(import.meta.dirname, "../../..");
const rules = await loadRules();

describe("preflight rules", () => {
    it("are all files of the folder, each under its own id", async () => {
        const files = await readdir(path.join(PROJECT, "automation/preflight/rules"));
        expect(rules.map(({ id }) => `${id}.ts`)).to.deep.equal(files.sort());
        expect(rules.length).to.be.at.least(23);
    });

    for (const rule of rules) {
        describe(`${rule.id}: ${rule.title}`, () => {
            it("has a story, a fix and fixtures of both kinds", () => {
                expect(rule.story.length, "story").to.be.greaterThan(80);
                expect(rule.fix.length, "fix").to.be.greaterThan(20);
                expect(rule.source, "source").to.match(/^(field reports? |https:\/\/)/);
                if (!isChecked(rule)) return expect(rule.heldBy, "heldBy").to.have.length.greaterThan(0);
                expect(rule.mustFind, "mustFind").to.have.length.greaterThan(1);
                expect(rule.mustPass, "mustPass").to.have.length.greaterThan(0);
            });

            if (!isChecked(rule)) {
                it("names files that hold it", () => {
                    for (const file of rule.heldBy) expect(existsSync(path.resolve(PROJECT, file)), file).to.equal(true);
                });
                return;
            }

            for (const fixture of rule.mustFind) {
                it(`finds ${fixture.title}`, async () => {
                    const evidence = await fixture.evidence();
                    expect(lacksEvidence(rule, evidence), "lacks").to.deep.equal([]);
                    expect(rule.applies(evidence), "applies").to.equal(true);
                    expect((await rule.check(evidence)).findings).to.have.length.greaterThan(0);
                });
            }

            for (const fixture of rule.mustPass) {
                it(`passes ${fixture.title}`, async () => {
                    const evidence = await fixture.evidence();
                    expect(lacksEvidence(rule, evidence), "lacks").to.deep.equal([]);
                    expect(rule.applies(evidence), "applies").to.equal(true);
                    expect(await rule.check(evidence)).to.deep.equal({ findings: [] });
                });
            }
        });
    }
});
