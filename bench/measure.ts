/** Times commands as whole processes; every figure stands beside its baseline, from the same run. */
import { spawn } from "node:child_process";
import path from "node:path";

export const PROJECT_FOLDER = path.resolve(import.meta.dirname, "..");

export interface Timing {
    readonly seconds: number;
    readonly exitCode: number;
    /** The last line that the command printed. */
    readonly lastLine: string;
}

/** Runs a command in a folder and waits for it. Its output is kept, not shown. */
export function time(command: readonly string[], folder: string = PROJECT_FOLDER, environment: NodeJS.ProcessEnv = process.env): Promise<Timing> {
    const [program = "", ...args] = command;
    const startedAt = performance.now();
    return new Promise((resolve, reject) => {
        const child = spawn(program, args, { cwd: folder, env: environment, stdio: ["ignore", "pipe", "pipe"] });
        let output = "";
        for (const stream of [child.stdout, child.stderr]) stream.setEncoding("utf8").on("data", (text: string) => { output = (output + text).slice(-4000); });
        child.on("error", reject);
        child.on("close", (exitCode) => {
            const lastLine = output.trim().split("\n").at(-1) ?? "";
            resolve({ seconds: (performance.now() - startedAt) / 1000, exitCode: exitCode ?? 1, lastLine });
        });
    });
}

/** The middle of an odd number of runs. */
export function median(values: readonly number[]): number {
    return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
