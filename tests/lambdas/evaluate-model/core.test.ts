import { expect } from "chai";
import { evaluateModel } from "../../../lambdas/evaluate-model/core.ts";
import type { Evaluation, FeatureSchema, GoldenPrediction } from "../../../lambdas/shared/documents.ts";
import { createMemoryRunFiles, type MemoryRunFiles } from "../support/memoryRunFiles.ts";
import { messageOf, modelSettings } from "../support/tables.ts";

const features = [{ name: "x", type: "numeric", imputedValue: 0 }] as const;
const binary: FeatureSchema = { version: 1, task: "binary", label: "y", classes: ["no", "yes"], features, columnCount: 1, threshold: 0.5 };
const { threshold: _threshold, ...unthresholded } = binary;
const multiclass: FeatureSchema = { ...unthresholded, task: "multiclass", classes: ["a", "b", "c"] };
const { classes: _classes, ...unclassed } = unthresholded;
const regression: FeatureSchema = { ...unclassed, task: "regression" };

const binaryLines = ["0,0.1", "0,0.4", "1,0.35", "1,0.8", "0,0.6"];
const multiclassLines = ["0,0.8,0.1,0.1", "1,0.2,0.7,0.1", "2,0.5,0.3,0.2", "2,0.1,0.1,0.8"];

function runWith(schema: FeatureSchema, lines: readonly string[], testRows = lines.length): MemoryRunFiles {
    const files = createMemoryRunFiles("", 5);
    files.contents.set("schema.json", JSON.stringify(schema));
    files.contents.set("manifest.json", JSON.stringify({ rows: { train: 80, validation: 10, test: testRows, rejected: 0 } }));
    files.contents.set("samples.json", JSON.stringify([{ line: 1, features: { x: 7 } }]));
    files.contents.set("transform/challenger/data.csv.out", `${lines.join("\n")}\n`);
    return files;
}

async function evaluate(schema: FeatureSchema, lines: readonly string[]): Promise<Evaluation> {
    return evaluateModel("challenger", modelSettings, runWith(schema, lines));
}

async function refusal(schema: FeatureSchema, lines: readonly string[]): Promise<string> {
    return messageOf(evaluate(schema, lines));
}

