/** F08: the archive must hold one model file, at its root, and nothing that the container would load beside it. */
import { gzipSync } from "node:zlib";
import { readArchive } from "../artifact/archive.ts";
import type { ArchiveEntry } from "../artifact/archive.ts";
import { buildArtifactEvidence, buildModelJson, buildTarGz } from "../artifact/samples.ts";
import { findModelFiles, MODEL_FILE_NAME, pathOf } from "../artifact/modelFile.ts";
import { buildTarEnd, buildTarFile } from "../artifact/tar.ts";
import { defineRule } from "../rule.ts";

const model = buildModelJson();

export const rule = defineRule({
    id: "F08",
    kind: "artifact",
    needs: ["artifact"],
    title: "The archive holds exactly one file at its root, named xgboost-model",
    story: "The model lay in a sub-directory of the archive, or beside a README and files that the operating system had added. The "
        + "container loads every file at the root, and nothing below it, so it found no model or loaded what is none.",
    source: "field reports S0-S4",
    prevention: "The training container writes the archive with the one file that the serving container expects.",
    fix: "pack the model alone, at the root: `tar -czf model.tar.gz -C <folder of the model> xgboost-model`",
    async check({ stack, artifact }) {
        const archive = await readArchive(artifact);
        if (!archive.ok) return { findings: [], open: `the archive cannot be read (F01): it ${archive.problem}` };
        const where = `${stack}/${artifact.url}`;
        return { findings: findProblems(archive.entries).map((what) => ({ severity: "blocker", where, what })) };
    },
    mustFind: [
        { title: "the model in a sub-directory", evidence: () => buildArtifactEvidence(buildTarGz({ "model/xgboost-model": model })) },
        { title: "the model under another name", evidence: () => buildArtifactEvidence(buildTarGz({ "model.xgb": model })) },
        {
            title: "a README beside the model",
            evidence: () => buildArtifactEvidence(buildTarGz({ "xgboost-model": model, "README.md": "# Model" })),
        },
        {
            title: "a file that macOS added",
            evidence: () => buildArtifactEvidence(buildTarGz({ "._xgboost-model": "", "xgboost-model": model })),
        },
        {
            title: "a path that leaves the folder",
            evidence: () => buildArtifactEvidence(buildTarGz({ "xgboost-model": model, "../xgboost-model": model })),
        },
        {
            title: "an absolute path",
            evidence: () => buildArtifactEvidence(buildTarGz({ "xgboost-model": model, "/tmp/xgboost-model": model })),
        },
        {
            title: "a file in a folder beside the model",
            evidence: () => buildArtifactEvidence(buildTarGz({ "xgboost-model": model, "code/inference.py": "" })),
        },
        {
            title: "the model twice",
            evidence: () => buildArtifactEvidence(gzipSync(Buffer.concat([...[1, 2].map(() => buildTarFile("xgboost-model", Buffer.from(model))), buildTarEnd()]))),
        },
        {
            title: "a model that nobody may read",
            evidence: () => buildArtifactEvidence(gzipSync(Buffer.concat([buildTarFile("xgboost-model", Buffer.from(model), 0), buildTarEnd()]))),
        },
    ],
    mustPass: [
        { title: "the model alone at the root", evidence: () => buildArtifactEvidence(buildTarGz({ "xgboost-model": model })) },
        { title: "the model alone with a leading ./", evidence: () => buildArtifactEvidence(buildTarGz({ "./xgboost-model": model })) },
    ],
});

function findProblems(entries: readonly ArchiveEntry[]): readonly string[] {
    const names = findModelFiles(entries).map(pathOf);
    if (!names.includes(MODEL_FILE_NAME)) {
        const found = entries.map(pathOf).filter((name) => name !== "").join(", ");
        return [`there is no ${MODEL_FILE_NAME} at the root; the archive holds ${found}`];
    }
    const copies = names.filter((name) => name === MODEL_FILE_NAME).length;
    return [
        ...(copies > 1 ? [`${MODEL_FILE_NAME} is in the archive ${copies} times: the last one is extracted over the others`] : []),
        ...entries.flatMap(describeStray),
    ];
}

function describeStray(entry: ArchiveEntry): readonly string[] {
    const name = pathOf(entry);
    if (name === "" || entry.type === "metadata") return [];
    if (name.startsWith("/") || name.split("/").includes("..")) return [`${entry.name} points outside the model's folder`];
    if (entry.type === "link") return [`${name} is a link, which SageMaker does not extract`];
    if (name === MODEL_FILE_NAME) return (entry.mode & 0o444) === 0 ? [`${name} has mode ${entry.mode.toString(8)}: nobody may read it`] : [];
    if (name.split("/").some((part) => part.startsWith(".") || part === "__MACOSX")) return [`${name} was added by an operating system or an editor`];
    if (entry.type === "directory") return [];
    return [name.includes("/") ? `${name} lies beside the model, which has to be alone`
        : `${name} is not the model, but the container loads every file at the root`];
}
