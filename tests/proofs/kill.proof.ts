import { readFileSync } from "node:fs";
import path from "node:path";
import { expect } from "chai";
import { createKillLives, KILLED_PHASES, redraw } from "./kill/cases.ts";
import { countEvents, PhaseWatch, watchFor } from "./kill/killPoint.ts";
import type { KillPoint } from "./kill/killPoint.ts";
import { comparePictures, countKinds } from "./kill/picture.ts";
import type { Picture } from "./kill/picture.ts";
import { renderResumePage } from "./kill/page.ts";
import { recordReference } from "./kill/reference.ts";
import { Theatre } from "./kill/theatre.ts";
import { killProof } from "./kill.ts";
import { describeLastRun, PROJECT_FOLDER, readResult } from "./proof.ts";
import type { ProofResult } from "./proof.ts";
import type { TimedEvent } from "../../automation/progress/reporter.ts";

const SEED = 1;

describe("a driver that is killed", () => {
    const theatre = new Theatre((stage) => recordReference(stage, "up"));
    after(async () => {
        await theatre.close();
        console.log(`      ${describeLastRun(killProof)}`);
    });

    it("is followed by a run that ends as if nothing had happened (one of the points of npm run proof:kill)", async () => {
        const life = createKillLives(SEED).find(({ id }) => id === "embedded 1")!;
        const [verdict, ...others] = await theatre.play({ ...life, kills: life.kills.slice(0, 1) });
        expect(others).to.deep.equal([]);
        expect(verdict?.problems, verdict?.death).to.deep.equal([]);
        expect(verdict?.isWithin).to.equal(true);
        expect(verdict?.death).to.match(/^the driver, after \d+ events/);
    });

    it("is killed at every edge of the phases, at 20 points on the embedded engine and 10 on the real one, in each phase and each way", async () => {
        const lives = await killProof.cases(SEED);
        const kills = lives.flatMap((life) => life.kills.map((kill) => ({ ...kill, engine: life.engine })));
        expect(new Set(kills.map(({ id }) => id)).size).to.equal(kills.length);
        expect(kills.filter(({ at }) => typeof at === "string")).to.have.length(10);
        const points = kills.filter(({ at }) => typeof at === "number");
        expect(points.filter(({ engine }) => engine === "embedded")).to.have.length(20);
        expect(points.filter(({ engine }) => engine === "pulumi")).to.have.length(10);
        for (const phase of KILLED_PHASES) expect(points.filter((kill) => kill.phase === phase).length, phase).to.be.at.least(4);
        expect(kills.filter(({ victim }) => victim === "cli")).to.have.length(3);
        expect(kills.filter(({ victim }) => victim === "both")).to.have.length(3);
    });

    it("is told of in docs/resume.md as the last full run saw it", () => {
        const result = readResult("kill");
        expect(result?.details).to.be.an("object");
        expect(readFileSync(path.join(PROJECT_FOLDER, "docs", "resume.md"), "utf8")).to.equal(renderResumePage(result!));
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

    it("is within a phase from its start to its end", () => {
        const watch = new PhaseWatch("up");
        const open = events.map((event) => {
            watch.observe(event);
            return watch.isOpen;
        });
        expect(open).to.deep.equal([false, true, true, true, false, false, false, false]);
    });

    it("is drawn anew, and earlier, when it came too late", () => {
        const life = createKillLives(SEED).find(({ id }) => id === "embedded 1")!;
        const [first, second] = life.kills;
        const drawn = redraw(life, first!);
        expect(drawn.kills[0]).to.deep.equal({ ...first, at: (first!.at as number) / 2 });
        expect(drawn.kills[1]).to.equal(second);
    });
});

describe("the page of all kills", () => {
    const result: ProofResult = {
        name: "kill", seed: 1, codeHash: "0", finishedAt: "2026-01-01T00:00:00Z", judge: { engine: "pulumi v3.259.0", node: "v24.0.0" }, passed: 1, failed: 1,
        byKind: { pulumi: 1, embedded: 1, "cli killed": 1, "within destroy": 1 }, failures: [{ id: "edge: up started", passed: false, detail: "", kinds: [] }],
        details: {
            "edge: up started": "the driver => up: 2 create (1 s) => a bucket is missing",
            "pulumi 1: destroy at 24 % + 12 ms, cli": "the CLI | both => destroy: 1 delete; deleted sagemaker:model a, which the stack left; deleted logs:log-stream b/c, which the stack (9 s) => nothing is left",
        },
    };

    it("has a row for each, under its phase, with leftovers counted and what is wrong in bold", () => {
        const page = renderResumePage(result);
        expect(page).to.include("2 kills, 1 of them recovered from").and.include("the CLI alone 1 times");
        expect(page.split("## destroy")[1]).to.include("| pulumi 1 at 24 % + 12 ms | the CLI \\| both | destroy: 1 delete; 2 leftovers deleted (9 s) | nothing is left |");
        expect(page.split("## train")[0]).to.include("| edge started | the driver | up: 2 create (1 s) | **a bucket is missing** |");
    });

    it("cannot be made of a result without details", () => {
        const { details: _details, ...bare } = result;
        expect(() => renderResumePage(bare)).to.throw("holds no details");
    });
});

describe("the comparison with an undisturbed run", () => {
    const picture = (resources: Record<string, string>, inventory: readonly string[], trainings: readonly number[]): Picture => ({
        resources: new Map(Object.entries(resources)), inventory: countKinds(inventory), trainings,
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
        expect(differences).to.include("sagemaker:training-job: 2 instead of 1").and.include("training runs by version of the data: 2 instead of 1");
    });
});
