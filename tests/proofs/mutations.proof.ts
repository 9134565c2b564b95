import { expect } from "chai";
import { findMutations } from "./mutations/cases.ts";
import { isNotExercised } from "./mutations/judgement.ts";
import type { Mutation } from "./mutations/mutation.ts";
import { judgePlan, recordDevelopmentPlans } from "./mutations/planLayer.ts";
import { RehearsalLayer } from "./mutations/rehearsalLayer.ts";
import { UnitLayer } from "./mutations/unitLayer.ts";
import { mutationProof } from "./mutations.ts";
import { KNOWN_GREEN, KNOWN_NOT_EXERCISED } from "./mutationsKnown.ts";
import { describeLastRun, drawSample, readResult } from "./proof.ts";
import type { Proof, ProofResult } from "./proof.ts";

const SEED = 20261121;
const QUICK_COUNT = 6;
/** The rehearsal of these ends early: at the birth of the function, or in the first state of the pipeline. */
const ENDS_EARLY = /\| rehearsal: (up|train): .*validate-data|not authorized to perform: s3:GetObject/;

function lastResult(): ProofResult {
    const result = readResult("mutations");
    if (result === undefined) throw new Error("tests/proofs/results/mutations.json is missing: run `npm run proof:mutations`");
    return result;
}

describe("proof by mutations", () => {
    let mutations: readonly Mutation[];
    let plans: Awaited<ReturnType<typeof recordDevelopmentPlans>>;

    before(async () => {
        console.log(`    ${describeLastRun(mutationProof as Proof<unknown>)}`);
        plans = await recordDevelopmentPlans();
        mutations = findMutations(plans);
    });

    it("finds every kind of thing to take out", () => {
        const count = (kind: string): number => mutations.filter((mutation) => mutation.kind === kind).length;
        expect(count("statement")).to.be.at.least(80);
        expect(count("action")).to.be.at.least(120);
        expect(count("encryption")).to.be.at.least(60);
    });

    it("has left nothing green in its last full run but what is known", () => {
        const { failures } = lastResult();
        expect(failures.map(({ id }) => id).filter((id) => !(id in KNOWN_GREEN))).to.deep.equal([]);
    });

    it("ran past nothing in that run's rehearsals but what is known", () => {
        const passedBy = Object.entries(lastResult().details ?? {}).filter(([, detail]) => isNotExercised(detail)).map(([id]) => id);
        console.log(`      not exercised by the rehearsal, seen by a unit test alone: ${passedBy.length} of ${mutations.length}`);
        expect(passedBy.filter((id) => !(id in KNOWN_NOT_EXERCISED))).to.deep.equal([]);
    });

    it("sees a sample without a cloud", async () => {
        const unit = await UnitLayer.start();
        try {
            for (const mutation of drawSample(mutations.filter(({ id }) => !(id in KNOWN_GREEN)), QUICK_COUNT, SEED)) {
                const words = await judgePlan(plans, mutation) ?? await unit.judge(mutation);
                expect(words, mutation.id).to.be.a("string");
            }
        } finally {
            unit.close();
        }
    });

    it("sees one statement in the rehearsal itself, in the phase that the last full run names", async () => {
        const { details = {} } = lastResult();
        const early = mutations.filter(({ id, kind }) => kind === "statement" && ENDS_EARLY.test(details[id] ?? ""));
        const [mutation] = drawSample(early, 1, SEED);
        if (mutation === undefined) throw new Error("the last full run names no statement that ends a rehearsal early");
        const layer = new RehearsalLayer();
        try {
            const words = await layer.judgeFresh(mutation);
            const [, phase] = /\| rehearsal: ([a-z-]+): /.exec(details[mutation.id] ?? "") ?? [];
            expect(words, mutation.id).to.match(new RegExp(`^${phase}: `));
        } finally {
            await layer.close();
        }
    });
});
