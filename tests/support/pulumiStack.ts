/** A stack of the memory provider on the real Pulumi CLI, where there is one. */
import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { createPulumiEngine } from "../../automation/engine/pulumi.ts";
import type { PulumiEngine, PulumiEngineOptions } from "../../automation/engine/pulumi.ts";
import { serveProvider } from "../../automation/engine/providerPlugin.ts";
import { createMemoryProvider } from "./embeddedMemoryProvider.ts";
import { createTestStack } from "./embeddedProgram.ts";
import type { TestStack } from "./embeddedProgram.ts";

export const PULUMI_PROJECT = "fixture";
export const PULUMI_STACK = "test";

export interface PulumiTestStack extends TestStack {
    /** What the CLI gets beside the environment of the tests. */
    readonly environment: Readonly<Record<string, string>>;
    /** Of the project's stack, in a file backend of its own. */
    open(options?: Partial<PulumiEngineOptions>): Promise<PulumiEngine>;
}

/** The stack's folder is a Pulumi project; nothing of the user's own Pulumi is touched. */
export async function createPulumiTestStack(createProvider = createMemoryProvider): Promise<PulumiTestStack> {
    const stack = createTestStack();
    const { folder } = stack;
    for (const name of ["backend", "home", "bin"]) mkdirSync(path.join(folder, name));
    writeFileSync(path.join(folder, "Pulumi.yaml"), `name: ${PULUMI_PROJECT}\nruntime: { name: nodejs, options: { typescript: false } }\nmain: index.ts\n`);
    // The CLI asks npm for its version, for its own statistics alone, which takes longer than the program.
    writeFileSync(path.join(folder, "bin", "npm"), "#!/bin/sh\necho 11.0.0\n", { mode: 0o755 });
    const served = await serveProvider(createProvider(stack.cloud), folder);
    const environment = {
        PATH: `${path.join(folder, "bin")}${path.delimiter}${process.env["PATH"] ?? ""}`,
        PULUMI_BACKEND_URL: `file://${path.join(folder, "backend")}`, PULUMI_HOME: path.join(folder, "home"), PULUMI_CONFIG_PASSPHRASE: "tested",
        PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true", PULUMI_DEBUG_PROVIDERS: `memory:${served.port}`,
    };
    return {
        ...stack, environment,
        open: (options = {}) => createPulumiEngine({ projectFolder: folder, stack: PULUMI_STACK, environment, ...options }),
        remove: () => {
            served.close();
            stack.remove();
        },
    };
}

/** A suite that runs where there is a Pulumi CLI on PATH, and is skipped by name where there is none. */
export function describeWithPulumi(title: string, suite: (this: Mocha.Suite) => void): void {
    if (hasPulumi()) describe(title, suite);
    else describe.skip(`${title} (skipped: there is no Pulumi CLI on PATH)`, suite);
}

function hasPulumi(): boolean {
    try {
        execFileSync("pulumi", ["version"], { stdio: "ignore", env: { ...process.env, PULUMI_SKIP_UPDATE_CHECK: "true" } });
        return true;
    } catch {
        return false;
    }
}
