import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "chai";
import { UnansweredError } from "../../../../automation/preflight/account/accountView.ts";
import { createAsking, createGate, describeSilence } from "../../../../automation/preflight/account/asking.ts";
import { awsError, failureOf } from "../../../support/phaseWorld.ts";

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

describe("the patience with an account", () => {
    /** Never answers. */
    const wait = (): Promise<never> => new Promise(() => {});

    it("ends, and a service that was waited for in vain is not asked again", async function test() {
        this.timeout(10_000);
        const { ask } = createAsking(2_100);
        expect(await failureOf(ask("bucket a", "s3:ListBucket", wait))).to.include({ because: "unreachable" }).with.property("message")
            .that.matches(/^nobody answered s3:ListBucket \(TimeoutError\)/);
        const startedAt = Date.now();
        let asked = 0;
        const again = ask("bucket b", "s3:GetBucketVersioning", async () => asked++);
        expect(await failureOf(again)).to.be.instanceOf(UnansweredError);
        expect([asked, Date.now() - startedAt < 1_000]).to.deep.equal([0, true]);
        expect(await ask("quotas", "servicequotas:ListServiceQuotas", async () => "answer")).to.equal("answer");
    });

    it("is given up for all when several services were waited for in vain, and not when they say at once that they are not there", async function test() {
        this.timeout(10_000);
        const { ask } = createAsking(2_100);
        const refuse = async (): Promise<never> => { throw Object.assign(new Error("no such host"), { code: "ENOTFOUND" }); };
        for (const service of ["a", "b", "c", "d"]) await failureOf(ask(service, `${service}:List`, refuse));
        expect(await ask("topics", "sns:ListTopics", async () => "answer")).to.equal("answer");
        await Promise.all(["s3", "sqs", "kms"].map((service) => failureOf(ask(`${service} waits`, `${service}:List`, wait))));
        const last = await failureOf(ask("roles", "iam:ListRoles", async () => "answer"));
        expect(last).to.have.property("message", "iam:ListRoles was not asked, after s3, sqs, kms gave no answer");
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
