/** F01: the artifact must be a gzip-compressed tar archive. */
import { readArchive } from "../artifact/archive.ts";
import { buildArtifactEvidence, buildModelJson, buildTarGz, buildZip } from "../artifact/samples.ts";
import { buildTarEnd, buildTarFile } from "../artifact/tar.ts";
import { defineRule } from "../rule.ts";
import { gzipSync } from "node:zlib";

const model = { "xgboost-model": buildModelJson() };

export const rule = defineRule({
    id: "F01",
    kind: "artifact",
    needs: ["artifact"],
    title: "The model archive is a gzip-compressed tar archive",
    story: "A tool wrote a zip archive and named it model.tar.gz. SageMaker accepted the model, worked on the endpoint for up to an "
        + "hour, and then said that it could not extract the archive.",
    source: "field reports S0, S1",
    prevention: "The training job writes the archive itself; nothing repacks it.",
    fix: "pack the model with tar and gzip (`tar -czf model.tar.gz xgboost-model`), or train again: `node automation/deploy.ts train "
        + "--stack <stack>`",
    async check({ stack, artifact }) {
        const archive = await readArchive(artifact);
        if (archive.ok) return { findings: [] };
        return { findings: [{ severity: "blocker", where: `${stack}/${artifact.url}`, what: `the archive ${archive.problem}` }] };
    },
    mustFind: [
        { title: "a zip archive named model.tar.gz", evidence: () => buildArtifactEvidence(buildZip(model)) },
        { title: "a gzip stream that ends too early", evidence: () => buildArtifactEvidence(buildTarGz(model).subarray(0, -12)) },
        { title: "a gzip stream with one wrong bit in its checksum", evidence: () => buildArtifactEvidence(flipBit(buildTarGz(model))) },
        {
            title: "a tar archive that is not compressed",
            evidence: () => buildArtifactEvidence(buildTarFile("xgboost-model", Buffer.from(buildModelJson()))),
        },
        { title: "a compressed file that is no tar archive", evidence: () => buildArtifactEvidence(gzipSync(buildModelJson())) },
        {
            title: "a tar archive that ends in the middle of the model",
            evidence: () => buildArtifactEvidence(gzipSync(buildTarFile("xgboost-model", Buffer.alloc(2000)).subarray(0, 1024))),
        },
        { title: "an archive without any file", evidence: () => buildArtifactEvidence(gzipSync(buildTarEnd())) },
        { title: "an empty object", evidence: () => buildArtifactEvidence(new Uint8Array()) },
    ],
    mustPass: [
        { title: "a tar archive, compressed with gzip", evidence: () => buildArtifactEvidence(buildTarGz(model)) },
    ],
});

/** In the stored checksum, eight bytes before the end. */
function flipBit(bytes: Uint8Array): Uint8Array {
    const copy = Uint8Array.from(bytes);
    copy[copy.length - 8] = (copy[copy.length - 8] ?? 0) ^ 1;
    return copy;
}
