import { expect } from "chai";
import type { CsvReject } from "../../../lambdas/shared/csv.ts";
import { KEPT_REJECTS, Rejects } from "../../../lambdas/shared/rejects.ts";
import { messageOf } from "../support/tables.ts";

function createRejects(): { rejects: Rejects; written: () => string } {
    let text = "";
    const rejects = new Rejects({ write: async (part) => void (text += part), close: async () => text.length, abort: async () => undefined });
    return { rejects, written: () => text };
}

function brokenRows(count: number, firstLine: number): readonly CsvReject[] {
    return Array.from({ length: count }, (_, index) => ({ line: firstLine + index, text: "x,y", reason: "has 2 columns" }));
}

describe("Rejects", () => {
    it("writes every broken row of a file that has few", async () => {
        const { rejects, written } = createRejects();
        await rejects.add(brokenRows(2, 5));
        await rejects.finish(1000, 0.01, "url");
        expect(written()).to.equal('line,reason,text\n5,has 2 columns,"x,y"\n6,has 2 columns,"x,y"\n');
    });

    it("keeps the first of very many, and counts the others", async () => {
        const { rejects, written } = createRejects();
        for (let batch = 0; batch < 5; batch++) await rejects.add(brokenRows(KEPT_REJECTS / 2 + 1, 2 + batch * 1000));
        await rejects.finish(1_000_000, 0.01, "url");
        const lines = written().trimEnd().split("\n");
        expect(rejects.count).to.equal(5 * (KEPT_REJECTS / 2 + 1));
        expect(lines).to.have.length(KEPT_REJECTS + 2);
        expect(lines.at(-1)).to.equal(`,${rejects.count - KEPT_REJECTS} more broken rows are not listed,`);
    });

    it("cuts a row that is very long", async () => {
        const { rejects, written } = createRejects();
        await rejects.add([{ line: 2, text: "x".repeat(100_000), reason: "r" }]);
        expect(written().length).to.be.below(2_100);
    });

    it("says how many rows are broken, why, and where they are listed", async () => {
        const { rejects } = createRejects();
        await rejects.add(brokenRows(KEPT_REJECTS + 1, 2));
        const message = await messageOf(rejects.finish(9, 0.01, "s3://processed/rejects.csv"));
        expect(message).to.contain(`${KEPT_REJECTS + 1} of ${KEPT_REJECTS + 10} rows are broken`).and.to.contain("line 2: has 2 columns");
        expect(message).to.contain(`the first ${KEPT_REJECTS} are in s3://processed/rejects.csv`);
    });
});
