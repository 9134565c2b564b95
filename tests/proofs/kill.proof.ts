import { expect } from "chai";
import { createKillCases } from "./kill/cases.ts";
import { judge } from "./kill/judge.ts";
import { countEvents, watchFor } from "./kill/killPoint.ts";
import type { KillPoint } from "./kill/killPoint.ts";
import { comparePictures, countKinds } from "./kill/picture.ts";
import type { Picture } from "./kill/picture.ts";
import { Theatre } from "./kill/theatre.ts";
import { killProof } from "./kill.ts";
import { describeLastRun } from "./proof.ts";
import type { TimedEvent } from "../../automation/reporter.ts";

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

describe("the moment of a kill", () => {
    const phase = (name: "up" | "train", status: "started" | "done"): TimedEvent => ({ kind: "phase", phase: name, status, atMs: 0 });
    const note: TimedEvent = { kind: "note", message: "", atMs: 0 };
    const events = [note, phase("up", "started"), note, note, phase("up", "done"), phase("train", "started"), note, phase("train", "done")];

    /** Index of the event with which it comes first. */
    function momentOf(point: Pick<KillPoint, "phase" | "at">): number {
        const hasCome = watchFor({ ...point, delayMs: 0 });
        return events.findIndex((event) => hasCome(event));
    }

    it("is an edge of the phase, an event within it, or its end when it has fewer", () => {
        expect(momentOf({ phase: "up", at: "started" })).to.equal(1);
        expect(momentOf({ phase: "up", at: "done" })).to.equal(4);
        expect(momentOf({ phase: "up", at: 2 })).to.equal(3);
        expect(momentOf({ phase: "up", at: 9 })).to.equal(4);
        expect(momentOf({ phase: "train", at: 1 })).to.equal(6);
        expect(Object.fromEntries(countEvents(events))).to.deep.equal({ up: 2, train: 1 });
    });
});

describe("the comparison with an undisturbed run", () => {
    const picture = (resources: Record<string, string>, inventory: readonly string[], executions: readonly number[]): Picture => ({
        resources: new Map(Object.entries(resources)), inventory: countKinds(inventory), executions,
    });
    const jobs = ["arn:aws:sagemaker:r:1:training-job/a", "arn:aws:s3:::bucket"];
    const expected = picture({ a: "{}", b: "{}" }, jobs, [1]);

    it("finds nothing between equals", () => {
        expect(comparePictures(expected, picture({ b: "{}", a: "{}" }, jobs.toReversed(), [1]))).to.deep.equal([]);
    });

    it("names what is missing, too much, different, left over, and trained twice", () => {
        const actual = picture({ a: '{"x":1}', c: "{}" }, [...jobs, "arn:aws:sagemaker:r:1:training-job/b"], [2]);
        const differences = comparePictures(expected, actual).join("; ");
        expect(differences).to.include("a has other inputs").and.include("b is missing").and.include("c is too much");
        expect(differences).to.include("sagemaker:training-job: 2 instead of 1").and.include("runs by version of the data: 2 instead of 1");
    });
});
