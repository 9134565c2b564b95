import { readFileSync } from "node:fs";
import { expect } from "chai";
import { GROUPS } from "../../../automation/preflight/failures/overview.ts";
import { measureCover } from "../../../automation/preflight/failures/ruleCover.ts";
import { renderFailuresPage } from "../../../automation/preflight/failuresPage.ts";
import { isChecked } from "../../../automation/preflight/rule.ts";
import type { Rule } from "../../../automation/preflight/rule.ts";
import { loadRules } from "../../../automation/preflight/runPreflight.ts";

const CATALOGUE = Array.from({ length: 70 }, (_, index) => `F${String(index + 1).padStart(2, "0")}`);
const rules = await loadRules();
const page = await renderFailuresPage(rules);

/** Cells of the table of all failures, in its order: what has to be true, prevented, offline, with an account, not caught. */
function readRows(text: string): ReadonlyMap<string, readonly string[]> {
    const rows = text.split("\n").filter((line) => /^\| (F\d\d|\[F\d\d\]\(#f\d\d\)) \|/.test(line));
    return new Map(rows.map((row) => {
        const [first = "", ...cells] = row.split(/(?<!\\)\|/).slice(1, -1).map((cell) => cell.trim());
        return [first.replace(/^\[(F\d\d)\].*$/, "$1"), cells];
    }));
}

function ruleOf(id: string): Rule {
    const found = rules.find((rule) => rule.id === id);
    if (found === undefined) throw new Error(`there is no rule ${id}`);
    return found;
}

const rows = readRows(page);

describe("docs/failures.md", () => {
    it("is what the rules say; else: node automation/preflight/failuresPage.ts > docs/failures.md", () => {
        expect(readFileSync(new URL("../../../docs/failures.md", import.meta.url), "utf8")).to.equal(page);
    });

    it("leaves no number of the catalogue without a rule", () => {
        expect(CATALOGUE.filter((id) => !rules.some((rule) => rule.id === id))).to.deep.equal([]);
    });

    it("says of each of the thirty-nine of the reports, once, what it is", () => {
        expect(GROUPS.flatMap(({ ids }) => ids).sort()).to.deep.equal(CATALOGUE.slice(0, 39));
        for (const { ids, what } of GROUPS) expect(page).to.contain(`| ${ids.length} | `).and.to.contain(what);
    });

    it("has a row of six cells for each of F01 to F70 and for every rule beyond", () => {
        const beyond = rules.map(({ id }) => id).filter((id) => !CATALOGUE.includes(id));
        expect([...rows.keys()]).to.deep.equal([...CATALOGUE, ...beyond]);
        for (const [id, cells] of rows) expect(cells, id).to.have.length(5);
    });

    it("has a section at the anchor that findings point to, with the fix, for every rule", () => {
        for (const { id, fix, title } of rules) {
            const [, section = ""] = page.split(`## <a id="${id.toLowerCase()}"></a>${id}: ${title}\n`);
            const shown = section.split("\n## ")[0]?.replaceAll("&lt;", "<").replaceAll("\\*", "*");
            expect(shown, id).to.contain("**What happened.**").and.to.contain(fix.slice(1));
        }
    });

    it("calls nothing caught that no rule looks for", async () => {
        const without = readRows(await renderFailuresPage(rules.filter(({ id }) => id !== "F05")));
        expect(without.get("F05")).to.deep.equal(["", "", "", "", "no rule looks for it yet"]);
        for (const { id } of rules.filter((each) => !isChecked(each))) expect(rows.get(id)?.slice(1, 4), id).to.deep.equal(["yes", "", ""]);
    });

    it("tells what is found offline from what only an account shows, as the checks themselves do", async () => {
        expect(rows.get("F05")?.slice(2, 4), "a plan alone").to.deep.equal(["yes", ""]);
        expect(rows.get("F40")?.slice(2, 4), "quotas").to.deep.equal(["", "yes"]);
        expect(rows.get("F39")?.slice(2, 4), "the runner offline, what exists with an account").to.deep.equal(["in part", "yes"]);
        const blind = { ...ruleOf("F05"), check: () => ({ findings: [] }) };
        expect((await measureCover(blind as Rule)).offline).to.equal("none");
    });

    it("shows what stands in angle brackets, and stars as stars", () => {
        const texts = page.split("\n").map((line) => line.replaceAll(/`[^`]*`/g, ""));
        for (const line of texts) expect(line.replaceAll(/<\/?a( id="f\d+")?>/g, "")).not.to.match(/<\w|[^\\*]\*[^*]/);
        expect(page).to.contain("integrations/&lt;id>");
    });

    it("says how to make it anew, and that metadata and leftovers have no number", () => {
        expect(page).to.contain("`node automation/preflight/failuresPage.ts > docs/failures.md`").and.to.contain("Those have no number");
    });
});
