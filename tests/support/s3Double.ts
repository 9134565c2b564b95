/**
 * A small S3 over HTTP for the locks: PUT, GET and DELETE of objects, with the conditions as documented, and with every fault that a lock has to live
 * with. https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html#conditional-error-response and conditional-deletes.html
 */
import { createHash, randomUUID } from "node:crypto";
import { createServer } from "node:http";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as delay } from "node:timers/promises";

interface StoredObject { readonly body: string; readonly etag: string }

interface Answer { readonly status: number; readonly code?: string; readonly etag?: string; readonly body?: string }

export interface S3Call {
    readonly method: string;
    readonly key: string;
    /** `If-None-Match: *`, `If-Match: "..."`, or empty. */
    readonly condition: string;
    readonly status: number;
    /** First part of the path, when the client's endpoint has one: who called. */
    readonly caller: string;
}

/** What is done with a call instead of the usual. `lost`: it is done, and the connection ends without an answer. */
export type Fault = "lost" | "unavailable" | "denied" | "conflict" | "noBucket";

export class S3Double {
    readonly objects = new Map<string, StoredObject>();
    readonly calls: S3Call[] = [];
    /** Asked before each call. */
    fault: (method: string, attempt: number) => Fault | undefined = () => undefined;
    /** An older store, which does not know conditions. */
    ignoresConditions = false;
    /** How long an answer is on its way. */
    latencyMs: () => number = () => 0;
    readonly #server: Server;

    private constructor() {
        this.#server = createServer((request, response) => void this.#serve(request, response).catch((error: unknown) => response.destroy(error as Error)));
    }

    static async start(): Promise<S3Double> {
        const double = new S3Double();
        await new Promise<void>((resolve) => double.#server.listen(0, "127.0.0.1", resolve));
        return double;
    }

    get endpoint(): string {
        return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
    }

    /** `put If-None-Match: * 200`, ... since the last call. */
    takeLog(): string[] {
        return this.calls.splice(0).map(({ method, condition, status }) => [method.toLowerCase(), condition.replace(/".*"/, "ETag"), status].filter((part) => part !== "").join(" "));
    }

    async stop(): Promise<void> {
        this.#server.closeAllConnections();
        await new Promise((resolve) => this.#server.close(resolve));
    }

    async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
        const chunks: Buffer[] = [];
        for await (const chunk of request) chunks.push(chunk as Buffer);
        const { method = "", headers } = request;
        const parts = new URL(request.url ?? "", "http://s3").pathname.slice(1).split("/");
        const caller = parts[0]?.startsWith("caller-") === true ? parts.shift() ?? "" : "";
        const key = decodeURIComponent(parts.join("/"));
        const fault = this.fault(method, this.calls.filter((call) => call.method === method).length + 1);
        const answer = answerToFault(fault) ?? this.#answer(method, key, { body: readBody(Buffer.concat(chunks), headers), headers });
        const condition = headers["if-none-match"] !== undefined ? `If-None-Match: ${headers["if-none-match"]}` : headers["if-match"] !== undefined ? `If-Match: ${headers["if-match"]}` : "";
        this.calls.push({ method, key, condition, status: answer.status, caller });
        if (this.latencyMs() > 0) await delay(this.latencyMs());
        if (fault === "lost") return void response.destroy();
        response.writeHead(answer.status, { "content-type": "application/xml", ...(answer.etag === undefined ? {} : { etag: answer.etag }) });
        response.end(answer.code === undefined ? answer.body : `<?xml version="1.0"?><Error><Code>${answer.code}</Code><Message>${answer.code}</Message></Error>`);
    }

    /** Without a pause between check and write, as S3 promises. */
    #answer(method: string, key: string, { body, headers }: { body: string; headers: IncomingMessage["headers"] }): Answer {
        const current = this.objects.get(key);
        const refusal = method === "GET" || this.ignoresConditions ? undefined : refuse(current, headers);
        if (refusal !== undefined) return refusal;
        switch (method) {
            case "PUT": {
                // With SSE-KMS an ETag is no digest of the content: https://docs.aws.amazon.com/AmazonS3/latest/API/API_Object.html
                const etag = `"${createHash("md5").update(body).update(randomUUID()).digest("hex")}"`;
                this.objects.set(key, { body, etag });
                return { status: 200, etag };
            }
            case "DELETE":
                this.objects.delete(key);
                return { status: 204 };
            default:
                return current === undefined ? { status: 404, code: "NoSuchKey" } : { status: 200, etag: current.etag, body: current.body };
        }
    }
}

function refuse(current: StoredObject | undefined, headers: IncomingMessage["headers"]): Answer | undefined {
    if (headers["if-none-match"] === "*" && current !== undefined) return { status: 412, code: "PreconditionFailed" };
    const wanted = headers["if-match"];
    if (wanted === undefined) return undefined;
    if (current === undefined) return { status: 404, code: "NoSuchKey" };
    return wanted === current.etag ? undefined : { status: 412, code: "PreconditionFailed" };
}

function answerToFault(fault: Fault | undefined): Answer | undefined {
    switch (fault) {
        case "unavailable": return { status: 503, code: "SlowDown" };
        case "denied": return { status: 403, code: "AccessDenied" };
        case "conflict": return { status: 409, code: "ConditionalRequestConflict" };
        case "noBucket": return { status: 404, code: "NoSuchBucket" };
        default: return undefined;
    }
}

/** The SDK may send a body in pieces, each with its length in front. */
function readBody(raw: Buffer, headers: IncomingMessage["headers"]): string {
    if (headers["content-encoding"]?.includes("aws-chunked") !== true) return raw.toString("utf8");
    let [text, rest] = ["", raw.toString("latin1")];
    for (;;) {
        const [, size = "0"] = /^([0-9a-f]+)[^\r\n]*\r\n/i.exec(rest) ?? [];
        const length = Number.parseInt(size, 16);
        if (length === 0) return Buffer.from(text, "latin1").toString("utf8");
        const start = rest.indexOf("\r\n") + 2;
        text += rest.slice(start, start + length);
        rest = rest.slice(start + length + 2);
    }
}
