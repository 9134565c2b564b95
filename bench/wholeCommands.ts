/**
 * Times the commands of the README against their bounds, and each against a baseline from the same run.
 *
 *     npm run bench -- warm | tests | cold
 *
 * | figure                    | bound  | baseline                                                  |
 * |---------------------------|--------|-----------------------------------------------------------|
 * | warm: a whole rehearsal   | 60 s   | preflight alone: the program run twice, without a cloud    |
 * | tests: the unit suite     | 15 s   | the same suite without Node's compile cache                |
 * | cold: install and rehearse| 300 s  | `npm ci` alone, in the same fresh clone                    |
 */
import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { median, PROJECT_FOLDER, time } from "./measure.ts";
import type { Timing } from "./measure.ts";

const RUNS = 3;

interface Row { readonly figure: string; readonly seconds: number; readonly bound: number; readonly baseline: string; readonly baselineSeconds: number }

async function timeRepeatedly(command: readonly string[], environment?: NodeJS.ProcessEnv): Promise<number> {
    const runs: number[] = [];
    for (let run = 0; run < RUNS; run++) runs.push(requireSuccess(command, await time(command, PROJECT_FOLDER, environment)).seconds);
    return median(runs);
}

function requireSuccess(command: readonly string[], timing: Timing): Timing {
    if (timing.exitCode !== 0) throw new Error(`${command.join(" ")} ended with ${timing.exitCode}: ${timing.lastLine}`);
    return timing;
}

async function measureWarm(): Promise<Row> {
    const seconds = await timeRepeatedly(["node", "automation/rehearse.ts"]);
    const baselineSeconds = await timeRepeatedly(["node", "automation/deploy.ts", "--stack", "dev", "--until", "preflight"]);
    return { figure: "rehearsal, warm", seconds, bound: 60, baseline: "preflight alone, which runs the program twice", baselineSeconds };
}

async function measureTests(): Promise<Row> {
    const command = ["node", "tests/run.ts", "unit"];
    const seconds = await timeRepeatedly(command);
    const baselineSeconds = await timeRepeatedly(command, { ...process.env, NODE_DISABLE_COMPILE_CACHE: "1" });
    return { figure: "unit tests", seconds, bound: 15, baseline: "without compile cache", baselineSeconds };
}

async function measureCold(): Promise<Row> {
    const folder = mkdtempSync(path.join(os.tmpdir(), "firstlight-cold-"));
    try {
        requireSuccess(["git", "clone"], await time(["git", "clone", "--quiet", PROJECT_FOLDER, folder]));
        const install = requireSuccess(["npm", "ci"], await time(["npm", "ci"], folder));
        const rehearsal = requireSuccess(["npm", "run", "rehearse"], await time(["npm", "run", "rehearse"], folder));
        return { figure: "npm ci && npm run rehearse", seconds: install.seconds + rehearsal.seconds, bound: 300, baseline: "npm ci alone", baselineSeconds: install.seconds };
    } finally {
        rmSync(folder, { recursive: true, force: true });
    }
}

const MEASUREMENTS: Readonly<Record<string, () => Promise<Row>>> = { warm: measureWarm, tests: measureTests, cold: measureCold };

async function main(): Promise<void> {
    const names = process.argv.length > 2 ? process.argv.slice(2) : Object.keys(MEASUREMENTS);
    console.log(`${os.cpus().length} processors, Node ${process.version}, median of ${RUNS} (cold: once)`);
    for (const name of names) {
        const measure = MEASUREMENTS[name];
        if (measure === undefined) throw new Error(`no figure named ${name}; there are: ${Object.keys(MEASUREMENTS).join(", ")}`);
        const row = await measure();
        const verdict = row.seconds <= row.bound ? "within" : "OVER";
        console.log(`${row.figure}: ${row.seconds.toFixed(1)} s, ${verdict} ${row.bound} s; ${row.baseline}: ${row.baselineSeconds.toFixed(1)} s`);
    }
}

await main();
