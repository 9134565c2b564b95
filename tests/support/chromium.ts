/** A browser of the machine's own, without a window, spoken to by the DevTools protocol. https://chromedevtools.github.io/devtools-protocol/ */
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";

/** Names under which systems install it. */
const NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
const STOP_LIMIT_MS = 5_000;

export interface BrowserVersion { readonly command: string; readonly version: string }

/** Undefined when the machine has none. */
export function findBrowser(): BrowserVersion | undefined {
    for (const command of NAMES) {
        try {
            return { command, version: execFileSync(command, ["--version"], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"], timeout: 20_000 }).trim() };
        } catch {
            // The next name, then.
        }
    }
    return undefined;
}

export interface PageOptions {
    readonly url: string;
    readonly width: number;
    readonly scheme: "light" | "dark";
}

/** A page that was loaded, and what was noticed while it was. */
export interface LoadedPage {
    /** Messages of the console and exceptions. */
    readonly complaints: readonly string[];
    /** URLs beside the page's own. */
    readonly requests: readonly string[];
    /** Value of an expression of JavaScript, as JSON gives it. */
    evaluate(expression: string): Promise<unknown>;
    /** PNG of the whole page, or of so many pixels from its begin. */
    picture(clipHeight?: number): Promise<Buffer>;
    /** Makes the window as high as the page, so that all of it is within. */
    growToContent(): Promise<void>;
    close(): Promise<void>;
}

export interface Browser {
    open(options: PageOptions): Promise<LoadedPage>;
    close(): Promise<void>;
}

type Params = Readonly<Record<string, unknown>>;
type Listener = (params: Params) => void;

/** Requests and events over one socket, for all pages. */
class Connection {
    readonly #socket: WebSocket;
    readonly #waiting = new Map<number, { resolve(result: Params): void; reject(error: Error): void }>();
    readonly #listeners = new Map<string, Listener[]>();
    #lastId = 0;

    constructor(socket: WebSocket) {
        this.#socket = socket;
        socket.addEventListener("message", ({ data }) => this.#take(JSON.parse(String(data)) as Params));
    }

    send(method: string, params: Params = {}, sessionId?: string): Promise<Params> {
        const id = ++this.#lastId;
        return new Promise((resolve, reject) => {
            this.#waiting.set(id, { resolve, reject: (error) => reject(new Error(`${method}: ${error.message}`)) });
            this.#socket.send(JSON.stringify({ id, method, params, ...(sessionId === undefined ? {} : { sessionId }) }));
        });
    }

    on(sessionId: string, method: string, listener: Listener): void {
        const key = `${sessionId} ${method}`;
        this.#listeners.set(key, [...this.#listeners.get(key) ?? [], listener]);
    }

    close(): void {
        this.#socket.close();
    }

    #take(message: Params): void {
        const { id, result, error, method, params, sessionId } = message;
        if (typeof id !== "number") {
            for (const listener of this.#listeners.get(`${String(sessionId)} ${String(method)}`) ?? []) listener(params as Params);
            return;
        }
        const waiting = this.#waiting.get(id);
        this.#waiting.delete(id);
        if (error === undefined) waiting?.resolve(result as Params);
        else waiting?.reject(new Error((error as { message: string }).message));
    }
}

export async function startBrowser({ command }: BrowserVersion): Promise<Browser> {
    const profile = mkdtempSync(path.join(tmpdir(), "firstlight-browser-"));
    // Tests may run as root, in containers without a shared memory of the size that it wants.
    const flags = ["--headless", "--no-sandbox", "--disable-dev-shm-usage", "--hide-scrollbars", "--remote-debugging-port=0", `--user-data-dir=${profile}`];
    const child = spawn(command, [...flags, "about:blank"], { stdio: ["ignore", "ignore", "pipe"] });
    const address = await readAddress(child.stderr);
    const socket = new WebSocket(address);
    await once(socket, "open");
    const connection = new Connection(socket);
    return {
        open: (options) => openPage(connection, options),
        async close() {
            const ended = once(child, "exit");
            await connection.send("Browser.close").catch(() => child.kill());
            const timer = setTimeout(() => child.kill("SIGKILL"), STOP_LIMIT_MS);
            await ended;
            clearTimeout(timer);
            connection.close();
            rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
        },
    };
}

async function readAddress(stderr: NodeJS.ReadableStream): Promise<string> {
    let said = "";
    for await (const line of createInterface({ input: stderr })) {
        const address = /^DevTools listening on (ws:\S+)$/.exec(line)?.[1];
        if (address !== undefined) {
            stderr.resume();
            return address;
        }
        said += `${line}\n`;
    }
    throw new Error(`the browser ended before it listened:\n${said}`);
}

async function openPage(connection: Connection, { url, width, scheme }: PageOptions): Promise<LoadedPage> {
    const { targetId } = await connection.send("Target.createTarget", { url: "about:blank" });
    const { sessionId } = await connection.send("Target.attachToTarget", { targetId, flatten: true });
    const session = String(sessionId);
    const send = (method: string, params?: Params): Promise<Params> => connection.send(method, params, session);
    const complaints: string[] = [];
    const requests: string[] = [];
    connection.on(session, "Log.entryAdded", ({ entry }) => complaints.push((entry as { text: string }).text));
    connection.on(session, "Runtime.consoleAPICalled", (params) => complaints.push(JSON.stringify(params["args"])));
    connection.on(session, "Runtime.exceptionThrown", (params) => complaints.push(JSON.stringify(params["exceptionDetails"])));
    connection.on(session, "Network.requestWillBeSent", ({ request }) => {
        const asked = (request as { url: string }).url;
        if (asked !== url && !asked.startsWith("data:")) requests.push(asked);
    });
    for (const domain of ["Page", "Log", "Runtime", "Network"]) await send(`${domain}.enable`);
    await send("Emulation.setDeviceMetricsOverride", { width, height: 900, deviceScaleFactor: 1, mobile: false });
    await send("Emulation.setEmulatedMedia", { features: [{ name: "prefers-color-scheme", value: scheme }] });
    const loaded = new Promise<void>((resolve) => connection.on(session, "Page.loadEventFired", () => resolve()));
    await send("Page.navigate", { url });
    await loaded;
    const evaluate = async (expression: string): Promise<unknown> => {
        const { result, exceptionDetails } = await send("Runtime.evaluate", { expression, returnByValue: true, awaitPromise: true });
        if (exceptionDetails !== undefined) throw new Error(JSON.stringify(exceptionDetails));
        return (result as { value: unknown }).value;
    };
    return {
        complaints, requests, evaluate,
        async picture(clipHeight) {
            const height = clipHeight ?? Number(await evaluate("document.documentElement.scrollHeight"));
            const { data } = await send("Page.captureScreenshot", { format: "png", captureBeyondViewport: true, clip: { x: 0, y: 0, width, height, scale: 1 } });
            return Buffer.from(String(data), "base64");
        },
        async growToContent() {
            const height = Number(await evaluate("document.documentElement.scrollHeight"));
            await send("Emulation.setDeviceMetricsOverride", { width, height, deviceScaleFactor: 1, mobile: false });
        },
        async close() {
            await connection.send("Target.closeTarget", { targetId });
        },
    };
}
