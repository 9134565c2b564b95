/**
 * Reads every resource of a state and puts what the cloud has in its place, as the real engine's refresh does: what is gone is taken out,
 * what depends on it stays, and what differs differs from then on in the state too, so that the next `up` puts it right.
 */
import type { Drift } from "../engine.ts";
import type { Provider } from "../provider.ts";
import { driftedProperties, observe } from "./observation.ts";
import type { ResourceRecord } from "./state.ts";
import type { StepRunner } from "./stepRunner.ts";
import { isProviderType, nameOf } from "./urn.ts";

export interface RefreshResult {
    readonly resources: readonly ResourceRecord[];
    readonly drift: readonly Drift[];
}

interface Refreshed {
    /** Undefined when it is gone. */
    readonly record: ResourceRecord | undefined;
    readonly drift: Drift | undefined;
}

/** @throws EngineError for the first resource that cannot be read, after all reads that had begun have ended. */
export async function refreshAll(records: readonly ResourceRecord[], provider: Provider, runner: StepRunner): Promise<RefreshResult> {
    const results = await Promise.allSettled(records.map((record) => refreshOne(record, provider, runner)));
    const failed = results.find((result) => result.status === "rejected");
    if (failed !== undefined) throw runner.failure ?? failed.reason;
    const refreshed = results.filter((result) => result.status === "fulfilled").map(({ value }) => value);
    return {
        resources: withoutLooseEnds(refreshed.flatMap(({ record }) => (record === undefined ? [] : [record]))),
        drift: refreshed.flatMap(({ drift }) => (drift === undefined ? [] : [drift])),
    };
}

/** Components and providers exist in the state alone, and what waits for its replacement is deleted already. */
async function refreshOne(record: ResourceRecord, provider: Provider, runner: StepRunner): Promise<Refreshed> {
    if (!record.custom || isProviderType(record.type) || record.pendingReplacement) return { record, drift: undefined };
    const observed = await runner.read(record);
    const table = provider.resources.get(record.type)?.table;
    if (observed === undefined || table === undefined) return { record: undefined, drift: describe(record, "deleted", []) };
    const observation = observe(record, observed, table);
    const properties = driftedProperties(observation.differences, record.ignoreChanges);
    return { record: observation.record, drift: properties.length === 0 ? undefined : describe(record, "changed", properties) };
}

function describe({ urn, type }: ResourceRecord, kind: Drift["kind"], properties: readonly string[]): Drift {
    return { urn, type, name: nameOf(urn), kind, properties };
}

/** Without references to what is gone. */
function withoutLooseEnds(records: readonly ResourceRecord[]): ResourceRecord[] {
    const known = new Set(records.map(({ urn }) => urn));
    const isKnown = (urn: string): boolean => known.has(urn);
    return records.map((record) => {
        const { parent, deletedWith, ...rest } = record;
        const propertyDependencies = Object.entries(record.propertyDependencies).map(([name, urns]) => [name, urns.filter(isKnown)] as const);
        return {
            ...rest,
            dependencies: record.dependencies.filter(isKnown),
            propertyDependencies: Object.fromEntries(propertyDependencies),
            ...(parent !== undefined && isKnown(parent) ? { parent } : {}),
            ...(deletedWith !== undefined && isKnown(deletedWith) ? { deletedWith } : {}),
        };
    });
}
