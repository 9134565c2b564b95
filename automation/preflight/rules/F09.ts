/** F09: the model must not be newer than the XGBoost that serves it, nor of a format that it no longer reads. */
import { buildArtifactEvidence, buildModelJson, buildTarGz } from "../artifact/samples.ts";
import { ModelFormatError, readModel } from "../artifact/model.ts";
import type { ModelFormat, ModelReading } from "../artifact/model.ts";
import { checkModelFile } from "../artifact/modelFile.ts";
import { defineRule } from "../rule.ts";
import type { CheckResult, Evidence } from "../rule.ts";

/** First container version that no longer reads the old binary format; 3.0 does, 3.1 was not measured. */
const WITHOUT_BINARY = [3, 2];
/** Containers up to this one know no UBJSON. */
const WITHOUT_UBJSON = [1, 5];

/** Newer models that an older container reads with the same numbers. Every other newer model fails there, or answers wrong numbers. */
const READ_ALL_THE_SAME: readonly { readonly written: string; readonly reader: string; readonly formats: readonly ModelFormat[] }[] = [
    { written: "1.7", reader: "1.5", formats: ["binary"] },
    { written: "3.0", reader: "1.7", formats: ["json", "ubjson"] },
];

export const rule = defineRule({
    id: "F09",
    kind: "artifact",
    needs: ["artifact"],
    title: "The model can be read by the XGBoost version of its container",
    story: "A model that was saved by one XGBoost version was served by the container of another. Some pairs fail to load, and the "
        + "endpoint dies after an hour; a model of 3.2 in a container of 3.0 loads and answers wrong numbers, which nobody notices.",
    source: "field reports S0-S4",
    prevention: "Training and serving take the same image tag from one configuration value.",
    fix: "set firstlight:training.imageTag to the image that the model was trained with, or train again: "
        + "`node automation/deploy.ts train --stack <stack>`",
    async check(evidence) {
        const tag = evidence.servingImageTag;
        const container = tag === undefined ? undefined : parseTag(tag);
        if (tag === undefined || container === undefined) return { findings: [], open: `the serving image tag is ${tag ?? "not known"}` };
        const trainedWith = describeOtherImage(evidence, tag);
        if (trainedWith !== undefined) return trainedWith;
        return checkModelFile(evidence, (file, where) => {
            const model = tryReadModel(file.content);
            if (model === undefined) return { findings: [], open: "the model cannot be read (F03)" };
            const what = findMismatch(model, container, tag);
            if (what === undefined && model.version === undefined) return { findings: [], open: `a ${model.format} model does not say which version wrote it` };
            return { findings: what === undefined ? [] : [{ severity: "blocker", where, what }] };
        });
    },
    mustFind: [
        { title: "a 3.2 model in the 3.0-5 container", evidence: () => packModel([3, 2, 0], "3.0-5") },
        { title: "a 3.2 model in the 1.7-1 container", evidence: () => packModel([3, 2, 0], "1.7-1") },
        { title: "a 1.7 JSON model in the 1.5-1 container", evidence: () => packModel([1, 7, 4], "1.5-1") },
        { title: "a 3.0 model in the 1.5-1 container", evidence: () => packModel([3, 0, 5], "1.5-1") },
        { title: "an old binary model in the 3.2-0 container", evidence: () => packBinary("3.2-0") },
        {
            title: "a model trained in another image",
            evidence: () => ({ ...packModel([3, 0, 5], "3.0-5"), approved: { ...APPROVED, trainingImage: "123456789012.dkr.ecr.eu-central-1.amazonaws.com/sagemaker-xgboost:1.7-1" } }),
        },
    ],
    mustPass: [
        { title: "a 3.0 model in the 3.0-5 container", evidence: () => packModel([3, 0, 5], "3.0-5") },
        { title: "a 1.7 JSON model in the 3.2-0 container", evidence: () => packModel([1, 7, 4], "3.2-0") },
        { title: "a 3.0 model in the 1.7-1 container, which answers the same", evidence: () => packModel([3, 0, 5], "1.7-1") },
        { title: "an old binary model of 1.7 in the 1.5-1 container", evidence: () => packBinary("1.5-1") },
        { title: "an old binary model in the 3.0-5 container", evidence: () => packBinary("3.0-5") },
    ],
});

/** `3.0-5` is XGBoost 3.0. */
function parseTag(tag: string): readonly number[] | undefined {
    const [, major, minor] = /^(\d+)\.(\d+)-\d+$/.exec(tag) ?? [];
    return major === undefined || minor === undefined ? undefined : [Number(major), Number(minor)];
}

function describeOtherImage({ stack, approved }: Evidence, servingTag: string): CheckResult | undefined {
    if (approved === undefined || approved === "none") return undefined;
    const trainingTag = approved.trainingImage.slice(approved.trainingImage.lastIndexOf(":") + 1);
    if (trainingTag === servingTag) return undefined;
    const what = `the model was trained in the image ${trainingTag}, but is to be served by ${servingTag}`;
    return { findings: [{ severity: "blocker", where: `${stack}/training.imageTag`, what, setting: "training.imageTag" }] };
}

/** Which container reads whose models was measured, file by file: tests/automation/preflight/modelFiles.test.ts. */
function findMismatch(model: ModelReading, container: readonly number[], tag: string): string | undefined {
    if (model.format === "binary" && !isOlder(container, WITHOUT_BINARY)) return `the model is an old binary file, which the container ${tag} no longer reads`;
    if (model.format === "ubjson" && !isOlder(WITHOUT_UBJSON, container)) return `the model is UBJSON, which the container ${tag} does not know yet`;
    if (model.version === undefined || !isOlder(container, model.version.slice(0, 2))) return undefined;
    const [written, reader] = [model.version.slice(0, 2).join("."), container.join(".")];
    if (READ_ALL_THE_SAME.some((pair) => pair.written === written && pair.reader === reader && pair.formats.includes(model.format))) return undefined;
    return `the model was written by XGBoost ${model.version.join(".")}, but the container ${tag} has ${container.join(".")}`;
}

function isOlder(left: readonly number[], right: readonly number[]): boolean {
    const [major = 0, minor = 0] = left;
    const [otherMajor = 0, otherMinor = 0] = right;
    return major < otherMajor || (major === otherMajor && minor < otherMinor);
}

function tryReadModel(content: Uint8Array): ModelReading | undefined {
    try {
        return readModel(content);
    } catch (error) {
        if (error instanceof ModelFormatError) return undefined;
        throw error;
    }
}

const APPROVED = {
    modelId: "binary:churned", version: "20261121T000000Z-0123456789ab", modelDataUrl: "s3://models/training/job/output/model.tar.gz",
    schemaUrl: "s3://models/training/job/schema.json", goldenUrl: "s3://models/training/job/golden.json", trainingJobName: "job", trainingImage: "",
};

function packModel(version: readonly number[], tag: string): Evidence {
    return buildArtifactEvidence(buildTarGz({ "xgboost-model": buildModelJson({ version }) }), tag);
}

/** Header of an old binary model of XGBoost 1.7 with four features. */
function packBinary(tag: string): Evidence {
    const header = Buffer.alloc(140);
    header.write("binf");
    header.writeUInt32LE(4, 8);
    header.writeUInt32LE(1, 24);
    header.writeUInt32LE(7, 28);
    return buildArtifactEvidence(buildTarGz({ "xgboost-model": header }), tag);
}
