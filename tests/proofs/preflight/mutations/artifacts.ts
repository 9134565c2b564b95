/** What is wrong in files: the models' archives, and the code of functions. */
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { gunzipSync } from "node:zlib";
import { strFromU8, strToU8, unzipSync, zipSync } from "fflate";
import { FileReference } from "../../../../automation/engine/provider.ts";
import { buildModelJson, buildTarGz, buildZip } from "../../../../automation/preflight/artifact/samples.ts";
import { openMemoryArtifact } from "../../../../automation/preflight/artifact/source.ts";
import type { ModelEvidence } from "../../../../automation/preflight/rule.ts";
import { find } from "../draft.ts";
import type { Edit } from "../draft.ts";
import type { PreflightMutation } from "../mutation.ts";

const CHAMPION = 0;
const CHALLENGER = 1;
const MODEL = { "xgboost-model": buildModelJson() };
/** Of every file in a zip: the oldest that there is. */
const NO_TIME = new Date(1980, 0, 1);

/** Another model, or another archive of it. The champion's is also what is looked at when nobody asks of which variant. */
function replaceModel(variant: number, change: (model: ModelEvidence) => ModelEvidence): Edit {
    return ({ evidence }) => {
        const models = evidence.models?.map((model, index) => (index === variant ? change(model) : model));
        if (models?.[variant] === undefined) throw new Error("no model is approved");
        evidence.models = models;
        const { approved, artifact } = models[CHAMPION] as ModelEvidence;
        evidence.approved = approved;
        if (artifact !== undefined) evidence.artifact = artifact;
        else delete evidence.artifact;
    };
}

function pack(bytes: Uint8Array, variant = CHALLENGER): Edit {
    return replaceModel(variant, (model) => ({ ...model, artifact: openMemoryArtifact(model.approved.modelDataUrl, bytes) }));
}

function withoutArtifact({ approved }: ModelEvidence): ModelEvidence {
    return { approved };
}

/** The function's code with one text in the place of another, as a build would have made it: the hash is that of the new code. */
function rewriteCode(name: string, [from, to]: readonly [from: RegExp, to: string]): Edit {
    return (draft) => {
        for (const { inputs } of find(draft, name)) {
            const { code } = inputs;
            if (!(code instanceof FileReference)) throw new Error(`the code of ${name} is no file`);
            const files = Object.entries(unzipSync(readFileSync(code.path))).map(([file, bytes]) => [file, rewrite(bytes, from, to)] as const);
            const bytes = zipSync(Object.fromEntries(files), { mtime: NO_TIME });
            const file = path.join(mkdtempSync(path.join(tmpdir(), "firstlight-mutation-")), "function.zip");
            writeFileSync(file, bytes);
            inputs["code"] = new FileReference("archive", file, createHash("sha256").update(bytes).digest("hex"));
            inputs["sourceCodeHash"] = createHash("sha256").update(bytes).digest("base64");
        }
    };
}

function rewrite(bytes: Uint8Array, from: RegExp, to: string): Uint8Array {
    const text = strFromU8(bytes);
    const rewritten = text.replaceAll(new RegExp(from, "g"), to);
    if (rewritten === text) throw new Error(`the code holds no ${from.source}`);
    return strToU8(rewritten);
}

const MODELS = "model.tar.gz";

const wrongModels: readonly Omit<PreflightMutation, "occasion">[] = [
    { rule: "F01", words: "a zip archive that is called model.tar.gz", where: MODELS, edits: [pack(buildZip(MODEL))] },
    { rule: "F01", words: "an archive that is not compressed", where: MODELS, edits: [pack(gunzipSync(buildTarGz(MODEL)))] },
    { rule: "F01", words: "an archive that ends too early", where: MODELS, edits: [pack(buildTarGz(MODEL).subarray(0, -12), CHAMPION)] },
    { rule: "F03", words: "a placeholder instead of a model", where: MODELS, edits: [pack(buildTarGz({ "xgboost-model": "placeholder" }))] },
    { rule: "F03", words: "a model that was never trained", where: MODELS, edits: [pack(buildTarGz({ "xgboost-model": buildModelJson({ treeCount: 0 }) }))] },
    { rule: "F08", words: "a README beside the model", where: MODELS, edits: [pack(buildTarGz({ ...MODEL, "README.md": "# Model" }))] },
    { rule: "F08", words: "a model in a folder", where: MODELS, edits: [pack(buildTarGz({ "model/xgboost-model": buildModelJson() }))] },
    { rule: "F09", words: "a model of XGBoost 3.2 in the container of 3.0", where: MODELS, edits: [pack(buildTarGz({ "xgboost-model": buildModelJson({ version: [3, 2, 0] }) }))] },
    { rule: "F10", words: "the champion's artifact is gone", where: "inference.endpoints", edits: [replaceModel(CHAMPION, withoutArtifact)] },
    { rule: "F10", words: "the challenger's artifact is gone", where: "inference.endpoints", edits: [replaceModel(CHALLENGER, withoutArtifact)] },
];

export const artifactMutations: readonly PreflightMutation[] = [
    ...wrongModels.map((mutation) => ({ ...mutation, occasion: "deployed" as const })),
    {
        rule: "F46", words: "a function that asks the endpoint in JSON", where: "inference-function",
        edits: [rewriteCode("inference-function", [/ContentType:\s*["'`]text\/csv["'`]/, 'ContentType:"application/json"'])],
    },
    { rule: "F34", words: "a file that does not export its handler", where: "health-function", edits: [rewriteCode("health-function", [/\bhandler\b/, "handle"])] },
];
