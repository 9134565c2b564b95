/** The rules about the model against files that four XGBoost versions really wrote, in four containers: the matrix was measured. */
import { readFileSync } from "node:fs";
import path from "node:path";
import { expect } from "chai";
import { readModel } from "../../../automation/preflight/artifact/model.ts";
import { buildTarGz } from "../../../automation/preflight/artifact/samples.ts";
import { openMemoryArtifact } from "../../../automation/preflight/artifact/source.ts";
import { runPreflight } from "../../../automation/preflight/runPreflight.ts";

const FIXTURES = path.resolve(import.meta.dirname, "..", "..", "fixtures", "xgboost-models");
const WRITERS = ["1.5.2", "1.7.4", "3.0.5", "3.2.0"] as const;
const CONTAINERS = ["1.5-1", "1.7-1", "3.0-5", "3.2-0"] as const;

type Outcome = "passes" | "found" | "not checked";

/** What each file is: 1.5.2 knew no UBJSON yet and wrote its old binary format under that name. */
const FORMATS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
    "1.5.2": { "m.json": "json", "m.ubj": "binary", "xgboost-model": "binary" },
    "1.7.4": { "m.json": "json", "m.ubj": "ubjson", "xgboost-model": "binary" },
    "3.0.5": { "m.json": "json", "m.ubj": "ubjson", "xgboost-model": "ubjson" },
    "3.2.0": { "m.json": "json", "m.ubj": "ubjson", "xgboost-model": "ubjson" },
};

/** By writer and file: what F09 says in the containers, in their order. */
const MATRIX: Readonly<Record<string, Readonly<Record<string, readonly Outcome[]>>>> = {
    "1.5.2": { "m.json": ["passes", "passes", "passes", "passes"], "m.ubj": ["passes", "passes", "passes", "found"], "xgboost-model": ["passes", "passes", "passes", "found"] },
    "1.7.4": { "m.json": ["found", "passes", "passes", "passes"], "m.ubj": ["found", "passes", "passes", "passes"], "xgboost-model": ["passes", "passes", "passes", "found"] },
    "3.0.5": { "m.json": ["found", "passes", "passes", "passes"], "m.ubj": ["found", "passes", "passes", "passes"], "xgboost-model": ["found", "passes", "passes", "passes"] },
    "3.2.0": { "m.json": ["found", "found", "found", "passes"], "m.ubj": ["found", "found", "found", "passes"], "xgboost-model": ["found", "found", "found", "passes"] },
};

function read(writer: string, file: string): Uint8Array {
    return readFileSync(path.join(FIXTURES, writer, file));
}

async function judge(content: Uint8Array, servingImageTag: string): Promise<Record<string, Outcome>> {
    const artifact = openMemoryArtifact("s3://models/model.tar.gz", buildTarGz({ "xgboost-model": content }));
    const { findings, passed, notChecked } = await runPreflight({ stack: "dev", artifact, servingImageTag }, { kinds: ["artifact"] });
    return Object.fromEntries([
        ...findings.map(({ id }) => [id, "found"] as const), ...passed.map((id) => [id, "passes"] as const), ...notChecked.map(({ id }) => [id, "not checked"] as const),
    ]);
}

describe("model files of four XGBoost versions", () => {
    for (const writer of WRITERS) {
        for (const [file, format] of Object.entries(FORMATS[writer] ?? {})) {
            it(`${writer} ${file} is read as ${format}, with its four features`, () => {
                const model = readModel(read(writer, file));
                expect(model.format).to.equal(format);
                expect(model.featureCount).to.equal(4);
                if (format !== "binary") expect(model).to.deep.include({ version: writer.split(".").map(Number), treeCount: 5, objective: "binary:logistic" });
            });

            it(`${writer} ${file} is accepted by the containers that read it rightly, and by no other`, async () => {
                const outcomes = await Promise.all(CONTAINERS.map((container) => judge(read(writer, file), container)));
                expect(outcomes.map(({ F09 }) => F09)).to.deep.equal(MATRIX[writer]?.[file]);
                for (const outcome of outcomes) expect(outcome).to.include({ F01: "passes", F03: "passes", F08: "passes" });
            });
        }
    }

    it("are not taken for models when they are cut off", async () => {
        for (const writer of WRITERS) {
            const content = read(writer, "m.json");
            expect((await judge(content.subarray(0, content.length / 2), "3.0-5"))["F03"], writer).to.equal("found");
        }
        const ubjson = read("3.0.5", "m.ubj");
        expect((await judge(ubjson.subarray(0, ubjson.length / 2), "3.0-5"))["F03"]).to.equal("found");
    });
});
