import { expect } from "chai";
import fc from "fast-check";
import type { Variant } from "../../../../lambdas/shared/documents.ts";
import { assignVariant } from "../../../../lambdas/shared/router/assign.ts";

const keys = Array.from({ length: 100_000 }, (_, index) => `customer-${index}`);

function assign(key: string, champion: number): Variant {
    return assignVariant("champion-challenger", key, { champion, challenger: 100 - champion });
}

function countChampions(count: number, champion: number): number {
    return keys.slice(0, count).filter((key) => assign(key, champion) === "champion").length;
}

describe("assignVariant", () => {
    it("splits keys as the weights say", () => {
        expect(countChampions(1_000, 50)).to.be.within(400, 600);
        expect(countChampions(100_000, 50)).to.be.within(49_000, 51_000);
        expect(countChampions(100_000, 90)).to.be.within(89_500, 90_500);
        expect(countChampions(100_000, 1)).to.be.within(850, 1_150);
    });

    it("gives nothing to a variant without weight", () => {
        expect(countChampions(100_000, 0)).to.equal(0);
        expect(countChampions(100_000, 100)).to.equal(100_000);
    });

    // Computed apart from this code: the first 48 bits of SHA-256.
    it("gives the same key the same variant on every machine", () => {
        const found = ["a", "b", "c", "d", "ä", ""].map((key) => assign(key, 50));
        expect(found).to.deep.equal(["champion", "champion", "champion", "champion", "champion", "challenger"]);
    });

    it("moves keys in one direction alone when a weight grows", () => {
        fc.assert(fc.property(fc.string(), fc.integer({ min: 0, max: 100 }), fc.integer({ min: 0, max: 100 }), (key, one, other) => {
            const [less, more] = [Math.min(one, other), Math.max(one, other)];
            if (assign(key, less) === "champion") expect(assign(key, more)).to.equal("champion");
            if (assign(key, more) === "challenger") expect(assign(key, less)).to.equal("challenger");
        }));
    });

    it("splits anew in another test", () => {
        const half = { champion: 50, challenger: 50 };
        const moved = keys.slice(0, 1_000).filter((key) => assignVariant("one", key, half) !== assignVariant("other", key, half)).length;
        expect(moved).to.be.within(400, 600);
    });
});
