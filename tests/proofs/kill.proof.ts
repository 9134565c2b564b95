import { expect } from "chai";
import { createKillCases } from "./kill/cases.ts";
import { judge } from "./kill/judge.ts";
import { Theatre } from "./kill/theatre.ts";
import { killProof } from "./kill.ts";
import { describeLastRun } from "./proof.ts";

const SEED = 1;

describe("a driver that is killed", () => {
    const theatre = new Theatre("up");
    after(async () => {
        await theatre.close();
        console.log(`      ${describeLastRun(killProof)}`);
    });

    it("is followed by a run that ends as if nothing had happened (one of the points of npm run proof:kill)", async () => {
        const oneCase = createKillCases(SEED).find(({ engine, phase, at }) => engine === "embedded" && phase === "up" && typeof at === "number");
        const { problems, story } = await theatre.play(oneCase!, judge);
        expect(problems, story).to.deep.equal([]);
        expect(story).to.match(/^killed after \d+ events/);
    });

    it("is killed at every edge of the phases, and at 20 points on the embedded engine and 10 on the real one", async () => {
        const cases = await killProof.cases(SEED);
        expect(new Set(cases.map(({ id }) => id)).size).to.equal(cases.length);
        expect(cases.filter(({ at }) => typeof at === "string")).to.have.length(10);
        expect(cases.filter(({ at, engine }) => typeof at === "number" && engine === "embedded")).to.have.length(20);
        expect(cases.filter(({ at, engine }) => typeof at === "number" && engine === "pulumi")).to.have.length(10);
        expect(cases.filter(({ victim }) => victim === "cli").length).to.be.greaterThan(2);
    });
});
