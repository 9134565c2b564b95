/**
 * The engine on the real Pulumi CLI, through the Automation API.
 *
 * The program is always a *local program in its own process*: an inline program that is `index.ts` would be loaded once and be
 * empty at the second `up` of the same driver, which then deletes everything (`docs/decisions/0003-local-program.md`).
 */
import type { S3Client } from "@aws-sdk/client-s3";
import { LocalWorkspace } from "@pulumi/pulumi/automation/index.js";
import { findBackend } from "../locks/backendUrl.ts";
import type { BackendView, Engine } from "./engine.ts";
import { parseBackend, readProjectName } from "./pulumi/backend.ts";
import { findCli } from "./pulumi/cli.ts";
import type { Cli } from "./pulumi/cli.ts";
import { CliEngine } from "./pulumi/cliEngine.ts";
import { CommandRunner } from "./pulumi/command.ts";
import { requirePassphrase, writeSuffixedStackFile } from "./pulumi/stackFile.ts";

/**
 * The CLI writes into `Pulumi.<stack>.yaml` by which key a new stack's secrets are encrypted. A CI machine never gives that file back, and
 * the next one would be asked for a passphrase; the state knows the key as well. Source: pkg/cmd/pulumi/stack/secrets.go of Pulumi 3.259.0.
 */
const ANY_CLONE = { PULUMI_FALLBACK_TO_STATE_SECRETS_MANAGER: "true" } as const;

export interface PulumiEngineOptions {
    /** Absolute; holds `Pulumi.yaml`. */
    readonly projectFolder: string;
    /** Made when it does not exist. One with a suffix (`dev--pr123`) gets its settings file from `Pulumi.dev.yaml`. */
    readonly stack: string;
    /** Added to what the CLI inherits: backend URL, passphrase, credentials. */
    readonly environment?: Readonly<Record<string, string>>;
    /** What the CLI inherits, and the program with it. @default the environment of this process */
    readonly inherited?: NodeJS.ProcessEnv;
    /** What protects the secrets of a stack that is made here, e.g. `awskms://<key>`. @default the passphrase, or the service's own */
    readonly secretsProvider?: string;
    /** @default the one on PATH, otherwise one of our own below the project's folder */
    readonly cli?: Cli;
    /** The one on PATH, by whoever looked already. @default it is looked for */
    readonly cliOnPath?: Promise<Cli | undefined> | undefined;
    /** Looks into a backend in S3; without it no locks are seen there, and the CLI reads the state. */
    readonly s3?: Pick<S3Client, "send">;
}

export interface PulumiEngine extends Engine {
    readonly backendView: BackendView;
    /** Which CLI it runs. */
    describe(): Cli;
}

/**
 * Finds the CLI, or installs one. Asks no backend: a stack that does not exist is made by the first operation that needs it.
 *
 * @throws OperatorError when there is no CLI and none can be installed, no backend is chosen, or a passphrase is missing
 */
export async function createPulumiEngine(options: PulumiEngineOptions): Promise<PulumiEngine> {
    const { projectFolder, stack, s3, secretsProvider } = options;
    const inherited = options.inherited ?? process.env;
    const environment = { ...inherited, ...options.environment };
    writeSuffixedStackFile(projectFolder, stack);
    const project = await readProjectName(projectFolder);
    const { url } = await findBackend({ projectFolder, environment });
    const backend = parseBackend(url, projectFolder);
    requirePassphrase({ projectFolder, stack, backend, secretsProvider }, environment);
    const cli = options.cli ?? await findCli({ projectFolder, environment, onPath: options.cliOnPath });
    const runner = new CommandRunner(cli, inherited);
    const envVars = { ...ANY_CLONE, ...options.environment };
    const workspace = await LocalWorkspace.create({ workDir: projectFolder, envVars, pulumiCommand: runner.command });
    return new CliEngine({
        projectFolder, environment: envVars, secretsProvider, cli, runner, workspace,
        place: { backend, project, stack, s3 },
    });
}
