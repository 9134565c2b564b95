import { readFileSync } from "node:fs";
import { expect } from "chai";
import { errorClasses } from "../../../automation/cloudErrors/classify.ts";
import { renderErrorsPage } from "../../../automation/cloudErrors/errorsPage.ts";

const page = renderErrorsPage();

describe("docs/errors.md", () => {
    it("is what the table says; else: node automation/cloudErrors/errorsPage.ts > docs/errors.md", () => {
        expect(readFileSync(new URL("../../../docs/errors.md", import.meta.url), "utf8")).to.equal(page);
    });

    it("has a row of five cells for every class", () => {
        const rows = page.split("\n").filter((line) => line.startsWith("| ") && !line.startsWith("| Error "));
        expect(rows.map((row) => row.split(" | ")[0]?.slice(2))).to.have.members(errorClasses.map(({ id }) => id));
        for (const row of rows) expect(row.split(/(?<!\\)\|/), row).to.have.length(7);
    });

    it("says how to make it anew", () => {
        expect(page).to.contain("`node automation/cloudErrors/errorsPage.ts > docs/errors.md`");
    });
});
