/**
 * Runs test suites and ends with the line `N passed, N failed, N skipped`.
 *
 *     node tests/run.ts unit            everything that needs neither cloud nor Python nor child processes
 *     node tests/run.ts cloud           what needs them, two files at a time: most of it is waiting
 *     node tests/run.ts proof           a seeded sample of each long proof
 *     node tests/run.ts all [TEXT]      the three in turn; TEXT keeps only the files whose path contains it
 */
import { enableCompileCache } from "node:module";
import { glob } from "node:fs/promises";
import path from "node:path";
import Mocha from "mocha";

const PROJECT = path.resolve(import.meta.dirname, "..");
/** With more than one job, files run in processes of their own. */
const SUITES: Readonly<Record<string, { pattern: string; timeoutMs: number; jobs: number }>> = {
    unit: { pattern: "tests/**/*.test.ts", timeoutMs: 10_000, jobs: 1 },
    cloud: { pattern: "tests/**/*.cloud.ts", timeoutMs: 120_000, jobs: 2 },
    proof: { pattern: "tests/**/*.proof.ts", timeoutMs: 300_000, jobs: 1 },
};
/** How long open handles may keep the process alive after the last test before that counts as a failure. */
const EXIT_GRACE_MS = 10_000;

interface Counts { passed: number; failed: number; skipped: number }

async function findFiles(pattern: string, containing: string): Promise<string[]> {
    const files: string[] = [];
    for await (const file of glob(pattern, { cwd: PROJECT })) if (file.includes(containing)) files.push(file);
    return files.sort();
}

async function runSuite(name: string, containing: string): Promise<Counts> {
    const suite = SUITES[name];
    if (suite === undefined) throw new Error(`no suite named ${name}; there are: ${Object.keys(SUITES).join(", ")}, all`);
    const files = await findFiles(suite.pattern, containing);
    const isParallel = suite.jobs > 1;
    const mocha = new Mocha({
        reporter: process.stdout.isTTY ? "dot" : "spec", timeout: suite.timeoutMs, slow: suite.timeoutMs / 4, forbidOnly: true,
        ...(isParallel ? { parallel: true, jobs: suite.jobs } : {}),
    });
    for (const file of files) mocha.addFile(path.join(PROJECT, file));
    if (!isParallel) await mocha.loadFilesAsync();
    console.log(`\n${name}: ${files.length} files`);
    return new Promise((resolve) => {
        const runner = mocha.run((failed) => {
            resolve({ passed: runner.stats?.passes ?? 0, failed, skipped: runner.stats?.pending ?? 0 });
        });
    });
}

async function main(): Promise<void> {
    const [selection = "all", containing = ""] = process.argv.slice(2);
    const names = selection === "all" ? Object.keys(SUITES) : [selection];
    const total: Counts = { passed: 0, failed: 0, skipped: 0 };
    for (const name of names) {
        const counts = await runSuite(name, containing);
        total.passed += counts.passed;
        total.failed += counts.failed;
        total.skipped += counts.skipped;
    }
    if (total.passed + total.failed === 0) {
        console.error(`No test was run: nothing matches "${containing}".`);
        total.failed = 1;
    }
    console.log(`\n${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
    process.exitCode = total.failed > 0 ? 1 : 0;
    setTimeout(() => {
        console.error(`The process did not end: still open: ${[...new Set(process.getActiveResourcesInfo())].join(", ")}`);
        process.exit(1);
    }, EXIT_GRACE_MS).unref();
}

enableCompileCache(path.join(PROJECT, ".firstlight", "compile-cache"));
await main();
