/** F08: the model in a sub-directory of the archive. */
import { buildTarGz } from "../../preflight/artifact/samples.ts";
import { extractModel } from "./archive.ts";
import { replaceArtifact } from "./artifactBreak.ts";
import type { Break } from "./break.ts";

export const broken: Break = {
    id: "F08",
    what: "the trained model is packed with its folder: model/xgboost-model instead of xgboost-model",
    stopsAt: "enable-endpoints",
    message: /did not pass the ping health check/,
    onAws: "after up to an hour in Creating",
    source: "https://github.com/aws/amazon-sagemaker-examples/issues/3062",
    ...replaceArtifact(async (archive) => buildTarGz({ "model/xgboost-model": await extractModel(archive) })),
};