describe("evaluateModel", () => {
    it("computes the binary metrics from labels and scores", async () => {
        const { metrics, gate, rows } = await evaluate(binary, binaryLines);
        expect(rows).to.equal(5);
        expect(metrics["auc"]).to.be.closeTo(4 / 6, 1e-12);
        expect(metrics["aucpr"]).to.be.closeTo(0.5 * 1 + 0.5 * (2 / 4), 1e-12);
        expect(metrics["logloss"]).to.be.closeTo(-(Math.log(0.9) + Math.log(0.6) + Math.log(0.35) + Math.log(0.8) + Math.log(0.4)) / 5, 1e-12);
        expect(metrics).to.include({ accuracy: 0.6, precision: 0.5, recall: 0.5, f1: 0.5 });
        expect(gate).to.deep.equal({ metric: "auc", value: metrics["auc"], floor: 0.75, direction: "maximize" });
    });

    it("counts predictions at the schema's threshold", async () => {
        const { metrics } = await evaluate({ ...binary, threshold: 0.3 }, binaryLines);
        expect(metrics).to.include({ recall: 1, precision: 0.5, accuracy: 0.6 });
    });

    it("passes over empty lines, which a container and batch transform may both put behind a record", async () => {
        const { rows } = await evaluateModel("challenger", modelSettings, runWith(binary, binaryLines.flatMap((line) => [line, ""]), binaryLines.length));
        expect(rows).to.equal(binaryLines.length);
    });

    it("reads probabilities that the container wrote as a list", async () => {
        const listed = multiclassLines.map((line) => line.replace(/,(.*)$/, ',"[$1]"'));
        expect((await evaluate(multiclass, listed)).metrics).to.deep.equal((await evaluate(multiclass, multiclassLines)).metrics);
    });

    it("computes the metrics of three classes", async () => {
        const { metrics, gate } = await evaluate(multiclass, multiclassLines);
        expect(metrics["accuracy"]).to.equal(0.75);
        expect(metrics["f1_macro"]).to.be.closeTo((2 / 3 + 1 + 2 / 3) / 3, 1e-12);
        expect(metrics["mlogloss"]).to.be.closeTo(-(Math.log(0.8) + Math.log(0.7) + Math.log(0.2) + Math.log(0.8)) / 4, 1e-12);
        expect(gate).to.include({ metric: "f1_macro", floor: 0.5 });
    });

    it("computes the metrics of a regression", async () => {
        const { metrics, gate } = await evaluate(regression, ["1,2", "2,2", "3,2", "6,8"]);
        expect(metrics).to.include({ mae: 1, rmse: Math.sqrt(6 / 4) });
        expect(metrics["r2"]).to.be.closeTo(1 - 6 / 14, 1e-12);
        expect(gate.metric).to.equal("r2");
    });

    it("takes the configured floor", async () => {
        const { gate } = await evaluateModel("challenger", { ...modelSettings, metricFloor: 0.99 }, runWith(binary, binaryLines));
        expect(gate.floor).to.equal(0.99);
    });

    it("writes the evaluation, and the sample rows with the scores of their lines", async () => {
        const files = runWith(multiclass, multiclassLines);
        const evaluation = await evaluateModel("challenger", modelSettings, files);
        expect(await files.readDocument<Evaluation>("evaluation-challenger.json")).to.deep.equal(evaluation);
        expect(await files.readDocument<GoldenPrediction[]>("golden-challenger.json")).to.deep.equal([{ features: { x: 7 }, scores: [0.2, 0.7, 0.1] }]);
    });

    for (const [what, line, message] of [
        ["is no number", "1,abc", "line 3 is not a list of numbers"],
        ["is not a number", "1,nan", "line 3 is not a list of numbers"],
        ["lacks the score", "1", "line 3 has 1 numbers instead of label and 1 scores"],
        ["has a score too many", "1,0.2,0.8", "line 3 has 3 numbers instead of label and 1 scores"],
        ["has an unknown label", "2,0.5", "line 3 has a label that is no class from 0 to 1"],
        ["has a fractional label", "0.5,0.5", "line 3 has a label that is no class"],
        ["has a score above 1", "1,1.5", "line 3 has a score that is no probability"],
        ["is empty", "", "has 4 lines, but the test data has 5 rows"],
    ] as const) {
        it(`fails when one line ${what}`, async () => {
            const files = runWith(binary, binaryLines.with(2, line));
            expect(await messageOf(evaluateModel("challenger", modelSettings, files))).to.contain(message);
            expect(files.contents.has("evaluation-challenger.json")).to.equal(false);
        });
    }

    it("fails when the probabilities of the classes are not 1 together", async () => {
        expect(await refusal(multiclass, multiclassLines.with(1, "1,0.2,0.7,0.3"))).to.contain("line 2 has probabilities that are 1.2");
    });

    it("fails when a line is missing or one too many", async () => {
        const refuse = async (count: number): Promise<string> => messageOf(evaluateModel("challenger", modelSettings, runWith(binary, binaryLines, count)));
        expect(await refuse(6)).to.contain("has 5 lines, but the test data has 6 rows");
        expect(await refuse(4)).to.contain("has 5 lines, but the test data has 4 rows");
    });

    it("fails when the deciding metric cannot be computed", async () => {
        expect(await refusal(binary, ["1,0.5", "1,0.6"])).to.contain("the deciding metric auc cannot be computed from the 2 test rows");
        expect(await refusal(regression, ["1,0.5", "1,0.6"])).to.contain("the deciding metric r2 cannot be computed");
    });
});
