/**
 * Does preprocessing need the same memory for any size of data? Validates and prepares generated tables, each in a process of
 * its own, and prints peak resident memory and throughput. Run: `node bench/preprocessing.ts [gigabytes ...]` (default 0.1 0.5 2).
 * Fails when the peaks are more than 20 % apart.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { preprocessData } from "../lambdas/preprocess-data/core.ts";
import { validateData } from "../lambdas/validate-data/core.ts";
import { createDiskRunFiles } from "./diskRunFiles.ts";

const folder = fileURLToPath(new URL("../.firstlight/bench/", import.meta.url));
const ALLOWED_SPREAD = 0.2;
const ROWS_PER_WRITE = 2_000;

interface Measurement {
    readonly rows: number;
    readonly validateSeconds: number;
    readonly preprocessSeconds: number;
    readonly peakMiB: number;
}

const [mode, ...rest] = process.argv.slice(2);
if (mode === "--measure") console.log(JSON.stringify(await measure(rest[0]!)));
else await compare([...(mode === undefined ? ["0.1", "0.5", "2"] : [mode]), ...rest].map(Number));

async function compare(sizes: readonly number[]): Promise<void> {
    await mkdir(folder, { recursive: true });
    console.log("   size       rows   validate  preprocess   throughput   peak memory");
    const peaks: number[] = [];
    for (const gigabytes of sizes) {
        const file = join(folder, `table-${gigabytes}.csv`);
        await generate(file, gigabytes * 1e9);
        const { rows, validateSeconds, preprocessSeconds, peakMiB } = await measureInChild(file);
        await rm(file);
        peaks.push(peakMiB);
        const megabytesPerSecond = (gigabytes * 1e3) / (validateSeconds + preprocessSeconds);
        const cells = [`${gigabytes} GB`, rows, `${validateSeconds.toFixed(1)} s`, `${preprocessSeconds.toFixed(1)} s`];
        const widths = [7, 11, 11, 12];
        console.log(cells.map((cell, index) => String(cell).padStart(widths[index]!)).join(""), `${megabytesPerSecond.toFixed(1)} MB/s`.padStart(12), `${peakMiB.toFixed(0)} MiB`.padStart(12));
    }
    const spread = Math.max(...peaks) / Math.min(...peaks) - 1;
    console.log(`peaks are ${(100 * spread).toFixed(1)} % apart (at most ${100 * ALLOWED_SPREAD} %)`);
    if (spread > ALLOWED_SPREAD) process.exitCode = 1;
}

async function measure(file: string): Promise<Measurement> {
    const runFolder = `${file}.run`;
    const data = { label: "y", ignore: ["id"], maxRejectedShare: 0.01 };
    const files = createDiskRunFiles(file, runFolder);
    const startedAt = performance.now();
    const { rows } = await validateData(data, files);
    const validatedAt = performance.now();
    const source = { bucket: "bench", key: file, versionId: "1" };
    await preprocessData({ runId: "bench", source, data, model: { hyperparameters: {}, variantHyperparameters: {}, threshold: 0.5 }, variants: ["champion"], files });
    const preparedAt = performance.now();
    await rm(runFolder, { recursive: true });
    return {
        rows,
        validateSeconds: (validatedAt - startedAt) / 1e3,
        preprocessSeconds: (preparedAt - validatedAt) / 1e3,
        peakMiB: process.resourceUsage().maxRSS / 1024,
    };
}

async function measureInChild(file: string): Promise<Measurement> {
    const child = spawn(process.execPath, [fileURLToPath(import.meta.url), "--measure", file], { stdio: ["ignore", "pipe", "inherit"] });
    let output = "";
    child.stdout.on("data", (chunk: Buffer) => (output += chunk));
    const [code] = await once(child, "close");
    if (code !== 0) throw new Error(`measuring ${file} ended with ${code}`);
    return JSON.parse(output) as Measurement;
}

/** Numbers, categories, booleans, gaps, a broken row in a thousand: about 75 bytes a row. */
async function generate(file: string, bytes: number): Promise<void> {
    const stream = createWriteStream(file);
    stream.write("id,a,b,c,d,segment,region,active,comment,y\n");
    for (let row = 0, written = 0; written < bytes; row += ROWS_PER_WRITE) {
        const text = Array.from({ length: ROWS_PER_WRITE }, (_, index) => formatRow(row + index)).join("");
        written += text.length;
        if (!stream.write(text)) await once(stream, "drain");
    }
    stream.end();
    await once(stream, "close");
}

function formatRow(row: number): string {
    const noise = Math.sin(row * 12.9898) * 43758.5453;
    const value = noise - Math.floor(noise);
    if (row % 1_000 === 999) return `${row},broken\n`;
    const gap = row % 11 === 0 ? "" : (value * 1e3).toFixed(3);
    const comment = row % 50 === 0 ? '"said ""yes"", then no"' : "none";
    return `${row},${value},${gap},${row % 97},${(value * value).toFixed(6)},s${row % 12},region ${row % 40},${row % 3 ? "yes" : "no"},${comment},${value > 0.7 ? 1 : 0}\n`;
}
