/** F01: a zip archive under the name model.tar.gz. */
import { buildZip } from "../../preflight/artifact/samples.ts";
import { extractModel } from "./archive.ts";
import { replaceArtifact } from "./artifactBreak.ts";
import type { Break } from "./break.ts";

export const broken: Break = {
    id: "F01",
    what: "the trained model is packed as a zip archive and uploaded as model.tar.gz",
    stopsAt: "enable-endpoints",
    message: /Failed to extract model data archive .*valid tar\.gz archive/,
    onAws: "after up to an hour in Creating",
    source: "https://github.com/aws/deep-learning-containers/pull/569",
    ...replaceArtifact(async (archive) => buildZip({ "xgboost-model": await extractModel(archive) })),
};
