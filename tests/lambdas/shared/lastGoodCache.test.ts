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

    it("never keeps an absence, so that what appears is seen at once", async () => {
        const read = createLastGoodCache(createSource(undefined, "a"), { freshMilliseconds: 100, now: () => 0 });
        expect([await read(), await read()]).to.deep.equal([undefined, "a"]);
    });

    it("forgets the value when it is gone", async () => {
        let now = 0;
        const read = createLastGoodCache(createSource("a", undefined, new Error("down")), { freshMilliseconds: 1, now: () => now++ });
        expect([await read(), await read()]).to.deep.equal(["a", undefined]);
        expect(await read().catch((error: Error) => error.message)).to.equal("down");
    });

    it("keeps the last good value when a read fails, and reports the failure", async () => {
        let now = 0;
        const failures: unknown[] = [];
        const failure = new Error("down");
        const options = { freshMilliseconds: 1, now: () => now++, onStale: (error: unknown) => failures.push(error) };
        const read = createLastGoodCache(createSource("a", failure, "b"), options);
        expect([await read(), await read(), await read()]).to.deep.equal(["a", "a", "b"]);
        expect(failures).to.deep.equal([failure]);
    });
});
