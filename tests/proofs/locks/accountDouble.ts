/** The account of two drivers: counts who asks what, and lets the one that works go on only when the other has ended. */
import { createServer } from "node:http";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export const ACCOUNT = "222233334444";
/** No driver takes so long to start and to be refused, even on a busy machine. */
const PATIENCE_MS = 60_000;

export class AccountDouble {
    /** By caller, in order: `GetCallerIdentity`, `GetParameter`, `resource create a`, ... */
    readonly calls = new Map<string, string[]>();
    readonly #server: Server;
    #waiting: (() => void)[] = [];
    #isOpen = false;

    private constructor() {
        this.#server = createServer((request, response) => void this.#serve(request, response));
    }

    static async start(): Promise<AccountDouble> {
        const double = new AccountDouble();
        await new Promise<void>((resolve) => double.#server.listen(0, "127.0.0.1", resolve));
        return double;
    }

    /** Where a caller asks; its name must begin with `caller-`. */
    endpointOf(caller: string): string {
        return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/${caller}`;
    }

    callsOf(caller: string): readonly string[] {
        return this.calls.get(caller) ?? [];
    }

    /** From now on nobody waits: one of the two has ended. */
    open(): void {
        this.#isOpen = true;
        for (const proceed of this.#waiting.splice(0)) proceed();
    }

    /** A new pair. */
    reset(): void {
        this.calls.clear();
        this.#isOpen = false;
    }

    async stop(): Promise<void> {
        this.open();
        this.#server.closeAllConnections();
        await new Promise((resolve) => this.#server.close(resolve));
    }

    async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
        let body = "";
        for await (const chunk of request) body += String(chunk);
        const [, caller = "", ...rest] = (request.url ?? "").split("/");
        const target = String(request.headers["x-amz-target"] ?? "").split(".").at(-1);
        const action = rest[0] === "resource" ? rest.join(" ") : target === "" ? new URLSearchParams(body).get("Action") ?? `${request.method} ${request.url}` : target;
        this.calls.set(caller, [...this.callsOf(caller), action ?? ""]);
        if (rest[0] === "resource") await this.#gate();
        answer(action, response);
    }

    /** Two that work at once would wait for each other: then there is nothing left to prove, and both go on. */
    async #gate(): Promise<void> {
        const workers = [...this.calls.values()].filter((calls) => calls.some((call) => call.startsWith("resource"))).length;
        if (workers > 1) this.open();
        if (this.#isOpen) return;
        await new Promise<void>((resolve) => {
            this.#waiting.push(resolve);
            setTimeout(resolve, PATIENCE_MS).unref();
        });
    }
}

function answer(action: string | undefined, response: ServerResponse): void {
    if (action === "GetCallerIdentity") {
        response.writeHead(200, { "content-type": "text/xml" }).end("<GetCallerIdentityResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><GetCallerIdentityResult>"
            + `<Account>${ACCOUNT}</Account><Arn>arn:aws:iam::${ACCOUNT}:user/proof</Arn><UserId>A</UserId></GetCallerIdentityResult></GetCallerIdentityResponse>`);
    } else if (action === "GetParameter") {
        response.writeHead(400, { "content-type": "application/x-amz-json-1.1" }).end(JSON.stringify({ __type: "ParameterNotFound", message: "no such parameter" }));
    } else {
        response.writeHead(action?.startsWith("resource") === true ? 200 : 400).end("{}");
    }
}
