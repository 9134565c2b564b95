/** Canaries: each kind of process that a rehearsal starts looks for a way out and for credentials planted around it. */
import { execFile, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:net";
import os from "node:os";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { promisify } from "node:util";
import { InvokeCommand } from "@aws-sdk/client-lambda";
import { expect } from "chai";
import { buildEnvironment } from "../../../automation/rehearsal/environment.ts";
import { preparePythonEnvironment } from "../../../automation/rehearsal/pythonEnvironment.ts";
import { PROJECT, REGION, startTestCloud, type TestCloud } from "./cloud/testCloud.ts";

const run = promisify(execFile);
/** An address that is not loopback: one of this machine's own, where a listener really answers, and one that nobody may route. */
const OUTSIDE = Object.values(os.networkInterfaces()).flat().find((address) => address?.family === "IPv4" && !address.internal)?.address;
const UNROUTED = "192.0.2.1";
const PLANTED = {
    AWS_ACCESS_KEY_ID: "AKIACANARYCANARYCANA", AWS_SECRET_ACCESS_KEY: "canary-secret", AWS_SESSION_TOKEN: "canary-token", AWS_PROFILE: "canary",
    AWS_CONFIG_FILE: "/canary/config", AWS_ROLE_ARN: "arn:aws:iam::999999999999:role/canary", AWS_WEB_IDENTITY_TOKEN_FILE: "/canary/token",
    AWS_CONTAINER_CREDENTIALS_FULL_URI: "http://127.0.0.1:1/canary", PULUMI_ACCESS_TOKEN: "canary-pulumi", NODE_OPTIONS: "--title=canary",
};

/** Tries every way out that Node has; prints which attempts were refused by the firewall, and what it sees of credentials. */
const NODE_CANARY = `
import net from "node:net"; import tls from "node:tls"; import http from "node:http"; import http2 from "node:http2"; import dgram from "node:dgram";
import dns from "node:dns"; import fs from "node:fs"; import os from "node:os"; import { Worker } from "node:worker_threads";
const isRefusal = (error) => error?.firewall === true || (error?.cause !== undefined && isRefusal(error.cause));
const outcome = (start) => new Promise((resolve) => { const end = (error) => resolve(isRefusal(error) ? "refused" : "open: " + (error?.message ?? "answered"));
    setTimeout(() => end({ message: "timeout" }), 3000).unref(); try { Promise.resolve(start(end)).catch(end); } catch (error) { end(error); } });
const on = (emitter, end) => { emitter.on("error", end); emitter.on("connect", () => end()); emitter.on("response", () => end()); };
export async function canary(host, port) {
    return {
        attempts: {
            socket: await outcome((end) => on(net.connect(port, host), end)), options: await outcome((end) => on(net.connect({ host, port }), end)),
            tls: await outcome((end) => on(tls.connect({ host, port, rejectUnauthorized: false }), end)),
            http: await outcome((end) => on(http.get({ host, port }), end)), http2: await outcome((end) => on(http2.connect("http://" + host + ":" + port), end)),
            fetch: await outcome(async (end) => { await fetch("http://" + host + ":" + port); end(); }),
            websocket: await outcome((end) => { const socket = new WebSocket("ws://" + host + ":" + port); socket.onerror = (event) => end({ firewall: true }); socket.onopen = () => end(); }),
            udp: await outcome((end) => dgram.createSocket("udp4").send("x", port, host, (error) => end(error))),
            udpConnect: await outcome((end) => dgram.createSocket("udp4").connect(port, host, (error) => end(error))),
            lookup: await outcome((end) => dns.lookup("canary.example.com", end)), resolve: await outcome(async (end) => { await dns.promises.resolve4("canary.example.com"); end(); }),
            resolver: await outcome((end) => new dns.Resolver().resolve4("canary.example.com", end)),
            thread: await outcome((end) => { const worker = new Worker('const s = require("node:net").connect(' + port + ', "' + host + '"); const p = require("node:worker_threads").parentPort; s.on("error", (e) => p.postMessage(e.firewall === true)); s.on("connect", () => p.postMessage(false));', { eval: true }); worker.on("message", (refused) => end({ firewall: refused })); worker.on("error", end); }),
        },
        environment: process.env, home: fs.existsSync(os.homedir() + "/.aws"),
    };
}
`;
const PYTHON_CANARY = `
import asyncio, json, os, socket, sys, urllib.request
host, port = sys.argv[1], int(sys.argv[2])
def outcome(start):
    try:
        return "open: " + str(start())
    except Exception as error:
        return "refused" if "firewall" in str(error) else "open: " + repr(error)
def connected(kind=socket.SOCK_STREAM):
    made = socket.socket(socket.AF_INET, kind); made.settimeout(3); return made
def connect_ex():
    code = connected().connect_ex((host, port))
    if code: raise OSError("firewall" if code == 111 else code)
print(json.dumps({"attempts": {
    "socket": outcome(lambda: connected().connect((host, port))), "connect_ex": outcome(connect_ex),
    "create_connection": outcome(lambda: socket.create_connection((host, port), 3)),
    "urllib": outcome(lambda: urllib.request.build_opener(urllib.request.ProxyHandler({})).open(f"http://{host}:{port}", timeout=3)),
    "udp": outcome(lambda: connected(socket.SOCK_DGRAM).sendto(b"x", (host, port))),
    "asyncio": outcome(lambda: asyncio.run(asyncio.wait_for(asyncio.open_connection(host, port), 3))),
    "lookup": outcome(lambda: socket.getaddrinfo("canary.example.com", 443)), "name": outcome(lambda: socket.gethostbyname("canary.example.com")),
}, "environment": dict(os.environ), "home": os.path.exists(os.path.expanduser("~/.aws"))}))
`;

/** What arrived at the listener. It alone tells for a WebSocket, which does not say why it failed. */
let connections = 0;

interface Report { attempts: Record<string, string>; environment: Record<string, string>; home: boolean }

function isAlive(pid: number): boolean {
    try {
        return process.kill(pid, 0);
    } catch {
        return false;
    }
}

function expectContained(report: Report, kinds: number): void {
    expect(Object.keys(report.attempts)).to.have.length.at.least(kinds);
    for (const [kind, outcome] of Object.entries(report.attempts)) expect(outcome, kind).to.equal("refused");
    expect(JSON.stringify(report.environment).toLowerCase()).not.to.contain("akiacanary").and.not.to.contain("canary-").and.not.to.contain("/canary");
    expect(report.environment).not.to.have.any.keys("AWS_PROFILE", "AWS_ROLE_ARN", "AWS_CONTAINER_CREDENTIALS_FULL_URI", "PULUMI_ACCESS_TOKEN");
    expect(report.home).to.equal(false);
}

describe("the account firewall", () => {
    const saved = { ...process.env };
    let test: TestCloud;
    let folder: string;
    let listener: Server;
    let port: number;
    let environment: NodeJS.ProcessEnv;
    let python: string;

    before(async function () {
        if (OUTSIDE === undefined) this.skip();
        folder = mkdtempSync(path.join(os.tmpdir(), "firstlight-firewall-"));
        const home = path.join(folder, "caller");
        mkdirSync(path.join(home, ".aws"), { recursive: true });
        writeFileSync(path.join(home, ".aws", "credentials"), "[canary]\naws_access_key_id = AKIACANARYCANARYCANA\naws_secret_access_key = canary-secret\n");
        ({ python } = await preparePythonEnvironment({ folder: PROJECT }));
        Object.assign(process.env, PLANTED, { HOME: home });
        listener = createServer((socket) => ++connections && socket.on("error", () => undefined).end("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n"));
        await new Promise<void>((resolve) => listener.listen(0, OUTSIDE, resolve));
        port = (listener.address() as { port: number }).port;
        test = await startTestCloud();
        environment = buildEnvironment({ region: REGION, folder: path.join(folder, "run"), endpoint: test.cloud.target.endpoint! });
        writeFileSync(path.join(folder, "canary.mjs"), NODE_CANARY);
        writeFileSync(path.join(folder, "canary.py"), PYTHON_CANARY);
    });
    after(async () => {
        for (const name of Object.keys(PLANTED)) delete process.env[name];
        Object.assign(process.env, saved);
        listener?.close();
        await test?.stop();
        if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
    });

    const NODE_CALL = (host: string) => `import("${path.join(folder, "canary.mjs")}").then(async ({ canary }) => { console.log(JSON.stringify(await canary("${host}", ${port}))); process.exit(0); })`;

    it("stands before something that can really be reached", async () => {
        const { stdout } = await run(process.execPath, ["-e", NODE_CALL(OUTSIDE!)], { env: { PATH: saved["PATH"] } });
        const { attempts } = JSON.parse(stdout) as Report;
        expect(attempts).to.include({ socket: "open: answered", http: "open: answered", fetch: "open: answered", udp: "open: answered" });
        const direct = JSON.parse((await run(python, [path.join(folder, "canary.py"), OUTSIDE!, String(port)], { env: {} })).stdout) as Report;
        expect(direct.attempts["socket"]).to.match(/^open/);
        expect(connections).to.be.at.least(9);
    });

    beforeEach(() => { connections = 0; });

    /** What a contained process reports, after which nothing has arrived. */
    function expectNothingArrived(report: Report, kinds: number): void {
        expectContained(report, kinds);
        expect(connections).to.equal(0);
    }

    for (const host of [OUTSIDE!, UNROUTED]) {
        it(`keeps a Node program from ${host === UNROUTED ? "an address elsewhere" : "this machine's outer address"}`, async () => {
            const { stdout } = await run("node", ["-e", NODE_CALL(host)], { env: environment });
            expectNothingArrived(JSON.parse(stdout) as Report, 12);
        });

        it(`keeps a Python job from ${host === UNROUTED ? "an address elsewhere" : "this machine's outer address"}`, async () => {
            const { stdout } = await run(python, [path.join(folder, "canary.py"), host, String(port)], { env: environment });
            expectNothingArrived(JSON.parse(stdout) as Report, 8);
        });
    }

    it("keeps a Lambda worker inside the cloud", async () => {
        const role = await test.role("probe", "lambda.amazonaws.com");
        await test.createFunction("probe", role, `${NODE_CANARY}\nexport const handler = ({ host, port }) => canary(host, port);`);
        const answer = await test.lambda.send(new InvokeCommand({ FunctionName: "probe", Payload: JSON.stringify({ host: OUTSIDE, port }) }));
        const report = JSON.parse(answer.Payload!.transformToString()) as Report;
        expectNothingArrived(report, 12);
        expect(report.environment["AWS_ACCESS_KEY_ID"], "a session of the function's role").to.match(/^ASIA/);
    });

    it("keeps the command guard, which a Node program starts without a shell", async () => {
        const call = `const { spawnSync } = require("node:child_process"); process.stdout.write(spawnSync("node", ["-e", ${JSON.stringify(NODE_CALL(OUTSIDE!))}]).stdout)`;
        const { stdout } = await run("node", ["-e", call], { env: environment });
        expectNothingArrived(JSON.parse(stdout) as Report, 12);
    });

    it("gives esbuild's own process nothing to reach an account with", async () => {
        const call = `const child = require("node:child_process"); const real = child.spawn;
            child.spawn = (file, args, options) => { console.log(JSON.stringify({ file, environment: options.env ?? process.env })); return real(file, args, options); };
            require(${JSON.stringify(path.join(PROJECT, "node_modules", "esbuild"))}).transform("1").then(() => process.exit(0));`;
        const { stdout } = await run("node", ["-e", call], { env: environment });
        const started = JSON.parse(stdout.split("\n")[0]!) as { file: string; environment: Record<string, string> };
        expect(started.file).to.contain("esbuild");
        expectNothingArrived({ attempts: {}, environment: started.environment, home: false }, 0);
    });

    it("lets every process reach the rehearsal cloud", async () => {
        const url = `${test.cloud.target.endpoint}/_firstlight/inventory`;
        const node = await run("node", ["-e", `fetch(${JSON.stringify(url)}).then((r) => r.json()).then((v) => console.log(Array.isArray(v)))`], { env: environment });
        const job = await run(python, ["-c", `import urllib.request, json; print(type(json.load(urllib.request.urlopen(${JSON.stringify(url.replace("127.0.0.1", "localhost"))}))))`], { env: environment });
        expect(node.stdout + job.stdout).to.equal("true\n<class 'list'>\n");
    });

    it("ends Node and Python processes whose parent was killed", async () => {
        const parent = `const { spawn } = require("node:child_process"); const started = [
            spawn("node", ["-e", "setInterval(() => {}, 1000)"]), spawn(${JSON.stringify(python)}, ["-c", "import time; time.sleep(60)"])];
            setTimeout(() => console.log(JSON.stringify(started.map(({ pid }) => pid))), 800); setInterval(() => {}, 1000);`;
        const child = spawn("node", ["-e", parent], { env: environment, stdio: ["ignore", "pipe", "inherit"] });
        const pids = JSON.parse(await new Promise<string>((resolve) => child.stdout.once("data", (data) => resolve(String(data))))) as number[];
        child.kill("SIGKILL");
        const areGone = (): boolean => pids.every((pid) => !isAlive(pid));
        for (let attempt = 0; attempt < 50 && !areGone(); attempt++) await delay(100);
        expect(areGone()).to.equal(true);
    });
});
