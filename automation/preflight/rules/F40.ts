/** F40: the account may run as many training and transform machines as a first run needs. */
import { VARIANTS } from "../../../lambdas/shared/documents.ts";
import { parseConfig } from "../../../components/config.ts";
import { buildAccount } from "../samples.ts";
import type { AccountView } from "../account/accountView.ts";
import { describeQuota, QUOTAS_LAG } from "../account/quotaText.ts";
import { defineRule } from "../rule.ts";
import type { Evidence, Finding } from "../rule.ts";

export const rule = defineRule({
    id: "F40",
    kind: "account",
    needs: ["config", "account"],
    title: "The quota for training and transform machines is enough",
    story: "New accounts may run no ml.m5.xlarge training job at all: the quota is 0. The pipeline validated and prepared the data and "
        + "then ended with ResourceLimitExceeded; the increase took a day.",
    source: "https://docs.aws.amazon.com/general/latest/gr/sagemaker.html",
    fix: `ask for the increase in Service Quotas (Amazon SageMaker), or choose a training.instanceType that the account has; ${QUOTAS_LAG}`,
    async check({ stack, config, account }) {
        const looks = await Promise.all(needsOf(config.training).map(async ({ quota, count }) => (
            { quota, count, found: await account.quota("sagemaker", quota) })));
        const findings = looks.flatMap(({ quota, count, found }): Finding[] => (found === undefined || found.value >= count ? [] : [{
            severity: "warning", where: `${stack}/training.instanceType`, setting: "training.instanceType",
            what: `"${quota}" is ${describeQuota(found)}, and the first run needs ${count}`,
        }]));
        const unlisted = looks.filter(({ found }) => found === undefined).map(({ quota }) => JSON.stringify(quota));
        return { findings, ...(unlisted.length === 0 ? {} : { open: `Service Quotas does not list ${unlisted.join(" and ")}` }) };
    },
    mustFind: [
        { title: "an account without training machines", evidence: () => buildEvidence({ "ml.m5.large for training job usage": 0 }) },
        {
            title: "one machine where the first run trains two models",
            evidence: () => buildEvidence({ "ml.m5.large for training job usage": 1 }),
        },
        { title: "an account without transform machines", evidence: () => buildEvidence({ "ml.m5.large for transform job usage": 0 }) },
        {
            title: "spot training with the on-demand quota alone",
            evidence: () => buildEvidence({ "ml.m5.large for spot training job usage": 0 }, { spot: true }),
        },
    ],
    mustPass: [
        { title: "enough of both", evidence: () => buildEvidence({}) },
        {
            title: "just as many as the first run needs",
            evidence: () => buildEvidence({ "ml.m5.large for training job usage": 2, "ml.m5.large for transform job usage": 2 }),
        },
        {
            title: "spot training with its own quota",
            evidence: () => buildEvidence({ "ml.m5.large for training job usage": 0 }, { spot: true }),
        },
    ],
});

interface Need { readonly quota: string; readonly count: number }

function needsOf({ instanceType, spot }: NonNullable<Evidence["config"]>["training"]): readonly Need[] {
    return [
        // Spot machines have a quota of their own. https://docs.aws.amazon.com/general/latest/gr/sagemaker.html
        { quota: `${instanceType} for ${spot ? "spot training" : "training"} job usage`, count: VARIANTS.length },
        { quota: `${instanceType} for transform job usage`, count: VARIANTS.length },
    ];
}

function buildEvidence(quotas: Readonly<Record<string, number>>, training: object = {}): Evidence {
    const config = parseConfig({ project: "firstlight", stack: "dev", values: { data: { label: "churned" }, training } });
    const quota: AccountView["quota"] = async (_service, name) => ({ value: quotas[name] ?? 4, isDefault: false });
    return { stack: "dev", config, account: buildAccount({ quota }) };
}
