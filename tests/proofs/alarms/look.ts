/** Looks at a user's folder as `preflight --offline` does, and hands out what it has looked at. */
import { PassThrough } from "node:stream";
import type { DriverHost } from "../../../automation/driver/driverHost.ts";
import { openSession } from "../../../automation/driver/openSession.ts";
import { parseDriverOptions } from "../../../automation/driver/options.ts";
import { runDriver } from "../../../automation/driver/driver.ts";
import { SecretMasker } from "../../../automation/driver/secretMasker.ts";
import { lookAtRules } from "../../../automation/phases/preflight.ts";
import type { PreflightResult } from "../../../automation/preflight/result.ts";
import type { Plans } from "../../../automation/preflight/rule.ts";
import type { TimedEvent } from "../../../automation/progress/reporter.ts";

export interface Look {
    readonly result: PreflightResult;
    readonly plans: Plans;
}

/** What is looked at. */
export interface LookedAt {
    /** Absolute. */
    readonly folder: string;
    readonly stack: string;
    readonly suffix?: string;
    /** Where the stack and its state lie. */
    readonly region: string;
}

/** @throws ConfigError, and whatever else ends the command before there is anything to look at */
export async function lookAt(subject: LookedAt): Promise<Look> {
    const host = { ...buildHost(subject), masker: new SecretMasker({}) };
    const session = await openSession({
        options: parseDriverOptions(wordsOf(subject), host), signal: new AbortController().signal, reporter: { report: () => undefined }, print: () => undefined,
    }, host);
    try {
        const context = await session.phaseContext({ isOffline: true });
        const result = await lookAtRules(context);
        return { result, plans: await context.recordPlans() };
    } finally {
        await session.close();
    }
}

export interface CommandRun {
    readonly exitCode: number;
    readonly stderr: string;
    /** What the command reported; undefined when it ended before it could look. */
    readonly result: PreflightResult | undefined;
}

/** The whole command. */
export async function runPreflightCommand(subject: LookedAt): Promise<CommandRun> {
    const texts = { stdout: "", stderr: "" };
    const exitCode = await runDriver([...wordsOf(subject), "--json", "-"], {
        ...buildHost(subject),
        stdout: { write: (text) => { texts.stdout += text; } },
        stderr: { write: (text) => { texts.stderr += text; } },
    });
    const events = texts.stdout.split("\n").filter((line) => line.startsWith("{")).map((line) => JSON.parse(line) as TimedEvent);
    return { exitCode, stderr: texts.stderr, result: events.findLast((event) => event.kind === "preflight")?.result };
}

function wordsOf({ stack, suffix }: LookedAt): readonly string[] {
    return ["preflight", "--stack", stack, "--offline", ...(suffix === undefined ? [] : [`--suffix=${suffix}`])];
}

/** A shell without credentials, whose state lies where `bootstrap` would put it. */
function buildHost({ folder, region }: LookedAt): DriverHost {
    return {
        projectFolder: folder,
        environment: {
            PATH: process.env["PATH"], HOME: folder, AWS_EC2_METADATA_DISABLED: "true",
            PULUMI_BACKEND_URL: `s3://firstlight-state-000000000000-${region}?region=${region}`,
        },
        stdin: new PassThrough(),
        stdout: { write: () => undefined },
        stderr: { write: () => undefined },
    };
}
