/** A driver in this process: streams that record, an environment that is built, clients that answer from a table, an engine that only counts. */
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { PassThrough } from "node:stream";
import { runDriver } from "../../automation/driver/driver.ts";
import type { DriverHost } from "../../automation/driver/driverHost.ts";
import type { Engine, StackResource } from "../../automation/engine/engine.ts";
import type { TimedEvent } from "../../automation/progress/reporter.ts";
import { createPhaseWorld, OUTPUTS } from "./phaseWorld.ts";
import type { Answers, PhaseWorld } from "./phaseWorld.ts";

const PROJECT = path.resolve(import.meta.dirname, "..", "..");

export const ACCOUNT = "444455556666";

const RESOURCE: StackResource = {
    urn: "urn:pulumi:dev::firstlight::aws:s3/bucket:Bucket::raw", type: "aws:s3/bucket:Bucket", name: "raw", custom: true, id: "raw", dependencies: [], inputs: {}, outputs: {},
};

export interface DriverRun {
    readonly exitCode: number;
    readonly stdout: string;
    readonly stderr: string;
    /** What `--json -` wrote, where it was given. */
    readonly events: readonly TimedEvent[];
}

export interface DriverWorld {
    readonly phaseWorld: PhaseWorld;
    /** Holds the state and its locks. */
    readonly folder: string;
    /** Runs a command line; words are parted by blanks. */
    run(line: string): Promise<DriverRun>;
}

export interface DriverWorldOptions {
    readonly answers?: Answers;
    /** Over PULUMI_BACKEND_URL, HOME and an empty PATH. */
    readonly environment?: Readonly<Record<string, string>>;
    /** @default the phase world's */
    readonly createEngine?: () => Promise<Engine>;
    /** What is typed when somebody is asked; without it nobody is there. */
    readonly typed?: string;
}

/** The caller's account answers unless the answers say otherwise. */
export function createDriverWorld({ answers = {}, environment = {}, createEngine, typed }: DriverWorldOptions = {}): DriverWorld {
    const folder = mkdtempSync(path.join(tmpdir(), "firstlight-driver-"));
    const phaseWorld = createPhaseWorld({ GetCallerIdentityCommand: () => ({ Account: ACCOUNT }), ...answers });
    phaseWorld.engine.outputsNow = { ...OUTPUTS, accountId: ACCOUNT };
    // A state that knows nothing makes an up look through the account.
    phaseWorld.engine.resourcesNow = [RESOURCE];
    return {
        phaseWorld, folder,
        async run(line) {
            const texts = { stdout: "", stderr: "" };
            const stdin: DriverHost["stdin"] = Object.assign(new PassThrough(), typed === undefined ? {} : { isTTY: true });
            if (typed !== undefined) setTimeout(() => (stdin as PassThrough).write(`${typed}\n`), 50);
            const exitCode = await runDriver(line.split(" "), {
                projectFolder: PROJECT, stdin,
                environment: { PATH: "", HOME: folder, PULUMI_BACKEND_URL: `file://${folder}`, ...environment },
                stdout: { write: (text) => { texts.stdout += text; } },
                stderr: { write: (text) => { texts.stderr += text; } },
                createEngine: createEngine ?? (async () => phaseWorld.engine),
                createAws: () => phaseWorld.context.aws,
            });
            const events = texts.stdout.split("\n").filter((text) => text.startsWith("{")).map((text) => JSON.parse(text) as TimedEvent);
            return { exitCode, ...texts, events };
        },
    };
}
