import { expect } from "chai";
import type { DeadLetter } from "../../../lambdas/shared/documents.ts";
import { buildLetter, MAX_PAYLOAD_IN_LETTER, packLetters } from "../../../lambdas/stream-consumer/letters.ts";
import { isAfter, padSequenceNumber } from "../../../lambdas/stream-consumer/sequence.ts";
import { buildRecord } from "./shardWorld.ts";

function letter(bytes: number): DeadLetter {
    return buildLetter("shardId-000000000000", buildRecord(0, "x".repeat(bytes)), { reason: "bad" });
}

describe("packLetters", () => {
    it("puts ten letters into a request, and no more than SQS takes", () => {
        expect(packLetters(Array.from({ length: 25 }, () => letter(10))).map(({ length }) => length)).to.deep.equal([10, 10, 5]);
        const large = packLetters(Array.from({ length: 4 }, () => letter(90 * 1024)));
        expect(large.map(({ length }) => length)).to.deep.equal([2, 2]);
        for (const bodies of large) expect(bodies.reduce((sum, body) => sum + Buffer.byteLength(body), 0)).to.be.at.most(262_144);
        expect(packLetters([])).to.deep.equal([]);
    });

    it("has room for the largest payload with the longest reason", () => {
        const largest = buildLetter("shardId-000000000000", buildRecord(0, "x".repeat(MAX_PAYLOAD_IN_LETTER)), { reason: "\u{1f600}".repeat(5_000) });
        expect(Buffer.byteLength(packLetters([largest])[0]![0]!)).to.be.at.most(262_144);
    });
});

describe("a letter's reason", () => {
    it("holds only characters that SQS takes", () => {
        const { reason } = buildLetter("s", buildRecord(0), { reason: "a\u0000b\ud800c\uffffd\u{1f600}" });
        expect(reason).to.equal("a\ufffdb\ufffdc\ufffdd\u{1f600}");
    });
});

describe("a sequence number", () => {
    it("is compared as the number that it is", () => {
        const [less, more] = ["49590338271490256608559692538361571095921575989136588898", "49590338271490256608559692538361571095921575989136588899"];
        expect([isAfter(more, less), isAfter(less, more), isAfter(less, less), isAfter(less, undefined)]).to.deep.equal([true, false, false, true]);
        expect(isAfter("10", "9")).to.equal(true);
    });

    it("sorts as a text, padded, and is the same number", () => {
        expect([padSequenceNumber("10"), padSequenceNumber("9")].sort()).to.deep.equal([padSequenceNumber("9"), padSequenceNumber("10")]);
        expect(BigInt(padSequenceNumber("49590338271490256608559692538361571095921575989136588898")) % 10n).to.equal(8n);
        expect(padSequenceNumber("1")).to.have.length(129);
    });
});
