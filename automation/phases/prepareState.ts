/** Before the first change of a run the state is brought to what is true: what a killed run began, what was changed by hand, whether it was lost. */
import type { Drift, Engine, EngineEvent, StackResource } from "../engine/engine.ts";
import { OperatorError } from "../errors.ts";
import { settleEngineLocks } from "../locks/engineLocks.ts";
import type { PhaseContext } from "./phase.ts";
import { refuseForeignState } from "./statePlace.ts";

/** Engines whose state this run has looked at. Only the run itself changes it then, so once is enough. */
const prepared = new WeakSet<Engine>();

/**
 * Settles what was interrupted, refreshes where the context asks for it, and stops a run that would make everything a second time. A state
 * that is empty, and has reason to be, costs nothing.
 *
 * @throws OperatorError when the state is empty although resources of the stack exist, or is of another account or
 * region, or when what held data is gone
 * @throws LockedError when somebody works on the stack who is no driver, or a killed driver's engine does not end
 */
export async function prepareState(context: PhaseContext): Promise<void> {
    const { engine, refresh } = context;
    if (prepared.has(engine)) return;
    await settleEngineLocks(engine, context);
    // At once: an engine that reads its state as a whole reads it once for both.
    const [resources, pending] = await Promise.all([engine.resources(), engine.pendingOperations()]);
    // Before anything is looked for: what a killed run had begun elsewhere would be taken for not made.
    refuseForeignState(context, resources);
    const wasKilled = pending.length > 0 && await settlePending(context);
    const isEmpty = !(wasKilled ? await engine.resources() : resources).some(isInAccount);
    if (!isEmpty && (refresh === true || wasKilled)) await refreshState(context, { wasKilled });
    // A run that was killed at its beginning leaves little in the state, but it has not lost it.
    if (isEmpty && !wasKilled) await refuseLostState(context);
    prepared.add(engine);
}

/** Whether a run was killed. Code that only then is needed is only then loaded. */
async function settlePending(context: PhaseContext): Promise<boolean> {
    const lookup = await context.lookup?.();
    if (lookup === undefined) return false;
    const { resolvePendingOperations } = await import("../account/pendingOperations.ts");
    return resolvePendingOperations(context, lookup);
}

async function refreshState({ engine, reporter, signal, stack }: PhaseContext, { wasKilled }: { readonly wasKilled: boolean }): Promise<void> {
    const onEvent = (event: EngineEvent): void => reporter.report(event);
    const drift = await engine.refresh({ onEvent, signal });
    if (drift.length > 0) reporter.report({ kind: "drift", drift });
    // What a killed destroy had deleted is gone on purpose.
    if (!wasKilled) refuseLostData(stack, drift);
}

/** What cannot be made again by declaring it, or opens what cannot. */
const HOLDS_DATA: ReadonlySet<string> = new Set(["aws:dynamodb/table:Table", "aws:s3/bucket:Bucket", "aws:kms/key:Key"]);

function refuseLostData(stack: string, drift: readonly Drift[]): void {
    const lost = drift.filter(({ kind, type }) => kind === "deleted" && HOLDS_DATA.has(type));
    if (lost.length === 0) return;
    throw new OperatorError(
        `${lost.map(({ type, name }) => `${type} ${name}`).join(", ")} of ${stack} was deleted by somebody: an up would make it anew, and empty`,
        `bring it back (docs/restore.md), then \`node automation/deploy.ts adopt --stack ${stack}\`; to have it made empty, run the same command again`,
    );
}

async function refuseLostState(context: PhaseContext): Promise<void> {
    const lookup = await context.lookup?.();
    if (lookup === undefined) return;
    const { refuseOrphans } = await import("../account/adopt.ts");
    await refuseOrphans(context, lookup);
}

/** Components and providers are made before anything of theirs. */
function isInAccount({ custom, type }: StackResource): boolean {
    return custom && !type.startsWith("pulumi:providers:");
}
