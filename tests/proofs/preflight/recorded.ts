/** The evidence of the unmodified program: plans that the embedded engine records, and an account that has room for all of it. */
import { readPackages } from "../../../automation/preflight/gathering/readPackages.ts";
import { tagOf } from "../../../automation/preflight/gathering/gatherEvidence.ts";
import { predictModel } from "../../../automation/preflight/gathering/recordPlans.ts";
import type { AccountView } from "../../../automation/preflight/account/accountView.ts";
import { buildModelJson, buildTarGz } from "../../../automation/preflight/artifact/samples.ts";
import { openMemoryArtifact } from "../../../automation/preflight/artifact/source.ts";
import type { Evidence, ModelEvidence } from "../../../automation/preflight/rule.ts";
import { buildAccount } from "../../../automation/preflight/samples.ts";
import { REHEARSAL_ACCOUNT } from "../../../automation/rehearsal/environment.ts";
import { parseStackConfig, readStackSettings, regionOf } from "../../../automation/stackSettings.ts";
import { VARIANTS } from "../../../lambdas/shared/documents.ts";
import type { MutatedStack } from "../mutations/mutation.ts";
import { recordStackPlans } from "../mutations/planLayer.ts";
import type { StackPlans } from "../mutations/planLayer.ts";
import { PROJECT_FOLDER } from "../proof.ts";
import { stateOf } from "./draft.ts";
import type { Occasion } from "./mutation.ts";

const STATE_BUCKET = "firstlight-states";
/** Of whatever is asked for: more than the stacks need. */
const ROOM = 1000;

/** Plans both stacks once. */
export class Recorded {
    readonly #plans: StackPlans;

    private constructor(plans: StackPlans) {
        this.#plans = plans;
    }

    static async record(): Promise<Recorded> {
        return new Recorded(await recordStackPlans());
    }

    /** All that the command gathers with access to an account. */
    async evidence(stack: MutatedStack, occasion: Occasion): Promise<Evidence> {
        const settings = await readStackSettings(PROJECT_FOLDER, stack);
        const [config, region] = [parseStackConfig(settings, undefined), regionOf(settings)];
        const plans = this.#plans[stack];
        const packages = await readPackages();
        const account = buildRoomyAccount(region);
        const runner = { isCi: false, backendUrl: `s3://${STATE_BUCKET}?region=${region}` };
        const first: Evidence = { stack, config, settings, plans, packages, runner, account, state: [], approved: "none", models: [] };
        if (occasion === "first") return first;
        const models = VARIANTS.map((variant): ModelEvidence => {
            const approved = predictModel(config, { region, accountId: REHEARSAL_ACCOUNT }, variant);
            return { approved, artifact: openMemoryArtifact(approved.modelDataUrl, buildTarGz({ "xgboost-model": buildModelJson() })) };
        });
        const [champion] = models;
        if (champion === undefined) throw new Error("there is no variant");
        const servingImageTag = tagOf(champion.approved.trainingImage);
        return { ...first, ...champion, models, servingImageTag, state: stateOf(plans.endpointsOn) };
    }
}

/** Nobody has any of the names, every quota is large, and whoever is to hear of alerts has said so. */
function buildRoomyAccount(region: string): AccountView {
    return buildAccount({
        region,
        quota: async () => ({ value: ROOM, isDefault: false }),
        bucket: async () => ({ region, isVersioned: true, isEncrypted: true }),
        subscriptions: async () => ({ confirmed: 1, unconfirmed: [] }),
        image: async () => ({ digest: `sha256:${"0".repeat(64)}` }),
        databaseOfferings: async () => [{ engineVersion: "17.11", supportsPerformanceInsights: true, storageTypes: ["gp2", "gp3", "io1"] }],
    });
}
