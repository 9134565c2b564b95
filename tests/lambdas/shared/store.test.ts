import type { GetObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { expect } from "chai";
import { buildS3Url, openObject, parseS3Url } from "../../../lambdas/shared/store.ts";
import { messageOf } from "../support/tables.ts";

const location = { bucket: "raw", key: "data/x.csv", versionId: "v7" };

/** S3 with one object; each connection breaks after so many bytes, the last does not. */
function createS3(object: string, breaksAfter: readonly number[]): { s3: S3Client; requests: unknown[] } {
    const requests: unknown[] = [];
    const send = async ({ input }: GetObjectCommand) => {
        const start = Number(/^bytes=(\d+)-$/.exec(input.Range ?? "")?.[1] ?? 0);
        const breakAfter = breaksAfter[requests.length];
        requests.push(input);
        return { Body: stream(object.slice(start), breakAfter) };
    };
    return { s3: { send } as unknown as S3Client, requests };
}

async function* stream(text: string, breakAfter: number | undefined): AsyncGenerator<Uint8Array> {
    for (let at = 0; at < text.length; at++) {
        if (at === breakAfter) throw new Error("aborted");
        yield Buffer.from(text[at]!);
    }
}

async function readAll(chunks: AsyncIterable<Uint8Array>): Promise<string> {
    let text = "";
    for await (const chunk of chunks) text += Buffer.from(chunk).toString();
    return text;
}

describe("openObject", () => {
    it("reads the version that was asked for, in one request", async () => {
        const { s3, requests } = createS3("abcdef", []);
        expect(await readAll(await openObject(s3, location))).to.equal("abcdef");
        expect(requests).to.deep.equal([{ Bucket: "raw", Key: "data/x.csv", VersionId: "v7" }]);
    });

    it("reads on from where a connection broke, in the same version", async () => {
        const { s3, requests } = createS3("abcdef", [2, 3]);
        expect(await readAll(await openObject(s3, location))).to.equal("abcdef");
        expect(requests.slice(1)).to.deep.equal([
            { Bucket: "raw", Key: "data/x.csv", VersionId: "v7", Range: "bytes=2-" },
            { Bucket: "raw", Key: "data/x.csv", VersionId: "v7", Range: "bytes=5-" },
        ]);
    });

    it("gives up when the connection breaks again and again", async () => {
        const { s3, requests } = createS3("abcdef", [1, 1, 0, 0, 0, 0, 0, 0]);
        expect(await messageOf(openObject(s3, location).then(readAll))).to.contain("aborted");
        expect(requests.length).to.be.at.most(6);
    });

    it("does not read on when whoever reads has failed", async () => {
        const { s3, requests } = createS3("abcdef", []);
        const reading = async (): Promise<void> => {
            for await (const _ of await openObject(s3, location)) throw new Error("broken row");
        };
        expect(await messageOf(reading())).to.contain("broken row");
        expect(requests).to.have.length(1);
    });
});

describe("S3 URLs", () => {
    it("are read as they are written", () => {
        expect(parseS3Url(buildS3Url({ bucket: "b", key: "a/b c.csv" }))).to.deep.equal({ bucket: "b", key: "a/b c.csv" });
        expect(() => parseS3Url("s3://b")).to.throw('"s3://b" is not an s3://bucket/key URL');
    });
});
