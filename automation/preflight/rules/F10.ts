/** F10: endpoints need a model that was trained and approved. */
import type { ApprovedModel } from "../../../lambdas/shared/documents.ts";
import { buildModelJson, buildTarGz } from "../artifact/samples.ts";
import { openMemoryArtifact } from "../artifact/source.ts";
import { buildPlan } from "../samples.ts";
import { defineRule } from "../rule.ts";
import type { Evidence, Finding } from "../rule.ts";

const ENDPOINT = "aws:sagemaker/endpoint:Endpoint";

export const rule = defineRule({
    id: "F10",
    kind: "artifact",
    needs: ["approved"],
    title: "Endpoints are declared only when their model exists",
    story: "Infrastructure, training and endpoints went out in one deployment. The endpoint was created before any model had been "
        + "trained, pointed at an object that did not exist, and took the whole deployment down with it.",
    source: "field reports S0-S4",
    prevention: "The program declares endpoints exactly when the switch is on and the pipeline has approved a model.",
    fix: "train first: `node automation/deploy.ts --stack <stack> --from train --until enable-endpoints`",
    applies: (evidence) => evidence.config?.inference.endpoints === "on" || declaresEndpoint(evidence) || isApproved(evidence),
    check(evidence) {
        return { findings: findGaps(evidence, evidence.approved) };
    },
    mustFind: [
        { title: "endpoints without an approved model", evidence: () => ({ ...buildEvidence(), approved: "none" }) },
        { title: "an approved model whose artifact is gone", evidence: () => ({ ...buildEvidence(), approved: APPROVED }) },
        {
            title: "an artifact that lies elsewhere than its schema, in another account",
            evidence: () => ({ ...buildWithArtifact(), approved: { ...APPROVED, modelDataUrl: "s3://other-999999999999-eu-central-1/model.tar.gz" } }),
        },
    ],
    mustPass: [
        { title: "an approved model with its artifact", evidence: buildWithArtifact },
    ],
});

function declaresEndpoint({ plans }: Evidence): boolean {
    return plans?.asIs.resources.some(({ type }) => type === ENDPOINT) === true;
}

/** A model that somebody approved is what the next enable-endpoints serves. */
function isApproved({ approved }: Evidence): boolean {
    return approved !== undefined && approved !== "none";
}

function findGaps({ stack, artifact }: Evidence, approved: ApprovedModel | "none"): Finding[] {
    const about = { severity: "blocker", where: `${stack}/inference.endpoints`, setting: "inference.endpoints" } as const;
    if (approved === "none") return [{ ...about, what: "endpoints are on, but no model has been trained and approved" }];
    if (artifact === undefined) return [{ ...about, what: `the approved model ${approved.modelDataUrl} does not exist` }];
    if (folderOf(approved.schemaUrl) !== folderOf(approved.modelDataUrl).replace(/\/output$/, "")) {
        return [{ ...about, what: `the approved model ${approved.modelDataUrl} lies elsewhere than its schema ${approved.schemaUrl}` }];
    }
    return [];
}

function folderOf(url: string): string {
    return url.slice(0, url.lastIndexOf("/"));
}

const BUCKET = "s3://firstlight-dev-models-123456789012-eu-central-1-a1b2c3/training/job";
const APPROVED: ApprovedModel = {
    modelId: "binary:churned", version: "20261121T000000Z-0123456789ab", modelDataUrl: `${BUCKET}/output/model.tar.gz`,
    schemaUrl: `${BUCKET}/schema.json`, goldenUrl: `${BUCKET}/golden.json`, trainingJobName: "job", trainingImage: "sagemaker-xgboost:3.0-5",
};

function buildEvidence(): Evidence {
    const plan = buildPlan({ type: ENDPOINT, name: "endpoint" });
    return { stack: "dev", plans: { asIs: plan, endpointsOn: plan } };
}

function buildWithArtifact(): Evidence {
    const artifact = openMemoryArtifact(APPROVED.modelDataUrl, buildTarGz({ "xgboost-model": buildModelJson() }));
    return { ...buildEvidence(), approved: APPROVED, artifact };
}
