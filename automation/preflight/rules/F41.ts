/** F41: two endpoints, and the update of one, fit into the account's serverless quotas. */
import { VARIANTS } from "../../../lambdas/shared/documents.ts";
import { parseConfig } from "../../../components/config.ts";
import { describeQuota, QUOTAS_LAG } from "../account/quotaText.ts";
import { buildAccount } from "../samples.ts";
import { defineRule } from "../rule.ts";
import type { Evidence, Finding } from "../rule.ts";

/** As Service Quotas calls them (codes L-99AD19BF and L-96300102). */
const ENDPOINTS = "Number of serverless endpoints";
const CONCURRENCY = "Maximum total concurrency that can be allocated across all serverless endpoints";

export const rule = defineRule({
    id: "F41",
    kind: "account",
    needs: ["config", "account"],
    title: "The serverless quotas hold both endpoints",
    story: "A new account has 10 concurrent serverless invocations in a region to share out. Two endpoints of 5 take all of it, and the "
        + "next deployment failed with ResourceLimitExceeded when it wanted to put the new configuration beside the old one.",
    source: "https://docs.aws.amazon.com/general/latest/gr/sagemaker.html",
    fix: `lower inference.maxConcurrency, or ask for the increase in Service Quotas (Amazon SageMaker); ${QUOTAS_LAG}`,
    applies: ({ config }) => config.inference.endpoints !== "off",
    async check({ stack, config, account }) {
        const [endpoints, concurrency] = await Promise.all([ENDPOINTS, CONCURRENCY].map((name) => account.quota("sagemaker", name)));
        const finding = { severity: "warning", where: `${stack}/inference.maxConcurrency`, setting: "inference.maxConcurrency" } as const;
        const findings: Finding[] = [];
        const running = VARIANTS.length * config.inference.maxConcurrency;
        // Whether an update counts twice is not documented; that it does is the safe reading.
        const updating = running + config.inference.maxConcurrency;
        if (endpoints !== undefined && endpoints.value < VARIANTS.length) {
            const what = `"${ENDPOINTS}" is ${describeQuota(endpoints)}, and the platform has ${VARIANTS.length}`;
            const fix = `ask for the increase in Service Quotas (Amazon SageMaker); ${QUOTAS_LAG}`;
            findings.push({ severity: "warning", where: `${stack}/inference.endpoints`, setting: "inference.endpoints", what, fix });
        }
        if (concurrency !== undefined && concurrency.value < updating) {
            const update = concurrency.value < running ? "" : `, and one more ${config.inference.maxConcurrency} while a model is deployed`;
            const what = `"${CONCURRENCY}" is ${describeQuota(concurrency)}, and the two endpoints take ${running}${update}`;
            findings.push({ ...finding, what });
        }
        // What other endpoints of the account take of it is not asked.
        const isWhole = endpoints !== undefined && concurrency !== undefined;
        return { findings, ...(isWhole ? {} : { open: "Service Quotas does not list all quotas of serverless inference" }) };
    },
    mustFind: [
        { title: "endpoints that take more than there is", evidence: () => buildEvidence({ concurrency: 10, maxConcurrency: 6 }) },
        { title: "endpoints that take all there is", evidence: () => buildEvidence({ concurrency: 10, maxConcurrency: 5 }) },
        { title: "one too few for an update", evidence: () => buildEvidence({ concurrency: 8, maxConcurrency: 3 }) },
        { title: "an account with one endpoint", evidence: () => buildEvidence({ endpoints: 1 }) },
    ],
    mustPass: [
        { title: "the default in a new account", evidence: () => buildEvidence({}) },
        {
            title: "room for both and one update, and no more",
            evidence: () => buildEvidence({ concurrency: 9, maxConcurrency: 3, endpoints: 2 }),
        },
    ],
});

interface SampleArgs { readonly endpoints?: number; readonly concurrency?: number; readonly maxConcurrency?: number }

function buildEvidence({ endpoints = 5, concurrency = 10, maxConcurrency = 2 }: SampleArgs): Evidence {
    const values = { data: { label: "churned" }, inference: { maxConcurrency } };
    const config = parseConfig({ project: "firstlight", stack: "dev", values });
    const quotas: Readonly<Record<string, number>> = { [ENDPOINTS]: endpoints, [CONCURRENCY]: concurrency };
    const account = buildAccount({ quota: async (_service, name) => ({ value: quotas[name] ?? 0, isDefault: true }) });
    return { stack: "dev", config, account };
}
