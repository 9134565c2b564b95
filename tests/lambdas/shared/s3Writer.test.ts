import type { S3Client } from "@aws-sdk/client-s3";
import { expect } from "chai";
import { createS3Writer } from "../../../lambdas/shared/s3Writer.ts";

const MIB = 1024 * 1024;

interface SentCommand {
    readonly name: string;
    readonly input: { readonly Body?: Uint8Array; readonly PartNumber?: number; readonly MultipartUpload?: unknown };
}

/** Records commands; answers as S3 does. */
function createFakeS3(): { s3: S3Client; sent: SentCommand[] } {
    const sent: SentCommand[] = [];
    const send = async (command: { constructor: { name: string }; input: SentCommand["input"] }): Promise<unknown> => {
        sent.push({ name: command.constructor.name, input: command.input });
        return { UploadId: "u1", ETag: `etag-${command.input.PartNumber}`, ChecksumCRC32: "crc" };
    };
    return { s3: { send } as unknown as S3Client, sent };
}

describe("createS3Writer", () => {
    it("puts a small file in one request", async () => {
        const { s3, sent } = createFakeS3();
        const writer = createS3Writer(s3, { bucket: "b", key: "k" });
        await writer.write("hü\n");
        await writer.write("x");
        expect(await writer.close()).to.equal(5);
        expect(sent.map(({ name }) => name)).to.deep.equal(["PutObjectCommand"]);
        expect(Buffer.from(sent[0]!.input.Body!).toString()).to.equal("hü\nx");
    });

    it("uploads a large file in parts of at least 8 MiB, in order, the last of any size", async () => {
        const { s3, sent } = createFakeS3();
        const writer = createS3Writer(s3, { bucket: "b", key: "k" });
        for (let index = 0; index < 20; index++) await writer.write("x".repeat(MIB));
        expect(await writer.close()).to.equal(20 * MIB);
        const parts = sent.filter(({ name }) => name === "UploadPartCommand");
        expect(parts.map(({ input }) => [input.PartNumber, input.Body!.length / MIB])).to.deep.equal([[1, 8], [2, 8], [3, 4]]);
        expect(sent[0]!.name).to.equal("CreateMultipartUploadCommand");
        expect(sent.at(-1)!.input.MultipartUpload).to.deep.equal({
            Parts: [1, 2, 3].map((PartNumber) => ({ PartNumber, ETag: `etag-${PartNumber}`, ChecksumCRC32: "crc" })),
        });
    });

    it("leaves nothing behind when it is aborted", async () => {
        const { s3, sent } = createFakeS3();
        const writer = createS3Writer(s3, { bucket: "b", key: "k" });
        await writer.write("x".repeat(9 * MIB));
        await writer.abort();
        expect(sent.at(-1)!.name).to.equal("AbortMultipartUploadCommand");
        const small = createFakeS3();
        const unused = createS3Writer(small.s3, { bucket: "b", key: "k" });
        await unused.write("x");
        await unused.abort();
        expect(small.sent).to.deep.equal([]);
    });
});
