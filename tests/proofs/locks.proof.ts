import { expect } from "chai";
import { judge, lockProof } from "./locks.ts";
import type { Contender, PairCase } from "./locks/pair.ts";
import { describeLastRun, drawSample } from "./proof.ts";

const SEED = 3;
const SAMPLE = 3;

describe("two drivers at once", () => {
    after(async () => {
        await lockProof.close?.();
        console.log(`      ${describeLastRun(lockProof)}`);
    });

    it(`end as one winner and one that has touched nothing, in a sample of ${SAMPLE} pairs (seed ${SEED})`, async () => {
        const outcomes = [];
        for (const pair of drawSample(await lockProof.cases(SEED), SAMPLE, SEED)) outcomes.push(await lockProof.run(pair));
        expect(outcomes.filter(({ passed }) => !passed)).to.deep.equal([]);
        expect(outcomes).to.have.length(SAMPLE);
    });

    it("are at least 100 pairs at random offsets up to 300 ms, the same for the same seed", async () => {
        const pairs = await lockProof.cases(SEED);
        expect(pairs.filter(({ backend, takeover }) => backend === "file" && !takeover)).to.have.length.of.at.least(100);
        const offsets = pairs.flatMap((pair) => pair.offsets);
        expect(Math.max(...offsets)).to.be.greaterThan(280).and.at.most(300);
        expect(Math.min(...offsets)).to.be.lessThan(20);
        expect(await lockProof.cases(SEED)).to.deep.equal(pairs);
    });

    describe("are judged:", () => {
        const pair: PairCase = { id: "file-1", backend: "file", takeover: false, offsets: [0, 0], lostShare: 0, engine: "light" };
        const winner: Contender = { exitCode: 0, engines: 1, stderr: "", stdout: "", writes: ["state.json"], calls: ["GetCallerIdentity", "resource create made"] };
        const loser: Contender = {
            exitCode: 3, engines: 0, stdout: "", writes: ["backend/.firstlight/locks/firstlight/dev/x.draft"], calls: ["GetCallerIdentity"],
            stderr: "stack dev is locked: deploy by kim on laptop (process 7), since 2026\n  fix: unlock --stack dev",
        };
        const judgePair = (changes: { winner?: Partial<Contender>; loser?: Partial<Contender>; state?: readonly string[]; isFree?: boolean; takeover?: boolean } = {}) => judge(
            { ...pair, takeover: changes.takeover ?? false },
            { contenders: [{ ...winner, ...changes.winner }, { ...loser, ...changes.loser }], state: changes.state ?? ["made", "seed"], isFreeAfterwards: changes.isFree ?? true },
        );

        it("a pair that is as it must be has no problem", () => expect(judgePair()).to.deep.equal([]));
        for (const [problem, changes] of [
            ["exit codes 0, 0", { loser: { exitCode: 0 } }],
            ["exit codes 3, 3", { winner: { exitCode: 3 } }],
            ["the loser called PutParameter", { loser: { calls: ["GetCallerIdentity", "PutParameter"] } }],
            ["the loser wrote state.json", { loser: { writes: ["state.json"] } }],
            ["the loser made an engine", { loser: { engines: 1 } }],
            ["the loser said", { loser: { stderr: "no" } }],
            ["the winner made the resource 0 times", { winner: { calls: [] } }],
            ["the winner did not say that it took over", { takeover: true }],
            ["the state holds seed", { state: ["seed"] }],
            ["the lock was not given back", { isFree: false }],
        ] as const) it(`"${problem}" is one`, () => expect(judgePair(changes).join()).to.contain(problem));
    });
});
