/** How a handler is written down here, and how it becomes one that an engine can call. */
import {
    UNKNOWN, type CreateRequest, type DeleteRequest, type ObservedState, type PredictedState, type PropertyMap, type ResourceHandler,
    type ResourceState, type ResourceTable, type UpdateRequest, type UsageProof,
} from "../../engine/provider.ts";
import { whenKnown } from "./arn.ts";
import type { HandlerClients } from "./clients.ts";
import type { ImportIdParser } from "./importIds.ts";
import type { Place } from "./place.ts";

export interface HandlerContext {
    readonly clients: HandlerClients;
    readonly place: Place;
    /** Environment of child processes: built by the caller, never the one of this process. */
    readonly environment: NodeJS.ProcessEnv;
    /** Working directory of commands that give none. */
    readonly projectFolder: string;
}

/** As `UsageProof`, with the place at hand: some ARNs cannot be computed from outputs alone. */
export interface PlacedUsage extends Omit<UsageProof, "resourceArn"> {
    resourceArn(outputs: PropertyMap, place: Place): string;
}

export interface ReadRequest {
    readonly id: string;
    /** What was asked, for values that the cloud does not tell, and for the order of its lists. */
    readonly inputs: PropertyMap;
}

/**
 * One resource type as pure data and functions. A create gives the id alone: the outputs are then read from the cloud, so that
 * what the program sees is what exists.
 */
export interface ResourceDefinition {
    readonly table: ResourceTable;
    readonly usage?: PlacedUsage;
    /** The outputs that follow from the inputs. What is missing here and is no input counts as unknown. */
    predict(request: CreateRequest, place: Place): PredictedState;
    create(request: CreateRequest, context: HandlerContext): Promise<string>;
    read(request: ReadRequest, context: HandlerContext): Promise<ObservedState | undefined>;
    /** For a type whose id alone finds nothing. @default an import's id is the state's */
    readonly importId?: ImportIdParser;
    update?(request: UpdateRequest, context: HandlerContext): Promise<void>;
    delete(request: DeleteRequest, context: HandlerContext): Promise<void>;
}

/** A resource that lives in no cloud: its outputs are made once and kept in state. */
export interface LocalDefinition extends Omit<ResourceDefinition, "create" | "read" | "update" | "usage"> {
    create(request: CreateRequest, context: HandlerContext): Promise<ResourceState>;
    update?(request: UpdateRequest, context: HandlerContext): Promise<ResourceState>;
    /** What the id alone says, as an import has nothing else. @default what the state has */
    describe?(id: string, inputs: PropertyMap): ObservedState;
}

/** The prediction of a tagged regional resource whose id is its name and whose ARN follows from it. */
export function predictNamed(inputs: PropertyMap, place: Place, buildArn: (name: string) => string): PredictedState {
    return {
        id: whenKnown(inputs["name"], (name) => name),
        outputs: { arn: whenKnown(inputs["name"], buildArn), region: place.region, tagsAll: inputs["tags"] ?? {} },
    };
}

/**
 * Marks as unknown every output that was not predicted, unless it is an input that was not given: the provider leaves those out
 * or fills a default, which no rule may take for an unknown.
 */
function completePrediction(table: ResourceTable, inputs: PropertyMap, predicted: PredictedState): PredictedState {
    const inputNames = new Set(Object.keys(table.inputs).map((path) => path.split(".")[0]));
    const unknown = table.outputs.filter((name) => !(name in predicted.outputs) && !(name in inputs) && !inputNames.has(name));
    return { id: predicted.id, outputs: { ...Object.fromEntries(unknown.map((name) => [name, UNKNOWN])), ...predicted.outputs } };
}

function placedTable(definition: ResourceDefinition | LocalDefinition, place: Place): ResourceTable {
    if (!("usage" in definition) || definition.usage === undefined) return definition.table;
    const { usage } = definition;
    return { ...definition.table, usage: { ...usage, resourceArn: (outputs) => usage.resourceArn(outputs, place) } };
}

/** A handler that makes real calls. */
export function bindHandler(definition: ResourceDefinition, context: HandlerContext): ResourceHandler {
    const readBack = async (id: string, inputs: PropertyMap): Promise<ResourceState> => {
        const observed = await definition.read({ id, inputs }, context);
        if (observed === undefined) throw new Error(`${definition.table.type} ${id} was written, but the cloud does not know it`);
        return { id: observed.id, outputs: observed.outputs };
    };
    const update = definition.update?.bind(definition);
    return {
        table: placedTable(definition, context.place),
        create: async (request) => readBack(await definition.create(request, context), request.inputs),
        read: (request) => definition.read(asImported(definition, request), context),
        ...(update === undefined ? {} : {
            update: async (request: UpdateRequest) => {
                await update(request, context);
                return readBack(request.id, request.inputs);
            },
        }),
        delete: (request) => definition.delete(request, context),
        predict: (request) => completePrediction(definition.table, request.inputs, definition.predict(request, context.place)),
    };
}

/** A read without inputs is that of an import: all that is known stands in its id. */
function asImported({ importId }: ResourceDefinition, { id, inputs }: ReadRequest): ReadRequest {
    return (Object.keys(inputs).length === 0 ? importId?.(id) : undefined) ?? { id, inputs };
}

/** A handler of a local resource: what is in state is what exists. */
export function bindLocalHandler(definition: LocalDefinition, context: HandlerContext): ResourceHandler {
    const update = definition.update?.bind(definition);
    return {
        table: definition.table,
        create: (request) => definition.create(request, context),
        read: async ({ id, inputs, outputs }) => definition.describe?.(id, inputs) ?? { id, outputs, inputs },
        ...(update === undefined ? {} : { update: (request: UpdateRequest) => update(request, context) }),
        delete: (request) => definition.delete(request, context),
        predict: (request) => completePrediction(definition.table, request.inputs, definition.predict(request, context.place)),
    };
}

/** A handler for plans: it predicts, and refuses to do anything. */
export function bindPrediction(definition: ResourceDefinition | LocalDefinition, place: Place): ResourceHandler {
    const refuse = (): never => {
        throw new Error(`${definition.table.type}: a planning provider makes no calls`);
    };
    return {
        table: placedTable(definition, place),
        create: async () => refuse(),
        read: async () => refuse(),
        ...(definition.update === undefined ? {} : { update: async () => refuse() }),
        delete: async () => refuse(),
        predict: (request) => completePrediction(definition.table, request.inputs, definition.predict(request, place)),
    };
}
