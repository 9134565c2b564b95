/** `node automation/deploy.ts`: deploys a stack to AWS with the real Pulumi engine. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline/promises";
import { GetParametersByPathCommand } from "@aws-sdk/client-ssm";
import { GetCallerIdentityCommand } from "@aws-sdk/client-sts";
import type { PlatformConfig } from "../components/config.ts";
import { createNaming } from "../components/naming.ts";
import { closeAwsClients, createAwsClients } from "./aws.ts";
import type { AwsClients } from "./aws.ts";
import { checkDataHeader } from "./dataHeader.ts";
import { createEmbeddedEngine } from "./engine/embedded/embeddedEngine.ts";
import type { Engine } from "./engine/engine.ts";
import { createPulumiEngine } from "./engine/pulumi.ts";
import { describeError, EXIT, exitCodeOf, OperatorError } from "./errors.ts";
import { listenForInterruption } from "./interruption.ts";
import { DEPLOY_HELP, parseDeployOptions, refuseEmulator } from "./options.ts";
import type { DeployOptions } from "./options.ts";
import { phases, runPhases, selectPhases } from "./phases/phases.ts";
import type { PhaseContext } from "./phases/phase.ts";
import { withKnownIds } from "./preflight/knownIds.ts";
import { recordPlans } from "./preflight/recordPlans.ts";
import type { Plans } from "./preflight/rule.ts";
import { createPlanningProvider } from "./rehearsal/handlers/provider.ts";
import { combineReporters, createConsoleReporter, createJsonReporter } from "./reporters.ts";
import { parseStackConfig, readStackSettings, regionOf } from "./stackSettings.ts";
import type { StackSettings } from "./stackSettings.ts";

const PROJECT = path.resolve(import.meta.dirname, "..");
/** Stands for the account in plans when there are no credentials: nobody's. */
const UNKNOWN_ACCOUNT = "000000000000";

async function main(): Promise<void> {
    const options = parseDeployOptions(process.argv.slice(2), PROJECT);
    if (options.help) return void process.stdout.write(DEPLOY_HELP);
    if (!options.allowEmulator) refuseEmulator(process.env);
    const selected = selectPhases(phases, options);
    const settings = await readStackSettings(PROJECT, options.stack);
    const config = parseStackConfig(settings, process.env["ENVIRONMENT_SUFFIX"]);
    if (selected.some(({ name }) => name === "train")) await checkDataHeader(options.dataFile, config.data);
    const endpoint = process.env["AWS_ENDPOINT_URL"];
    const apiToken = process.env["FIRSTLIGHT_API_TOKEN"];
    const aws = createAwsClients({ region: regionOf(settings), ...(endpoint === undefined || endpoint === "" ? {} : { endpoint }) });
    const screen = createConsoleReporter(process.stdout);
    try {
        const accountId = await findAccount(aws);
        const touches = selected.some(({ name }) => name !== "preflight");
        if (touches) await confirm(options, { accountId, region: aws.target.region });
        const engine = touches ? await createPulumiEngine({ projectFolder: PROJECT, stack: options.stack }) : offlineEngine;
        const signal = listenForInterruption({ onInterrupted: (message) => screen.report({ kind: "note", message }) });
        const context: PhaseContext = {
            stack: options.stack, config, engine, aws,
            reporter: options.jsonFile === undefined ? screen : combineReporters(screen, createJsonReporter(options.jsonFile)),
            dataFile: options.dataFile,
            ...(apiToken === undefined || apiToken === "" ? {} : { apiToken }),
            signal,
            recordPlans: () => planStack(settings, config, { aws, accountId, signal }),
        };
        await runPhases(selected, context);
    } finally {
        screen.close();
        closeAwsClients(aws);
    }
}

/** Undefined without credentials. */
async function findAccount({ sts }: AwsClients): Promise<string | undefined> {
    try {
        return (await sts.send(new GetCallerIdentityCommand({}))).Account;
    } catch {
        return undefined;
    }
}

async function confirm({ isConfirmed, stack }: DeployOptions, place: { accountId: string | undefined; region: string }): Promise<void> {
    if (place.accountId === undefined) throw new OperatorError("no AWS credentials were found", "log in, for example with `aws sso login`; only preflight works without");
    if (isConfirmed) return;
    if (!process.stdin.isTTY) throw new OperatorError("nobody is there to confirm the deployment", "add --yes");
    const asking = createInterface({ input: process.stdin, output: process.stdout });
    const answer = await asking.question(`Deploy stack ${stack} to account ${place.accountId} in ${place.region}? (yes) `);
    asking.close();
    if (!/^y(es)?$/i.test(answer.trim())) throw new OperatorError("not confirmed, nothing was touched", "answer yes, or add --yes");
}

/** Preflight alone asks no engine for anything. */
const offlineEngine: Engine = {
    kind: "pulumi",
    preview: refuse, up: refuse, destroy: refuse,
    outputs: async () => ({}),
    resources: async () => [],
};

function refuse(): Promise<never> {
    return Promise.reject(new Error("preflight must not deploy"));
}

interface PlanPlace {
    readonly aws: AwsClients;
    readonly accountId: string | undefined;
    readonly signal: AbortSignal;
}

async function planStack(settings: StackSettings, config: PlatformConfig, account: PlanPlace): Promise<Plans> {
    const region = regionOf(settings);
    const accountId = account.accountId ?? UNKNOWN_ACCOUNT;
    const parameters = account.accountId === undefined ? {} : await readParameters(account.aws, createNaming(config, { accountId, region }).parameterPath);
    const folder = mkdtempSync(path.join(tmpdir(), "firstlight-plan-"));
    try {
        return await recordPlans({
            config, region, accountId, parameters, signal: account.signal,
            createRecorder: (seen) => createEmbeddedEngine({
                projectFolder: PROJECT, program: "index.ts", project: settings.project, stack: settings.stack, config: settings.config,
                provider: withKnownIds(createPlanningProvider({ region, accountId, parameters: seen })),
                stateFile: path.join(folder, "state.json"), passphrase: "plans hold no secret", environment: process.env,
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

try {
    await main();
    process.exitCode = EXIT.done;
} catch (error) {
    process.stderr.write(`${describeError(error)}\n`);
    process.exitCode = exitCodeOf(error);
}
