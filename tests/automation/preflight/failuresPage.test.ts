import { readFileSync } from "node:fs";
import { expect } from "chai";
import { renderFailuresPage } from "../../../automation/preflight/failuresPage.ts";
import { isChecked } from "../../../automation/preflight/rule.ts";
import { loadRules } from "../../../automation/preflight/runPreflight.ts";

const rules = await loadRules();
const page = await renderFailuresPage(rules);
const rows = page.split("\n").filter((line) => /^\| (F\d\d|\[F\d\d\]\(#f\d\d\)) \|/.test(line)).map((line) => line.split(/(?<!\\)\|/).slice(1, -1).map((text) => text.trim()));

/** Cells of the row of an id: what has to be true, prevented, offline, with an account, not caught. */
function rowOf(id: string): readonly string[] {
    const [row = []] = rows.filter(([first]) => first === id || first === `[${id}](#${id.toLowerCase()})`);
    return row.slice(1);
}

describe("docs/failures.md", () => {
    it("is what the rules say; else: node automation/preflight/failuresPage.ts > docs/failures.md", () => {
        expect(readFileSync(new URL("../../../docs/failures.md", import.meta.url), "utf8")).to.equal(page);
    });

    it("has one row of six cells for each of F01 to F70 and for every rule beyond", () => {
        const catalogue = Array.from({ length: 70 }, (_, index) => `F${String(index + 1).padStart(2, "0")}`);
        const beyond = rules.map(({ id }) => id).filter((id) => !catalogue.includes(id));
        expect(rows.map(([first = ""]) => first.replace(/^\[(F\d+)\].*$/, "$1"))).to.deep.equal([...catalogue, ...beyond]);
        for (const row of rows) expect(row, row[0]).to.have.length(6);
    });

    it("has a section at the anchor that findings point to, with the fix, for every rule", () => {
        for (const { id, fix, title } of rules) {
            const [, section = ""] = page.split(`## <a id="${id.toLowerCase()}"></a>${id}: ${title}\n`);
            expect(section.split("\n## ")[0], id).to.contain("**What happened.**").and.to.contain(fix.slice(1));
        }
    });

    it("calls nothing caught that no rule looks for", () => {
        const ids = new Set<string>(rules.map(({ id }) => id));
        for (const [first = ""] of rows.filter(([first = ""]) => !ids.has(first.slice(1, 4)))) {
            expect(rowOf(first), first).to.deep.equal(["", "", "", "", "no rule looks for it yet"]);
        }
        for (const rule of rules.filter((each) => !isChecked(each))) expect(rowOf(rule.id).slice(1, 4), rule.id).to.deep.equal(["yes", "", ""]);
    });

    it("tells what is found offline from what only an account shows", () => {
        expect(rowOf("F05").slice(2, 4), "a plan alone").to.deep.equal(["yes", ""]);
        expect(rowOf("F40").slice(2, 4), "quotas").to.deep.equal(["", "yes"]);
        expect(rowOf("F39").slice(2, 4), "the runner offline, what exists with an account").to.deep.equal(["in part", "yes"]);
    });

    it("says how to make it anew, and that metadata and leftovers have no number", () => {
        expect(page).to.contain("`node automation/preflight/failuresPage.ts > docs/failures.md`").and.to.contain("metadata of their own repositories");
    });
});
