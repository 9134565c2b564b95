/**
 * The driver as a process of its own, to be killed: `node driverProcess.ts COMMAND OPTIONS`. With FIRSTLIGHT_KILL_STATE it runs on the embedded
 * engine with that state file, else on the Pulumi CLI. Everything else it is told as a person tells it, by options and environment.
 */
import "../../../automation/engine/embedded/watchParent.ts";
import { runDriver } from "../../../automation/driver/driver.ts";
import type { EnginePlace } from "../../../automation/driver/driverHost.ts";
import { createEmbeddedEngine } from "../../../automation/engine/embedded/embeddedEngine.ts";
import type { EmbeddedEngine } from "../../../automation/engine/embedded/embeddedEngine.ts";
import { QUICK_PROGRAM } from "../../../automation/engine/programArguments.ts";
import { REHEARSAL_ACCOUNT } from "../../../automation/rehearsal/environment.ts";
import { createRehearsalProvider } from "../../../automation/rehearsal/handlers/provider.ts";

const { env: environment, stdin, stdout, stderr } = process;
const stateFile = environment["FIRSTLIGHT_KILL_STATE"];
const projectFolder = environment["FIRSTLIGHT_KILL_PROJECT"] ?? process.cwd();

async function createEngine({ settings, pulumiStack, target }: EnginePlace): Promise<EmbeddedEngine> {
    return createEmbeddedEngine({
        projectFolder, program: "index.ts", project: settings.project, stack: pulumiStack, config: settings.config, environment,
        provider: createRehearsalProvider({ target, accountId: REHEARSAL_ACCOUNT, environment, projectFolder }),
        nodeArguments: QUICK_PROGRAM, stateFile: stateFile ?? "", passphrase: environment["PULUMI_CONFIG_PASSPHRASE"] ?? "",
    });
}

const exitCode = await runDriver(process.argv.slice(2), {
    projectFolder, environment, stdin, stdout, stderr, ...(stateFile === undefined ? {} : { createEngine }),
});
// The handlers' clients keep connections to the cloud open, for which nobody need wait.
process.exit(exitCode);
