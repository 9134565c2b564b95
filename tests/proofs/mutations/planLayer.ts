/** The first judge: preflight, on a plan in which something is missing. */
import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { createEmbeddedEngine } from "../../../automation/engine/embedded/embeddedEngine.ts";
import type { Plan } from "../../../automation/engine/engine.ts";
import { withKnownIds } from "../../../automation/preflight/gathering/knownIds.ts";
import { recordPlans } from "../../../automation/preflight/gathering/recordPlans.ts";
import type { Plans } from "../../../automation/preflight/rule.ts";
import { runPreflight } from "../../../automation/preflight/runPreflight.ts";
import { buildEnvironment, REHEARSAL_ACCOUNT } from "../../../automation/rehearsal/environment.ts";
import { createPlanningProvider } from "../../../automation/rehearsal/handlers/provider.ts";
import { parseStackConfig, readStackSettings, regionOf } from "../../../automation/stackSettings.ts";
import { PROJECT_FOLDER } from "../proof.ts";
import { mutateInputs } from "./mutation.ts";
import type { MutatedStack, Mutation } from "./mutation.ts";

export type StackPlans = Readonly<Record<MutatedStack, Plans>>;

/** Both plans of both stacks, without a cloud. */
export async function recordStackPlans(): Promise<StackPlans> {
    const [dev, staging] = await Promise.all([recordStack("dev"), recordStack("staging")]);
    return { dev, staging };
}

async function recordStack(stack: MutatedStack): Promise<Plans> {
    const settings = await readStackSettings(PROJECT_FOLDER, stack);
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
export async function judgePlan(plans: StackPlans, mutation: Mutation): Promise<string | undefined> {
    return findFault(plans, mutation.stack, mutation);
}

/** @throws Error when preflight finds something in a program as it is: then its findings would prove nothing. */
export async function expectFaultless(plans: StackPlans): Promise<void> {
    for (const stack of ["dev", "staging"] as const) {
        const finding = await findFault(plans, stack);
        if (finding !== undefined) throw new Error(`preflight finds something in the program of ${stack} as it is, so it cannot judge: ${finding}`);
    }
}

async function findFault(plans: StackPlans, stack: MutatedStack, mutation?: Mutation): Promise<string | undefined> {
    const config = parseStackConfig(await readStackSettings(PROJECT_FOLDER, stack), undefined);
    const { asIs, endpointsOn } = plans[stack];
    const { findings } = await runPreflight({ stack, config, plans: { asIs: mutatePlan(asIs, mutation), endpointsOn: mutatePlan(endpointsOn, mutation) } });
    const [first] = findings;
    return first === undefined ? undefined : `${first.id} ${first.what}`;
}

function mutatePlan(plan: Plan, mutation: Mutation | undefined): Plan {
    if (mutation === undefined) return plan;
    return { ...plan, resources: plan.resources.map((resource) => ({ ...resource, inputs: mutateInputs(mutation, resource, resource.inputs) })) };
}
