/** F03: what is in the archive must be a trained XGBoost model. */
import { buildArtifactEvidence, buildModelJson, buildTarGz } from "../artifact/samples.ts";
import { ModelFormatError, readModel } from "../artifact/model.ts";
import type { ModelReading } from "../artifact/model.ts";
import { checkModelFile } from "../artifact/modelFile.ts";
import { defineRule } from "../rule.ts";
import type { Evidence } from "../rule.ts";

export const rule = defineRule({
    id: "F03",
    kind: "artifact",
    needs: ["artifact"],
    title: "The model file is a trained XGBoost model",
    story: "A hand-made JSON document stood in for the model until there would be a real one. The container could not load it, never "
        + "answered its ping, and the endpoint failed after an hour without naming the file.",
    source: "field reports S0, S1",
    prevention: "Endpoints are declared only when the pipeline has approved a model that it trained and judged.",
    fix: "train a model: `node automation/deploy.ts --stack <stack> --from train`",
    check: (evidence) => checkModelFile(evidence, (file, where) => {
        const problem = findProblem(file.content);
        return { findings: problem === undefined ? [] : [{ severity: "blocker", where, what: `the model file ${problem}` }] };
    }),
    mustFind: [
        { title: "an empty model file", evidence: () => packModel("") },
        { title: "a model file with the text placeholder", evidence: () => packModel("placeholder") },
        { title: "a JSON document without a learner", evidence: () => packModel("{}") },
        { title: "a learner without trees or weights", evidence: () => packModel('{"learner":{}}') },
        { title: "a model with no trees", evidence: () => packModel(buildModelJson({ treeCount: 0 })) },
        { title: "a model that takes no features", evidence: () => packModel(buildModelJson({ featureCount: 0 })) },
        { title: "a JSON model that was cut off", evidence: () => packModel(buildModelJson().slice(0, 80)) },
        { title: "a UBJSON model that was cut off", evidence: () => packModel(Buffer.from("7b4c00000000000000076c6561726e6572", "hex")) },
    ],
    mustPass: [
        { title: "a model with two trees", evidence: () => packModel(buildModelJson()) },
        { title: "a pickled model, which only Python can look into", evidence: () => packModel(Buffer.from([0x80, 0x04, 0x95])) },
    ],
});

function findProblem(content: Uint8Array): string | undefined {
    try {
        return findGap(readModel(content));
    } catch (error) {
        if (error instanceof ModelFormatError) return error.message;
        throw error;
    }
}

function findGap(model: ModelReading): string | undefined {
    if (model.featureCount === 0) return "takes no features (num_feature is 0)";
    return model.treeCount === 0 ? "has no trees: it was never trained" : undefined;
}

function packModel(content: string | Uint8Array): Evidence {
    return buildArtifactEvidence(buildTarGz({ "xgboost-model": content }));
}
