/** Runs one command: says what begins, takes the lock, asks, has it done, gives everything back, and says how it ended. */
import { findCommand } from "./commands/words.ts";
import type { Command } from "./commands/command.ts";
import { describeError, EXIT, exitCodeOf, OperatorError } from "./errors.ts";
import { listenForInterruption } from "./interruption.ts";
import type { HeldLock } from "./locks/lock.ts";
import { acquireStackLock } from "./locks/stackLock.ts";
import { openSession } from "./openSession.ts";
import type { OpenSession, SessionHost } from "./openSession.ts";
import type { DriverOptions } from "./options.ts";
import { openReporters } from "./openReporters.ts";
import type { Session } from "./session.ts";
import { refuseLocalState } from "./standIns.ts";
import { readVersions } from "./versions.ts";

/** The process's exit code. Whatever goes wrong is reported, and not thrown. */
export async function runCommand(options: DriverOptions, host: SessionHost): Promise<number> {
    const startedAt = new Date();
    const reporters = openReporters(options, host);
    const { reporter } = reporters;
    const interruption = listenForInterruption({
        onInterrupted: (message) => reporter.report({ kind: "note", message }),
        ...(options.timeoutMs === undefined ? {} : { timeoutMs: options.timeoutMs }),
    });
    let session: OpenSession | undefined;
    let failure: unknown;
    try {
        reporter.report({ kind: "run", command: nameOfRun(options), stack: options.stack, startedAt: startedAt.toISOString(), versions: await readVersions(host.projectFolder) });
        session = await openSession({ options, reporter, signal: interruption.signal, print: reporters.print }, host);
        await execute(findCommand(options.command), session);
    } catch (error) {
        failure = error;
    }
    const exitCode = failure === undefined ? EXIT.done : exitCodeOf(failure);
    const message = failure === undefined ? {} : { message: describeError(failure) };
    reporter.report({ kind: "end", exitCode, durationMs: Date.now() - startedAt.getTime(), ...message });
    reporters.close();
    if (failure !== undefined) host.stderr.write(`${describeError(failure)}\n`);
    session?.close();
    interruption.close();
    return exitCode;
}

/** Nothing is asked or touched before the lock is held; whatever happens, it is given back. */
async function execute(command: Command, session: Session): Promise<void> {
    const effect = command.effectOf?.(session.options, session.config) ?? command.effect;
    if (effect === "reads") return command.run(session);
    const accountId = expectAccount(session);
    const held = effect === "changes" ? await lock(session) : undefined;
    try {
        session.signal.throwIfAborted();
        await session.confirm(askFor(command, session, accountId));
        await command.run(session);
    } finally {
        await held?.release();
    }
}

async function lock(session: Session): Promise<HeldLock> {
    const { url } = await session.backend();
    refuseLocalState(url, session.environment);
    return acquireStackLock({ store: await session.locks(), stack: session.pulumiStack, command: nameOfRun(session.options), reporter: session.reporter });
}

function expectAccount({ accountId, accountProblem }: Session): string {
    if (accountId !== undefined) return accountId;
    throw new OperatorError(`no AWS account can be worked with: ${accountProblem ?? "there are no credentials"}`, "log in, for example with `aws sso login`; only preflight, preview and status work without");
}

function askFor({ name, question }: Command, { options, aws }: Session, accountId: string): string {
    return `${question?.(options) ?? `Run ${name} on stack ${options.stack}`} in account ${accountId}, ${aws.target.region}`;
}

/** `endpoints on` */
function nameOfRun({ command, argument }: DriverOptions): string {
    return argument === undefined ? command : `${command} ${argument}`;
}
