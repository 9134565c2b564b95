import { expect } from "chai";
import { findMutations } from "./mutations/cases.ts";
import { isNotExercised } from "./mutations/judgement.ts";
import type { Mutation } from "./mutations/mutation.ts";
import { judgePlan, recordStackPlans } from "./mutations/planLayer.ts";
import type { StackPlans } from "./mutations/planLayer.ts";
import { RehearsalLayer } from "./mutations/rehearsalLayer.ts";
import { UnitLayer } from "./mutations/unitLayer.ts";
import { mutationProof } from "./mutations.ts";
import { findReason, KNOWN_GREEN, KNOWN_NOT_EXERCISED } from "./mutationsKnown.ts";
import { describeLastRun, drawSample, readResult } from "./proof.ts";
import type { Proof, ProofResult } from "./proof.ts";

const SEED = 20261121;
const QUICK_COUNT = 12;
/** In a cloud of its own the rehearsal of these ends early: when a function is to be made. */
const ENDS_EARLY = /^(select|validate|preprocess)-data-role ServiceTakesRole$/;
const REFUSAL = "cannot be assumed by Lambda";

function lastResult(): ProofResult {
    const result = readResult("mutations");
    if (result === undefined) throw new Error("tests/proofs/results/mutations.json is missing: run `npm run proof:mutations`");
    return result;
}

describe("proof by mutations", () => {
    let mutations: readonly Mutation[];
    let plans: StackPlans;
    let unit: UnitLayer;

    before(async () => {
        console.log(`    ${describeLastRun(mutationProof as Proof<unknown>)}`);
        [plans, unit] = await Promise.all([recordStackPlans(), UnitLayer.start()]);
        mutations = findMutations(plans);
    });
    after(() => unit?.close());

    it("finds every kind of thing to take out", () => {
        const count = (kind: string): number => mutations.filter((mutation) => mutation.kind === kind).length;
        expect(count("statement")).to.be.at.least(160);
        expect(count("action")).to.be.at.least(220);
        expect(count("protection")).to.be.at.least(180);
        expect(new Set(mutations.map(({ stack }) => stack))).to.have.keys("dev", "staging");
    });

    it("has left nothing green in its last full run but what is known", () => {
        const { failures } = lastResult();
        expect(failures.map(({ id }) => id).filter((id) => !(id in KNOWN_GREEN))).to.deep.equal([]);
    });

    it("ran past nothing in that run's rehearsals but what is known, and past all of that", () => {
        const { byKind, details = {} } = lastResult();
        const passedBy = Object.entries(details).filter(([, detail]) => isNotExercised(detail)).map(([id]) => id);
        const rehearsed = passedBy.length + (byKind["red in rehearsal"] ?? 0);
        console.log(`      not exercised by the rehearsal, seen by a unit test alone: ${passedBy.length} of ${rehearsed}`);
        expect(passedBy.filter((id) => findReason(id) === undefined)).to.deep.equal([]);
        expect(Object.keys(KNOWN_NOT_EXERCISED).filter((id) => !passedBy.includes(id)), "seen by the rehearsal by now").to.deep.equal([]);
    });

    it("sees a sample without a cloud", async () => {
        for (const mutation of drawSample(mutations.filter(({ id }) => !(id in KNOWN_GREEN)), QUICK_COUNT, SEED)) {
            const words = await judgePlan(plans, mutation) ?? await unit.judge(mutation);
            expect(words, mutation.id).to.be.a("string");
        }
    });

    it("sees one statement in the rehearsal itself, by the words of the last full run", async () => {
        const [mutation] = drawSample(mutations.filter(({ id }) => ENDS_EARLY.test(id)), 1, SEED);
        if (mutation === undefined) throw new Error("the program has no function that it could take the role's trust from");
        expect(lastResult().details?.[mutation.id]).to.include(REFUSAL);
        const layer = new RehearsalLayer();
        try {
            expect(await layer.judgeFresh(mutation), mutation.id).to.match(new RegExp(`^up: .*${REFUSAL}`));
        } finally {
            await layer.close();
        }
    });
});
