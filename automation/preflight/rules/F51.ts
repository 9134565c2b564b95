/** F51: a model's artifact lies in the region of the endpoint that serves it. */
import { parseS3Url } from "../../../lambdas/shared/store.ts";
import type { ApprovedModel } from "../../../lambdas/shared/documents.ts";
import type { AccountView } from "../account/accountView.ts";
import { answerOf } from "../account/answerOf.ts";
import { buildAccount } from "../samples.ts";
import { defineRule } from "../rule.ts";
import type { CheckResult, Evidence, Finding } from "../rule.ts";

export const rule = defineRule({
    id: "F51",
    kind: "account",
    needs: ["models", "account"],
    title: "Models lie in the region that serves them",
    story: "The bucket for models was made once, by hand, and used from a second region. Training wrote into it from anywhere; CreateModel "
        + "then refused the artifact, because SageMaker reads model data in its own region alone, and the deployment ended after the "
        + "training was paid for.",
    source: "https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ContainerDefinition.html",
    prevention: "The models' bucket is a part of the stack, made in its region, and its name says which that is.",
    fix: "train anew in this region, or copy model.tar.gz, schema.json and golden.json into the stack's own bucket and approve them there",
    applies: ({ models }) => models.length > 0,
    async check({ stack, models, account }): Promise<CheckResult> {
        const urls = new Map(models.map(({ approved: { modelDataUrl } }) => [parseS3Url(modelDataUrl).bucket, modelDataUrl]));
        const findings: Finding[] = [];
        const open: string[] = [];
        for (const [bucket, url] of urls) {
            const look = await answerOf(account.bucket(bucket));
            if ("unanswered" in look) open.push(look.unanswered);
            else if (look.answer === "foreign") open.push(`bucket ${bucket} may not be looked at`);
            else if (look.answer !== undefined && look.answer.region !== account.region) {
                const what = `the approved model ${url} lies in ${look.answer.region}, and its endpoint is to serve in ${account.region}`;
                findings.push({ severity: "blocker", where: `${stack}/${bucket}`, what });
            }
        }
        return open.length === 0 ? { findings } : { findings, open: open.join("; ") };
    },
    mustFind: [
        { title: "a model in another region", evidence: () => buildEvidence("us-east-1") },
        { title: "one of two models in another region", evidence: () => buildEvidence("eu-central-1", "eu-west-1") },
    ],
    mustPass: [
        { title: "a model in the endpoint's region", evidence: () => buildEvidence("eu-central-1") },
        { title: "a bucket that is gone, which another rule is about", evidence: () => buildEvidence(undefined) },
    ],
});

function buildModel(bucket: string): ApprovedModel {
    const folder = `s3://${bucket}/training/job`;
    return {
        modelId: "binary:churned", version: "1", modelDataUrl: `${folder}/output/model.tar.gz`, schemaUrl: `${folder}/schema.json`,
        goldenUrl: `${folder}/golden.json`, trainingJobName: "job", trainingImage: "image:3.0-5",
    };
}

/** One model in each bucket; undefined for a bucket that is not there. */
function buildEvidence(...regions: readonly (string | undefined)[]): Evidence {
    const bucket: AccountView["bucket"] = async (name) => {
        const region = regions[Number(name.split("-")[1])];
        return region === undefined ? undefined : { region, isVersioned: true, isEncrypted: true };
    };
    const models = regions.map((_, index) => ({ approved: buildModel(`models-${index}`) }));
    return { stack: "dev", models, account: buildAccount({ bucket }) };
}
