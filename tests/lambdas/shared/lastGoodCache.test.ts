import { expect } from "chai";
import { createLastGoodCache } from "../../../lambdas/shared/lastGoodCache.ts";

/** Gives its answers one after the other; an Error is thrown. */
function createSource(...answers: unknown[]): () => Promise<string | undefined> {
    return async () => {
        const answer = answers.shift();
        if (answer instanceof Error) throw answer;
        return answer as string | undefined;
    };
}

describe("createLastGoodCache", () => {
    it("reads once while the value is fresh, and again after", async () => {
        let now = 0;
        const read = createLastGoodCache(createSource("a", "b"), { freshMilliseconds: 100, now: () => now });
        expect([await read(), await read()]).to.deep.equal(["a", "a"]);
        now = 100;
        expect(await read()).to.equal("b");
    });

    it("keeps an absence for a second, so that what appears is seen soon and what is absent is not asked for each time", async () => {
        let now = 0;
        const read = createLastGoodCache(createSource(undefined, "a"), { freshMilliseconds: 15_000, now: () => now });
        expect([await read(), await read()]).to.deep.equal([undefined, undefined]);
        now = 1_000;
        expect(await read()).to.equal("a");
    });

    it("forgets the value when it is gone, and remembers that it is", async () => {
        let now = 0;
        const read = createLastGoodCache(createSource("a", undefined, new Error("down")), { freshMilliseconds: 1, now: () => now++ });
        expect([await read(), await read(), await read()]).to.deep.equal(["a", undefined, undefined]);
    });

    it("keeps the last good value when a read fails, reports the failure, and reads again after a second", async () => {
        let now = 0;
        const failures: unknown[] = [];
        const failure = new Error("down");
        const options = { freshMilliseconds: 15_000, now: () => now, onStale: (error: unknown) => failures.push(error) };
        const read = createLastGoodCache(createSource("a", failure, "b"), options);
        expect(await read()).to.equal("a");
        now = 15_000;
        expect([await read(), await read()]).to.deep.equal(["a", "a"]);
        now = 16_000;
        expect(await read()).to.equal("b");
        expect(failures).to.deep.equal([failure]);
    });

    it("throws while nothing is known, unless there is a fallback", async () => {
        const down = new Error("down");
        expect(await createLastGoodCache(createSource(down), { freshMilliseconds: 1 })().catch((error: unknown) => error)).to.equal(down);
        expect(await createLastGoodCache(createSource(down), { freshMilliseconds: 1, fallback: "default" })()).to.equal("default");
    });

    it("reads anew what has expired, and counts the time from before the read", async () => {
        let now = 0;
        const answers = createSource("a", "b", "c");
        const read = createLastGoodCache(async () => {
            now += 60;
            return answers();
        }, { freshMilliseconds: 100, now: () => now });
        expect(await read()).to.equal("a");
        read.expire();
        expect(await read()).to.equal("b");
        now += 40;
        expect(await read()).to.equal("c");
    });
});
