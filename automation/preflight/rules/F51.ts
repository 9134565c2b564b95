/** F51: a model's artifact lies in the region of the endpoint that serves it. */
import { parseS3Url } from "../../../lambdas/shared/store.ts";
import type { ApprovedModel } from "../../../lambdas/shared/documents.ts";
import type { BucketFacts } from "../account/accountView.ts";
import { tryToAsk } from "../account/asking.ts";
import { buildAccount } from "../samples.ts";
import { defineRule } from "../rule.ts";
import type { CheckResult, Evidence, Finding } from "../rule.ts";

export const rule = defineRule({
    id: "F51",
    kind: "account",
    needs: ["models", "account"],
    title: "Models lie in the region that serves them",
    story: "The bucket for models was made once, by hand, and used from a second region. Training wrote into it from anywhere; CreateModel then "
        + "refused the artifact, because SageMaker reads model data in its own region alone, and the deployment ended after the training was paid for.",
    source: "https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ContainerDefinition.html",
    prevention: "The models' bucket is a part of the stack, made in its region, and its name says which that is.",
    fix: "train anew in this region, or copy model.tar.gz, schema.json and golden.json into the stack's own bucket and approve them there",
    applies: ({ models }) => models.length > 0,
    async check({ stack, models, account }): Promise<CheckResult> {
        const buckets = [...new Set(models.map(({ approved }) => parseS3Url(approved.modelDataUrl).bucket))];
        const looks = await Promise.all(buckets.map(async (bucket) => ({ bucket, ...await tryToAsk(account.bucket(bucket)) })));
        const findings = looks.flatMap(({ bucket, answer }) => judgeBucket(bucket, answer, { stack, region: account.region }));
        const open = [...new Set(looks.flatMap((look) => look.open ?? (look.answer === "foreign" ? `bucket ${look.bucket} may not be looked at` : [])))];
        return { findings, ...(open.length === 0 ? {} : { open: open.join("; ") }) };
    },
    mustFind: [
        { title: "a model in another region", evidence: () => buildEvidence({ region: "us-east-1", ...SETTINGS }) },
        { title: "one of two models in another region", evidence: () => buildEvidence({ region: "eu-central-1", ...SETTINGS }, { region: "eu-west-1", ...SETTINGS }) },
    ],
    mustPass: [
        { title: "a model in the endpoint's region", evidence: () => buildEvidence({ region: "eu-central-1", ...SETTINGS }) },
        { title: "a bucket that is gone, which another rule is about", evidence: () => buildEvidence(undefined) },
    ],
});

function judgeBucket(bucket: string, facts: BucketFacts | "foreign" | undefined, { stack, region }: { readonly stack: string; readonly region: string }): readonly Finding[] {
    if (facts === undefined || facts === "foreign" || facts.region === region) return [];
    return [{ severity: "blocker", where: `${stack}/${bucket}`, what: `the approved model lies in ${facts.region}, and its endpoint is to serve in ${region}` }];
}

const SETTINGS = { isVersioned: true, isEncrypted: true };

function buildModel(bucket: string): ApprovedModel {
    const folder = `s3://${bucket}/training/job`;
    return {
        modelId: "binary:churned", version: "1", modelDataUrl: `${folder}/output/model.tar.gz`, schemaUrl: `${folder}/schema.json`,
        goldenUrl: `${folder}/golden.json`, trainingJobName: "job", trainingImage: "image:3.0-5",
    };
}

/** One model in each bucket. */
function buildEvidence(...buckets: readonly (BucketFacts | undefined)[]): Evidence {
    const models = buckets.map((_, index) => ({ approved: buildModel(`models-${index}`) }));
    return { stack: "dev", models, account: buildAccount({ bucket: async (name) => buckets[Number(name.split("-")[1])] }) };
}
