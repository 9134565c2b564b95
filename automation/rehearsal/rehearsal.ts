/** One rehearsal: a cloud, an engine and a run folder of its own, the same phases as a deployment, and a report. */
import { mkdir, rm, writeFile } from "node:fs/promises";
import { randomBytes } from "node:crypto";
import path from "node:path";
import { createNaming } from "../../components/naming.ts";
import { closeAwsClients, createAwsClients } from "../aws.ts";
import type { AwsClients } from "../aws.ts";
import { createEmbeddedEngine } from "../engine/embedded/embeddedEngine.ts";
import type { EmbeddedEngineOptions } from "../engine/embedded/embeddedEngine.ts";
import type { Engine } from "../engine/engine.ts";
import { QUICK_PROGRAM } from "../engine/programArguments.ts";
import type { PhaseContext } from "../phases/phase.ts";
import { readParameters } from "../outputs.ts";
import { runPhases } from "../phases/runPhases.ts";
import { teardownPhase } from "../phases/teardown.ts";
import { withKnownIds } from "../preflight/gathering/knownIds.ts";
import { recordPlans } from "../preflight/gathering/recordPlans.ts";
import type { RuleChoice } from "../preflight/ruleChoice.ts";
import type { Plans } from "../preflight/rule.ts";
import type { Reporter } from "../progress/reporter.ts";
import { rehearsalsFolder, removeOldRuns, stampOf } from "../runFiles.ts";
import { overrideValues, parseStackConfig, regionOf } from "../stackSettings.ts";
import type { StackSettings } from "../stackSettings.ts";
import { startCloud } from "./cloud/startCloud.ts";
import type { Cloud } from "./cloud/cloud.ts";
import { createEmbeddedHost } from "./engineHost.ts";
import type { EngineHost, HostOptions } from "./engineHost.ts";
import { buildEnvironment } from "./environment.ts";
import { createPlanningProvider, createRehearsalProvider } from "./handlers/provider.ts";
import { createPulumiHost } from "./pulumiHost.ts";
import type { Provider } from "../engine/provider.ts";

export interface RehearsalOptions {
    readonly projectFolder: string;
    readonly settings: StackSettings;
    /** From the project's folder. @default "index.ts" */
    readonly program?: string;
    /** CSV file to train on. */
    readonly dataFile: string;
    /** Interpreter of the prepared Python environment. */
    readonly python: string;
    readonly reporter: Reporter;
    readonly signal: AbortSignal;
    /** @default "embedded" */
    readonly engine?: Engine["kind"];
    /** Changes what the program asks for, to break things on purpose; on the embedded engine only. */
    readonly transformInputs?: EmbeddedEngineOptions["transformInputs"];
    /** Rules whose findings do not stop the run. @default none */
    readonly toleratedRules?: readonly string[];
    /** Rules of the preflight that are left out, each with its reason. @default none */
    readonly ruleChoice?: RuleChoice;
}

/** What a rehearsal runs on; end it with `close`. */
export interface Rehearsal {
    readonly folder: string;
    readonly cloud: Cloud;
    readonly engine: Engine;
    /** For the report: which engine, and its version. */
    readonly engineDescription: string;
    readonly provider: Provider;
    readonly context: PhaseContext;
    /** Records the program's graphs anew; `context.recordPlans` does it once. */
    readonly recordPlans: () => Promise<Plans>;
    /** Destroys the stack; one that protects its data (`destroyData` false) as with --delete-data: the cloud is to be empty at the end. */
    tearDown(): Promise<void>;
    /** The same stack in the same cloud after an edit of its file: values by key without prefix, each in place of the file's own. */
    reconfigure(values: Readonly<Record<string, unknown>>): Promise<PhaseContext>;
    /** Ends the cloud; removes the run's folder unless it is to be kept. */
    close(options: { readonly keepFiles: boolean }): Promise<void>;
}

