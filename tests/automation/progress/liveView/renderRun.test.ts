import { expect } from "chai";
import { columnsOf } from "../../../../automation/progress/liveView/columns.ts";
import { cutTo, renderRun } from "../../../../automation/progress/liveView/renderRun.ts";
import { RunModel } from "../../../../automation/progress/liveView/runModel.ts";
import { readRecordedRehearsal } from "../../../support/recordedRehearsal.ts";

const WIDE = { width: 100, height: 24 };
const create = (name: string) => ({ kind: "resource", urn: name, type: "aws:sagemaker/endpoint:Endpoint", name, operation: "create", status: "started" }) as const;

function modelInUp(...names: readonly string[]): RunModel {
    const model = new RunModel(0);
    model.apply({ kind: "phase", phase: "up", status: "started" }, 0);
    for (const name of names) model.apply(create(name), 0);
    return model;
}

describe("the live view", () => {
    it("shows nothing between phases", () => {
        expect(renderRun(new RunModel(0), 5000, WIDE)).to.deep.equal([]);
    });

    it("sets the time that went by against the usual one", () => {
        expect(renderRun(modelInUp("champion-endpoint"), 65_000, WIDE)).to.deep.equal([
            "65.0 s | up 65.0 s",
            "up: 1 in flight, usually 3 min",
            "  65 s of 6 min    create     champion-endpoint (sagemaker Endpoint)",
        ]);
    });

    it("marks what takes longer than usual, also where the words are cut off", () => {
        const lines = renderRun(modelInUp("champion-endpoint"), 901_000, WIDE);
        expect(lines[1]).to.equal("up: 1 in flight, longer than usual (at most 10 min)");
        expect(lines[2]).to.equal("! 15 min of 6 min  create     champion-endpoint (sagemaker Endpoint), longer than usual (at most 15 min)".slice(0, 98) + "~");
        expect(renderRun(modelInUp("champion-endpoint"), 901_000, { width: 20, height: 24 })[2]).to.equal("! 15 min of 6 min ~");
        expect(renderRun(modelInUp("champion-endpoint"), 899_000, WIDE)[2]).to.match(/^ {2}15 min/);
    });

    it("shows as many resources as there is room for, and how many more there are", () => {
        const names = Array.from({ length: 30 }, (_, index) => `r${index}`);
        const lines = renderRun(modelInUp(...names), 1000, { width: 80, height: 12 });
        expect(lines).to.have.length(8);
        expect(lines[2]).to.contain("r0 ");
        expect(lines.at(-1)?.trim()).to.equal("and 25 more");
        expect(renderRun(modelInUp(...names), 1000, { width: 80, height: 200 })).to.have.length(16);
        expect(renderRun(modelInUp(...names), 1000, { width: 80, height: 3 })).to.have.length(2);
    });

    it("shows endpoints with their status, and says of one that settled no time", () => {
        const model = modelInUp();
        model.apply({ kind: "endpoint", endpoint: "dev-champion", status: "Updating" }, 0);
        model.apply({ kind: "endpoint", endpoint: "dev-challenger", status: "InService" }, 0);
        expect(renderRun(model, 61_000, WIDE).slice(2)).to.deep.equal([
            "  61 s of 6 min    endpoint   dev-champion Updating",
            "                   endpoint   dev-challenger InService",
        ]);
    });

    it("says what is waited for on one line", () => {
        const model = new RunModel(0);
        model.apply({ kind: "lock", status: "waiting", message: "held by\n  4711" }, 0);
        expect(renderRun(model, 2000, WIDE)).to.deep.equal(["2.0 s", "waiting for the lock: held by 4711"]);
    });

    it("fits every screen at every moment of a recorded rehearsal", () => {
        for (const width of [1, 2, 20, 40, 80, 200]) {
            const model = new RunModel(0);
            for (const event of readRecordedRehearsal("dev").events) {
                model.apply(event, event.atMs);
                const lines = renderRun(model, event.atMs, { width, height: 10 });
                expect(lines).to.have.length.at.most(6);
                for (const line of lines) expect(line.length, line).to.be.below(width);
            }
        }
    });

    it("cuts by columns, and lets nothing through that moves the cursor", () => {
        expect(cutTo("abcdef", 4)).to.equal("abc~");
        expect(cutTo("abcd", 4)).to.equal("abcd");
        expect(cutTo("a\u001B[2Jb\n", 10)).to.equal("a [2Jb ");
        expect(columnsOf(cutTo("日本語日本語", 6))).to.be.at.most(6);
    });
});
