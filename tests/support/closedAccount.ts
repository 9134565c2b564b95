/** An account that tells who one is, and answers nothing else: by a refusal of one kind, or not at all. */
import { createServer } from "node:http";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

const ACCOUNT = "222233334444";
const CALLER = `arn:aws:sts::${ACCOUNT}:assumed-role/looker/test`;
const IDENTITY = `<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>${CALLER}</Arn><UserId>looker</UserId>`
    + `<Account>${ACCOUNT}</Account></GetCallerIdentityResult></GetCallerIdentityResponse>`;

/** The code is of the services that speak JSON; the others leave its ending out. */
export interface Refusal {
    readonly code: string;
    readonly status: number;
    /** Also to who asks who one is. @default false */
    readonly isForEverything?: boolean;
}

export interface ClosedAccount {
    readonly endpoint: string;
    close(): void;
}

/** @param refusal without one nobody answers */
export async function openClosedAccount(refusal?: Refusal): Promise<ClosedAccount> {
    const server = createServer((request, response) => void answer(request, response, refusal));
    const port = await listen(server);
    return {
        endpoint: `http://127.0.0.1:${port}`,
        close() {
            server.closeAllConnections();
            server.close();
        },
    };
}

async function answer(request: IncomingMessage, response: ServerResponse, refusal: Refusal | undefined): Promise<void> {
    const body = await text(request);
    if (body.includes("Action=GetCallerIdentity") && refusal?.isForEverything !== true) {
        response.writeHead(200, { "content-type": "text/xml" }).end(IDENTITY);
    } else if (refusal !== undefined) {
        refuse(request, response, refusal);
    }
}

function refuse({ method, headers, url = "" }: IncomingMessage, response: ServerResponse, { code, status }: Refusal): void {
    const short = code.replace(/Exception$/, "");
    if (headers["x-amz-target"] !== undefined) {
        response.writeHead(status, { "content-type": "application/x-amz-json-1.1" }).end(JSON.stringify({ __type: code, message: "no" }));
        return;
    }
    if (headers["smithy-protocol"] === "rpc-v2-cbor") {
        // A map of one text: {"__type": code}.
        const body = Buffer.concat([Buffer.from([0xa1, 0x66]), Buffer.from("__type"), Buffer.from([0x78, code.length]), Buffer.from(code)]);
        response.writeHead(status, { "content-type": "application/cbor", "smithy-protocol": "rpc-v2-cbor" }).end(body);
        return;
    }
    if (/^\/\d{4}-\d{2}-\d{2}\//.test(url)) {
        response.writeHead(status, { "content-type": "application/json", "x-amzn-errortype": code }).end(JSON.stringify({ message: "no" }));
        return;
    }
    const error = `<Error><Code>${short}</Code><Message>no</Message></Error>`;
    response.writeHead(status, { "content-type": "text/xml", "x-amzn-errortype": code });
    response.end(method === "HEAD" ? undefined : `<ErrorResponse>${error}<Code>${short}</Code></ErrorResponse>`);
}

function listen(server: Server): Promise<number> {
    return new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve((server.address() as AddressInfo).port)));
}
