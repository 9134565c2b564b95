import { execFileSync, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect } from "chai";
import { EXIT } from "../../../automation/errorReport.ts";
import { currentOwner } from "../../../automation/locks/owner.ts";
import { lockStoreOf } from "../../../automation/locks/lockStore.ts";
import { SECRET_VARIABLES } from "../../support/canaries.ts";

const PROJECT = path.resolve(import.meta.dirname, "../../..");
const DEPLOY = path.join(PROJECT, "automation", "deploy.ts");

interface Ended { readonly code: number | null; readonly output: string }

interface Child {
    readonly environment?: Readonly<Record<string, string>>;
    /** Interrupts the process as soon as its output holds this. */
    readonly interruptAt?: string;
    readonly nodeArguments?: readonly string[];
}

describe("node automation/deploy.ts", function () {
    this.timeout(120_000);

    const folder = mkdtempSync(path.join(tmpdir(), "firstlight-deploy-"));
    let server: Server;
    let endpoint = "";

    before((done) => {
        // Knows who asks, and lets nobody do anything.
        server = createServer((request, response) => {
            const parts: Buffer[] = [];
            request.on("data", (part: Buffer) => parts.push(part)).on("end", () => {
                const isIdentity = Buffer.concat(parts).toString().includes("GetCallerIdentity");
                response.writeHead(isIdentity ? 200 : 501, { "content-type": "text/xml" });
                response.end(isIdentity
                    ? "<GetCallerIdentityResponse><GetCallerIdentityResult><Account>444455556666</Account></GetCallerIdentityResult></GetCallerIdentityResponse>"
                    : "<Error><Code>NotImplemented</Code><Message>a word that nobody has recorded</Message></Error>");
            });
        }).listen(0, "127.0.0.1", () => {
            endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
            done();
        });
    });

    after(() => {
        server.close();
        rmSync(folder, { recursive: true, force: true });
    });

    /** Nothing of the caller's environment reaches it. */
    function run(line: string, { environment = {}, interruptAt, nodeArguments = [] }: Child = {}): Promise<Ended> {
        const child = spawn(process.execPath, [...nodeArguments, DEPLOY, ...line.split(" ")], {
            cwd: folder, stdio: ["ignore", "pipe", "pipe"],
            env: {
                PATH: path.dirname(process.execPath), HOME: folder, TMPDIR: folder, AWS_EC2_METADATA_DISABLED: "true", PULUMI_BACKEND_URL: `file://${folder}`,
                NODE_COMPILE_CACHE: path.join(PROJECT, ".firstlight", "compile-cache"), ...environment,
            },
        });
        let output = "";
        let isInterrupted = false;
        const take = (part: Buffer): void => {
            output += part.toString();
            if (interruptAt === undefined || isInterrupted || !output.includes(interruptAt)) return;
            isInterrupted = true;
            child.kill("SIGINT");
        };
        child.stdout.on("data", take);
        child.stderr.on("data", take);
        return new Promise((resolve) => child.on("close", (code) => resolve({ code, output })));
    }

    it("ends with 0 when all is done, and with 1 when something has to be changed here, in a line and a fix", async () => {
        expect(await run("--help")).to.include({ code: EXIT.done });
        const { code, output } = await run("--stack dev --form up");
        expect(code).to.equal(EXIT.operator);
        expect(output).to.equal("there is no option --form\n  fix: did you mean --from?\n");
    });

    it("loads nothing for such an answer that knows AWS or Pulumi, and no rehearsal for the status", async () => {
        const nodeArguments = ["--import", path.join(PROJECT, "tests", "support", "recordLoads.ts")];
        const loadedBy = async (line: string): Promise<readonly string[]> => {
            const file = path.join(folder, `loaded-${line.replaceAll(/\W+/g, "-")}`);
            await run(line, { nodeArguments, environment: { LOADED_MODULES: file } });
            return readFileSync(file, "utf8").trim().split("\n");
        };
        for (const line of ["--help", "--stack dev --form up", "--stack dev --from trane"]) {
            const loaded = await loadedBy(line);
            expect(loaded).to.have.length.above(5);
            expect(loaded.filter((url) => /@aws-sdk|@pulumi|@smithy|rehearsal\/|preflight\/rules/.test(url)), line).to.deep.equal([]);
        }
        const status = await loadedBy("status --stack dev");
        expect(status.some((url) => url.includes("client-sts"))).to.equal(true);
        expect(status.filter((url) => /rehearsal\/(handlers|cloud|breaks)|engine\/embedded\/embeddedEngine|preflight\/rules/.test(url))).to.deep.equal([]);
    });

    it("ends with 2 when the cloud refuses, and shows no secret of its environment", async () => {
        const environment = { ...SECRET_VARIABLES, AWS_ENDPOINT_URL: endpoint, AWS_SESSION_TOKEN: "" };
        const { code, output } = await run("bootstrap --stack dev --yes --allow-emulator --json -", { environment });
        expect(code, output).to.equal(EXIT.cloud);
        expect(output).to.contain('"kind":"end"').and.to.contain(`"exitCode":${EXIT.cloud}`);
        for (const [name, secret] of Object.entries(SECRET_VARIABLES)) expect(output, name).not.to.contain(secret);
    });

    it("ends with 3 while somebody holds the stack, plain without a terminal", async () => {
        const store = lockStoreOf({ backendUrl: `file://${folder}`, project: "firstlight", stack: "dev", projectFolder: folder });
        await store.acquire({ ...currentOwner("up"), host: "elsewhere" }, () => false);
        const environment = { AWS_ENDPOINT_URL: endpoint, AWS_ACCESS_KEY_ID: "x", AWS_SECRET_ACCESS_KEY: "y" };
        const { code, output } = await run("up --stack dev --yes --allow-emulator", { environment });
        expect(code, output).to.equal(EXIT.locked);
        expect(output).to.contain("elsewhere").and.not.to.contain("\u001B");
        await store.remove();
    });

    it("ends with 130 when it is interrupted", async () => {
        const { code, output } = await run("--stack dev --until preflight", { interruptAt: "preflight\n" });
        expect(code, output).to.equal(EXIT.interrupted);
        expect(output).to.contain("Interrupted: ending what runs.");
    });

    it("refuses an emulator unless it is asked for one", async () => {
        const { code, output } = await run("up --stack dev --yes", { environment: { AWS_ENDPOINT_URL: endpoint } });
        expect(code).to.equal(EXIT.operator);
        expect(output).to.contain("AWS_ENDPOINT_URL").and.to.contain("--allow-emulator");
    });
});

