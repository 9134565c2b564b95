import { expect } from "chai";
import { currentOwner, describeOwner, isDead } from "../../../automation/locks/owner.ts";
import { bootTime, isRunning, readBootId, readStart, startDate } from "../../../automation/locks/processes.ts";
import { dead, foreign } from "./lockOwners.ts";

describe("the owner of a lock", () => {
    const own = currentOwner("up");

    it("is described so that somebody can be asked", () => {
        expect(describeOwner({ ...own, user: "kim", host: "laptop", pid: 4711, since: "2026-05-04T09:10:11.000Z" }))
            .to.equal("up by kim on laptop (process 4711), since 2026-05-04T09:10:11.000Z");
    });

    it("is alive while its process runs", () => {
        expect(isDead(own)).to.equal(false);
    });

    it("is dead when no process has its id", () => {
        expect(isDead(dead())).to.equal(true);
    });

    it("is dead when its id belongs to a later process", () => {
        expect(own.started).not.to.equal("");
        expect(isDead({ ...own, started: "1" })).to.equal(true);
    });

    it("is dead when the machine was started anew", () => {
        expect(own.bootId).not.to.equal("");
        expect(isDead({ ...own, bootId: "another" })).to.equal(true);
    });

    it("is not called dead for what a system does not tell", () => {
        expect(isDead({ ...own, bootId: "", started: "" })).to.equal(false);
    });

    it("on another host may be alive, whatever its process id is here", () => {
        expect(isDead(foreign())).to.equal(false);
        expect(isDead({ ...foreign(), bootId: "another" })).to.equal(false);
    });

    it("in another container of the same host name may be alive", () => {
        expect(isDead({ ...dead(), machine: "another" })).to.equal(false);
    });
});

describe("a process", () => {
    it("runs if it is this one, and does not if no id can be so high or so low", () => {
        expect(isRunning(process.pid)).to.equal(true);
        for (const pid of [2 ** 22 + 1, 0, -1, Number.NaN]) expect(isRunning(pid), String(pid)).to.equal(false);
    });

    it("has started after its machine, and before now", () => {
        const started = startDate(process.pid)!.getTime();
        expect(started).to.be.greaterThan(bootTime().getTime()).and.at.most(Date.now() + 1000);
        expect(Math.abs(started - (Date.now() - process.uptime() * 1000))).to.be.lessThan(2000);
    });

    it("that is not there has no start, and no date", () => {
        expect(readStart(2 ** 22 + 1)).to.equal("");
        expect(startDate(2 ** 22 + 1)).to.equal(undefined);
    });

    it("sees the same boot as long as the machine runs", () => {
        expect(readBootId()).to.equal(readBootId()).and.match(/^[0-9a-f-]{36}$/i);
    });
});
