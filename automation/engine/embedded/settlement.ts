/** Ends the creates that a killed run had begun: what exists is read and taken into the state, the rest is forgotten. */
import { EngineError } from "../engine.ts";
import type { Settlement } from "../engine.ts";
import type { Provider } from "../provider.ts";
import { observe } from "./observation.ts";
import type { PendingStep, ResourceRecord, StackState } from "./state.ts";
import type { StepRunner } from "./stepRunner.ts";
import { nameOf } from "./urn.ts";

/**
 * The state after the settlements. What was made only in part is in it as it is, so the next `up` makes the rest.
 * @throws EngineError when nothing pending has the URN, or the cloud does not have the id
 */
export async function settleAll(state: StackState, settlements: readonly Settlement[], world: { provider: Provider; runner: StepRunner }): Promise<StackState> {
    const creates = new Map(state.pendingOperations.filter(isCreate).map((step) => [step.resource.urn, step]));
    for (const { urn } of settlements) {
        if (!creates.has(urn)) throw new EngineError(`${nameOf(urn)}: no create of it was interrupted, so there is nothing to settle`, { urn });
    }
    const found = await Promise.all(settlements.map(async ({ urn, id }) => {
        const { resource } = creates.get(urn) as PendingStep;
        return id === undefined ? undefined : read({ ...resource, id }, world);
    }));
    const made = found.filter((record) => record !== undefined);
    const settled = new Set(settlements.map(({ urn }) => urn));
    return {
        resources: [...made.reduce(replaceOld, state.resources), ...made],
        pendingOperations: state.pendingOperations.filter((step) => !isCreate(step) || !settled.has(step.resource.urn)),
    };
}

function isCreate({ operation }: PendingStep): boolean {
    return operation === "creating";
}

async function read(record: ResourceRecord, { provider, runner }: { provider: Provider; runner: StepRunner }): Promise<ResourceRecord> {
    const observed = await runner.read(record);
    const table = provider.resources.get(record.type)?.table;
    if (observed !== undefined && table !== undefined) return observe(record, observed, table).record;
    throw new EngineError(`${record.type} ${nameOf(record.urn)}: the cloud has none with the id ${record.id}, though it was said to have been made`, { urn: record.urn });
}

/** What the new one replaces is deleted at the end of the next run, or is gone already. */
function replaceOld(records: readonly ResourceRecord[], made: ResourceRecord): readonly ResourceRecord[] {
    return records.filter((record) => record.urn !== made.urn || !record.pendingReplacement)
        .map((record) => (record.urn === made.urn ? { ...record, pendingDeletion: true } : record));
}
