import { expect } from "chai";
import { Reservoir } from "../../../lambdas/preprocess-data/reservoir.ts";

function fill(seed: number, values: Iterable<number>): Reservoir {
    const reservoir = new Reservoir(seed);
    for (const value of values) reservoir.add(value);
    return reservoir;
}

function* countTo(end: number): Generator<number> {
    for (let value = 1; value <= end; value++) yield value;
}

describe("Reservoir", () => {
    it("gives the exact median of as many values as it keeps", () => {
        expect(fill(0, []).median()).to.equal(undefined);
        expect(fill(0, [3, -1, 10]).median()).to.equal(3);
        expect(fill(0, [4, 1, 2, 3]).median()).to.equal(2.5);
        expect(fill(0, countTo(16_384)).median()).to.equal(8_192.5);
    });

    it("comes near to the median of more, for any seed", () => {
        for (let seed = 0; seed < 5; seed++) expect(fill(seed, countTo(300_000)).median(), `seed ${seed}`).to.be.within(145_000, 155_000);
    });

    it("gives the same median for the same seed", () => {
        expect(fill(7, countTo(100_000)).median()).to.equal(fill(7, countTo(100_000)).median());
    });
});
