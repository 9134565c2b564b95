import { S3Client } from "@aws-sdk/client-s3";
import { expect } from "chai";
import { CloudRefusal, OperatorError } from "../../../automation/errors.ts";
import type { HeldLock, LockStore } from "../../../automation/locks/lock.ts";
import { isDead } from "../../../automation/locks/owner.ts";
import { createS3LockStore } from "../../../automation/locks/s3LockStore.ts";
import { S3Double } from "../../support/s3Double.ts";
import { dead, living } from "./lockOwners.ts";
import { describeLockStore } from "./lockStoreContract.ts";

const KEY = "team/.firstlight/locks/shop/dev.json";

describe("locks in S3", () => {
    let s3: S3Double;
    let client: S3Client;
    let store: LockStore;
    beforeEach(async () => {
        s3 = await S3Double.start();
        client = new S3Client({
            endpoint: s3.endpoint, forcePathStyle: true, region: "eu-central-1", credentials: { accessKeyId: "test", secretAccessKey: "test" },
            retryStrategy: { acquireInitialRetryToken: retryToken, refreshRetryTokenForRetry: once, recordSuccess: () => {} },
        });
        store = open();
    });
    afterEach(async () => {
        client.destroy();
        await s3.stop();
    });

    const open = (isForeign = false): LockStore => createS3LockStore({ client, bucket: "states", key: KEY, isForeign });
    const objectKey = `states/${KEY}`;
    const refusal = async (): Promise<Error> => {
        try {
            await store.acquire(living(), isDead);
        } catch (error) {
            return error as Error;
        }
        throw new Error("the lock was taken");
    };

    describeLockStore(() => ({ open: () => open(), corrupt: () => void s3.objects.set(objectKey, { body: "{", etag: '"x"' }) }));

    it("say where they are", () => {
        expect(store.place).to.equal(`s3://states/${KEY}`);
    });

    it("cost one request to take, and one to give back", async () => {
        const { held } = await store.acquire(living(), isDead) as { held: HeldLock };
        await held.release();
        expect(s3.takeLog()).to.deep.equal(["put If-None-Match: * 200", "delete If-Match: ETag 204"]);
        expect(s3.objects.size).to.equal(0);
    });

    it("are taken over only as they were read", async () => {
        await store.acquire(dead(), isDead);
        s3.takeLog();
        await store.acquire(living(), isDead);
        expect(s3.takeLog()).to.deep.equal(["put If-None-Match: * 412", "get 200", "put If-Match: ETag 200"]);
    });

    it("are one's own although the answer was lost", async () => {
        s3.fault = (method, attempt) => (method === "PUT" && attempt === 1 ? "lost" : undefined);
        const { held } = await store.acquire(living(), isDead) as { held: HeldLock };
        expect(s3.takeLog()).to.deep.equal(["put If-None-Match: * 200", "put If-None-Match: * 412", "get 200"]);
        await held.release();
        expect(s3.objects.size).to.equal(0);
    });

    it("are one's own although all answers were lost", async () => {
        s3.fault = (method) => (method === "PUT" ? "lost" : undefined);
        expect(await store.acquire(living(), isDead)).to.have.property("held");
    });

    it("are one's own although the answer to a takeover was lost", async () => {
        const gone = dead();
        await store.acquire(gone, isDead);
        s3.takeLog();
        s3.fault = (method, attempt) => (method === "PUT" && attempt === 2 ? "lost" : undefined);
        expect(await store.acquire(living(), isDead)).to.have.property("held").and.to.have.property("owner");
        expect(s3.takeLog()).to.deep.equal(["put If-None-Match: * 412", "get 200", "put If-Match: ETag 200", "put If-Match: ETag 412", "get 200"]);
    });

    it("are another's when an answer was lost that said so", async () => {
        await store.acquire(living("first"), isDead);
        s3.fault = (method) => (method === "PUT" ? "lost" : undefined);
        expect(await store.acquire(living("second"), isDead)).to.have.nested.property("heldBy.command", "first");
    });

    it("are tried again after a conflict that passes", async () => {
        s3.fault = (method, attempt) => (method === "PUT" && attempt === 1 ? "conflict" : undefined);
        expect(await store.acquire(living(), isDead)).to.have.property("held");
    });

    it("are given back although the answer was lost", async () => {
        const { held } = await store.acquire(living(), isDead) as { held: HeldLock };
        s3.fault = (method, attempt) => (method === "DELETE" && attempt === 1 ? "lost" : undefined);
        await held.release();
        expect(s3.objects.size).to.equal(0);
    });

    it("are not given back for somebody who has taken them after an unlock", async () => {
        const { held } = await store.acquire(living("first"), isDead) as { held: HeldLock };
        await open().remove();
        await open().acquire(living("second"), isDead);
        await held.release();
        expect(await store.read()).to.have.property("command", "second");
    });

    it("say which rights are missing", async () => {
        s3.fault = () => "denied";
        const error = await refusal() as CloudRefusal;
        expect(error).to.be.instanceOf(CloudRefusal);
        expect(error.message).to.contain(`the driver's lock s3://states/${KEY} cannot be written or read: AccessDenied`);
        expect(error.fix).to.contain("s3:GetObject, s3:PutObject and s3:DeleteObject on states/*");
    });

    it("say how to make a bucket that is missing", async () => {
        s3.fault = () => "noBucket";
        const error = await refusal() as OperatorError;
        expect(error).to.be.instanceOf(OperatorError);
        expect(error.fix).to.contain("bootstrap");
    });

    it("end with the refusal when S3 does not answer, and hold nothing", async () => {
        s3.fault = () => "unavailable";
        expect(await refusal()).to.be.instanceOf(CloudRefusal);
        expect(s3.objects.size).to.equal(0);
    });

    it("are refused on a store that does not heed conditions", async () => {
        s3.ignoresConditions = true;
        store = open(true);
        const error = await refusal();
        expect(error).to.be.instanceOf(OperatorError);
        expect(error.message).to.contain("does not heed If-None-Match");
        expect(s3.objects.size).to.equal(0);
    });

    it("are tried out on a store that is not AWS", async () => {
        expect(await open(true).acquire(living(), isDead)).to.have.property("held");
        expect(s3.takeLog()).to.deep.equal(["put If-None-Match: * 200", "put If-None-Match: * 412"]);
    });
});

/** One retry, at once: the SDK's own waits would be most of the time. */
function retryToken() {
    return Promise.resolve({ getRetryCount: () => 0, getRetryDelay: () => 0 });
}

async function once(token: { getRetryCount(): number }, { errorType }: { errorType: string }) {
    if (token.getRetryCount() > 0 || errorType === "CLIENT_ERROR") throw new Error("no more retries");
    return { getRetryCount: () => token.getRetryCount() + 1, getRetryDelay: () => 0 };
}
