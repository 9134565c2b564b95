/** What a killed run had begun: whether it was done is found out, and the state is told. */
import type { Engine, EngineEvent, PendingOperation, Settlement, StackResource } from "../engine/engine.ts";
import { CloudRefusal } from "../errors.ts";
import { paceOf } from "../phases/pace.ts";
import type { Reporter } from "../progress/reporter.ts";
import { waitFor } from "../waiting.ts";
import type { AccountLookup } from "./accountLookup.ts";
import { stateIdOf } from "./identities.ts";
import { unfinishedTypes } from "./unfinished.ts";

export interface PendingContext {
    readonly engine: Engine;
    readonly reporter: Reporter;
    readonly signal: AbortSignal;
}

/** Longer than AWS takes for the slowest of them, an endpoint. */
const LIMIT_MS = 40 * 60_000;

type Outcome = "adopted" | "forgotten" | "deleted";

/**
 * Settles every create that was interrupted: what exists goes into the state, half-made things are waited for, or deleted when nothing can become
 * of them; the rest is forgotten and made by the next `up`. Updates and deletes need nothing: a refresh sees what became of them.
 *
 * @returns whether there was anything, also of other kinds
 * @throws CloudRefusal when something is still being made or deleted after 40 minutes
 */
export async function resolvePendingOperations(context: PendingContext, lookup: AccountLookup): Promise<boolean> {
    const { engine, reporter, signal } = context;
    const pending = await engine.pendingOperations();
    const creates = pending.filter(({ operation }) => operation === "creating");
    if (creates.length === 0) return pending.length > 0;
    const taken = takenIds(await engine.resources());
    const settlements: Settlement[] = [];
    for (const operation of creates) {
        const { outcome, id } = await resolveCreate(operation, { context, lookup, taken });
        settlements.push({ urn: operation.urn, ...(id === undefined ? {} : { id }) });
        reporter.report({ kind: "pending", urn: operation.urn, operation: operation.operation, outcome, message: describe(operation, outcome, id) });
    }
    await engine.settle(settlements, { onEvent: (event: EngineEvent) => reporter.report(event), signal });
    return true;
}

interface CreateWorld {
    readonly context: PendingContext;
    readonly lookup: AccountLookup;
    /** By type; ids that others have. */
    readonly taken: Map<string, Set<string>>;
}

async function resolveCreate(operation: PendingOperation, world: CreateWorld): Promise<{ outcome: Outcome; id?: string }> {
    const { type, inputs } = operation;
    const { clients, identities } = world.lookup;
    const identity = identities.get(type);
    if (identity === undefined || identity.isRepeatable) return { outcome: "forgotten" };
    const wasDeleted = await awaitFinished(operation, world);
    const taken = world.taken.get(type) ?? new Set();
    world.taken.set(type, taken);
    const found = await identity.find(inputs, clients, taken);
    if (found === undefined) return { outcome: wasDeleted ? "deleted" : "forgotten" };
    const id = stateIdOf(found);
    taken.add(id);
    return { outcome: "adopted", id };
}

/** Whether something had to be deleted. */
async function awaitFinished({ type, name, inputs }: PendingOperation, { context, lookup }: CreateWorld): Promise<boolean> {
    const unfinished = unfinishedTypes.get(type);
    if (unfinished === undefined) return false;
    const { clients, owner } = lookup;
    let wasDeleted = false;
    const settle = async (): Promise<true | undefined> => {
        const progress = await unfinished.look(inputs, clients, owner);
        if (progress === "useless") {
            await unfinished.remove?.(inputs, clients, owner);
            wasDeleted = true;
        }
        return progress === "settled" ? true : undefined;
    };
    const settled = await waitFor(settle, { intervalMs: paceOf(clients.aws).intervalMs, limitMs: LIMIT_MS, signal: context.signal });
    if (settled === true) return wasDeleted;
    const what = `${type} ${name}: a killed run began to make it, and it is still not ready after ${LIMIT_MS / 60_000} minutes`;
    throw new CloudRefusal(what, "look at it in the console, then run this again");
}

function takenIds(resources: readonly StackResource[]): Map<string, Set<string>> {
    const taken = new Map<string, Set<string>>();
    for (const { type, id } of resources) {
        if (id === undefined) continue;
        const ids = taken.get(type) ?? new Set();
        taken.set(type, ids.add(id));
    }
    return taken;
}

function describe({ type, name }: PendingOperation, outcome: Outcome, id: string | undefined): string {
    const said: Readonly<Record<Outcome, string>> = {
        adopted: `it exists as ${id}, and is in the state now`,
        forgotten: "it will be made again",
        deleted: "it could not become anything, so it was deleted and will be made again",
    };
    return `${type} ${name}: a run was killed while making it; ${said[outcome]}`;
}