/** First program of that name on PATH whose major version is below 22; undefined when all are newer. */
function findOldNode(): string | undefined {
    const folders = (process.env["PATH"] ?? "").split(path.delimiter).filter((folder) => !folder.includes("node_modules"));
    return folders.map((folder) => path.join(folder, "node")).filter((file) => existsSync(file))
        .find((file) => Number(/^v(\d+)/.exec(execFileSync(file, ["--version"], { encoding: "utf8" }))?.[1]) < 22);
}

describe("an older Node than the driver needs", function () {
    this.timeout(60_000);
    const oldNode = findOldNode();

    it(`does with npm run deploy what a newer one does${oldNode === undefined ? " (every Node on PATH is new: not tried)" : ""}`, function () {
        if (oldNode === undefined) return void this.skip();
        const npm = path.join(path.dirname(oldNode), "npm");
        const environment = { ...process.env, PATH: `${path.dirname(oldNode)}${path.delimiter}${process.env["PATH"] ?? ""}` };
        const output = execFileSync(oldNode, [npm, "run", "deploy", "--", "--help"], { cwd: PROJECT, encoding: "utf8", env: environment });
        expect(output).to.contain("node automation/deploy.ts [COMMAND] --stack NAME");
    });

    it("answers node automation/deploy.ts with the loader's own words, as docs/decisions/0008 says", function () {
        if (oldNode === undefined) return void this.skip();
        expect(() => execFileSync(oldNode, [DEPLOY, "--help"], { encoding: "utf8", stdio: "pipe" })).to.throw("ERR_UNKNOWN_FILE_EXTENSION");
    });
});
