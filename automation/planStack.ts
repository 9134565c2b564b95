/** Records the graphs of a stack for preflight on the embedded engine, touching nothing. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { GetParametersByPathCommand } from "@aws-sdk/client-ssm";
import { createNaming } from "../components/naming.ts";
import type { PlatformConfig } from "../components/config.ts";
import type { AwsClients } from "./aws.ts";
import { createEmbeddedEngine } from "./engine/embedded/embeddedEngine.ts";
import { withKnownIds } from "./preflight/knownIds.ts";
import { recordPlans } from "./preflight/recordPlans.ts";
import type { Plans } from "./preflight/rule.ts";
import { createPlanningProvider } from "./rehearsal/handlers/provider.ts";
import type { StackSettings } from "./stackSettings.ts";

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

export async function planStack({ projectFolder, settings, pulumiStack, config, environment, aws, ...rest }: PlannedStack): Promise<Plans> {
    const { region } = aws.target;
    const accountId = rest.accountId ?? UNKNOWN_ACCOUNT;
    const parameters = rest.accountId === undefined ? {} : await readParameters(aws, createNaming(config, { accountId, region }).parameterPath);
    const folder = mkdtempSync(path.join(tmpdir(), "firstlight-plan-"));
    try {
        return await recordPlans({
            config, region, accountId, parameters, signal: rest.signal,
            createRecorder: (seen) => createEmbeddedEngine({
                projectFolder, program: "index.ts", project: settings.project, stack: pulumiStack, config: settings.config,
                provider: withKnownIds(createPlanningProvider({ region, accountId, parameters: seen })),
                stateFile: path.join(folder, "state.json"), passphrase: "plans hold no secret", environment: { ...environment },
            }),
        });
    } finally {
        rmSync(folder, { recursive: true, force: true });
    }
}

async function readParameters({ ssm }: AwsClients, parameterPath: string): Promise<Record<string, string>> {
    const { Parameters = [] } = await ssm.send(new GetParametersByPathCommand({ Path: parameterPath, WithDecryption: true }));
    return Object.fromEntries(Parameters.map(({ Name = "", Value = "" }) => [Name, Value]));
}
