/**
 * How large is each function, and how much faster does it load as one bundle? Baselines: the source as it stands, loaded by Node's
 * type stripping; and the source compiled to one file, with the packages left in node_modules. Each load is a process of its own, all
 * with warm file caches; the three take turns. Run: `node bench/lambdas.ts`.
 * Fails when a bundle is above 400 kB or loads less than 3 times as fast as the source.
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
const names = [
    "health", "inference", "models", "ab-tests", "stream-consumer", "validate-data", "preprocess-data", "evaluate-model", "register-model",
];
const LOADS = 9;
const MAX_BYTES = 400_000;
const MIN_SPEEDUP = 3;

const variables = {
    ENVIRONMENT: "bench", PROCESSED_BUCKET: "b", MODELS_BUCKET: "b", RAW_BUCKET: "b", DATA_PREFIX: "data/", MODEL_METADATA_TABLE: "t", TRAINING_METRICS_TABLE: "t",
    AB_TESTS_TABLE: "t", CHECKPOINTS_TABLE: "t", DEAD_LETTER_QUEUE_URL: "http://127.0.0.1/q", PREDICTIONS_URL: "s3://b/p", PARAMETER_PATH: "/p", METRICS_NAMESPACE: "n",
    DEFAULT_WEIGHTS: '{"champion":90,"challenger":10}', ENDPOINT_NAMES: '{"champion":"a","challenger":"b"}', DATA_SETTINGS: "{}", MODEL_SETTINGS: "{}",
    AWS_REGION: "xx-bench-1", AWS_ACCESS_KEY_ID: "bench", AWS_SECRET_ACCESS_KEY: "bench",
};
const loader = "const start = performance.now(); import(process.argv[1]).then(() => console.log(performance.now() - start))";
const run = promisify(execFile);

await mkdir(folder, { recursive: true });
console.log("function            code      zip    bundle     source   speed-up   packages   speed-up");
for (const name of names) {
    const code = await buildLambdaCode(name);
    const { path } = await bundleLambda(name);
    const zip = await stat(join(projectFolder, path));
    const { bundle, source, packages } = await compareLoading(name, code);
    const times = [`${bundle.toFixed(1)} ms`, `${source.toFixed(1)} ms`, `${(source / bundle).toFixed(1)} x`, `${packages.toFixed(1)} ms`, `${(packages / bundle).toFixed(1)} x`];
    const cells = [`${kilobytes(code.length)} kB`, `${kilobytes(zip.size)} kB`, ...times];
    console.log(name.padEnd(16) + cells.map((cell, index) => cell.padStart(index === 0 ? 8 : index === 1 ? 9 : 11)).join(""));
    if (code.length > MAX_BYTES || source / bundle < MIN_SPEEDUP) process.exitCode = 1;
}

/** Medians in milliseconds. */
async function compareLoading(name: string, code: Uint8Array): Promise<{ bundle: number; source: number; packages: number }> {
    const files = { bundle: join(folder, `${name}.bundle.cjs`), source: join(projectFolder, `lambdas/${name}/handler.ts`), packages: join(folder, `${name}.packages.cjs`) };
    await writeFile(files.bundle, code);
    await build({
        absWorkingDir: projectFolder, entryPoints: [`lambdas/${name}/handler.ts`], outfile: files.packages,
        bundle: true, packages: "external", platform: "node", target: "node22", format: "cjs", logLevel: "silent",
    });
    const times = { bundle: [] as number[], source: [] as number[], packages: [] as number[] };
    for (let load = 0; load < LOADS; load++) {
        for (const kind of ["bundle", "source", "packages"] as const) times[kind].push(await measureLoad(files[kind]));
    }
    return { bundle: median(times.bundle), source: median(times.source), packages: median(times.packages) };
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
