/** Calls the platform's HTTP API as a client does: signed with SigV4, with a token, or not at all. */
import { Sha256 } from "@aws-crypto/sha256-js";
import { SignatureV4 } from "@smithy/signature-v4";
import type { AwsClients } from "./aws.ts";
import { OperatorError } from "./errors.ts";

export interface ApiRequest {
    readonly method: "GET" | "POST" | "PUT" | "OPTIONS";
    /** Begins with `/`; may have a query. */
    readonly path: string;
    /** Sent as JSON; a text goes as it is. */
    readonly body?: unknown;
    /** Names in lower case. */
    readonly headers?: Readonly<Record<string, string>>;
    readonly signal?: AbortSignal;
}

export interface ApiResponse {
    readonly status: number;
    /** Parsed when the answer is JSON, else its text. */
    readonly body: unknown;
    readonly headers: Headers;
}

export interface ApiClient {
    /** With the token where there is one, else signed with the credentials of the driver. */
    callAuthorized(request: ApiRequest): Promise<ApiResponse>;
    callUnsigned(request: ApiRequest): Promise<ApiResponse>;
}

/** Longer than API Gateway's own limit of 30 s, so that its answer is seen. */
const TIMEOUT_MS = 35_000;

interface WireRequest { readonly url: URL; readonly headers: Record<string, string>; readonly body: string | undefined }

/**
 * A client for the API at `apiUrl`. With an emulator, requests go to the address under which it answers for that API; they are
 * signed for the real host all the same.
 *
 * @param token of the issuer that the API trusts; absent for an API that takes signatures
 */
export function createApiClient(aws: AwsClients, apiUrl: string, token?: string): ApiClient {
    const base = new URL(apiUrl);
    const target = aws.target.endpoint === undefined ? base : emulatorBase(aws.target.endpoint, base);
    const prepare = (request: ApiRequest): WireRequest => ({
        url: new URL(target.pathname.replace(/\/$/, "") + request.path, target),
        headers: { ...(request.body === undefined ? {} : { "content-type": "application/json" }), ...request.headers },
        body: request.body === undefined || typeof request.body === "string" ? request.body : JSON.stringify(request.body),
    });
    return {
        callUnsigned: async (request) => send(request, prepare(request)),
        callAuthorized: async (request) => {
            const wire = prepare(request);
            const headers = token === undefined ? await sign(aws, request.method, wire) : { ...wire.headers, authorization: `Bearer ${token}` };
            return send(request, { ...wire, headers });
        },
    };
}

/** MiniStack answers for an API below its own address: `/_aws/execute-api/<api id>/<stage>`. */
function emulatorBase(endpoint: string, apiUrl: URL): URL {
    const [apiId] = apiUrl.hostname.split(".");
    return new URL(`/_aws/execute-api/${apiId}/$default`, endpoint);
}

async function sign(aws: AwsClients, method: string, { url, headers, body }: WireRequest): Promise<Record<string, string>> {
    const credentials = await aws.sts.config.credentials().catch((error: unknown) => {
        throw new OperatorError("no AWS credentials were found to sign a request with", "log in, for example with `aws sso login`", { cause: error });
    });
    const signer = new SignatureV4({ service: "execute-api", region: aws.target.region, credentials, sha256: Sha256 });
    const signed = await signer.sign({
        method, protocol: url.protocol, hostname: url.hostname, path: url.pathname,
        query: Object.fromEntries(url.searchParams),
        ...(url.port === "" ? {} : { port: Number(url.port) }),
        headers: { ...headers, host: url.host },
        ...(body === undefined ? {} : { body }),
    });
    return signed.headers;
}

async function send(request: ApiRequest, { url, headers, body }: WireRequest): Promise<ApiResponse> {
    const timeout = AbortSignal.timeout(TIMEOUT_MS);
    const signal = request.signal === undefined ? timeout : AbortSignal.any([timeout, request.signal]);
    const { host: _host, ...sent } = headers;
    const response = await fetch(url, { method: request.method, headers: sent, signal, ...(body === undefined ? {} : { body }) });
    const text = await response.text();
    return { status: response.status, body: parseBody(text), headers: response.headers };
}

function parseBody(text: string): unknown {
    try {
        return JSON.parse(text);
    } catch {
        return text;
    }
}
