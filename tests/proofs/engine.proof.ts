import { expect } from "chai";
import { engineProof } from "./engineComparison.ts";
import { describeLastRun, drawSample } from "./proof.ts";

const SEED = 7;
const SAMPLE = 6;

describe("the embedded engine beside the real one", () => {
    after(async () => {
        await engineProof.close?.();
        console.log(`      ${describeLastRun(engineProof)}`);
    });

    const reason = engineProof.unavailable();
    const title = `does the same with a sample of ${SAMPLE} stacks (seed ${SEED})`;
    if (reason !== undefined) {
        it.skip(`${title}: skipped, ${reason}`);
        return;
    }

    it(title, async () => {
        const cases = await engineProof.cases(SEED);
        const outcomes = [];
        for (const oneCase of drawSample(cases, SAMPLE, SEED)) outcomes.push(await engineProof.run(oneCase));
        expect(outcomes.filter(({ passed }) => !passed)).to.deep.equal([]);
        expect(outcomes).to.have.length(SAMPLE);
    });

    it("has at least 500 programs", async () => {
        const cases = await engineProof.cases(SEED);
        expect(cases.reduce((count, { programs }) => count + programs, 0)).to.be.at.least(500);
    });
});
