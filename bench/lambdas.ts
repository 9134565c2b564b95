/**
 * How large is each function, and how much faster does it load as one bundle? The baseline is the same code with the packages
 * left in node_modules. Each load is a process of its own; bundled and unbundled take turns. Run: `node bench/lambdas.ts`.
 * Fails when a bundle is above 400 kB or loads less than 3 times as fast.
 */
import { execFile } from "node:child_process";
import { mkdir, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { build } from "esbuild";
import { buildLambdaCode, bundleLambda } from "../components/compute/bundle.ts";

const projectFolder = fileURLToPath(new URL("../", import.meta.url));
const folder = join(projectFolder, ".firstlight/bench/lambdas");
const names = ["health", "inference", "validate-data", "preprocess-data", "evaluate-model", "register-model"];
const LOADS = 9;
const MAX_BYTES = 400_000;
const MIN_SPEEDUP = 3;

const variables = {
    ENVIRONMENT: "bench", PROCESSED_BUCKET: "b", MODELS_BUCKET: "b", MODEL_METADATA_TABLE: "t", APPROVED_PARAMETER: "/a", SERVING_PARAMETER: "/s",
    ENDPOINT_NAME: "e", DATA_SETTINGS: "{}", MODEL_SETTINGS: "{}", AWS_REGION: "xx-bench-1", AWS_ACCESS_KEY_ID: "bench", AWS_SECRET_ACCESS_KEY: "bench",
};
const loader = "const start = performance.now(); require(process.argv[1]); console.log(performance.now() - start)";
const run = promisify(execFile);

await mkdir(folder, { recursive: true });
console.log("function            code      zip    bundled   unbundled   speed-up");
for (const name of names) {
    const code = await buildLambdaCode(name);
    const { path } = await bundleLambda(name);
    const zip = await stat(join(projectFolder, path));
    const { bundled, unbundled } = await compareLoading(name, code);
    const speedup = unbundled / bundled;
    const cells = [`${kilobytes(code.length)} kB`, `${kilobytes(zip.size)} kB`, `${bundled.toFixed(1)} ms`, `${unbundled.toFixed(1)} ms`, `${speedup.toFixed(1)} x`];
    const widths = [8, 9, 11, 12, 11];
    console.log(name.padEnd(16) + cells.map((cell, index) => cell.padStart(widths[index]!)).join(""));
    if (code.length > MAX_BYTES || speedup < MIN_SPEEDUP) process.exitCode = 1;
}

/** Medians in milliseconds. */
async function compareLoading(name: string, code: Uint8Array): Promise<{ bundled: number; unbundled: number }> {
    const bundledFile = join(folder, `${name}.bundled.cjs`);
    const unbundledFile = join(folder, `${name}.unbundled.cjs`);
    await writeFile(bundledFile, code);
    await build({
        absWorkingDir: projectFolder, entryPoints: [`lambdas/${name}/handler.ts`], outfile: unbundledFile,
        bundle: true, packages: "external", platform: "node", target: "node22", format: "cjs", logLevel: "silent",
    });
    const bundled: number[] = [];
    const unbundled: number[] = [];
    for (let load = 0; load < LOADS; load++) {
        bundled.push(await measureLoad(bundledFile));
        unbundled.push(await measureLoad(unbundledFile));
    }
    return { bundled: median(bundled), unbundled: median(unbundled) };
}

async function measureLoad(file: string): Promise<number> {
    const { stdout } = await run(process.execPath, ["-e", loader, file], { env: variables });
    return Number(stdout);
}

function median(values: readonly number[]): number {
    return values.toSorted((left, right) => left - right)[Math.floor(values.length / 2)]!;
}

function kilobytes(bytes: number): string {
    return (bytes / 1e3).toFixed(0);
}
