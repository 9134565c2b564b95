import { expect } from "chai";
import { hostname } from "node:os";
import { exitCodeOf } from "../../../automation/errorReport.ts";
import { LockedError } from "../../../automation/errors.ts";
import type { EngineLock } from "../../../automation/engine/engine.ts";
import { settleEngineLocks } from "../../../automation/locks/engineLocks.ts";
import type { LockStore } from "../../../automation/locks/lock.ts";
import { acquireStackLock } from "../../../automation/locks/stackLock.ts";
import { createRecordingReporter } from "../../../automation/progress/reporters.ts";
import { teardownPhase } from "../../../automation/phases/teardown.ts";
import { upPhase } from "../../../automation/phases/up.ts";
import { createPhaseWorld } from "../../support/phaseWorld.ts";
import { dead, foreign } from "./lockOwners.ts";

const NO_PROCESS = 2 ** 22 + 1;

describe("the driver's lock", () => {
    let released: number;
    const storeThat = (answer: Awaited<ReturnType<LockStore["acquire"]>> | undefined, gap?: string): LockStore => ({
        place: "s3://states/lock", ...(gap === undefined ? {} : { gap }),
        acquire: async (owner) => answer ?? { held: { owner, release: async () => { released++; } } },
        read: async () => undefined, remove: async () => undefined,
    });
    let reporter = createRecordingReporter();
    const acquire = (store: LockStore) => acquireStackLock({ store, stack: "dev", command: "up", reporter });
    beforeEach(() => {
        released = 0;
        reporter = createRecordingReporter();
    });

    it("is reported when it is taken and when it is given back, once", async () => {
        const held = await acquire(storeThat(undefined));
        expect(held.owner).to.include({ command: "up", pid: process.pid });
        await held.release();
        await held.release();
        expect(released).to.equal(1);
        expect(reporter.events).to.deep.equal(["acquired", "released"].map((status) => ({ kind: "lock", status, message: "s3://states/lock" })));
    });

    it("says from whom it was taken", async () => {
        const owner = dead("destroy");
        await acquire(storeThat({ held: { owner, release: async () => {} }, cleared: owner }));
        expect(reporter.events[0]).to.deep.include({ kind: "lock", status: "cleared" }).and.to.have.property("message").that.contains("destroy by");
    });

    it("is refused with who holds it, since when, where, and what to do", async () => {
        const heldBy = { ...foreign("destroy"), user: "kim" };
        const error = await acquire(storeThat({ heldBy })).catch((refusal: unknown) => refusal) as LockedError;
        expect(error).to.be.instanceOf(LockedError);
        expect(exitCodeOf(error)).to.equal(3);
        expect(error.message).to.equal(`stack dev is locked: destroy by kim on elsewhere (process ${heldBy.pid}), since ${heldBy.since}; the lock is s3://states/lock`);
        expect(error.fix).to.contain("wait").and.contain("node automation/deploy.ts unlock --stack dev");
        expect(reporter.events).to.deep.equal([]);
    });

    it("says what is not covered where there is none", async () => {
        const held = await acquire(storeThat(undefined, "no lock here"));
        await held.release();
        expect(reporter.events).to.deep.equal([{ kind: "note", message: "no lock here" }]);
    });
});

describe("the engine's own locks", () => {
    let reporter = createRecordingReporter();
    const now = (): Date => new Date();
    const ended: EngineLock = { host: hostname(), pid: NO_PROCESS, user: "kim", since: new Date() };
    let locks: EngineLock[];
    let cleared: number;
    const engine = { locks: async () => locks, clearLocks: async () => { cleared++; } };
    const settle = (limitMs = 50) => settleEngineLocks(engine, { stack: "dev", reporter, signal: new AbortController().signal, limitMs, intervalMs: 5 });
    beforeEach(() => {
        locks = [];
        cleared = 0;
        reporter = createRecordingReporter();
    });

    it("cost nothing when there are none", async () => {
        await settle();
        expect(cleared).to.equal(0);
        expect(reporter.events).to.deep.equal([]);
    });

    it("are cleared when their owner has ended, and it is said whose they were", async () => {
        locks = [ended];
        await settle();
        expect(cleared).to.equal(1);
        expect(reporter.events).to.have.length(1);
        expect(reporter.events[0]).to.include({ kind: "lock", status: "cleared" }).and.to.have.property("message").that.contains("died: kim on");
    });

    for (const [title, since] of [["before the machine was started", new Date(0)], ["before the process with that id", new Date(Date.now() - process.uptime() * 1000 - 60_000)]] as const) {
        it(`are cleared when they were made ${title}`, async () => {
            locks = [{ ...ended, pid: process.pid, since }];
            await settle();
            expect(cleared).to.equal(1);
        });
    }

    it("of a living process are waited for, which is said once", async () => {
        locks = [{ ...ended, pid: process.pid, since: now() }];
        setTimeout(() => { locks = []; }, 20);
        await settle(1000);
        expect(cleared).to.equal(0);
        expect(reporter.events.map((event) => event.kind === "lock" && event.status)).to.deep.equal(["waiting"]);
    });

    it("of a living process that then dies are cleared", async () => {
        locks = [{ ...ended, pid: process.pid, since: now() }];
        setTimeout(() => { locks = [ended]; }, 20);
        await settle(1000);
        expect(cleared).to.equal(1);
    });

    for (const [title, lock, words] of [
        ["of a process that does not end", { ...ended, pid: process.pid, since: new Date() }, "has not ended within"],
        ["of another host", { ...ended, host: "elsewhere" }, "whether another machine still works cannot be told from here"],
        ["of nobody knows whom", { host: "", pid: 0, since: new Date(0) }, "who that is cannot be read"],
    ] as const) {
        it(`stop the run when they are ${title}`, async () => {
            locks = [lock];
            const error = await settle().catch((refusal: unknown) => refusal) as LockedError;
            expect(error).to.be.instanceOf(LockedError);
            expect(error.message).to.contain(words);
            expect(error.fix).to.contain("unlock --stack dev");
            expect(cleared).to.equal(0);
        });
    }

    it("are waited for no longer than until Ctrl-C", async () => {
        locks = [{ ...ended, pid: process.pid, since: now() }];
        const controller = new AbortController();
        setTimeout(() => controller.abort(), 20);
        const error = await settleEngineLocks(engine, { stack: "dev", reporter, signal: controller.signal, intervalMs: 5 }).catch((refusal: unknown) => refusal) as Error;
        expect(error.name).to.equal("AbortError");
    });

    for (const phase of [upPhase, teardownPhase]) {
        it(`are settled before ${phase.name}, which does not begin under a foreign one`, async () => {
            const free = createPhaseWorld({});
            free.engine.locksNow = [ended];
            // How it goes on is another test's matter.
            await phase.run(free.context).catch(() => {});
            expect(free.engine.calls[0]).to.equal("clearLocks");
            const locked = createPhaseWorld({});
            locked.engine.locksNow = [{ ...ended, host: "elsewhere" }];
            expect(await phase.run(locked.context).catch((refusal: unknown) => refusal)).to.be.instanceOf(LockedError);
            expect(locked.engine.calls).to.deep.equal([]);
        });
    }
});
