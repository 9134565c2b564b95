/**
 * A rehearsal on the real Pulumi CLI: its state in the run's folder, the program as a local program in its own process, and the rehearsal's
 * handlers as its providers, served by this process. No plugin is installed or looked for.
 */
import { mkdir } from "node:fs/promises";
import path from "node:path";
import { servePackages } from "../engine/providerPlugin.ts";
import type { ServedPackages } from "../engine/providerPlugin.ts";
import { createPulumiEngine } from "../engine/pulumi.ts";
import type { PulumiEngine } from "../engine/pulumi.ts";
import { findCli } from "../engine/pulumi/cli.ts";
import type { Cli } from "../engine/pulumi/cli.ts";
import { OperatorError } from "../errors.ts";
import type { StackSettings } from "../stackSettings.ts";
import type { EngineHost, HostOptions } from "./engineHost.ts";
import { copyProject } from "./projectCopy.ts";

/** @throws OperatorError when there is no Pulumi CLI, with what to do (a rehearsal downloads none), and for what only the embedded engine can. */
export async function createPulumiHost(options: HostOptions): Promise<EngineHost> {
    if (options.transformInputs !== undefined) {
        throw new OperatorError("failures are injected on the embedded engine only", "leave out --engine pulumi, or --break");
    }
    const cli = await findCli({ projectFolder: options.projectFolder, environment: options.environment, installs: false });
    const workshop = new EngineWorkshop(options, cli);
    const engine = await workshop.create(options.settings).catch((error: unknown) => {
        workshop.close();
        throw error;
    });
    return {
        engine,
        description: `Pulumi ${cli.version}`,
        reconfigure: (changed) => workshop.create(changed),
        close: () => workshop.close(),
    };
}

/** Makes engines of one stack: they share its state, and each has a copy of the project with settings of its own. */
class EngineWorkshop {
    readonly #options: HostOptions;
    readonly #cli: Cli;
    readonly #served: ServedPackages[] = [];
    readonly #copies: string[] = [];

    constructor(options: HostOptions, cli: Cli) {
        this.#options = options;
        this.#cli = cli;
    }

    async create(settings: StackSettings): Promise<PulumiEngine> {
        const { projectFolder, program, provider } = this.#options;
        const folder = path.join(this.#options.folder, `project-${this.#copies.length + 1}`);
        const former = this.#copies.at(-1);
        await copyProject({ projectFolder, folder, program, settings, ...(former === undefined ? {} : { former }) });
        this.#copies.push(folder);
        const served = await servePackages(provider, { folder });
        this.#served.push(served);
        return createPulumiEngine({
            projectFolder: folder, stack: settings.stack, cli: this.#cli,
            inherited: this.#options.environment, environment: { ...await this.#describeState(), ...served.environment },
        });
    }

    close(): void {
        for (const served of this.#served) served.close();
    }

    async #describeState(): Promise<Record<string, string>> {
        const [backend, home] = [path.join(this.#options.folder, "backend"), path.join(this.#options.folder, "pulumi")];
        for (const folder of [backend, home]) await mkdir(folder, { recursive: true });
        return {
            PULUMI_BACKEND_URL: `file://${backend}`, PULUMI_HOME: home, PULUMI_CONFIG_PASSPHRASE: this.#options.passphrase,
            PULUMI_SKIP_UPDATE_CHECK: "true", PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
        };
    }
}
