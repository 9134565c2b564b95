/** What went wrong in a run of the CLI. Errors are told apart by class, never by text; the words are the engine's own diagnostics. */
import { CommandError, ConcurrentUpdateError, StackNotFoundError } from "@pulumi/pulumi/automation/index.js";
import { LockedError } from "../../errors.ts";
import { EngineError } from "../engine.ts";
import type { EngineLock } from "../engine.ts";
import { describeEngineOwner } from "../engineLockOwner.ts";
import { nameOf, typeOf } from "../embedded/urn.ts";
import type { Problem } from "./events.ts";

export interface FailedRun {
    /** For people: `up`, `refresh`, ... */
    readonly name: string;
    readonly stack: string;
    readonly signal?: AbortSignal | undefined;
    /** What the engine said of it, as far as it came. */
    readonly problems: readonly Problem[];
    readonly locks: () => Promise<readonly EngineLock[]>;
    /** Takes the secrets out of a text. */
    readonly clean: (text: string) => Promise<string>;
}

/** That there is no stack stays the Automation API's error, for the caller to make it; what is no failure of the CLI stays as it is. */
export async function describeFailure(error: unknown, run: FailedRun): Promise<unknown> {
    const { name, stack, signal } = run;
    if (signal?.aborted === true) return new EngineError(`${name} was stopped; run it again to go on`, { cause: signal.reason });
    if (error instanceof ConcurrentUpdateError) return describeLocks(stack, await run.locks());
    if (!(error instanceof CommandError) || error instanceof StackNotFoundError) return error;
    const own = run.problems.filter(({ urn }) => urn !== undefined);
    // That the whole failed too says nothing beside what failed in it.
    const told = (own.length > 0 ? own : run.problems).map(describeProblem);
    const text = told.length > 0 ? [...new Set(told)].join("\n") : `${name} of stack ${stack}: ${error.message}`;
    const [first] = own;
    return new EngineError(await run.clean(text), first?.urn === undefined ? {} : { urn: first.urn });
}

function describeProblem({ message, urn }: Problem): string {
    return urn === undefined ? message : `${typeOf(urn)} ${nameOf(urn)}: ${message}`;
}

function describeLocks(stack: string, locks: readonly EngineLock[]): LockedError {
    const owners = locks.map(describeEngineOwner);
    return new LockedError(
        `stack ${stack} is locked by Pulumi: ${owners.length > 0 ? owners.join(", ") : "another run"}`,
        `wait until it has ended; when it is dead, remove its lock: node automation/deploy.ts unlock --stack ${stack}`);
}
