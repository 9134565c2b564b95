/**
 * Two drivers at once on one stack: one wins and finishes, the other ends with 3 and has touched nothing. Pairs of whole driver processes at random
 * offsets, with locks in files and in S3, free ones and those of a dead owner, and with an S3 whose answers get lost.
 */
import { EXIT } from "../../automation/errorReport.ts";
import { PairWorld } from "./locks/pair.ts";
import type { Contender, PairCase, PairOutcome } from "./locks/pair.ts";
import { createRandom } from "./proof.ts";
import type { Outcome, Proof } from "./proof.ts";

const MAX_OFFSET_MS = 300;
const GROUPS: readonly (Pick<PairCase, "backend" | "takeover" | "lostShare"> & { readonly name: string; readonly count: number })[] = [
    { name: "file", count: 100, backend: "file", takeover: false, lostShare: 0 },
    { name: "file-takeover", count: 25, backend: "file", takeover: true, lostShare: 0 },
    { name: "s3", count: 25, backend: "s3", takeover: false, lostShare: 0 },
    { name: "s3-takeover", count: 15, backend: "s3", takeover: true, lostShare: 0 },
    { name: "s3-lost-answers", count: 15, backend: "s3", takeover: true, lostShare: 0.2 },
];
/** Every so many pairs run a Pulumi program on the embedded engine; the others leave that process out, which no lock knows of. */
const WHOLE_EVERY = 5;
/** Where a driver may write before it holds the lock. */
const OWN_LOCK = /^backend\/\.firstlight\/locks(\/|$)/;

let world: Promise<PairWorld> | undefined;

function createPairs(seed: number): readonly PairCase[] {
    const random = createRandom(seed);
    const offset = (): number => Math.round(random() * MAX_OFFSET_MS);
    return GROUPS.flatMap(({ name, count, ...group }) => Array.from({ length: count }, (_each, index) => ({
        ...group, id: `${name}-${index + 1}`, offsets: [offset(), offset()] as const, engine: index % WHOLE_EVERY === 0 ? "embedded" : "light",
    } as const)));
}

async function runPair(pair: PairCase): Promise<Outcome> {
    world ??= PairWorld.create();
    const outcome = await (await world).run(pair, createRandom([...pair.id].reduce((sum, letter) => sum * 31 + letter.charCodeAt(0), 7)));
    const problems = judge(pair, outcome);
    const winner = outcome.contenders.findIndex(({ exitCode }) => exitCode === EXIT.done);
    const order = pair.offsets[winner]! <= pair.offsets[1 - winner]! ? "the earlier won" : "the later won";
    return { id: pair.id, passed: problems.length === 0, detail: problems.join("; "), kinds: problems.length === 0 ? [pair.id.replace(/-\d+$/, ""), order, `${pair.engine} engine`] : [] };
}

/** What is not as it must be. Exported for its test. */
export function judge({ takeover }: PairCase, { contenders, state, isFreeAfterwards }: PairOutcome): readonly string[] {
    const winners = contenders.filter(({ exitCode }) => exitCode === EXIT.done);
    const losers = contenders.filter(({ exitCode }) => exitCode === EXIT.locked);
    if (winners.length !== 1 || losers.length !== 1) return [`exit codes ${contenders.map(({ exitCode }) => exitCode).join(", ")}: ${contenders.map(({ stderr }) => stderr.trim()).join(" / ")}`];
    return [
        ...winners.flatMap((winner) => judgeWinner(winner, takeover)),
        ...losers.flatMap(judgeLoser),
        ...(state.join() === "made,seed" ? [] : [`the state holds ${state.join()}`]),
        ...(isFreeAfterwards ? [] : ["the lock was not given back"]),
    ];
}

function judgeWinner({ calls, stdout }: Contender, takeover: boolean): readonly string[] {
    const made = calls.filter((call) => call === "resource create made").length;
    return [
        ...(made === 1 ? [] : [`the winner made the resource ${made} times`]),
        ...(stdout.includes("a run that has died") === takeover ? [] : [`the winner ${takeover ? "did not say that it took over" : "took over a lock that was free"}`]),
    ];
}

function judgeLoser({ calls, engines, stderr, writes }: Contender): readonly string[] {
    const foreignCalls = calls.filter((call) => call !== "GetCallerIdentity");
    const foreignWrites = writes.filter((file) => !OWN_LOCK.test(file));
    return [
        ...(/stack dev is locked: deploy by .* \(process \d+\), since /.test(stderr) && stderr.includes("unlock --stack dev") ? [] : [`the loser said ${JSON.stringify(stderr)}`]),
        ...(foreignCalls.length === 0 ? [] : [`the loser called ${foreignCalls.join(", ")}`]),
        ...(foreignWrites.length === 0 ? [] : [`the loser wrote ${foreignWrites.join(", ")}`]),
        ...(engines === 0 ? [] : ["the loser made an engine"]),
    ];
}

export const lockProof: Proof<PairCase> = {
    name: "locks",
    code: ["automation/locks/*.ts", "automation/driver/driver.ts", "automation/driver/commandRun.ts", "automation/driver/openSession.ts", "automation/driver/commands/deploy.ts",
        "tests/proofs/locks.ts", "tests/proofs/locks/*.ts", "tests/support/s3Double.ts"],
    async describe() {
        return { node: process.version, system: `${process.platform} ${process.arch}` };
    },
    unavailable: () => undefined,
    cases: createPairs,
    idOf: ({ id }) => id,
    run: runPair,
    async close() {
        await (await world)?.close();
        world = undefined;
    },
};
