import type { S3Client } from "@aws-sdk/client-s3";
import { expect } from "chai";
import { canonical } from "../../../automation/bootstrap/comparing.ts";
import { retryWhileNew } from "../../../automation/bootstrap/newResource.ts";
import { ensureStateBucket, stateBucketName } from "../../../automation/bootstrap/stateBucket.ts";
import { buildKeyPolicy, stateKeyAlias } from "../../../automation/bootstrap/stateKey.ts";
import { OperatorError } from "../../../automation/errors.ts";

const ACCOUNT = "111122223333";

function locationIn(region: string) {
    return { partition: "aws", dnsSuffix: "amazonaws.com", accountId: ACCOUNT, region };
}

function refusal(name: string, httpStatusCode: number): Error {
    return Object.assign(new Error(name), { name, $metadata: { httpStatusCode } });
}

/** @param head what HeadBucket answers; an error is thrown @param create what CreateBucket throws */
async function ensure(region: string, { head = refusal("NotFound", 404), create }: { head?: object; create?: Error } = {}) {
    const created: unknown[] = [];
    const changes: string[] = [];
    const send = async (command: { constructor: { name: string }; input: unknown }): Promise<unknown> => {
        const answer = command.constructor.name === "HeadBucketCommand" ? head : create;
        if (answer instanceof Error) throw answer;
        if (command.constructor.name === "CreateBucketCommand") created.push(command.input);
        return answer ?? {};
    };
    const result = await ensureStateBucket({ s3: { send } as unknown as S3Client, location: locationIn(region), project: "shop", onChange: (change) => changes.push(change) });
    return { ...result, created, changes };
}

async function refusedWith(work: Promise<unknown>): Promise<Error> {
    return work.then(() => { throw new Error("it was not refused"); }, (error: unknown) => error as Error);
}

describe("the state bucket", () => {
    it("has a name that account and region make unique, and that fits", () => {
        expect(stateBucketName("shop", locationIn("eu-central-1"))).to.equal("shop-state-111122223333-eu-central-1");
        expect(stateBucketName("Our_Shop", locationIn("eu-central-1"))).to.equal("our-shop-state-111122223333-eu-central-1");
        const long = [..."ab"].map((letter) => stateBucketName(`${"x".repeat(60)}${letter}`, locationIn("ap-southeast-2")));
        for (const name of long) expect(name).to.have.length.at.most(63).and.to.match(/-111122223333-ap-southeast-2$/);
        expect(long[0]).not.to.equal(long[1]);
    });

    it("is made with its region named, but for the one region that must not be", async () => {
        const made = { Bucket: "shop-state-111122223333-eu-central-1", ObjectOwnership: "BucketOwnerEnforced" };
        expect((await ensure("eu-central-1")).created).to.deep.equal([{ ...made, CreateBucketConfiguration: { LocationConstraint: "eu-central-1" } }]);
        expect((await ensure("us-east-1")).created).to.deep.equal([{ ...made, Bucket: "shop-state-111122223333-us-east-1" }]);
    });

    it("is not made again", async () => {
        expect(await ensure("eu-central-1", { head: { BucketRegion: "eu-central-1" } })).to.deep.equal({ isNew: false, created: [], changes: [] });
    });

    it("is ours when the first answer was lost, or somebody of us was faster", async () => {
        expect((await ensure("eu-central-1", { create: refusal("BucketAlreadyOwnedByYou", 409) })).isNew).to.equal(true);
    });

    for (const [title, answers, words] of [
        ["another account has the name", { head: refusal("Forbidden", 403) }, "is not account 111122223333's"],
        ["another account was faster", { create: refusal("BucketAlreadyExists", 409) }, "is not account 111122223333's"],
        ["it lies elsewhere", { head: { BucketRegion: "us-west-2" } }, "lies in us-west-2"],
        ["S3 sends to another region", { head: refusal("301", 301) }, "lies in another region"],
    ] as const) {
        it(`is refused when ${title}`, async () => {
            const error = await refusedWith(ensure("eu-central-1", answers));
            expect(error).to.be.instanceOf(OperatorError);
            expect(error.message).to.contain(words);
        });
    }

    it("hands on what nobody foresaw", async () => {
        expect((await refusedWith(ensure("eu-central-1", { head: refusal("SlowDown", 503) }))).name).to.equal("SlowDown");
        expect((await refusedWith(ensure("eu-central-1", { create: refusal("TooManyBuckets", 400) }))).name).to.equal("TooManyBuckets");
    });
});

describe("the state's key", () => {
    it("has one alias per project", () => {
        expect(stateKeyAlias("shop")).to.equal("alias/shop-state");
        expect(stateKeyAlias("x".repeat(300))).to.have.length.at.most(256);
    });

    it("may be used for secrets and for this bucket, and administered; nothing else, and no service may use it", () => {
        const { Statement } = JSON.parse(buildKeyPolicy({ location: locationIn("eu-central-1"), bucketName: "states" })) as { Statement: { Sid: string; Principal: object; Action: string[]; Condition?: object }[] };
        for (const { Principal } of Statement) expect(Principal).to.deep.equal({ AWS: [`arn:aws:iam::${ACCOUNT}:root`] });
        const actions = Statement.flatMap(({ Action }) => Action);
        expect(actions.filter((action) => /\*|CreateGrant|ReEncrypt|Sign|Import/.test(action))).to.deep.equal([]);
        expect(actions).to.include("kms:PutKeyPolicy", "nobody could change the key again");
        expect(Statement.find(({ Action }) => Action.includes("kms:GenerateDataKey"))?.Condition).to.deep.equal({
            StringEquals: { "kms:ViaService": "s3.eu-central-1.amazonaws.com" },
            StringLike: { "kms:EncryptionContext:aws:s3:arn": ["arn:aws:s3:::states", "arn:aws:s3:::states/*"] },
        });
    });
});

describe("two settings", () => {
    it("mean the same in any order, and with a list of one as its member", () => {
        expect(canonical({ b: ["x"], a: ["q", "p"] })).to.equal(canonical({ a: ["p", "q"], b: "x", c: undefined }));
        expect(canonical({ a: "x" })).not.to.equal(canonical({ a: "y" }));
        expect(canonical(undefined)).not.to.equal(canonical({}));
        expect(canonical([{ a: 1 }, { b: 2 }])).not.to.equal(canonical([{ b: 2 }, { a: 1 }]));
    });
});

describe("what was just made", () => {
    it("is asked again while S3 or KMS does not know it yet", async () => {
        let calls = 0;
        expect(await retryWhileNew(async () => {
            if (++calls < 2) throw refusal("OperationAborted", 409);
            return calls;
        })).to.equal(2);
    });

    it("is not asked again after any other refusal", async () => {
        let calls = 0;
        const error = await refusedWith(retryWhileNew(async () => {
            calls++;
            throw refusal("AccessDenied", 403);
        }));
        expect([error.name, calls]).to.deep.equal(["AccessDenied", 1]);
    });
});
