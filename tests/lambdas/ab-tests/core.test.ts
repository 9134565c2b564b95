import { expect } from "chai";
import { changeAbTest, showAbTest, type AbTestsDependencies } from "../../../lambdas/ab-tests/core.ts";
import type { AbTestItem } from "../../../lambdas/shared/documents.ts";
import { problemOf } from "../support/routerWorld.ts";

const ID = "champion-challenger";
const defaultWeights = { champion: 90, challenger: 10 };
const even = { champion: 50, challenger: 50 };

/** A table with one item, which behaves as DynamoDB's condition does. */
function createTable(item?: Partial<AbTestItem>): AbTestsDependencies & { item: Partial<AbTestItem> | undefined } {
    const table: AbTestsDependencies & { item: Partial<AbTestItem> | undefined } = {
        item, defaultWeights,
        now: () => 1_000_000,
        readItem: async () => table.item,
        writeWeights: async (Weights, { updatedAt, expectedRevision }) => {
            if (expectedRevision !== undefined && (table.item?.Revision ?? 0) !== expectedRevision) return undefined;
            table.item = { TestId: ID, ...table.item, Weights, UpdatedAt: updatedAt, Revision: (table.item?.Revision ?? 0) + 1 };
            return table.item;
        },
    };
    return table;
}

const change = (table: AbTestsDependencies, body: unknown, id = ID) => changeAbTest(id, typeof body === "string" ? body : JSON.stringify(body), table);

describe("GET /ab-tests/{id}", () => {
    it("shows the default weights until somebody sets others", async () => {
        expect(await showAbTest(ID, createTable())).to.deep.equal({ testId: ID, weights: defaultWeights, source: "default", revision: 0 });
    });

    it("shows what was set, and who is drained for as long as it is", async () => {
        const item = { TestId: ID, Weights: even, Revision: 2, UpdatedAt: "t", DrainedVariant: "challenger", DrainedUntil: 1_001 } as const;
        const shown = { testId: ID, weights: even, source: "table", revision: 2, updatedAt: "t" };
        expect(await showAbTest(ID, createTable(item))).to.deep.equal({ ...shown, drainedVariant: "challenger" });
        expect(await showAbTest(ID, createTable({ ...item, DrainedUntil: 1_000 }))).to.deep.equal(shown);
    });

    it("knows one test", async () => {
        expect(await problemOf(showAbTest("other", createTable()))).to.include({ status: 404 });
    });

    it("says what to do about weights that a hand wrote wrongly", async () => {
        const problem = await problemOf(showAbTest(ID, createTable({ Weights: { champion: 60, challenger: 60 } })));
        expect(problem.status).to.equal(409);
        expect(problem.detail).to.contain("PUT /ab-tests/champion-challenger").and.contain("last good");
    });
});

describe("PUT /ab-tests/{id}", () => {
    it("sets the weights, counts the revision, and keeps the drain", async () => {
        const table = createTable({ TestId: ID, DrainedVariant: "challenger", DrainedUntil: 2_000 });
        expect(await change(table, { weights: even })).to.deep.equal({
            testId: ID, weights: even, source: "table", revision: 1, updatedAt: "1970-01-01T00:16:40.000Z", drainedVariant: "challenger",
        });
        expect((await change(table, { weights: defaultWeights })).revision).to.equal(2);
        expect(table.item).to.include({ DrainedVariant: "challenger", DrainedUntil: 2_000 });
    });

    it("changes only the revision that was seen; 0 is none", async () => {
        const table = createTable();
        expect((await change(table, { weights: even, revision: 0 })).revision).to.equal(1);
        const problem = await problemOf(change(table, { weights: defaultWeights, revision: 0 }));
        expect(problem).to.deep.include({ status: 409, title: "Stale revision" });
        expect(problem.detail).to.contain("has revision 1, not 0");
        expect(table.item?.Weights).to.deep.equal(even);
        expect((await change(table, { weights: defaultWeights, revision: 1 })).revision).to.equal(2);
    });

    it("refuses what are no weights, and writes nothing", async () => {
        const table = createTable();
        const wrong = [
            "{", "null", "[]", {}, { weights: { champion: 50, challenger: 60 } }, { weights: { champion: 100 } }, { weights: { champion: 50.5, challenger: 49.5 } },
            { weights: { ...even, third: 0 } }, { weights: even, revision: -1 }, { weights: even, revision: "1" }, { weights: even, other: 1 },
        ];
        for (const body of wrong) expect((await problemOf(change(table, body))).status, JSON.stringify(body)).to.equal(400);
        expect(table.item).to.equal(undefined);
    });

    it("knows one test", async () => {
        expect(await problemOf(change(createTable(), { weights: even }, "other"))).to.include({ status: 404 });
    });
});
