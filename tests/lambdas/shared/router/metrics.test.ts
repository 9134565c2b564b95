import { expect } from "chai";
import { createRouterMetrics } from "../../../../lambdas/shared/router/metrics.ts";

interface EmbeddedMetric {
    readonly _aws: { readonly CloudWatchMetrics: readonly { readonly Namespace: string; readonly Dimensions: readonly (readonly string[])[]; readonly Metrics: readonly object[] }[] };
}

/** The lines that are written to the standard output meanwhile. */
function capture(run: () => void): readonly EmbeddedMetric[] {
    const { write } = process.stdout;
    let text = "";
    process.stdout.write = ((chunk: string | Uint8Array) => {
        text += String(chunk);
        return true;
    }) as typeof write;
    try {
        run();
    } finally {
        process.stdout.write = write;
    }
    return text.split("\n").filter((line) => line !== "").map((line) => JSON.parse(line) as EmbeddedMetric);
}

describe("createRouterMetrics", () => {
    it("writes counts by variant in the embedded metric format, under no other dimension", () => {
        const [line] = capture(() => createRouterMetrics("firstlight-dev").countPredictions("champion", 3));
        expect(line).to.include({ Predictions: 3, Variant: "champion" });
        expect(line?._aws.CloudWatchMetrics).to.deep.equal([{ Namespace: "firstlight-dev", Dimensions: [["Variant"]], Metrics: [{ Name: "Predictions", Unit: "Count" }] }]);
    });

    it("counts bad records without a dimension", () => {
        const [line] = capture(() => createRouterMetrics("firstlight-dev").countBadRecords(2));
        expect(line).to.include({ BadRecords: 2 });
        expect(line?._aws.CloudWatchMetrics[0]?.Dimensions).to.deep.equal([[]]);
    });

    it("writes nothing for nothing, and does not mix what is counted one after the other", () => {
        const lines = capture(() => {
            const metrics = createRouterMetrics("firstlight-dev");
            metrics.countPredictions("champion", 0);
            metrics.countFallbacks("challenger", 1);
            metrics.countBadRecords(1);
        });
        expect(lines.map(({ _aws: _, ...values }) => values)).to.deep.equal([{ Variant: "challenger", Fallbacks: 1 }, { BadRecords: 1 }]);
    });
});
