/** Runs a rehearsal from the first phase to the empty account, and gathers its report. */
import path from "node:path";
import type { PlatformOutputs } from "../../components/outputs.ts";
import type { StackResource } from "../engine/engine.ts";
import { describeError } from "../errorReport.ts";
import { readServedModel } from "../outputs.ts";
import { PhaseError } from "../phases/phaseError.ts";
import { phases } from "../phases/phases.ts";
import { runPhases } from "../phases/runPhases.ts";
import { findUnconfirmedSubscriptions } from "../phases/subscriptions.ts";
import { teardownPhase } from "../phases/teardown.ts";
import { comparePredictions, summarizeEvents } from "../report/reportData.ts";
import type { ReportData, VariantReport, VariantSummary } from "../report/reportData.ts";
import { describeResources } from "../report/resourceStatus.ts";
import type { ResourceReport } from "../report/resourceStatus.ts";
import { combineReporters, createRecordingReporter } from "../progress/reporters.ts";
import type { RecordingReporter } from "../progress/reporters.ts";
import { buildEnvironment } from "./environment.ts";
import { startRehearsal } from "./rehearsal.ts";
import type { Rehearsal, RehearsalOptions } from "./rehearsal.ts";
import { predictIndependently } from "./secondOpinion.ts";

export interface FullRehearsalOptions extends RehearsalOptions {
    /** Keeps the run's folder: state, logs, the downloaded artifact. The cloud ends all the same. */
    readonly keepFiles: boolean;
    /** Is given what stands in the state before the teardown, also that of a run that failed. */
    readonly onResources?: (resources: readonly StackResource[]) => void;
}

/** @throws what the phase that failed threw; the cloud and the folder are cleaned up before. */
export async function rehearse(options: FullRehearsalOptions): Promise<ReportData> {
    const startedAt = Date.now();
    const recorder = createRecordingReporter();
    const rehearsal = await startRehearsal({ ...options, reporter: combineReporters(options.reporter, recorder) });
    let isComplete = false;
    try {
        await runPhases(phases, rehearsal.context).finally(() => tellResources(rehearsal, options));
        const found = await gatherFindings(rehearsal, recorder, options);
        await rehearsal.tearDown();
        const leftovers = await rehearsal.cloud.inventory();
        const { phases: phaseReports, preflight, checks } = summarizeEvents(recorder.events);
        const report: ReportData = {
            ...found,
            stack: options.settings.stack,
            engine: rehearsal.engineDescription,
            dataFile: options.dataFile,
            phases: phaseReports,
            checks,
            ...(preflight === undefined ? {} : { preflight }),
            weights: rehearsal.context.config.abTest.weights,
            gaps: rehearsal.cloud.enforcementGaps,
            denied: (await rehearsal.cloud.usage()).filter(({ allowed }) => !allowed),
            peakMemoryMiB: { cloud: await rehearsal.cloud.peakMemoryMiB(), driver: process.resourceUsage().maxRSS / 1024 },
            totalMs: Date.now() - startedAt,
            leftovers,
            ...(options.keepFiles ? { keptFolder: rehearsal.folder } : {}),
        };
        isComplete = true;
        return report;
    } catch (error) {
        await tearDownFailed(rehearsal, error);
        throw error;
    } finally {
        // The logs of a run that failed are what one wants to read next; who interrupts one wants it gone.
        await rehearsal.close({ keepFiles: options.keepFiles || (!isComplete && !options.signal.aborted) });
    }
}

/** Why a run failed is told, not that its state could not be read on top of that. */
async function tellResources({ engine }: Rehearsal, { signal, onResources }: FullRehearsalOptions): Promise<void> {
    if (signal.aborted || onResources === undefined) return;
    onResources(await engine.resources().catch(() => []));
}

/** Takes away what can be taken away, so that a failure shows whether the rest comes down; the folder stays for whoever looks into it. */
async function tearDownFailed(rehearsal: Rehearsal, failure: unknown): Promise<void> {
    const { context, folder } = rehearsal;
    if (context.signal.aborted) return;
    if (!(failure instanceof PhaseError && failure.phase === teardownPhase.name)) {
        note(rehearsal, "the run failed; taking down what it made");
        await rehearsal.tearDown().catch((error: unknown) => note(rehearsal, `the teardown failed too: ${describeError(error)}`));
    }
    note(rehearsal, `the run's files are kept: ${path.join(folder, "cloud.log")} holds what the cloud said`);
}

function note({ context }: Rehearsal, message: string): void {
    context.reporter.report({ kind: "note", message });
}

type Findings = Pick<ReportData, "apiUrl" | "variants" | "unreachableServices" | "unconfirmedSubscriptions" | "resources">;

/** What must be asked before the teardown. */
async function gatherFindings(rehearsal: Rehearsal, recorder: RecordingReporter, options: FullRehearsalOptions): Promise<Findings> {
    const outputs = await rehearsal.engine.outputs() as unknown as PlatformOutputs;
    const { variants } = summarizeEvents(recorder.events);
    const reports: VariantReport[] = [];
    for (const summary of variants) reports.push(await describeVariant(rehearsal, options, { outputs, summary }));
    const { unreachableServices } = outputs;
    return {
        apiUrl: outputs.apiUrl,
        variants: reports,
        unconfirmedSubscriptions: await findUnconfirmedSubscriptions(rehearsal.context.aws, outputs.alertTopicArn),
        ...(unreachableServices === undefined ? {} : { unreachableServices }),
        resources: await describeAll(rehearsal),
    };
}

type VariantFacts = { readonly outputs: PlatformOutputs; readonly summary: VariantSummary };

async function describeVariant(rehearsal: Rehearsal, { python }: FullRehearsalOptions, { outputs, summary }: VariantFacts): Promise<VariantReport> {
    const { context: { aws }, cloud, folder } = rehearsal;
    const { variant, samples, ...told } = summary;
    const model = await readServedModel(aws, outputs.parameterPath, variant);
    const rows = samples.map(({ features }) => features);
    const environment = buildEnvironment({ region: cloud.target.region, folder });
    const independent = model === undefined || rows.length === 0 ? undefined : await predictIndependently({ aws, variant, model, rows, python, folder, environment });
    return {
        ...told,
        variant,
        ...(model === undefined ? {} : { endpointName: outputs.endpointNames[variant] }),
        predictions: comparePredictions(samples, independent),
    };
}

async function describeAll({ engine, provider, cloud }: Rehearsal): Promise<readonly ResourceReport[]> {
    const tables = new Map([...provider.resources].map(([type, { table }]) => [type, table]));
    return describeResources(await engine.resources(), tables, await cloud.usage());
}
