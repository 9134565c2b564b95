/**
 * How long an offline preflight takes, and where the time goes.
 *
 *     node bench/preflight.ts [STACK]
 *
 * Whole commands, warm, in turn with their baseline: the same processes without the compile cache. Then the parts, each in a process of its own
 * that loads and does what the command does; the two graphs are recorded side by side there, so one alone stands beside them.
 */
import os from "node:os";
import path from "node:path";
import { createAwsClients } from "../automation/aws.ts";
import { planStack } from "../automation/driver/planStack.ts";
import type { ReportedStack } from "../automation/driver/planStack.ts";
import { gatherEvidence } from "../automation/preflight/gathering/gatherEvidence.ts";
import { loadCheckedRules, runPreflight } from "../automation/preflight/runPreflight.ts";
import { createRecordingReporter } from "../automation/progress/reporters.ts";
import { parseStackConfig, readStackSettings, regionOf } from "../automation/stackSettings.ts";
import { median, PROJECT_FOLDER, time } from "./measure.ts";

const RUNS = 7;
const SLOWEST = 5;
/** Asks this file for the parts, in milliseconds by name, as one line of JSON. */
const PARTS = "--parts";
const BOUND_SECONDS = 4;

type Parts = Readonly<Record<string, number>>;

/** Does what the command does, with the time that each part took. */
async function measureParts(stack: string): Promise<Parts> {
    const parts: Record<string, number> = { "Node, the driver and the handlers loaded": performance.now() };
    const settings = await readStackSettings(PROJECT_FOLDER, stack);
    const config = parseStackConfig(settings, undefined);
    const aws = createAwsClients({ region: regionOf(settings) });
    const planned: ReportedStack = {
        projectFolder: PROJECT_FOLDER, settings, config, aws, pulumiStack: stack, environment: process.env, accountId: undefined,
        signal: new AbortController().signal, reporter: createRecordingReporter(),
    };
    const part = async <Result>(name: string, work: () => Promise<Result>): Promise<Result> => {
        const startedAt = performance.now();
        const result = await work();
        parts[name] = performance.now() - startedAt;
        return result;
    };
    const plans = await part("the program run for both graphs, side by side", () => planStack(planned));
    const evidence = await part("packages and files read", () => gatherEvidence({
        stack, config, settings, aws, isOffline: true, recordPlans: async () => plans, runner: { projectFolder: PROJECT_FOLDER, environment: process.env },
    }));
    const rules = await part("rules loaded", loadCheckedRules);
    const startedAt = performance.now();
    // One after the other, so that the time of each is its own; the first to need a library pays for loading it.
    for (const { id } of rules) await part(`  ${id}`, () => runPreflight(evidence, { only: [id] }));
    return { ...parts, "rules run": performance.now() - startedAt };
}

/** @throws Error when the command does not end as clean */
async function timeCommand(stack: string, environment: NodeJS.ProcessEnv): Promise<number> {
    const { seconds, exitCode, lastLine } = await time(["node", "automation/deploy.ts", "preflight", "--stack", stack, "--offline"], PROJECT_FOLDER, environment);
    if (exitCode !== 0) throw new Error(`preflight of ${stack} ended with ${exitCode}: ${lastLine}`);
    return seconds;
}

async function main(stack: string): Promise<void> {
    const uncached = { ...process.env, NODE_DISABLE_COMPILE_CACHE: "1" };
    const seconds: number[] = [];
    const baseline: number[] = [];
    // The first round fills the caches, of bundles too, and is not counted.
    for (let run = 0; run <= RUNS; run++) {
        const [own, other] = [await timeCommand(stack, process.env), await timeCommand(stack, uncached)];
        if (run === 0) continue;
        seconds.push(own);
        baseline.push(other);
    }
    const range = (values: readonly number[]): string => `${median(values).toFixed(1)} s (${Math.min(...values).toFixed(1)} - ${Math.max(...values).toFixed(1)})`;
    const verdict = median(seconds) <= BOUND_SECONDS ? "within" : "OVER";
    console.log(`${os.cpus().length} processors, Node ${process.version}, median of ${RUNS}, stack ${stack}`);
    console.log(`preflight --offline, warm: ${range(seconds)}, ${verdict} ${BOUND_SECONDS} s; without Node's compile cache: ${range(baseline)}`);
    const measured: Parts[] = [];
    const cache = { ...process.env, NODE_COMPILE_CACHE: path.join(PROJECT_FOLDER, ".firstlight", "compile-cache") };
    for (let run = 0; run <= RUNS; run++) {
        const { lastLine } = await time(["node", import.meta.filename, stack, PARTS], PROJECT_FOLDER, cache);
        if (run > 0) measured.push(JSON.parse(lastLine) as Parts);
    }
    const medians = Object.keys(measured[0] ?? {}).map((name) => [name, median(measured.map((parts) => parts[name] ?? Number.NaN))] as const);
    const ofRules = medians.filter(([name]) => name.startsWith(" ")).sort(([, one], [, other]) => other - one).slice(0, SLOWEST);
    for (const [name, milliseconds] of [...medians.filter(([name]) => !name.startsWith(" ")), ...ofRules]) console.log(`${name}: ${Math.round(milliseconds)} ms`);
}

const [stack = "dev", mode] = process.argv.slice(2);
if (mode === PARTS) {
    const parts = await measureParts(stack);
    console.log(JSON.stringify(parts));
    process.exit(0);
} else await main(stack);
