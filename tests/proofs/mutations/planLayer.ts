/** The first judge: preflight, on a plan in which something is missing. */
import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { createEmbeddedEngine } from "../../../automation/engine/embedded/embeddedEngine.ts";
import type { Plan } from "../../../automation/engine/engine.ts";
import { withKnownIds } from "../../../automation/preflight/knownIds.ts";
import { recordPlans } from "../../../automation/preflight/recordPlans.ts";
import type { Plans } from "../../../automation/preflight/rule.ts";
import { runPreflight } from "../../../automation/preflight/runPreflight.ts";
import { buildEnvironment, REHEARSAL_ACCOUNT } from "../../../automation/rehearsal/environment.ts";
import { createPlanningProvider } from "../../../automation/rehearsal/handlers/provider.ts";
import { parseStackConfig, readStackSettings, regionOf } from "../../../automation/stackSettings.ts";
import { PROJECT_FOLDER } from "../proof.ts";
import { mutateInputs } from "./mutation.ts";
import type { Mutation } from "./mutation.ts";

export const STACK = "dev";

/** The two plans of the development stack, without a cloud. */
export async function recordDevelopmentPlans(): Promise<Plans> {
    const settings = await readStackSettings(PROJECT_FOLDER, STACK);
    const [config, region] = [parseStackConfig(settings, undefined), regionOf(settings)];
    const folder = mkdtempSync(path.join(os.tmpdir(), "firstlight-plans-"));
    const environment = buildEnvironment({ region, folder });
    const plans = recordPlans({
        config, region, accountId: REHEARSAL_ACCOUNT, parameters: {},
        createRecorder: (parameters) => createEmbeddedEngine({
            projectFolder: PROJECT_FOLDER, program: "index.ts", project: settings.project, stack: settings.stack, config: settings.config,
            stateFile: path.join(folder, "state.json"), passphrase: "of a plan", environment,
            provider: withKnownIds(createPlanningProvider({ region, accountId: REHEARSAL_ACCOUNT, parameters })),
        }),
    });
    return plans.finally(() => rmSync(folder, { recursive: true, force: true }));
}

/** What preflight finds in the mutated plan, or undefined when it finds nothing. */
export async function judgePlan(plans: Plans, mutation?: Mutation): Promise<string | undefined> {
    const config = parseStackConfig(await readStackSettings(PROJECT_FOLDER, STACK), undefined);
    const plan = { asIs: mutatePlan(plans.asIs, mutation), endpointsOn: mutatePlan(plans.endpointsOn, mutation) };
    const { findings } = await runPreflight({ stack: STACK, config, plan });
    const [first] = findings;
    return first === undefined ? undefined : `${first.id} ${first.what}`;
}

function mutatePlan(plan: Plan, mutation: Mutation | undefined): Plan {
    if (mutation === undefined) return plan;
    return { ...plan, resources: plan.resources.map((resource) => ({ ...resource, inputs: mutateInputs(mutation, resource, resource.inputs) })) };
}
