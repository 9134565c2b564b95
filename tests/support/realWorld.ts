/** What a user of `node automation/deploy.ts` has, whole: a clone of the project, the Pulumi CLI, an account. The account is a rehearsal cloud. */
import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { cp, mkdir, mkdtemp, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import type { AwsTarget } from "../../automation/aws.ts";
import { servePackages } from "../../automation/engine/providerPlugin.ts";
import type { ServedPackages } from "../../automation/engine/providerPlugin.ts";
import type { Provider } from "../../automation/engine/provider.ts";
import type { Cloud } from "../../automation/rehearsal/cloud/cloud.ts";
import { startCloud } from "../../automation/rehearsal/cloud/startCloud.ts";
import { buildEnvironment } from "../../automation/rehearsal/environment.ts";
import { createRehearsalProvider } from "../../automation/rehearsal/handlers/provider.ts";
import { preparePythonEnvironment } from "../../automation/rehearsal/pythonEnvironment.ts";
import type { TimedEvent } from "../../automation/progress/reporter.ts";
import { readStackSettings, regionOf } from "../../automation/stackSettings.ts";

const PROJECT = path.resolve(import.meta.dirname, "..", "..");
const FIRST_CLONE = "clone-1";
/** What a clone needs to deploy. */
const CLONED = ["automation", "components", "data", "lambdas", "index.ts", "package.json", "package-lock.json", "tsconfig.json", "Pulumi.yaml", "Pulumi.dev.yaml", "Pulumi.staging.yaml", "Pulumi.prod.yaml"];
const KEPT_LINES = 40;

export interface RealRun {
    /** Undefined when a signal ended it. */
    readonly exitCode: number | undefined;
    readonly events: readonly TimedEvent[];
    /** Last lines for people. */
    readonly said: string;
    readonly durationMs: number;
    /** How long the process stayed after it had told its end. */
    readonly lingeredMs: number;
}

export interface RunOptions {
    /** Of the clone to run in. @default the world's first */
    readonly clone?: string;
    /** Over the world's; undefined takes a variable away. */
    readonly environment?: Readonly<NodeJS.ProcessEnv>;
    /** Called with every event as it is told, and the process that told it. */
    readonly onEvent?: (event: TimedEvent, driver: ChildProcess) => void;
}

export class RealWorld {
    readonly folder: string;
    readonly cloud: Cloud;
    readonly provider: Provider;
    /** Of the drivers. */
    readonly environment: Readonly<NodeJS.ProcessEnv>;
    readonly #served: ServedPackages;
    #clones = 0;

    private constructor(made: { folder: string; cloud: Cloud; provider: Provider; environment: NodeJS.ProcessEnv; served: ServedPackages }) {
        this.folder = made.folder;
        this.cloud = made.cloud;
        this.provider = made.provider;
        this.environment = made.environment;
        this.#served = made.served;
    }

    /** @param stack whose region the account is looked at in */
    static async open(stack: string): Promise<RealWorld> {
        const folder = await mkdtemp(path.join(tmpdir(), "firstlight-real-"));
        const { python } = await preparePythonEnvironment({ folder: PROJECT });
        const cloud = await startCloud({ region: regionOf(await readStackSettings(PROJECT, stack)), folder: path.join(folder, "cloud"), python });
        for (const name of ["backend", "pulumi"]) await mkdir(path.join(folder, name));
        const bare = environmentOf(cloud.target, folder, {});
        const provider = createRehearsalProvider({ target: cloud.target, accountId: cloud.accountId, environment: bare, projectFolder: PROJECT });
        // Whatever clone runs: the bundles of the first are those of all.
        const served = await servePackages(provider, { folder: path.join(folder, FIRST_CLONE) });
        const environment = environmentOf(cloud.target, folder, {
            PULUMI_BACKEND_URL: `file://${path.join(folder, "backend")}`, PULUMI_HOME: path.join(folder, "pulumi"), PULUMI_CONFIG_PASSPHRASE: "rehearsed",
            PULUMI_SKIP_UPDATE_CHECK: "true", PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true", ...served.environment,
        });
        return new RealWorld({ folder, cloud, provider, environment, served });
    }

    /** A fresh clone: nothing that a run leaves behind is in it. */
    async clone(): Promise<string> {
        const folder = path.join(this.folder, `clone-${++this.#clones}`);
        await mkdir(folder);
        for (const name of CLONED) await cp(path.join(PROJECT, name), path.join(folder, name), { recursive: true });
        await symlink(path.join(PROJECT, "node_modules"), path.join(folder, "node_modules"));
        return folder;
    }

    /** Runs the driver as a process of its own; words are parted by blanks. */
    async run(line: string, { clone = path.join(this.folder, FIRST_CLONE), environment = {}, onEvent }: RunOptions = {}): Promise<RealRun> {
        const began = Date.now();
        const args = [path.join(clone, "automation", "deploy.ts"), ...line.split(" "), "--allow-emulator", "--json", "-"];
        const driver = spawn(process.execPath, args, { cwd: clone, env: { ...this.environment, ...environment }, stdio: ["ignore", "pipe", "pipe"] });
        let endedAt: number | undefined;
        const events: TimedEvent[] = [];
        const said: string[] = [];
        createInterface({ input: driver.stderr }).on("line", (text) => said.push(text) > KEPT_LINES && said.shift());
        createInterface({ input: driver.stdout }).on("line", (text) => {
            const event = parseEvent(text);
            if (event === undefined) return;
            if (event.kind === "end") endedAt = Date.now();
            events.push(event);
            onEvent?.(event, driver);
        });
        const [code] = await once(driver, "close") as [number | null];
        return { exitCode: code ?? undefined, events, said: said.join("\n"), durationMs: Date.now() - began, lingeredMs: Date.now() - (endedAt ?? Date.now()) };
    }

    async close(): Promise<void> {
        this.#served.close();
        await this.cloud.stop();
        await rm(this.folder, { recursive: true, force: true });
    }
}

function environmentOf({ region, endpoint = "" }: AwsTarget, folder: string, extra: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
    return buildEnvironment({ region, folder, endpoint, extra });
}

/** Undefined for half a line, as a killed driver leaves it. */
function parseEvent(text: string): TimedEvent | undefined {
    try {
        return JSON.parse(text) as TimedEvent;
    } catch {
        return undefined;
    }
}
