/** The command itself, as a child process: how it ends, and what it leaves running. */
import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "chai";

const PROJECT = path.resolve(import.meta.dirname, "..", "..");
const LIMIT_MS = 3_000;

interface Run { readonly child: ChildProcess; output(): string }

function start(...args: readonly string[]): Run {
    const child = spawn(process.execPath, [path.join(PROJECT, "automation", "rehearse.ts"), ...args], { cwd: PROJECT, stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding("utf8").on("data", (text: string) => { output += text; });
    return { child, output: () => output };
}

async function run(...args: readonly string[]): Promise<{ code: number | null; output: string }> {
    const { child, output } = start(...args);
    const [code] = await once(child, "close") as [number | null];
    return { code, output: output() };
}

/** All processes below this one. Read from /proc: macOS has none, and there these tests are skipped. */
function descendants(root: number): number[] {
    const parents = new Map<number, number>();
    for (const entry of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
        const status = readStat(Number(entry));
        if (status !== undefined) parents.set(Number(entry), status.parent);
    }
    const below = (pid: number): number[] => [...parents].filter(([, parent]) => parent === pid).flatMap(([child]) => [child, ...below(child)]);
    return below(root);
}

function readStat(pid: number): { parent: number; state: string } | undefined {
    try {
        const [state = "", parent = "0"] = readFileSync(`/proc/${pid}/stat`, "utf8").replace(/^.*\) /s, "").split(" ");
        return { parent: Number(parent), state };
    } catch {
        return undefined;
    }
}

function isRunning(pid: number): boolean {
    const state = readStat(pid)?.state;
    return state !== undefined && state !== "Z";
}

async function runningAfter(pids: readonly number[], limitMs: number): Promise<readonly number[]> {
    const until = Date.now() + limitMs;
    while (pids.some(isRunning) && Date.now() < until) await sleep(50);
    return pids.filter(isRunning);
}

/** Waits until the cloud and both programs of the preflight run below the command. */
async function startAndWaitForChildren(): Promise<Run & { readonly pids: readonly number[] }> {
    const started = start();
    while (!started.output().includes("preflight") || descendants(started.child.pid!).length < 3) {
        expect(started.child.exitCode, started.output()).to.equal(null);
        await sleep(50);
    }
    return { ...started, pids: descendants(started.child.pid!) };
}

describe("npm run rehearse, as a process", function suite() {
    this.timeout(120_000);

    for (const signal of ["SIGINT", "SIGTERM"] as const) {
        it(`ends everything within three seconds of ${signal}, and says so`, async function interrupted() {
            if (!existsSync("/proc/self")) this.skip();
            const { child, output, pids } = await startAndWaitForChildren();
            const closed = once(child, "close");
            const sentAt = Date.now();
            child.kill(signal);
            const [code] = await closed as [number];
            expect(Date.now() - sentAt).to.be.lessThan(LIMIT_MS);
            expect(code).to.equal(130);
            expect(output()).to.include("Interrupted");
            expect(await runningAfter(pids, LIMIT_MS)).to.deep.equal([]);
        });
    }

    it("leaves no process behind when it is killed", async function killed() {
        if (!existsSync("/proc/self")) this.skip();
        const { child, pids } = await startAndWaitForChildren();
        expect(pids.filter(isRunning)).to.have.length.greaterThan(2);
        child.kill("SIGKILL");
        expect(await runningAfter(pids, LIMIT_MS)).to.deep.equal([]);
    });

    const mistakes: readonly (readonly [title: string, args: readonly string[], message: string])[] = [
        ["a data file that does not exist", ["--data", "missing.csv", "--label", "x"], "missing.csv does not exist"],
        ["a label that is no column, with the nearest one", ["--data", "data/customer-churn.csv", "--label", "churnd"], '--label "churned"?'],
        ["an ignored column that does not exist", ["--data", "data/customer-churn.csv", "--label", "churned", "--ignore", "custmer_id"], '--ignore "customer_id"?'],
        ["data without a label", ["--data", "data/customer-churn.csv"], "--data without --label"],
        ["a stack that does not exist, with those that do", ["--stack", "test"], "dev, prod, staging"],
        ["a failure that cannot be rehearsed", ["--break", "F01,F99"], "F99 cannot be rehearsed"],
        ["an option that does not exist", ["--lable", "x"], "--lable"],
    ];
    for (const [title, args, message] of mistakes) {
        it(`refuses ${title} before anything starts`, async () => {
            const { code, output } = await run(...args);
            expect(code).to.equal(1);
            expect(output).to.include(message);
            expect(output.trim().split("\n")).to.have.length(2);
        });
    }

    it("prints its help", async () => {
        const { code, output } = await run("--help");
        expect(code).to.equal(0);
        expect(output).to.include("--break ID");
    });
});
