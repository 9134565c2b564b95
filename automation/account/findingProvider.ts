/** Plans the program against what exists: each resource is looked for when the program declares it, so that those after it see its real id. */
import { DescribeAvailabilityZonesCommand } from "@aws-sdk/client-ec2";
import type { StackResource } from "../engine/engine.ts";
import type { CreateRequest, InvokeHandler, PredictedState, PropertyMap, Provider, ResourceHandler, ResourceTable } from "../engine/provider.ts";
import type { AccountClients } from "./clients.ts";
import { stateIdOf } from "./identities.ts";
import type { Identities } from "./identities.ts";
import type { FoundResource, Identity } from "./identity.ts";

/** A resource that the program declares and that exists, with what the program asks for it. */
export interface Finding {
    readonly found: FoundResource;
    readonly inputs: PropertyMap;
}

export interface FindingWorld {
    readonly clients: AccountClients;
    readonly identities: Identities;
    /** What the state has already: it is not looked for. */
    readonly known: readonly StackResource[];
}

export interface FindingProvider {
    readonly provider: Provider;
    /** By URN; complete when the plan is. */
    readonly findings: ReadonlyMap<string, Finding>;
}

const ZONES = "aws:index/getAvailabilityZones:getAvailabilityZones";

/** @param planning predicts what does not exist */
export function createFindingProvider(planning: Provider, world: FindingWorld): FindingProvider {
    const findings = new Map<string, Finding>();
    const known = new Map(world.known.map((resource) => [resource.urn, resource]));
    const resources = [...planning.resources].map(([type, handler]) => {
        const search = new TypeSearch(world.identities.get(type), world, world.known.filter((resource) => resource.type === type));
        return [type, findFirst(handler, { search, known, findings })] as const;
    });
    const zones = planning.invokes.get(ZONES);
    const invokes = new Map([...planning.invokes, ...(zones === undefined ? [] : [[ZONES, askZones(zones, world.clients)] as const])]);
    return { provider: { ...planning, resources: new Map(resources), invokes }, findings };
}

/** Looks for the resources of one type one after the other, so that two of them cannot find the same. */
class TypeSearch {
    readonly #identity: Identity | undefined;
    readonly #clients: AccountClients;
    readonly #taken: Set<string>;
    #last: Promise<unknown> = Promise.resolve();

    constructor(identity: Identity | undefined, { clients }: FindingWorld, known: readonly StackResource[]) {
        this.#identity = identity;
        this.#clients = clients;
        this.#taken = new Set(known.flatMap(({ id }) => (id === undefined ? [] : [id])));
    }

    find(inputs: PropertyMap): Promise<FoundResource | undefined> {
        const search = this.#last.then(() => this.#find(inputs));
        this.#last = search.catch(() => undefined);
        return search;
    }

    async #find(inputs: PropertyMap): Promise<FoundResource | undefined> {
        const found = await this.#identity?.find(inputs, this.#clients, this.#taken);
        if (found !== undefined) this.#taken.add(stateIdOf(found));
        return found;
    }
}

interface Search {
    readonly search: TypeSearch;
    readonly known: ReadonlyMap<string, StackResource>;
    readonly findings: Map<string, Finding>;
}

function findFirst(handler: ResourceHandler, { search, known, findings }: Search): ResourceHandler {
    return {
        table: handler.table, create: handler.create, read: handler.read, delete: handler.delete,
        ...(handler.update === undefined ? {} : { update: handler.update }),
        async predict(request: CreateRequest): Promise<PredictedState> {
            const predicted = await handler.predict(request);
            const resource = known.get(request.urn);
            if (resource?.id !== undefined) return merge(handler.table, predicted, { id: resource.id, outputs: resource.outputs });
            const found = await search.find(request.inputs);
            if (found === undefined) return predicted;
            findings.set(request.urn, { found, inputs: request.inputs });
            return merge(handler.table, predicted, { id: stateIdOf(found), outputs: found.outputs });
        },
    };
}

/** What was found over what was predicted. */
function merge({ outputs: names }: ResourceTable, predicted: PredictedState, found: PredictedState): PredictedState {
    const outputs = Object.entries(found.outputs).filter(([name]) => names.includes(name));
    return { id: found.id, outputs: { ...predicted.outputs, ...Object.fromEntries(outputs) } };
}

/** A plan supposes zones; subnets are found by those that the region really has. */
function askZones(supposed: InvokeHandler, { ec2 }: AccountClients): InvokeHandler {
    return {
        token: supposed.token,
        async invoke(args) {
            const { AvailabilityZones = [] } = await ec2.send(new DescribeAvailabilityZonesCommand({}));
            const zones = AvailabilityZones.map(({ ZoneName = "", ZoneId = "" }) => ({ name: ZoneName, id: ZoneId }))
                .sort((left, right) => (left.name < right.name ? -1 : 1));
            return { ...await supposed.invoke(args), names: zones.map(({ name }) => name), zoneIds: zones.map(({ id }) => id) };
        },
    };
}
