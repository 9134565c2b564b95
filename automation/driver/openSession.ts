/** Finds out about the stack what every command needs, touching nothing. */
import { GetCallerIdentityCommand } from "@aws-sdk/client-sts";
import { pulumiStackOf } from "../../components/environmentName.ts";
import type { AccountLookup } from "../account/accountLookup.ts";
import { closeAwsClients, createAwsClients } from "../aws.ts";
import type { AwsClients, AwsTarget } from "../aws.ts";
import { findCommand } from "./commands/words.ts";
import { confirm } from "./confirmation.ts";
import type { DriverHost, EnginePlace } from "./driverHost.ts";
import type { Engine } from "../engine/engine.ts";
import type { StackExport } from "../engine/pulumi/checkpoint.ts";
import type { Cli } from "../engine/pulumi/cli.ts";
import { createOfflineEngine } from "../engine/offlineEngine.ts";
import { findBackend, placeOf } from "../locks/backendUrl.ts";
import type { Backend } from "../locks/backendUrl.ts";
import { lockStoreOf } from "../locks/lockStore.ts";
import type { DriverOptions } from "./options.ts";
import { OperatorError } from "../errors.ts";
import type { PhaseContext } from "../phases/phase.ts";
import type { Plans } from "../preflight/rule.ts";
import type { Reporter } from "../progress/reporter.ts";
import type { SecretMasker } from "./secretMasker.ts";
import type { Session } from "./session.ts";
import { parseStackConfig, readStackSettings, regionOf } from "../stackSettings.ts";
import { refuseEmulatedAccount, refuseForeignHosts, refuseStandIns } from "./standIns.ts";

export interface SessionHost extends DriverHost {
    readonly masker: SecretMasker;
}

export interface OpenSession extends Session {
    close(): Promise<void>;
}

/** What the session is given, beside the host. */
export interface SessionRun {
    readonly options: DriverOptions;
    readonly reporter: Reporter;
    readonly signal: AbortSignal;
    /** Where `print` writes. */
    print(text: string): void;
}

/** @throws OperatorError for settings that are wrong, and for a deployment that would not go to AWS. ConfigError with all findings. */
export async function openSession({ options, reporter, signal, print }: SessionRun, host: SessionHost): Promise<OpenSession> {
    const { projectFolder } = host;
    const environment = { ...host.environment, ENVIRONMENT_SUFFIX: options.suffix ?? "" };
    const isStrict = !options.allowEmulator && !options.isOffline && findCommand(options.command).toleratesStandIns !== true;
    if (isStrict) await refuseStandIns(environment);
    const settings = await readStackSettings(projectFolder, options.stack);
    const config = parseStackConfig(settings, options.suffix);
    const pulumiStack = pulumiStackOf(options);
    const command = findCommand(options.command);
    const effect = command.effectOf?.(options, config) ?? command.effect;
    const cliOnPath = host.createEngine === undefined && effect === "changes" ? lookForCli(environment) : undefined;
    const { patience } = findCommand(options.command);
    const aws = openAws({ ...targetOf(environment, regionOf(settings)), ...(patience === undefined ? {} : { patience }) }, host, { allowsOthers: options.allowEmulator || options.isOffline });
    const account = options.isOffline ? { problem: "--offline" } : await findAccount(aws, host.masker);
    if (isStrict) refuseEmulatedAccount(account.accountId);
    const place: EnginePlace = { projectFolder, settings, pulumiStack, environment, target: aws.target };
    const backend = (): Promise<Backend> => findBackend({ projectFolder, environment });
    let engine: Promise<Engine> | undefined;
    let lookup: Promise<AccountLookup> | undefined;
    const session: OpenSession = {
        projectFolder, environment, options, settings, config, pulumiStack, aws, reporter, signal, print, backend,
        accountId: account.accountId, accountProblem: account.problem,
        engine: () => engine ??= host.createEngine?.(place) ?? backend().then((found) => createPulumi(place, found, { reporter, cliOnPath })),
        async locks() {
            const { url: backendUrl } = await backend();
            return lockStoreOf({ backendUrl, project: settings.project, stack: pulumiStack, projectFolder, aws: aws.target });
        },
        lookup: () => lookup ??= lookInto(session),
        phaseContext: (scope) => buildPhaseContext(session, scope?.isOffline ?? false),
        confirm: (question) => confirm(question, { options, pulumiStack, preset: config.preset, signal }, host),
        async close() {
            if (lookup !== undefined) await closeLookup(lookup);
            closeAwsClients(aws);
        },
    };
    return session;
}

interface PulumiRun {
    readonly reporter: Reporter;
    readonly cliOnPath: Promise<Cli | undefined> | undefined;
}

/** Begun while the account is asked: it takes a fifth of a second, and changes nothing. */
async function lookForCli(environment: Readonly<NodeJS.ProcessEnv>): Promise<Cli | undefined> {
    return (await import("../engine/pulumi/cli.ts")).lookOnPath(environment);
}

