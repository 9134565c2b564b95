/** `npm run rehearse`: the whole deployment on this machine. */
import path from "node:path";
import { checkDataHeader } from "./dataHeader.ts";
import type { StackResource } from "./engine/engine.ts";
import { describeError, EXIT, exitCodeOf } from "./errorReport.ts";
import { listenForInterruption } from "./driver/interruption.ts";
import { parseRehearseOptions, REHEARSE_HELP } from "./rehearsal/rehearseOptions.ts";
import type { RehearseOptions } from "./rehearsal/rehearseOptions.ts";
import { renderReport } from "./report/renderReport.ts";
import type { ReportData } from "./report/reportData.ts";
import { defaultReportFile, writeRunReport } from "./report/html/writeHtmlReport.ts";
import type { Reporter } from "./progress/reporter.ts";
import { combineReporters, createConsoleReporter, createJsonReporter, createTimedRecorder } from "./progress/reporters.ts";
import type { TimedRecorder } from "./progress/reporters.ts";
import { rehearseBreaks, selectBreaks } from "./rehearsal/breaks/rehearseBreaks.ts";
import { preparePythonEnvironment } from "./rehearsal/pythonEnvironment.ts";
import { rehearse } from "./rehearsal/rehearsalReport.ts";
import type { RehearsalOptions } from "./rehearsal/rehearsal.ts";
import { overrideData, parseStackConfig, readStackSettings } from "./stackSettings.ts";
import { readVersions } from "./driver/versions.ts";

/** By then nothing is worth waiting for: all that a rehearsal made ends with it. */
const INTERRUPTION_LIMIT_MS = 2_500;
const PROJECT = path.resolve(import.meta.dirname, "..");

async function main(): Promise<number> {
    const options = parseRehearseOptions(process.argv.slice(2), PROJECT);
    if (options.help) {
        process.stdout.write(REHEARSE_HELP);
        return EXIT.done;
    }
    const breaks = selectBreaks(options.breaks);
    const settings = overrideData(await readStackSettings(PROJECT, options.stack), options.overrides);
    await checkDataHeader(options.dataFile, parseStackConfig(settings, undefined).data);
    const screen = createConsoleReporter(process.stdout);
    const json = options.jsonFile === undefined ? undefined : createJsonReporter(options.jsonFile);
    const record = createTimedRecorder();
    const { signal } = listenForInterruption({ onInterrupted: (message) => screen.report({ kind: "note", message }), limitMs: INTERRUPTION_LIMIT_MS });
    const { python } = await preparePythonEnvironment({ folder: PROJECT, onProgress: (line) => process.stdout.write(`${line}\n`) });
    const reporter = combineReporters(screen, record, ...(json === undefined ? [] : [json]));
    const shared: RehearsalOptions = { projectFolder: PROJECT, settings, engine: options.engine, dataFile: options.dataFile, python, reporter, signal, ruleChoice: options.ruleChoice };
    try {
        const ending = await tellRun(options.stack, reporter, () => (breaks.length > 0 ? breakAll(breaks, shared) : rehearseAll(options, shared, record)));
        screen.close();
        json?.writeSummary(ending.summary);
        process.stdout.write(`\n${ending.text}`);
        return ending.exitCode;
    } finally {
        screen.close();
    }
}

/** How a rehearsal ended: for machines, for people, for the shell. */
interface Ending { readonly summary: object; readonly text: string; readonly exitCode: number }

/** The first event says what is run, the last how it ended, also when it failed. */
async function tellRun(stack: string, reporter: Reporter, run: () => Promise<Ending>): Promise<Ending> {
    const startedAt = new Date();
    reporter.report({ kind: "run", command: "rehearse", stack, startedAt: startedAt.toISOString(), versions: await readVersions(PROJECT) });
    const end = (exitCode: number, details: { readonly message?: string } = {}): void => (
        reporter.report({ kind: "end", exitCode, durationMs: Date.now() - startedAt.getTime(), ...details }));
    try {
        const ending = await run();
        end(ending.exitCode);
        return ending;
    } catch (error) {
        end(exitCodeOf(error), { message: describeError(error) });
        throw error;
    }
}

async function rehearseAll(options: RehearseOptions, shared: RehearsalOptions, record: TimedRecorder): Promise<Ending> {
    let resources: readonly StackResource[] = [];
    let report: ReportData | undefined;
    try {
        report = await rehearse({ ...shared, keepFiles: options.keepFiles, onResources: (found) => { resources = found; } });
        return { summary: { report }, text: renderReport(report), exitCode: judge(report) };
    } finally {
        const title = `Rehearsal of ${options.stack}`;
        const input = { title, events: record.events, resources, ...(report === undefined ? {} : { rehearsal: report }) };
        // Who interrupts a rehearsal wants it gone, and soon.
        if (!shared.signal.aborted) {
            await writeRunReport(input, { file: options.reportFile ?? defaultReportFile(PROJECT, options.stack, new Date()), reporter: shared.reporter });
        }
    }
}

function judge({ leftovers, denied, variants }: ReportData): number {
    const isRight = leftovers?.length === 0 && denied.length === 0 && variants.every(({ predictions }) => predictions.every(({ agrees }) => agrees));
    return isRight ? EXIT.done : EXIT.cloud;
}

async function breakAll(breaks: ReturnType<typeof selectBreaks>, shared: RehearsalOptions): Promise<Ending> {
    const result = await rehearseBreaks(breaks, shared);
    const { outcomes, leftovers } = result;
    const surprising = outcomes.filter(({ surprises }) => surprises.length > 0);
    const left = leftovers.length === 0 ? "nothing is left" : `${leftovers.length} resources are LEFT:\n  ${leftovers.join("\n  ")}`;
    return {
        summary: result,
        text: `${outcomes.length - surprising.length} of ${outcomes.length} failures broke as predicted\n${left}\n`,
        exitCode: surprising.length === 0 && leftovers.length === 0 ? EXIT.done : EXIT.operator,
    };
}

try {
    process.exitCode = await main();
} catch (error) {
    process.stderr.write(`${describeError(error)}\n`);
    process.exitCode = exitCodeOf(error);
}
