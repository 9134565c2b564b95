/**
 * Takes resources that exist into a state that does not know them. What the program asks for is known from a plan of it, so an adopted
 * resource has the record that an undisturbed run would have left, with the cloud's values where they differ.
 */
import { randomUUID } from "node:crypto";
import { EngineError } from "../engine.ts";
import type { AdoptedResource } from "../engine.ts";
import type { PropertyMap, Provider } from "../provider.ts";
import { observe } from "./observation.ts";
import type { ResourceRecord } from "./state.ts";
import type { StepRunner } from "./stepRunner.ts";
import { isProviderType, nameOf, providerUrn } from "./urn.ts";
import { Secret, containsSecret, containsUnknown, isMap, mapValues } from "./values.ts";
import type { Value, ValueMap } from "./values.ts";

export interface AdoptionWorld {
    /** What the state has now. */
    readonly known: readonly ResourceRecord[];
    /** Everything that the program declares, in an order in which parents and dependencies come first. */
    readonly planned: readonly ResourceRecord[];
    readonly provider: Provider;
    readonly runner: StepRunner;
}

/**
 * All records of the state afterwards. What the state knows already stays as it is; components and providers are made as they are needed.
 * @throws EngineError when the program does not declare a resource, or the cloud does not have it
 */
export async function adoptAll(adopted: readonly AdoptedResource[], world: AdoptionWorld): Promise<readonly ResourceRecord[]> {
    const planned = new Map(world.planned.map((record) => [record.urn, record]));
    for (const { urn, type, name } of adopted) {
        if (!planned.has(urn)) throw new EngineError(`${type} ${name}: the program does not declare ${urn}, so it cannot be adopted`, { urn });
    }
    const known = new Map(world.known.map((record) => [record.urn, record]));
    const wanted = new Map(adopted.map((resource) => [resource.urn, resource]));
    const needed = ancestorsOf([...wanted.keys()], planned);
    const made = world.planned.filter(({ urn }) => !known.has(urn) && (wanted.has(urn) || needed.has(urn)));
    const records = await Promise.all(made.map((record) => adopt(record, wanted.get(record.urn), world)));
    return linkProviders([...world.known, ...records]);
}

/** Parents and providers of the resources, and theirs. */
function ancestorsOf(urns: readonly string[], planned: ReadonlyMap<string, ResourceRecord>): Set<string> {
    const found = new Set<string>();
    const open = [...urns];
    for (let urn = open.pop(); urn !== undefined; urn = open.pop()) {
        const { parent, provider } = planned.get(urn) ?? {};
        for (const above of [parent, providerUrn(provider ?? "")]) {
            if (above === undefined || above === "" || found.has(above)) continue;
            found.add(above);
            open.push(above);
        }
    }
    return found;
}

async function adopt(planned: ResourceRecord, resource: AdoptedResource | undefined, world: AdoptionWorld): Promise<ResourceRecord> {
    if (isProviderType(planned.type)) return { ...planned, id: randomUUID() };
    if (!planned.custom) return { ...planned, outputs: {} };
    const id = resource?.stateId ?? resource?.id;
    const described = `${planned.type} ${nameOf(planned.urn)}`;
    if (id === undefined) throw new EngineError(`${described}: it is needed by what is adopted and has no id itself; adopt it too`, { urn: planned.urn });
    const record: ResourceRecord = { ...planned, id, inputs: fillUnknowns(planned.inputs, resource?.inputs ?? {}), outputs: {} };
    const observed = await world.runner.read(record);
    const table = world.provider.resources.get(planned.type)?.table;
    if (observed === undefined || table === undefined) throw new EngineError(`${described}: the cloud has none with the id ${id}`, { urn: planned.urn });
    const { record: found } = observe(record, observed, table);
    return { ...found, inputs: withoutUnknowns(found.inputs) as ValueMap, outputs: withoutUnknowns(found.outputs) as ValueMap };
}

/** What the plan could not know, and whoever found the resource did. */
function fillUnknowns(inputs: ValueMap, given: PropertyMap): ValueMap {
    return mapValues(inputs, (value, name): Value => {
        const better = given[name];
        if (better === undefined || !containsUnknown(value)) return value;
        return containsSecret(value) ? new Secret(better) : better;
    });
}

/** What is neither known nor read (a value that only the state keeps) is left out: the next `up` writes it. */
function withoutUnknowns(value: Value): Value {
    if (value instanceof Secret) return new Secret(withoutUnknowns(value.value));
    if (Array.isArray(value)) return value.filter((item: Value) => !isUnknown(item)).map((item: Value) => withoutUnknowns(item));
    return isMap(value) ? mapValues(value, (inner) => (isUnknown(inner) ? undefined : withoutUnknowns(inner))) : value;
}

function isUnknown(value: Value): boolean {
    return !Array.isArray(value) && !isMap(value) && containsUnknown(value);
}

/** In a plan a provider that does not exist yet has no id; the resources refer to the one that it has now. */
function linkProviders(records: readonly ResourceRecord[]): ResourceRecord[] {
    const references = new Map(records.filter(({ type }) => isProviderType(type)).map(({ urn, id = "" }) => [urn, `${urn}::${id}`]));
    return records.map((record) => {
        const provider = references.get(providerUrn(record.provider ?? ""));
        return provider === undefined ? record : { ...record, provider };
    });
}
