/** Runs one command: says what begins, takes the lock, asks, has it done, gives everything back, and says how it ended. */
import { pulumiStackOf } from "../../components/environmentName.ts";
import { explainError } from "../cloudErrors/explain.ts";
import type { Command } from "./commands/command.ts";
import { exitCodeOfCommand } from "./commands/exitCode.ts";
import { findCommand } from "./commands/words.ts";
import type { DiagnosisSource } from "./diagnosis/gatherDiagnosis.ts";
import { displayPath } from "../displayPath.ts";
import { describeError, EXIT } from "../errorReport.ts";
import { OperatorError } from "../errors.ts";
import { listenForInterruption } from "./interruption.ts";
import type { HeldLock } from "../locks/lock.ts";
import { acquireStackLock } from "../locks/stackLock.ts";
import { openSession } from "./openSession.ts";
import type { OpenSession, SessionHost } from "./openSession.ts";
import type { DriverOptions } from "./options.ts";
import { openReporters } from "./openReporters.ts";
import type { DriverEvent, TimedEvent } from "../progress/reporter.ts";
import type { Session } from "./session.ts";
import { refuseLocalState } from "./standIns.ts";
import { removeOldRuns } from "../runFiles.ts";
import { readVersions } from "./versions.ts";

/** The process's exit code. Whatever goes wrong is reported, and not thrown. */
export async function runCommand(options: DriverOptions, host: SessionHost): Promise<number> {
    const startedAt = new Date();
    const reporters = openReporters(options, host);
    const { reporter } = reporters;
    const command = findCommand(options.command);
    const interruption = listenForInterruption({
        onInterrupted: (message) => reporter.report({ kind: "note", message }),
        ...(options.timeoutMs === undefined ? {} : { timeoutMs: options.timeoutMs }),
    });
    let session: OpenSession | undefined;
    const end: RunEnd = { touched: false };
    try {
        const versions = await readVersions(host.projectFolder);
        reporter.report({ kind: "run", command: nameOfRun(options), stack: pulumiStackOf(options), startedAt: startedAt.toISOString(), versions });
        session = await openSession({ options, reporter, signal: interruption.signal, print: reporters.print }, host)
            .catch(async (error: unknown) => { throw await command.onRefused?.(error, { options, reporter, projectFolder: host.projectFolder }) ?? error; });
        await execute(command, session, end);
    } catch (error) {
        // What breaks when everything is asked to end is not why it ended.
        end.failure = interruption.signal.aborted ? interruption.signal.reason : explainError(error);
    }
    if (options.sarifFile !== undefined) await tellCodeScanning(options.sarifFile, { options, events: reporters.events, end }, host);
    const exitCode = exitCodeAt(end, command);
    const durationMs = Date.now() - startedAt.getTime();
    const last: DriverEvent = { kind: "end", exitCode, durationMs, ...(end.failure === undefined ? {} : { message: describeError(end.failure) }) };
    // Who interrupts a run wants it gone.
    if (end.touched && session !== undefined && !interruption.signal.aborted) {
        await writeReport(session, [...reporters.events, host.masker.maskAll({ atMs: durationMs, ...last })]);
    }
    reporter.report(last);
    reporters.close();
    if (end.failure !== undefined) host.stderr.write(`${describeError(end.failure)}\n${end.touched && (exitCode !== EXIT.operator || reporters.events.some(isChange)) ? KEPT : ""}`);
    if (options.diagnose) await diagnose({ options, session, events: reporters.events }, host);
    await session?.close();
    interruption.close();
    return exitCode;
}

/** How a run ends; filled while it goes on. */
interface RunEnd {
    failure?: unknown;
    /** Whether anything can have been changed. */
    touched: boolean;
}

function exitCodeAt({ failure }: RunEnd, command: Command): number {
    return failure === undefined ? EXIT.done : exitCodeOfCommand(command, failure);
}

interface Told { readonly options: DriverOptions; readonly events: readonly TimedEvent[]; readonly end: RunEnd }

