/** F03: a document that stands in for the model until there is a real one. */
import { buildTarGz } from "../../preflight/artifact/samples.ts";
import { replaceArtifact } from "./artifactBreak.ts";
import type { Break } from "./break.ts";

export const broken: Break = {
    id: "F03",
    what: "a hand-made JSON document stands in for the model: well packed, but no model",
    stopsAt: "enable-endpoints",
    message: /did not pass the ping health check/,
    onAws: "after up to an hour in Creating",
    source: "https://github.com/aws/amazon-sagemaker-examples/issues/3062",
    ...replaceArtifact(() => buildTarGz({ "xgboost-model": JSON.stringify({ model: "placeholder", version: 1 }) })),
};
