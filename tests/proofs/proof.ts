/**
 * Long proofs: many seeded cases, run in shards, resumable, with a result file that carries the hash of the code it ran on.
 *
 * A full run keeps its progress in `.firstlight/proofs/`, so a killed run continues where it stopped, and writes
 * `tests/proofs/results/<name>.json` when all cases of all shards are done. `npm test` runs a seeded sample of each proof.
 */
import { createHash } from "node:crypto";
import { appendFileSync, existsSync, globSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";

export const PROJECT_FOLDER = path.resolve(import.meta.dirname, "../..");

export interface Outcome {
    /** Stable name of the case. */
    readonly id: string;
    readonly passed: boolean;
    /** What was seen; for a failed case what differs. */
    readonly detail: string;
    /** For counting: the kinds this case covers. */
    readonly kinds: readonly string[];
}

export interface Proof<Case, Result extends Outcome | readonly Outcome[] = Outcome> {
    readonly name: string;
    /** Whether the result file holds the passed cases too, for a proof whose details are what one wants to read. @default false */
    readonly keepsAll?: boolean;
    /** Glob patterns of the files whose content the result depends on. */
    readonly code: readonly string[];
    /** Facts about the judge, e.g. the engine's version. */
    describe(): Promise<Readonly<Record<string, string>>>;
    /** Why the proof cannot run here, or undefined when it can. */
    unavailable(): string | undefined;
    cases(seed: number): readonly Case[] | Promise<readonly Case[]>;
    idOf(oneCase: Case): string;
    /** Several outcomes for a case of several parts, the one with the case's own id last. */
    run(oneCase: Case): Promise<Result>;
    /** Called once after the last case. */
    close?(): Promise<void>;
}

export interface ProofResult {
    readonly name: string;
    readonly seed: number;
    readonly codeHash: string;
    readonly finishedAt: string;
    readonly judge: Readonly<Record<string, string>>;
    readonly passed: number;
    readonly failed: number;
    readonly byKind: Readonly<Record<string, number>>;
    readonly failures: readonly Outcome[];
    /** What was seen, by case; only of a proof that keeps all. */
    readonly details?: Readonly<Record<string, string>>;
}

export interface ProofOptions {
    readonly seed: number;
    /** 1-based shard and number of shards. */
    readonly shard: readonly [number, number];
    readonly onProgress?: (line: string) => void;
}

/** SHA-256 over the names and contents of the files that match, 16 hexadecimal characters. */
export function hashCode(patterns: readonly string[]): string {
    const hash = createHash("sha256");
    const files = patterns.flatMap((pattern) => globSync(pattern, { cwd: PROJECT_FOLDER }));
    for (const file of [...new Set(files)].sort()) hash.update(file).update("\0").update(readFileSync(path.join(PROJECT_FOLDER, file))).update("\0");
    return hash.digest("hex").slice(0, 16);
}

/** Numbers in [0, 1) that are the same for the same seed, on every machine (mulberry32). */
export function createRandom(seed: number): () => number {
    let state = seed >>> 0;
    return () => {
        state = (state + 0x6d2b79f5) >>> 0;
        let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
        mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
        return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
    };
}

/** `count` cases drawn without repetition. */
export function drawSample<Case>(cases: readonly Case[], count: number, seed: number): Case[] {
    const random = createRandom(seed);
    const left = [...cases];
    const drawn: Case[] = [];
    while (drawn.length < count && left.length > 0) drawn.push(...left.splice(Math.floor(random() * left.length), 1));
    return drawn;
}

function progressFile(proof: { name: string }, seed: number, codeHash: string): string {
    return path.join(PROJECT_FOLDER, ".firstlight", "proofs", `${proof.name}-${seed}-${codeHash}.jsonl`);
}

function readProgress(file: string): Map<string, Outcome> {
    if (!existsSync(file)) return new Map();
    const lines = readFileSync(file, "utf8").split("\n").filter((line) => line.endsWith("}"));
    return new Map(lines.map((line) => JSON.parse(line) as Outcome).map((outcome) => [outcome.id, outcome]));
}

/** Runs this shard's cases that are not done yet; writes the result file when all cases of all shards are done. */
export async function runProof<Case>(proof: Proof<Case, Outcome | readonly Outcome[]>, options: ProofOptions): Promise<ProofResult | undefined> {
    const codeHash = hashCode(proof.code);
    const file = progressFile(proof, options.seed, codeHash);
    mkdirSync(path.dirname(file), { recursive: true });
    const cases = await proof.cases(options.seed);
    const [shard, shards] = options.shard;
    const mine = cases.filter((_, index) => index % shards === shard - 1);
    const done = readProgress(file);
    const left = mine.filter((oneCase) => !done.has(proof.idOf(oneCase)));
    options.onProgress?.(`${proof.name}: ${cases.length} cases, ${mine.length} in this shard, ${mine.length - left.length} already done`);
    for (const [index, oneCase] of left.entries()) {
        const outcomes = [await proof.run(oneCase)].flat();
        appendFileSync(file, outcomes.map((outcome) => `${JSON.stringify(outcome)}\n`).join(""));
        for (const outcome of outcomes) {
            const detail = outcome.passed && proof.keepsAll !== true ? "" : `: ${outcome.detail}`;
            options.onProgress?.(`${index + 1}/${left.length} ${outcome.passed ? "ok  " : "FAIL"} ${outcome.id}${detail}`);
        }
    }
    await proof.close?.();
    const all = readProgress(file);
    if (!cases.every((oneCase) => all.has(proof.idOf(oneCase)))) return undefined;
    return writeResult(proof, { seed: options.seed, codeHash, judge: await proof.describe() }, [...all.values()]);
}

function writeResult(proof: { name: string; keepsAll?: boolean }, about: Pick<ProofResult, "seed" | "codeHash" | "judge">, outcomes: readonly Outcome[]): ProofResult {
    const byKind: Record<string, number> = {};
    for (const kind of outcomes.flatMap((outcome) => outcome.kinds)) byKind[kind] = (byKind[kind] ?? 0) + 1;
    const failures = outcomes.filter((outcome) => !outcome.passed);
    const result: ProofResult = {
        name: proof.name, ...about, finishedAt: new Date().toISOString(),
        passed: outcomes.length - failures.length, failed: failures.length, byKind, failures,
        ...(proof.keepsAll === true ? { details: Object.fromEntries(outcomes.map(({ id, detail }) => [id, detail])) } : {}),
    };
    writeFileSync(resultFile(proof.name), `${JSON.stringify(result, undefined, 4)}\n`);
    return result;
}

function resultFile(name: string): string {
    return path.join(PROJECT_FOLDER, "tests", "proofs", "results", `${name}.json`);
}

export function readResult(name: string): ProofResult | undefined {
    const file = resultFile(name);
    return existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) as ProofResult : undefined;
}

/** One line about the last full run: its age, counts, and whether the code is still the same. */
export function describeLastRun(proof: Pick<Proof<unknown>, "name" | "code">, now: Date = new Date()): string {
    const result = readResult(proof.name);
    if (result === undefined) return `${proof.name}: never run in full`;
    const days = Math.floor((now.getTime() - Date.parse(result.finishedAt)) / 86_400_000);
    const code = result.codeHash === hashCode(proof.code) ? "on this very code" : "on older code";
    return `${proof.name}: last full run ${days === 0 ? "today" : `${days} days ago`}, ${code}: ${result.passed} passed, ${result.failed} failed (seed ${result.seed})`;
}
