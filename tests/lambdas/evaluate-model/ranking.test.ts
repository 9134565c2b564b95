import { expect } from "chai";
import fc from "fast-check";
import { computeRanking } from "../../../lambdas/evaluate-model/ranking.ts";

/** The definition: the share of pairs of a positive and a negative row in which the positive one scores higher. */
function countPairs(labels: readonly number[], scores: readonly number[]): number {
    let won = 0;
    let pairs = 0;
    labels.forEach((left, i) => labels.forEach((right, j) => {
        if (left !== 1 || right !== 0) return;
        pairs++;
        won += scores[i]! > scores[j]! ? 1 : scores[i] === scores[j] ? 0.5 : 0;
    }));
    return won / pairs;
}

describe("computeRanking", () => {
    it("gives the AUC of its definition, with ties", () => {
        const row = fc.tuple(fc.constantFrom(0, 1), fc.integer({ min: 0, max: 6 }));
        fc.assert(fc.property(fc.array(row, { minLength: 2, maxLength: 60 }), (rows) => {
            const labels = [1, 0, ...rows.map(([label]) => label)];
            const scores = [3, 3, ...rows.map(([, score]) => score)];
            expect(computeRanking(labels, scores).auc).to.be.closeTo(countPairs(labels, scores), 1e-12);
        }));
    });

    it("does not depend on the order of rows with equal scores", () => {
        expect(computeRanking([1, 0, 1, 0], [0.5, 0.5, 0.5, 0.5])).to.deep.equal({ auc: 0.5, aucpr: 0.5 });
        expect(computeRanking([0, 1, 0, 1], [0.5, 0.5, 0.5, 0.5])).to.deep.equal({ auc: 0.5, aucpr: 0.5 });
    });

    it("gives 1 for a perfect order and the share of positives at worst", () => {
        expect(computeRanking([0, 0, 1, 1], [0.1, 0.2, 0.3, 0.4])).to.deep.equal({ auc: 1, aucpr: 1 });
        expect(computeRanking([1, 0, 0, 0], [0.1, 0.2, 0.3, 0.4])).to.deep.equal({ auc: 0, aucpr: 0.25 });
    });

    it("has no value when there is one class only", () => {
        expect(computeRanking([1, 1], [0.1, 0.2]).auc).to.be.NaN;
        expect(computeRanking([0, 0], [0.1, 0.2])).to.deep.equal({ auc: Number.NaN, aucpr: Number.NaN });
    });
});
