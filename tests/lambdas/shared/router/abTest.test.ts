import { expect } from "chai";
import type { AbTestItem } from "../../../../lambdas/shared/documents.ts";
import { areWeights, findDrained, InvalidWeightsError, parseAbTest, parseDefaultWeights } from "../../../../lambdas/shared/router/abTest.ts";
import { createAbTestReader } from "../../../../lambdas/shared/router/abTestReader.ts";

const defaults = { champion: 90, challenger: 10 };
const even = { champion: 50, challenger: 50 };
const WRONG: readonly unknown[] = [
    undefined, null, 5, [], {}, { champion: 100 }, { champion: 60, challenger: 50 }, { champion: 49.5, challenger: 50.5 }, { champion: -10, challenger: 110 },
    { champion: "50", challenger: "50" }, { champion: NaN, challenger: 50 }, { ...even, other: 0 },
];

describe("weights", () => {
    it("are whole numbers for both variants that sum to 100", () => {
        for (const weights of [even, { champion: 0, challenger: 100 }, { champion: 100, challenger: 0 }]) expect(areWeights(weights)).to.equal(true);
        for (const weights of WRONG) expect(areWeights(weights), JSON.stringify(weights)).to.equal(false);
    });

    it("of the environment are refused when they do not sum", () => {
        expect(parseDefaultWeights(JSON.stringify(even))).to.deep.equal(even);
        expect(() => parseDefaultWeights('{"champion":50,"challenger":60}')).to.throw(InvalidWeightsError, "sum to 100");
    });
});

describe("parseAbTest", () => {
    it("takes the default weights until somebody sets others", () => {
        expect(parseAbTest(undefined, defaults)).to.deep.equal({ weights: defaults, source: "default", revision: 0 });
        expect(parseAbTest({ DrainedVariant: "champion", DrainedUntil: 5 }, defaults)).to.deep.equal({
            weights: defaults, source: "default", revision: 0, drain: { variant: "champion", until: 5 },
        });
    });

    it("reads what somebody set", () => {
        expect(parseAbTest({ Weights: even, Revision: 3, UpdatedAt: "t" }, defaults)).to.deep.equal({ weights: even, source: "table", revision: 3, updatedAt: "t" });
    });

    it("refuses weights that do not sum", () => {
        for (const weights of WRONG.slice(1)) expect(() => parseAbTest({ Weights: weights } as Partial<AbTestItem>, defaults), JSON.stringify(weights)).to.throw(InvalidWeightsError);
    });
});

describe("a drain", () => {
    it("is over after its time, also when nobody ended it", () => {
        const abTest = parseAbTest({ DrainedVariant: "challenger", DrainedUntil: 100 }, defaults);
        expect(findDrained(abTest, 99_999)).to.equal("challenger");
        expect(findDrained(abTest, 100_000)).to.equal(undefined);
    });
});

describe("createAbTestReader", () => {
    function createReader(...answers: unknown[]) {
        const failures: unknown[] = [];
        let now = 0;
        const read = createAbTestReader(async () => {
            const answer = answers.shift();
            if (answer instanceof Error) throw answer;
            return answer as Partial<AbTestItem> | undefined;
        }, { defaultWeights: defaults, onStale: (error) => failures.push(error), now: () => now });
        return { failures, read: () => read(), wait: (milliseconds: number) => void (now += milliseconds) };
    }

    it("keeps the item for five seconds", async () => {
        const { read, wait } = createReader({ Weights: even }, undefined);
        expect((await read()).weights).to.deep.equal(even);
        wait(4_999);
        expect((await read()).weights).to.deep.equal(even);
        wait(1);
        expect((await read()).weights).to.deep.equal(defaults);
    });

    it("gives the default when the very first read fails, and the last good copy later", async () => {
        const { read, wait, failures } = createReader(new Error("down"), { Weights: even }, new Error("down again"));
        expect((await read()).source).to.equal("default");
        wait(1_000);
        expect((await read()).weights).to.deep.equal(even);
        wait(5_000);
        expect((await read()).weights).to.deep.equal(even);
        expect(failures.map((error) => (error as Error).message)).to.deep.equal(["down", "down again"]);
    });

    it("goes on with the last good weights when somebody writes wrong ones, and sees the drain all the same", async () => {
        const wrong = { Weights: { champion: 60, challenger: 60 } };
        const { read, wait, failures } = createReader(wrong, { Weights: even }, { ...wrong, DrainedVariant: "challenger", DrainedUntil: 7 }, wrong);
        expect((await read()).weights).to.deep.equal(defaults);
        wait(5_000);
        expect((await read()).weights).to.deep.equal(even);
        wait(5_000);
        expect(await read()).to.deep.include({ weights: even, drain: { variant: "challenger", until: 7 } });
        wait(5_000);
        expect(await read()).to.not.have.property("drain");
        expect(failures.map((error) => (error as Error).name)).to.deep.equal(["InvalidWeightsError", "InvalidWeightsError", "InvalidWeightsError"]);
    });
});