/** An engine that cannot look into a bucket sees no locks there. */
async function createPulumi(place: EnginePlace, backend: Backend, { reporter, cliOnPath }: PulumiRun): Promise<Engine> {
    const { projectFolder, pulumiStack, environment, target } = place;
    const [{ createPulumiEngine }, { S3Client }, { parseS3Backend }] = await Promise.all([
        import("../engine/pulumi.ts"), import("@aws-sdk/client-s3"), import("../locks/s3Backend.ts"),
    ]);
    const s3 = backend.url.startsWith("s3:") ? { s3: new S3Client(parseS3Backend(backend.url, target).client) } : {};
    const secretsProvider = environment["FIRSTLIGHT_SECRETS_PROVIDER"] ?? "";
    const engine = await createPulumiEngine({ projectFolder, stack: pulumiStack, inherited: environment, cliOnPath, ...s3, ...(secretsProvider === "" ? {} : { secretsProvider }) });
    reporter.report({ kind: "note", message: `Pulumi ${engine.describe().version}, state in ${placeOf(backend)}` });
    return engine;
}

/** @throws OperatorError without an account */
async function lookInto(session: OpenSession): Promise<AccountLookup> {
    if (session.accountId === undefined) {
        throw new OperatorError(`there is no account to look into: ${session.accountProblem ?? "no credentials"}`, "log in, for example with `aws sso login`");
    }
    const { openLookup } = await import("./planStack.ts");
    const lookup = await openLookup(session);
    if (!session.options.allowEmulator) refuseForeignHosts(lookup.clients);
    return lookup;
}

async function closeLookup(lookup: Promise<AccountLookup>): Promise<void> {
    const { closeAccountClients } = await import("../account/clients.ts");
    await lookup.then(({ clients }) => closeAccountClients(clients), () => undefined);
}

function targetOf(environment: Readonly<NodeJS.ProcessEnv>, region: string): AwsTarget {
    const endpoint = environment["AWS_ENDPOINT_URL"] ?? "";
    return { region, ...(endpoint === "" ? {} : { endpoint }) };
}

function openAws(target: AwsTarget, host: SessionHost, { allowsOthers }: { readonly allowsOthers: boolean }): AwsClients {
    const aws = host.createAws?.(target) ?? createAwsClients(target);
    if (!allowsOthers) refuseForeignHosts(aws);
    return aws;
}

/** Whatever the reason: without credentials, or without a network, there is no account to work with. */
async function findAccount({ sts }: AwsClients, masker: SecretMasker): Promise<{ readonly accountId?: string; readonly problem?: string }> {
    try {
        const { Account } = await sts.send(new GetCallerIdentityCommand({}));
        const { accessKeyId, secretAccessKey, sessionToken } = await sts.config.credentials();
        masker.addKeys(accessKeyId, secretAccessKey, sessionToken);
        return Account === undefined ? { problem: "AWS did not say which account it is" } : { accountId: Account };
    } catch (error) {
        return { problem: error instanceof Error ? error.message : String(error) };
    }
}

/** By the state's own file, so that no CLI is installed to look. */
async function lookAtState({ projectFolder, settings, pulumiStack, environment, aws, options }: OpenSession): Promise<StackExport> {
    const { findState } = await import("../preflight/gathering/findState.ts");
    const { project } = settings;
    return findState({ projectFolder, project, stack: pulumiStack, environment, target: aws.target, isOffline: options.isOffline });
}

async function buildPhaseContext(session: OpenSession, isOffline: boolean): Promise<PhaseContext> {
    const { pulumiStack, config, aws, reporter, options, signal, environment } = session;
    const apiToken = environment["FIRSTLIGHT_API_TOKEN"] ?? "";
    let plans: Promise<Plans> | undefined;
    return {
        stack: pulumiStack, config, aws, reporter, signal,
        engine: isOffline ? createOfflineEngine(() => lookAtState(session)) : await session.engine(),
        dataFile: options.dataFile,
        refresh: options.refresh,
        deletesData: options.deletesData,
        isOffline: options.isOffline,
        ruleChoice: options.ruleChoice,
        settings: session.settings,
        runner: { projectFolder: session.projectFolder, environment },
        stackFile: { projectFolder: session.projectFolder, stack: options.stack, project: session.settings.project },
        lookup: () => session.lookup(),
        ...(session.accountId === undefined ? {} : { accountId: session.accountId }),
        ...(session.accountProblem === undefined ? {} : { accountProblem: session.accountProblem }),
        ...(apiToken === "" ? {} : { apiToken }),
        // The program does not change during a run, so one look is enough.
        recordPlans: () => plans ??= import("./planStack.ts").then(({ planStack }) => planStack(session)),
    };
}
