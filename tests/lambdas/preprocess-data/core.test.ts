import { expect } from "chai";
import type { DataManifest, FeatureSchema, SampleRow, VariantPlan } from "../../../lambdas/shared/documents.ts";
import { createRowEncoder, type Refusal } from "../../../lambdas/shared/encode.ts";
import { findSplit } from "../../../lambdas/preprocess-data/split.ts";
import { preprocessData } from "../../../lambdas/preprocess-data/core.ts";
import { buildTable, dataSettings, messageOf, modelSettings, prepare } from "../support/tables.ts";
import type { MemoryRunFiles } from "../support/memoryRunFiles.ts";

const splitNames = ["train", "validation", "test"] as const;

function rowsOf(files: MemoryRunFiles, split: string): string[] {
    return files.contents.get(`${split}/data.csv`)!.trimEnd().split("\n");
}

/** `x` is missing now and then, `c` has a category that only rows outside the training have. */
function buildMixedRow(index: number): string {
    return `${index},${index % 5 === 0 ? "" : index},${index % 2 ? "yes" : "no"},c${index % 3},${index % 4 === 0 ? "stay" : "go"}`;
}

const mixed = buildTable("id,x,b,c,y", 600, buildMixedRow);
const settings = dataSettings("y", { ignore: ["id"] });

