import { expect } from "chai";
import { findSplit, splits } from "../../../lambdas/preprocess-data/split.ts";

describe("findSplit", () => {
    it("splits 80/10/10, also rows that differ in little", () => {
        const counts = { train: 0, validation: 0, test: 0 };
        for (let index = 0; index < 100_000; index++) counts[findSplit(`${index},a`)]++;
        expect(counts.train).to.be.within(79_500, 80_500);
        expect(counts.validation).to.be.within(9_700, 10_300);
        expect(counts.test).to.be.within(9_700, 10_300);
    });

    it("gives the splits that it always gave: a changed one would mix up test and training rows of old models", () => {
        expect(["1,2,3", "a,b", "", "ü,1", "x".repeat(500)].map(findSplit)).to.deep.equal(["test", "train", "train", "train", "train"]);
        expect(splits).to.deep.equal(["train", "validation", "test"]);
    });
});
