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
        const look = lookInto(file.content);
        if (look === undefined) return { findings: [] };
        return "open" in look ? { findings: [], open: look.open } : { findings: [{ severity: "blocker", where, what: `the model file ${look.problem}` }] };
    }),
    mustFind: [
        { title: "an empty model file", evidence: () => packModel("") },
        { title: "a model file with the text placeholder", evidence: () => packModel("placeholder") },
        { title: "a JSON document without a learner", evidence: () => packModel("{}") },
        { title: "a learner without trees or weights", evidence: () => packModel('{"learner":{}}') },
        { title: "a model with no trees", evidence: () => packModel(buildModelJson({ treeCount: 0 })) },
        { title: "a model that takes no features", evidence: () => packModel(buildModelJson({ featureCount: 0 })) },
        {
            title: "a model with an objective that XGBoost does not have",
            evidence: () => packModel(buildModelJson({ objective: "binary:churned" })),
        },
        { title: "a JSON model that was cut off", evidence: () => packModel(buildModelJson().slice(0, 80)) },
        { title: "a UBJSON model that was cut off", evidence: () => packModel(Buffer.from("7b4c00000000000000076c6561726e6572", "hex")) },
    ],
    mustPass: [
        { title: "a model with two trees", evidence: () => packModel(buildModelJson()) },
        { title: "a model with one tree and one feature", evidence: () => packModel(buildModelJson({ treeCount: 1, featureCount: 1 })) },
    ],
});

/** Undefined for a trained model. */
function lookInto(content: Uint8Array): { readonly problem: string } | { readonly open: string } | undefined {
    try {
        const model = readModel(content);
        if (model.format === "pickle") return { open: "the model is pickled, which only Python can look into" };
        const problem = findGap(model);
        return problem === undefined ? undefined : { problem };
    } catch (error) {
        if (error instanceof ModelFormatError) return { problem: error.message };
        throw error;
    }
}

function findGap({ featureCount, treeCount, objective }: ModelReading): string | undefined {
    if (featureCount === 0) return "takes no features (num_feature is 0)";
    if (treeCount === 0) return "has no trees: it was never trained";
    return objective === undefined || OBJECTIVES.test(objective) ? undefined : `has the objective ${objective}, which XGBoost does not have`;
}

/** Families of objectives; which of them a container takes is the pipeline's to know. https://xgboost.readthedocs.io/en/stable/parameter.html */
const OBJECTIVES = /^(binary:(logistic|logitraw|hinge)|(multi|rank|reg|count|survival):[a-z]+)$/;

function packModel(content: string | Uint8Array): Evidence {
    return buildArtifactEvidence(buildTarGz({ "xgboost-model": content }));
}