describe("preprocessData", () => {
    it("writes the label first, no header, numbers only, and as many columns as the schema says", async () => {
        const files = await prepare(mixed, settings);
        const schema = await files.readDocument<FeatureSchema>("schema.json");
        expect(schema.columnCount).to.equal(1 + 1 + 3);
        for (const split of splitNames) {
            for (const row of rowsOf(files, split)) {
                const numbers = row.split(",").map(Number);
                expect(numbers).to.have.length(1 + schema.columnCount);
                expect(numbers.every(Number.isFinite)).to.equal(true);
                expect(numbers[0]).to.be.oneOf([0, 1]);
            }
        }
        expect(rowsOf(files, "train")[0]).to.equal(encodeFirstTrainingRow(schema));
    });

    function encodeFirstTrainingRow(schema: FeatureSchema): string {
        const first = Array.from({ length: 600 }, (_, index) => index).find((index) => findSplit(buildMixedRow(index)) === "train")!;
        const [, ...cells] = buildMixedRow(first).split(",");
        const label = schema.classes!.indexOf(cells.pop()!);
        return [label, ...createRowEncoder(schema.features)(cells, [])].join(",");
    }

    it("learns medians, modes and categories from the training rows alone", async () => {
        const sound = (index: number): string => `${index},${index % 3},no,a,${index % 2}`;
        const poisoned = (index: number): string => `${index},1000000,yes,only-here,${index % 2}`;
        const buildRow = (index: number): string => (findSplit(poisoned(index)) === "train" ? sound(index) : poisoned(index));
        const files = await prepare(buildTable("id,x,b,c,y", 1_000, buildRow), settings);
        const others = Array.from({ length: 1_000 }, (_, index) => buildRow(index)).filter((row) => findSplit(row) !== "train");
        expect(others.filter((row) => row.includes("only-here"))).to.have.length.above(100);
        expect((await files.readDocument<FeatureSchema>("schema.json")).features).to.deep.equal([
            { name: "x", type: "numeric", imputedValue: 1 },
            { name: "b", type: "boolean", values: ["no", "yes"], imputedValue: 0 },
            { name: "c", type: "categorical", categories: ["a"] },
        ]);
    });

    it("puts every row into one split and the manifest last", async () => {
        const files = await prepare(mixed, settings);
        const { rows, files: written, ...manifest } = await files.readDocument<DataManifest>("manifest.json");
        expect(manifest).to.deep.equal({ runId: "r1", task: "binary", source: { bucket: "raw", key: "data/x.csv", versionId: "v1" } });
        expect(rows.train + rows.validation + rows.test).to.equal(600);
        for (const split of splitNames) expect(rowsOf(files, split), split).to.have.length(rows[split]);
        expect(written.map(({ key, bytes }) => [key, bytes])).to.deep.equal(
            splitNames.map((split) => [`runs/r1/${split}/data.csv`, files.contents.get(`${split}/data.csv`)!.length]),
        );
        expect(files.written.at(-1)).to.equal("manifest.json");
    });

    it("writes the same bytes again on a retry", async () => {
        const [first, second] = await Promise.all([prepare(mixed, settings), prepare(mixed, settings)]);
        expect([...second!.contents]).to.deep.equal([...first!.contents]);
    });

    it("rejects an unknown label and a text in a numeric column, with line and reason", async () => {
        const text = buildTable("x,y", 400, (i) => `${i === 5 ? "oops" : i},${i === 9 ? "maybe" : i % 2 ? "yes" : "no"}`);
        const files = await prepare(text, dataSettings("y", { task: "binary" }));
        expect(files.contents.get("rejects.csv")?.split("\n").slice(1, 3)).to.deep.equal([
            '7,"has ""oops"" in the numeric column ""x""","oops,yes"',
            '11,"has the label ""maybe"", which is none of the task\'s","9,maybe"',
        ]);
        expect((await files.readDocument<DataManifest>("manifest.json")).rows.rejected).to.equal(2);
    });

    it("fails when the rows that only this step can reject are too many", async () => {
        const text = buildTable("a,b,c,y", 400, (i) => `${i < 3 ? "x" : i},${i > 3 && i < 7 ? "x" : i},${i > 7 && i < 11 ? "x" : i},${i % 2}`);
        expect(await messageOf(prepare(text, dataSettings("y")))).to.contain("9 of 400 rows are broken (2.25 %)");
    });

    it("refuses a class that is not in all three splits", async () => {
        const text = buildTable("x,y", 400, (index) => `${index},${index === 5 ? "c" : index % 2 ? "a" : "b"}`);
        const message = await messageOf(prepare(text, dataSettings("y")));
        expect(message).to.match(/class "c" has 1 rows, and none of them is among the (train|validation|test) rows/);
    });

    it("keeps samples of each class that encode to their line of the test file", async () => {
        const files = await prepare(mixed, settings);
        const schema = await files.readDocument<FeatureSchema>("schema.json");
        const samples = await files.readDocument<SampleRow[]>("samples.json");
        expect(samples).to.have.length(20);
        const labels = samples.map(({ line }) => rowsOf(files, "test")[line]!.split(",")[0]);
        expect(labels.filter((label) => label === "1")).to.have.length(10);
        for (const { line, features } of samples) {
            const refusals: Refusal[] = [];
            const columns = createRowEncoder(schema.features)(schema.features.map(({ name }) => features[name]!), refusals);
            expect(refusals).to.deep.equal([]);
            expect(columns.join(",")).to.equal(rowsOf(files, "test")[line]!.split(",").slice(1).join(","));
        }
    });

    it("hands on URLs, hyperparameters as texts with the configured ones winning, and the output filter", async () => {
        const files = await prepare(mixed, settings);
        const args = { runId: "r1", source: { bucket: "raw", key: "k", versionId: "v" }, data: settings, files, variants: ["challenger"] } as const;
        const result = await preprocessData({ ...args, model: { ...modelSettings, hyperparameters: { eta: 0.3 } } });
        const [{ hyperparameters, transformUrl }] = result.variants as [VariantPlan];
        expect(hyperparameters).to.include({ objective: "binary:logistic", eval_metric: "auc", eta: "0.3" }).and.not.have.property("num_class");
        expect(Object.values(hyperparameters).every((value) => typeof value === "string")).to.equal(true);
        expect(result.transformOutputFilter).to.equal("$[0,-1]");
        expect(result.trainUrl).to.equal("s3://processed/runs/r1/train/data.csv");
        expect(transformUrl, "a slash at the end may become two in the output's key").to.equal("s3://processed/runs/r1/transform/challenger");
    });

    it("plans each variant by itself: its own hyperparameters over the common ones, its own folder and letter", async () => {
        const files = await prepare(mixed, settings);
        const { variants } = await preprocessData({
            runId: "r1", source: { bucket: "raw", key: "k", versionId: "v" }, data: settings, files, variants: ["champion", "challenger"],
            model: { ...modelSettings, hyperparameters: { eta: 0.3, gamma: 2 }, variantHyperparameters: { challenger: { eta: 0.05 } } },
        });
        expect(variants.map(({ variant, letter, transformUrl, hyperparameters: { eta, gamma } }) => ({ variant, letter, transformUrl, eta, gamma }))).to.deep.equal([
            { variant: "champion", letter: "a", transformUrl: "s3://processed/runs/r1/transform/champion", eta: "0.3", gamma: "2" },
            { variant: "challenger", letter: "b", transformUrl: "s3://processed/runs/r1/transform/challenger", eta: "0.05", gamma: "2" },
        ]);
    });

    it("asks for one score per class with three classes", async () => {
        const text = buildTable("x,y", 400, (index) => `${index},${["low", "mid", "high"][index % 3]}`);
        const files = await prepare(text, dataSettings("y"));
        const args = { runId: "r1", source: { bucket: "raw", key: "k", versionId: "v" }, data: dataSettings("y"), model: modelSettings, files, variants: ["champion"] } as const;
        const result = await preprocessData(args);
        expect(result.variants[0]?.hyperparameters).to.include({ objective: "multi:softprob", num_class: "3", eval_metric: "mlogloss" });
        expect(result.transformOutputFilter).to.equal("$[0,-3,-2,-1]");
    });

    it("keeps a regression's label as it is", async () => {
        const files = await prepare(buildTable("x,y", 400, (index) => `${index},${index / 8}`), dataSettings("y"));
        expect(await files.readDocument<FeatureSchema>("schema.json")).to.not.have.any.keys("classes", "threshold");
        expect(rowsOf(files, "train").every((row) => Number(row.split(",")[1]) / 8 === Number(row.split(",")[0]))).to.equal(true);
    });
});
