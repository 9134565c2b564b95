import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "chai";
import { UnansweredError } from "../../../../automation/preflight/account/accountView.ts";
import { createGate, describeSilence } from "../../../../automation/preflight/account/asking.ts";
import { awsError } from "../../../support/phaseWorld.ts";

describe("the gate before the account", () => {
    it("lets so many through at a time, and all in the end, also past failures", async () => {
        const gate = createGate(3);
        let running = 0;
        let most = 0;
        const work = (index: number) => gate(async () => {
            most = Math.max(most, ++running);
            await sleep(1);
            running--;
            if (index % 4 === 0) throw new Error("refused");
            return index;
        });
        const results = await Promise.allSettled(Array.from({ length: 20 }, (_, index) => work(index)));
        expect(most).to.equal(3);
        expect(results.filter(({ status }) => status === "fulfilled")).to.have.length(15);
    });
});

describe("the silence of a service", () => {
    const cases: readonly (readonly [title: string, error: unknown, because: string])[] = [
        ["EC2's word for a denial", awsError("UnauthorizedOperation"), "denied"],
        ["SNS's word for a denial", awsError("AuthorizationErrorException"), "denied"],
        ["a HEAD request's denial", awsError("403", "UnknownError"), "denied"],
        ["EC2's word for too many requests", awsError("RequestLimitExceeded"), "throttled"],
        ["S3's word for too many requests", awsError("SlowDown"), "throttled"],
        ["a refused connection", Object.assign(new AggregateError([], "no words"), { code: "ECONNREFUSED" }), "unreachable"],
        ["a reason that the cause tells", new Error("failed", { cause: Object.assign(new Error(), { code: "EAI_AGAIN" }) }), "unreachable"],
        ["a time that ran out", awsError("TimeoutError"), "unreachable"],
        ["credentials that have expired", awsError("ExpiredTokenException"), "other"],
        ["something that is no error", "what", "other"],
    ];
    for (const [title, error, because] of cases) {
        it(`is ${because} for ${title}`, () => {
            expect(describeSilence("s3:ListBucket", error)).to.be.instanceOf(UnansweredError).with.property("because", because);
        });
    }

    it("tells whose credentials expired what to do", () => {
        expect(describeSilence("s3:ListBucket", awsError("ExpiredTokenException")).message).to.match(/log in again/);
    });

    it("is kept as it is when it was described before", () => {
        const described = new UnansweredError("said", "denied");
        expect(describeSilence("s3:ListBucket", described)).to.equal(described);
    });
});
