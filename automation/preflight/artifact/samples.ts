/** Small artifacts, good and broken, for the fixtures of rules and for rehearsals that are broken on purpose. */
import { gzipSync } from "node:zlib";
import { zipSync } from "fflate";
import type { ArtifactSource, Evidence } from "../rule.ts";
import { openMemoryArtifact } from "./source.ts";
import { buildTarEnd, buildTarFile } from "./tar.ts";

export type ArchiveFiles = Readonly<Record<string, Uint8Array | string>>;

export function buildTarGz(files: ArchiveFiles): Uint8Array {
    const blocks = Object.entries(files).map(([name, content]) => buildTarFile(name, Buffer.from(content)));
    return gzipSync(Buffer.concat([...blocks, buildTarEnd()]));
}

export function buildZip(files: ArchiveFiles): Uint8Array {
    return zipSync(Object.fromEntries(Object.entries(files).map(([name, content]) => [name, new Uint8Array(Buffer.from(content))])));
}

export interface SampleModel {
    /** @default [3, 0, 5] */
    readonly version?: readonly number[];
    /** @default 4 */
    readonly featureCount?: number;
    /** @default 2 */
    readonly treeCount?: number;
    /** @default "binary:logistic" */
    readonly objective?: string;
}

/** A model in XGBoost's JSON format, as far as rules read it. */
export function buildModelJson({ version = [3, 0, 5], featureCount = 4, treeCount = 2, objective = "binary:logistic" }: SampleModel = {}): string {
    return JSON.stringify({
        learner: {
            gradient_booster: { name: "gbtree", model: { trees: Array.from({ length: treeCount }, (_, id) => ({ id })) } },
            learner_model_param: { num_feature: String(featureCount) },
            objective: { name: objective },
        },
        version,
    });
}

/** Evidence that holds nothing but an artifact and the container that will serve it. */
export function buildArtifactEvidence(bytes: Uint8Array, servingImageTag = "3.0-5"): Evidence {
    const artifact: ArtifactSource = openMemoryArtifact("s3://models/training/job/output/model.tar.gz", bytes);
    return { stack: "dev", artifact, servingImageTag };
}