/** A run whose file could not be written has failed, if only by that. */
async function tellCodeScanning(file: string, { options, events, end }: Told, { projectFolder, masker }: SessionHost): Promise<void> {
    const { writeSarif } = await import("./commands/preflighting/writeSarif.ts");
    const failure = end.failure === undefined ? {} : { failure: masker.mask(describeError(end.failure)) };
    await writeSarif(file, { options, projectFolder, events, exitCode: exitCodeAt(end, findCommand(options.command)), ...failure })
        .catch((error: unknown) => { end.failure ??= error; });
}

/** Of the commands that take --report. */
async function writeReport({ options, projectFolder, pulumiStack, reporter, engine }: Session, events: readonly TimedEvent[]): Promise<void> {
    if (findCommand(options.command).options?.includes("report") !== true) return;
    const { defaultReportFile, writeRunReport } = await import("../report/html/writeHtmlReport.ts");
    const resources = await engine().then((found) => found.resources()).catch(() => []);
    const file = options.reportFile ?? defaultReportFile(projectFolder, pulumiStack, new Date());
    await writeRunReport({ title: `Deployment of ${pulumiStack}`, events, resources }, { file, reporter });
}

/** A run that is refused, for a lost state for example, has told of none. */
function isChange({ kind }: TimedEvent): boolean {
    return kind === "resource" || kind === "state";
}

const KEPT = "What was made is kept in the state: the same command goes on from there.\n";

/** Never the reason why a command fails. */
async function diagnose(source: Omit<DiagnosisSource, "environment">, { environment, masker, stderr, projectFolder }: SessionHost): Promise<void> {
    try {
        const { writeDiagnosis } = await import("./diagnosis/writeDiagnosis.ts");
        const { file, contents } = await writeDiagnosis({ ...source, environment }, { masker, projectFolder });
        stderr.write(`The bundle lies in ${displayPath(file)}. In it, secrets masked:\n${contents.map(({ name, text }) => `  ${name}: ${text}\n`).join("")}`);
    } catch (error) {
        stderr.write(`The bundle could not be written: ${describeError(error)}\n`);
    }
}

/** Nothing is asked or touched before the lock is held; whatever happens, it is given back. */
async function execute(command: Command, session: Session, end: RunEnd): Promise<void> {
    await command.check?.(session);
    const effect = command.effectOf?.(session.options, session.config) ?? command.effect;
    if (effect === "reads") return command.run(session);
    const place = `${command.needsNoAccount === true && session.accountId === undefined ? "" : `account ${expectAccount(session)}, `}${session.aws.target.region}`;
    const held = effect === "changes" ? await lock(session) : undefined;
    try {
        session.signal.throwIfAborted();
        // By the name of its state: an environment beside a stack is not to be taken for the stack.
        const question = await command.question?.({ ...session.options, stack: session.pulumiStack }, session) ?? nameOfRun(session.options);
        await session.confirm(`${question} in ${place}`);
        end.touched = effect === "changes";
        if (end.touched) await removeOldRuns(session.projectFolder);
        await command.run(session);
    } finally {
        await held?.release().catch((error: unknown) => session.reporter.report(
            { kind: "note", message: `the lock could not be given back: ${describeError(error)}` },
        ));
    }
}

async function lock(session: Session): Promise<HeldLock> {
    const { url } = await session.backend();
    refuseLocalState(url, session.environment);
    return acquireStackLock({ store: await session.locks(), stack: session.pulumiStack, command: nameOfRun(session.options), reporter: session.reporter });
}

function expectAccount({ accountId, accountProblem }: Session): string {
    if (accountId !== undefined) return accountId;
    throw new OperatorError(`no AWS account can be worked with: ${accountProblem ?? "there are no credentials"}`,
        "log in, for example with `aws sso login`; only preflight, preview, status and unlock work without");
}

/** `endpoints on` */
function nameOfRun({ command, argument }: DriverOptions): string {
    return argument === undefined ? command : `${command} ${argument}`;
}
