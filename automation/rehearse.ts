/** `npm run rehearse`: the whole deployment on this machine. */
import path from "node:path";
import { checkDataHeader } from "./dataHeader.ts";
import { describeError, EXIT, exitCodeOf } from "./errors.ts";
import { listenForInterruption } from "./interruption.ts";
import { parseRehearseOptions, REHEARSE_HELP } from "./rehearseOptions.ts";
import type { RehearseOptions } from "./rehearseOptions.ts";
import { renderReport } from "./report/renderReport.ts";
import type { ReportData } from "./report/reportData.ts";
import { combineReporters, createConsoleReporter, createJsonReporter } from "./reporters.ts";
import { rehearseBreaks, selectBreaks } from "./rehearsal/breaks/rehearseBreaks.ts";
import type { BreaksResult } from "./rehearsal/breaks/rehearseBreaks.ts";
import { preparePythonEnvironment } from "./rehearsal/pythonEnvironment.ts";
import { rehearse } from "./rehearsal/rehearsalReport.ts";
import type { RehearsalOptions } from "./rehearsal/rehearsal.ts";
import { overrideData, parseStackConfig, readStackSettings } from "./stackSettings.ts";

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
    const { signal } = listenForInterruption({ onInterrupted: (message) => screen.report({ kind: "note", message }), limitMs: INTERRUPTION_LIMIT_MS });
    const { python } = await preparePythonEnvironment({ folder: PROJECT, onProgress: (line) => process.stdout.write(`${line}\n`) });
    const reporter = json === undefined ? screen : combineReporters(screen, json);
    const shared: RehearsalOptions = { projectFolder: PROJECT, settings, engine: options.engine, dataFile: options.dataFile, python, reporter, signal };
    try {
        if (breaks.length > 0) {
            const result = await rehearseBreaks(breaks, shared);
            screen.close();
            json?.writeSummary(result);
            return summarizeBreaks(result);
        }
        return await rehearseAll(options, shared, (report) => {
            screen.close();
            json?.writeSummary({ report });
        });
    } finally {
        screen.close();
    }
}

async function rehearseAll({ keepFiles }: RehearseOptions, shared: RehearsalOptions, onReport: (report: ReportData) => void): Promise<number> {
    const report = await rehearse({ ...shared, keepFiles });
    onReport(report);
    process.stdout.write(`\n${renderReport(report)}`);
    const isRight = report.leftovers?.length === 0 && report.denied.length === 0 && report.variants.every(({ predictions }) => predictions.every(({ agrees }) => agrees));
    return isRight ? EXIT.done : EXIT.cloud;
}

function summarizeBreaks({ outcomes, leftovers }: BreaksResult): number {
    const surprising = outcomes.filter(({ surprises }) => surprises.length > 0);
    process.stdout.write(`\n${outcomes.length - surprising.length} of ${outcomes.length} failures broke as predicted\n`);
    process.stdout.write(leftovers.length === 0 ? "nothing is left\n" : `${leftovers.length} resources are LEFT:\n  ${leftovers.join("\n  ")}\n`);
    return surprising.length === 0 && leftovers.length === 0 ? EXIT.done : EXIT.operator;
}

try {
    process.exitCode = await main();
} catch (error) {
    process.stderr.write(`${describeError(error)}\n`);
    process.exitCode = exitCodeOf(error);
}