/** Starts a rehearsal in a folder of its own, so that two at once do not meet. @throws OperatorError when the engine is not there */
export async function startRehearsal(options: RehearsalOptions): Promise<Rehearsal> {
    const folder = await makeRunFolder(options.projectFolder);
    const region = regionOf(options.settings);
    const cloud = await startCloud({ region, folder, python: options.python });
    const aws = createAwsClients(cloud.target);
    const extra = { NODE_COMPILE_CACHE: path.join(options.projectFolder, ".firstlight", "compile-cache") };
    const environment = buildEnvironment({ region, folder, endpoint: cloud.target.endpoint ?? "", extra });
    const provider = createRehearsalProvider({ target: cloud.target, accountId: cloud.accountId, environment, projectFolder: options.projectFolder });
    const shared = describeStack(options, { folder, environment, provider });
    const end = async ({ keepFiles }: { keepFiles: boolean }): Promise<void> => {
        closeAwsClients(aws);
        await cloud.stop();
        if (!keepFiles) await rm(folder, { recursive: true, force: true });
    };
    const host = await createHost(options, shared).catch(async (error: unknown) => {
        await end({ keepFiles: false });
        throw error;
    });
    const { engine } = host;
    const record = createPlanRecorder(options, { aws, cloud, shared });
    const context = buildContext(options, { aws, engine, record });
    return {
        folder, cloud, engine, provider, context,
        engineDescription: host.description,
        recordPlans: record,
        tearDown() {
            const deletesData = !context.config.destroyData;
            if (deletesData) options.reporter.report({ kind: "note", message: "the stack protects its data; a rehearsal deletes it, as `destroy --delete-data` does" });
            return runPhases([teardownPhase], { ...context, deletesData });
        },
        async reconfigure(values) {
            const settings = overrideValues(options.settings, values);
            const changed = { ...options, settings };
            return buildContext(changed, {
                aws, engine: await host.reconfigure(settings), record: createPlanRecorder(changed, { aws, cloud, shared: { ...shared, settings } }),
            });
        },
        async close(closing) {
            host.close();
            await end(closing);
        },
    };
}

async function createHost({ engine = "embedded" }: RehearsalOptions, shared: HostOptions): Promise<EngineHost> {
    return engine === "pulumi" ? createPulumiHost(shared) : createEmbeddedHost(shared);
}

async function makeRunFolder(projectFolder: string): Promise<string> {
    await removeOldRuns(projectFolder);
    const folder = path.join(rehearsalsFolder(projectFolder), `${stampOf(new Date())}-${process.pid}-${randomBytes(2).toString("hex")}`);
    await mkdir(folder, { recursive: true });
    // Functions are unpacked below this folder. Without it Node would find the project's own package.json and take them for ES modules.
    await writeFile(path.join(folder, "package.json"), '{ "type": "commonjs" }\n');
    return folder;
}

interface Run { readonly folder: string; readonly environment: NodeJS.ProcessEnv; readonly provider: Provider }

function describeStack({ projectFolder, program = "index.ts", settings, transformInputs }: RehearsalOptions, run: Run): HostOptions {
    return {
        projectFolder, program, settings, ...run,
        nodeArguments: QUICK_PROGRAM,
        stateFile: path.join(run.folder, "state.json"),
        // Nothing of a rehearsal is secret; the state is encrypted all the same, by the same code.
        passphrase: randomBytes(16).toString("hex"),
        ...(transformInputs === undefined ? {} : { transformInputs }),
    };
}

/** Plans are recorded by the embedded engine, whichever deploys. */
function createPlanRecorder(options: RehearsalOptions, { aws, cloud, shared }: { aws: AwsClients; cloud: Cloud; shared: HostOptions }): () => Promise<Plans> {
    const config = parseStackConfig(options.settings, undefined);
    const { accountId, target: { region } } = cloud;
    const { settings, folder: _, ...common } = shared;
    const { parameterPath } = createNaming(config, { accountId, region });
    return async () => recordPlans({
        config, region, accountId, parameters: await readParameters(aws, parameterPath), signal: options.signal,
        createRecorder: (parameters) => createEmbeddedEngine({
            ...common, project: settings.project, stack: settings.stack, config: settings.config,
            provider: withKnownIds(createPlanningProvider({ region, accountId, parameters })),
        }),
    });
}

interface Running { readonly aws: AwsClients; readonly engine: Engine; readonly record: () => Promise<Plans> }

function buildContext(options: RehearsalOptions, { aws, engine, record }: Running): PhaseContext {
    let plans: Promise<Plans> | undefined;
    return {
        stack: options.settings.stack,
        config: parseStackConfig(options.settings, undefined),
        engine, aws,
        reporter: options.reporter,
        dataFile: options.dataFile,
        signal: options.signal,
        // The program does not change during a run, so one look is enough.
        recordPlans: () => plans ??= record(),
        settings: options.settings,
        stackFile: { projectFolder: options.projectFolder, stack: options.settings.stack, project: options.settings.project },
        ...(options.ruleChoice === undefined ? {} : { ruleChoice: options.ruleChoice }),
        ...(options.toleratedRules === undefined ? {} : { toleratedRules: options.toleratedRules }),
    };
}
