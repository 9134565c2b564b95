/** A rehearsal whose stack is up, trained, and serves: what tests need that do something to a living stack. */
import path from "node:path";
import { enableEndpointsPhase } from "../../automation/phases/enableEndpoints.ts";
import type { PhaseContext } from "../../automation/phases/phase.ts";
import { trainPhase } from "../../automation/phases/train.ts";
import { upPhase } from "../../automation/phases/up.ts";
import { readOutputs } from "../../automation/outputs.ts";
import { createRecordingReporter } from "../../automation/progress/reporters.ts";
import { preparePythonEnvironment } from "../../automation/rehearsal/pythonEnvironment.ts";
import { startRehearsal } from "../../automation/rehearsal/rehearsal.ts";
import type { Rehearsal } from "../../automation/rehearsal/rehearsal.ts";
import { readStackSettings } from "../../automation/stackSettings.ts";
import type { PlatformOutputs } from "../../components/outputs.ts";

const PROJECT = path.resolve(import.meta.dirname, "..", "..");

export interface ServedStack {
    readonly rehearsal: Rehearsal;
    readonly context: PhaseContext;
    readonly outputs: PlatformOutputs;
    readonly reporter: ReturnType<typeof createRecordingReporter>;
}

/** Of dev, on its own data. Takes half a minute; to be closed by `rehearsal.close`. */
export async function startServedStack(): Promise<ServedStack> {
    const reporter = createRecordingReporter();
    const { python } = await preparePythonEnvironment({ folder: PROJECT });
    const rehearsal = await startRehearsal({
        projectFolder: PROJECT, settings: await readStackSettings(PROJECT, "dev"), dataFile: path.join(PROJECT, "data", "customer-churn.csv"),
        python, reporter, signal: new AbortController().signal,
    });
    try {
        for (const phase of [upPhase, trainPhase, enableEndpointsPhase]) await phase.run(rehearsal.context);
        return { rehearsal, context: rehearsal.context, outputs: await readOutputs(rehearsal.context.engine), reporter };
    } catch (error) {
        await rehearsal.close({ keepFiles: false });
        throw error;
    }
}
