/** Plans the unmodified program on the embedded engine, touching nothing: for preflight, and to find what exists of a stack. */
import path from "node:path";
import { tmpdir } from "node:os";
import { createNaming } from "../../components/naming.ts";
import type { PlatformConfig } from "../../components/config.ts";
import { createAccountLookup } from "../account/accountLookup.ts";
import type { AccountLookup } from "../account/accountLookup.ts";
import type { AwsClients } from "../aws.ts";
import { createEmbeddedEngine } from "../engine/embedded/embeddedEngine.ts";
import type { PlanRecorder } from "../engine/engine.ts";
import { QUICK_PROGRAM } from "../engine/programArguments.ts";
import type { Provider } from "../engine/provider.ts";
import { readParameters } from "../outputs.ts";
import { describeSilence } from "../preflight/account/asking.ts";
import { withKnownIds } from "../preflight/gathering/knownIds.ts";
import { recordPlans } from "../preflight/gathering/recordPlans.ts";
import type { Plans } from "../preflight/rule.ts";
import type { Reporter } from "../progress/reporter.ts";
import { createPlanningProvider } from "../rehearsal/handlers/provider.ts";
import { withoutSecretVariables } from "../secretVariables.ts";
import type { StackSettings } from "../stackSettings.ts";

/** Stands for the account in plans when there are no credentials: nobody's. */
const UNKNOWN_ACCOUNT = "000000000000";

export interface PlannedStack {
    readonly projectFolder: string;
    readonly settings: StackSettings;
    readonly pulumiStack: string;
    readonly config: PlatformConfig;
    readonly environment: Readonly<NodeJS.ProcessEnv>;
    readonly aws: AwsClients;
    /** Undefined without credentials: then nothing is asked of the account. */
    readonly accountId: string | undefined;
    readonly signal: AbortSignal;
}

/** Told what could not be read. */
export interface ReportedStack extends PlannedStack {
    readonly reporter: Reporter;
}

/** As the stack is, and with endpoints on. */
export async function planStack(stack: ReportedStack): Promise<Plans> {
    const { aws, config, signal } = stack;
    const { region } = aws.target;
    const accountId = stack.accountId ?? UNKNOWN_ACCOUNT;
    const parameters = stack.accountId === undefined ? {} : await readWhatIsSet(stack, createNaming(config, { accountId, region }).parameterPath);
    return recordPlans({
        config, region, accountId, parameters, signal,
        createRecorder: (seen) => createRecorder(stack, withKnownIds(createPlanningProvider({ region, accountId, parameters: seen }))),
    });
}

/** Who may not read them still sees both graphs: as it is before the first training, and with endpoints on. */
async function readWhatIsSet({ aws, reporter }: ReportedStack, parameterPath: string): Promise<Record<string, string>> {
    try {
        return await readParameters(aws, parameterPath);
    } catch (error) {
        const { message } = describeSilence("ssm:GetParametersByPath", error);
        const consequence = "the graph \"as it is\" is planned as before the first training";
        reporter.report({ kind: "note", message: `whether endpoints are on, and which models they serve, is not known, so ${consequence}: ${message}` });
        return {};
    }
}

/** Its clients are to be closed by `closeAccountClients`. */
export async function openLookup(stack: PlannedStack): Promise<AccountLookup> {
    const { aws, config, projectFolder } = stack;
    return createAccountLookup({
        aws, naming: config, folder: path.join(projectFolder, ".firstlight"),
        createPlanning: (place, parameters) => createPlanningProvider({ ...place, parameters }),
        createRecorder: (provider) => createRecorder(stack, provider),
    });
}

/** A plan reads the state and writes none: the file is never there. */
function createRecorder({ projectFolder, settings, pulumiStack, environment }: PlannedStack, provider: Provider): PlanRecorder {
    return createEmbeddedEngine({
        projectFolder, provider, program: "index.ts", project: settings.project, stack: pulumiStack, config: settings.config,
        stateFile: path.join(tmpdir(), `firstlight-plan-${process.pid}`, "state.json"), passphrase: "plans hold no secret",
        environment: { ...withoutSecretVariables(environment), NODE_COMPILE_CACHE: path.join(projectFolder, ".firstlight", "compile-cache") },
        nodeArguments: QUICK_PROGRAM,
    });
}
