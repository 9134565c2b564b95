/** Metrics of the order that scores put the rows in: exact, and the same for any order of rows with equal scores. */

export interface Ranking {
    /** Area under the ROC curve: how often a positive row scores above a negative one, ties counting half. NaN with one class. */
    readonly auc: number;
    /** Average precision: the area under the precision-recall curve in steps, without interpolation. NaN without positives. */
    readonly aucpr: number;
}

/** `labels` are 0 or 1, one per score. */
export function computeRanking(labels: readonly number[], scores: readonly number[]): Ranking {
    const order = Uint32Array.from(labels.keys()).sort((left, right) => scores[right]! - scores[left]!);
    const positives = labels.reduce((total, label) => total + label, 0);
    const negatives = labels.length - positives;
    let truePositives = 0;
    let falsePositives = 0;
    let pairsWon = 0;
    let averagePrecision = 0;
    for (let start = 0; start < order.length;) {
        let tiedPositives = 0;
        let end = start;
        for (; end < order.length && scores[order[end]!] === scores[order[start]!]; end++) tiedPositives += labels[order[end]!]!;
        const tiedNegatives = end - start - tiedPositives;
        pairsWon += tiedNegatives * (truePositives + tiedPositives / 2);
        truePositives += tiedPositives;
        falsePositives += tiedNegatives;
        averagePrecision += (tiedPositives / positives) * (truePositives / (truePositives + falsePositives));
        start = end;
    }
    return { auc: pairsWon / (positives * negatives), aucpr: positives === 0 ? Number.NaN : averagePrecision };
}
