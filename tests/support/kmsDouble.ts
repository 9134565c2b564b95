/** A key management service that wraps what it is given and opens it again: all that Pulumi asks of one. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

export interface KmsDouble {
    /** Of the service: for AWS_ENDPOINT_URL_KMS. */
    readonly endpoint: string;
    /** Actions that it was asked for, in order. */
    readonly calls: string[];
    close(): void;
}

const WRAPPING = "wrapped:";
/** The one alias that no key has. */
export const MISSING_KEY = "alias/missing";

/** Listens on 127.0.0.1. Source: https://docs.aws.amazon.com/kms/latest/APIReference/API_Encrypt.html and API_Decrypt.html beside it. */
export async function startKmsDouble(): Promise<KmsDouble> {
    const calls: string[] = [];
    const server = createServer((request, response) => {
        const parts: Buffer[] = [];
        request.on("data", (part: Buffer) => parts.push(part)).on("end", () => {
            const action = String(request.headers["x-amz-target"]).replace("TrentService.", "");
            calls.push(action);
            const asked = JSON.parse(Buffer.concat(parts).toString()) as Asked;
            const isThere = asked.KeyId !== MISSING_KEY;
            response.writeHead(isThere ? 200 : 400, { "content-type": "application/x-amz-json-1.1" });
            response.end(JSON.stringify(isThere ? answer(action, asked) : { __type: "NotFoundException", message: `${MISSING_KEY} is not found.` }));
        });
    });
    await new Promise<void>((resolve) => { server.listen(0, "127.0.0.1", resolve); });
    server.unref();
    return { endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, calls, close: () => server.close() };
}

interface Asked { readonly KeyId?: string; readonly Plaintext?: string; readonly CiphertextBlob?: string }

function answer(action: string, { Plaintext = "", CiphertextBlob = "" }: Asked): Asked {
    if (action === "Encrypt") return { CiphertextBlob: toBase64(`${WRAPPING}${Plaintext}`) };
    return { Plaintext: Buffer.from(CiphertextBlob, "base64").toString().slice(WRAPPING.length) };
}

function toBase64(text: string): string {
    return Buffer.from(text).toString("base64");
}
