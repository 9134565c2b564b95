/** What every store of locks does, wherever it keeps them. */
import { expect } from "chai";
import type { HeldLock, LockOwner, LockStore } from "../../../automation/locks/lock.ts";
import { isDead } from "../../../automation/locks/owner.ts";
import { dead, foreign, living } from "./lockOwners.ts";

export interface StoreUnderTest {
    /** Another process's view of the same lock. */
    open(): LockStore;
    /** Makes what is written unreadable. */
    corrupt(): void | Promise<void>;
}

const RIVALS = 8;
const ROUNDS = 10;

export function describeLockStore(world: () => StoreUnderTest): void {
    const open = (): LockStore => world().open();
    const take = (owner: LockOwner): ReturnType<LockStore["acquire"]> => open().acquire(owner, isDead);

    it("give a lock to the first, and name it to the second", async () => {
        const owner = living("up");
        expect(await take(owner)).to.have.nested.property("held.owner", owner);
        expect(await take(living("destroy"))).to.deep.equal({ heldBy: owner });
        expect(await open().read()).to.deep.equal(owner);
    });

    it("give it to the next after it was given back, once or twice", async () => {
        const { held } = await take(living()) as { held: HeldLock };
        await held.release();
        await held.release();
        expect(await open().read()).to.equal(undefined);
        expect(await take(living("next"))).to.have.property("held").and.not.to.have.property("cleared");
    });

    it("take it from a dead owner, and say from whom", async () => {
        const gone = dead();
        await take(gone);
        expect(await take(living("next"))).to.have.deep.property("cleared", gone);
        expect(await open().read()).to.have.property("command", "next");
    });

    it("leave it to an owner on another host", async () => {
        await take(foreign());
        expect(await take(living())).to.deep.equal({ heldBy: foreignNow(await open().read()) });
    });

    it("remove it whoever holds it, and say who did", async () => {
        expect(await open().remove()).to.equal(undefined);
        const owner = foreign();
        await take(owner);
        expect(await open().remove()).to.deep.equal(owner);
        expect(await open().read()).to.equal(undefined);
        expect(await open().remove()).to.equal(undefined);
    });

    it("do not take what cannot be read for free, and remove it", async () => {
        await take(dead());
        await world().corrupt();
        expect(await take(living())).to.have.nested.property("heldBy.host", "unknown");
        expect(await open().remove()).to.have.property("host", "unknown");
        expect(await take(living())).to.have.property("held");
    });

    for (const [state, prepare] of [["is free", async () => {}], ["has a dead owner", () => take(dead())]] as const) {
        it(`give it to one of ${RIVALS} that come at once when it ${state}`, async () => {
            for (let round = 0; round < ROUNDS; round++) {
                await prepare();
                const answers = await Promise.all(Array.from({ length: RIVALS }, (_each, index) => take(living(`rival ${index}`))));
                const winners = answers.flatMap((answer) => ("held" in answer ? [answer.held] : []));
                expect(winners, `round ${round}`).to.have.length(1);
                expect(await open().read()).to.deep.equal(winners[0]!.owner);
                await winners[0]!.release();
            }
        });
    }
}

function foreignNow(owner: LockOwner | undefined): LockOwner | undefined {
    expect(owner).to.have.property("host", "elsewhere");
    return owner;
}
