/** Two drivers on one stack, and what each of them did. */
import { spawn } from "node:child_process";
import type { ChildProcessWithoutNullStreams } from "node:child_process";
import { copyFileSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { createEmbeddedEngine } from "../../../automation/engine/embedded/embeddedEngine.ts";
import { lockStoreOf } from "../../../automation/locks/lockStore.ts";
import { currentOwner, isDead } from "../../../automation/locks/owner.ts";
import { MemoryCloud, createMemoryProvider } from "../../support/embeddedMemoryProvider.ts";
import { OUTPUTS } from "../../support/phaseWorld.ts";
import { S3Double } from "../../support/s3Double.ts";
import type { Fault } from "../../support/s3Double.ts";
import { PROJECT_FOLDER } from "../proof.ts";
import { AccountDouble } from "./accountDouble.ts";
import type { Order } from "./contender.ts";

export interface PairCase {
    readonly id: string;
    readonly backend: "file" | "s3";
    /** Whether a driver that has died holds the lock when the two begin. */
    readonly takeover: boolean;
    /** Milliseconds after which each begins. */
    readonly offsets: readonly [number, number];
    /** Share of S3's answers that are lost on their way. */
    readonly lostShare: number;
    readonly engine: Order["engine"];
}

/** What became of one driver. */
export interface Contender {
    readonly exitCode: number;
    readonly engines: number;
    readonly stderr: string;
    readonly stdout: string;
    /** Below the stack's folder. */
    readonly writes: readonly string[];
    readonly calls: readonly string[];
}

export interface PairOutcome {
    readonly contenders: readonly Contender[];
    /** Names in the state. */
    readonly state: readonly string[];
    readonly isFreeAfterwards: boolean;
}

const SAMPLE_PROGRAM = `import * as pulumi from "@pulumi/pulumi";
class Thing extends pulumi.CustomResource {
    constructor(name) {
        super("memory:index/thing:Thing", name, { arn: undefined, token: undefined, value: name }, { version: "1.2.3" });
    }
}
new Thing("seed");
`;
const ABOVE_ALL_PIDS = 2 ** 22 + 1;

const CALLERS = ["caller-a", "caller-b"] as const;

/** Folder, account, S3, and two processes that have loaded the driver, for many pairs, one at a time. */
export class PairWorld {
    readonly #folder: string;
    readonly #account: AccountDouble;
    readonly #s3: S3Double;
    #drivers: readonly DriverProcess[] | undefined;

    private constructor(folder: string, { account, s3 }: { account: AccountDouble; s3: S3Double }) {
        this.#folder = folder;
        this.#account = account;
        this.#s3 = s3;
    }

    /** The stack has been deployed once, so that its state is not empty. */
    static async create(): Promise<PairWorld> {
        const folder = mkdtempSync(path.join(os.tmpdir(), "firstlight-pairs-"));
        for (const name of ["Pulumi.yaml", "Pulumi.dev.yaml"]) cpSync(path.join(PROJECT_FOLDER, name), path.join(folder, name));
        mkdirSync(path.join(folder, "node_modules"));
        symlinkSync(path.join(PROJECT_FOLDER, "node_modules", "@pulumi"), path.join(folder, "node_modules", "@pulumi"));
        writeFileSync(path.join(folder, "package.json"), JSON.stringify({ name: "pairs", type: "module" }));
        const outputs = `export const { ${Object.keys(OUTPUTS).join(", ")} } = ${JSON.stringify(OUTPUTS)};\n`;
        writeFileSync(path.join(folder, "index.ts"), SAMPLE_PROGRAM + outputs);
        await createEmbeddedEngine({
            projectFolder: folder, program: "index.ts", project: "firstlight", stack: "dev", config: {}, provider: createMemoryProvider(new MemoryCloud()),
            stateFile: path.join(folder, "seed.json"), passphrase: "of a proof", environment: { PATH: process.env["PATH"], HOME: folder },
        }).up();
        writeFileSync(path.join(folder, "index.ts"), `${SAMPLE_PROGRAM}new Thing("made");\n${outputs}`);
        const [account, s3] = await Promise.all([AccountDouble.start(), S3Double.start()]);
        return new PairWorld(folder, { account, s3 });
    }

    async run(pair: PairCase, random: () => number): Promise<PairOutcome> {
        const stateFile = path.join(this.#folder, "state.json");
        copyFileSync(path.join(this.#folder, "seed.json"), stateFile);
        rmSync(path.join(this.#folder, "backend"), { recursive: true, force: true });
        mkdirSync(path.join(this.#folder, "backend"));
        this.#account.reset();
        this.#s3.objects.clear();
        this.#s3.fault = (): Fault | undefined => (random() < pair.lostShare ? "lost" : undefined);
        this.#s3.latencyMs = () => 5 + random() * 20;
        const store = lockStoreOf({ backendUrl: this.#backendUrl(pair, "caller-judge"), project: "firstlight", stack: "dev", projectFolder: this.#folder, aws: CREDENTIALS });
        if (pair.takeover) await store.acquire({ ...currentOwner("up"), pid: ABOVE_ALL_PIDS }, isDead);
        this.#drivers ??= CALLERS.map((caller) => new DriverProcess([this.#folder, this.#account.endpointOf(caller), stateFile]));
        const drivers = this.#drivers;
        await Promise.all(drivers.map((driver) => driver.ready));
        const ended = await Promise.all(drivers.map((driver, index) => {
            const order = { offsetMs: pair.offsets[index] ?? 0, backendUrl: this.#backendUrl(pair, CALLERS[index] ?? ""), engine: pair.engine };
            return driver.run(order).finally(() => this.#account.open());
        }));
        this.#s3.fault = () => undefined;
        return {
            contenders: ended.map((each, index) => ({ ...each, calls: this.#account.callsOf(CALLERS[index] ?? "") })),
            state: readNames(stateFile),
            isFreeAfterwards: await store.read() === undefined,
        };
    }

    async close(): Promise<void> {
        for (const driver of this.#drivers ?? []) driver.end();
        await Promise.all([this.#account.stop(), this.#s3.stop()]);
        rmSync(this.#folder, { recursive: true, force: true });
    }

    #backendUrl({ backend }: PairCase, caller: string): string {
        if (backend === "file") return `file://${path.join(this.#folder, "backend")}`;
        return `s3://states?region=eu-central-1&use_path_style=true&endpoint=${encodeURIComponent(`${this.#s3.endpoint}/${caller}`)}`;
    }
}

const CREDENTIALS = { region: "eu-central-1", credentials: { accessKeyId: "proof", secretAccessKey: "proof" } };

/** One process; ends when its input does. */
class DriverProcess {
    readonly ready: Promise<unknown>;
    readonly #child: ChildProcessWithoutNullStreams;
    readonly #lines: AsyncIterator<string>;
    #errors = "";

    constructor(args: readonly [folder: string, endpoint: string, stateFile: string]) {
        const [folder, endpoint] = args;
        this.#child = spawn(process.execPath, [path.join(import.meta.dirname, "contender.ts"), ...args], {
            stdio: ["pipe", "pipe", "pipe"],
            env: {
                PATH: process.env["PATH"], HOME: folder, NODE_COMPILE_CACHE: path.join(PROJECT_FOLDER, ".firstlight", "compile-cache"),
                AWS_ACCESS_KEY_ID: "proof", AWS_SECRET_ACCESS_KEY: "proof", AWS_ENDPOINT_URL: endpoint, AWS_EC2_METADATA_DISABLED: "true",
                AWS_CONFIG_FILE: "/dev/null", AWS_SHARED_CREDENTIALS_FILE: "/dev/null",
            },
        });
        this.#child.stderr.on("data", (data: Buffer) => { this.#errors += data.toString(); });
        this.#lines = createInterface({ input: this.#child.stdout })[Symbol.asyncIterator]();
        this.ready = this.#next();
    }

    async run(order: Order): Promise<Omit<Contender, "calls">> {
        this.#child.stdin.write(`${JSON.stringify(order)}\n`);
        return JSON.parse(await this.#next()) as Omit<Contender, "calls">;
    }

    end(): void {
        this.#child.stdin.end();
    }

    async #next(): Promise<string> {
        const { value, done } = await this.#lines.next();
        if (done === true) throw new Error(`a driver ended before it was asked to: ${this.#errors}`);
        return value;
    }
}

function readNames(stateFile: string): readonly string[] {
    if (!existsSync(stateFile)) return [];
    const { resources = [] } = JSON.parse(readFileSync(stateFile, "utf8")) as { resources?: { urn: string; custom: boolean }[] };
    return resources.filter(({ custom, urn }) => custom && !urn.includes("pulumi:providers:")).map(({ urn }) => urn.slice(urn.lastIndexOf("::") + 2)).sort();
}
