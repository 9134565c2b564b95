/** Check, Diff, Create, Read, Update and Delete of a provider's resources, for a real engine. */
import providerMessages from "@pulumi/pulumi/proto/provider_pb.js";
import type {
    CheckRequest, CheckResponse, CreateRequest, CreateResponse, DeleteRequest, DiffRequest, DiffResponse, ReadRequest, ReadResponse, UpdateRequest, UpdateResponse,
} from "@pulumi/pulumi/proto/provider_pb.js";
import emptyMessages from "google-protobuf/google/protobuf/empty_pb.js";
import type { DeleteRequest as ResourceReadRequest, ObservedState, PropertyValue, Provider, ResourceHandler } from "../provider.ts";
import { UNKNOWN } from "../provider.ts";
import { fillAutoName, isNameTaken, nameFound } from "../embedded/autoName.ts";
import { diffInputs, topLevel } from "../embedded/diff.ts";
import { findInputProblems, valueAt } from "../embedded/inputCheck.ts";
import { observeInputs } from "../embedded/observation.ts";
import { checkOutputs, markSecrets, predictedUpdate, updatedOutputs } from "../embedded/outputs.ts";
import { formatPropertyPath } from "../embedded/propertyPath.ts";
import { findMismatches } from "../embedded/readBack.ts";
import { nameOf, typeOf } from "../embedded/urn.ts";
import { reveal } from "../embedded/values.ts";
import type { ValueMap } from "../embedded/values.ts";
import { InitializationFailure } from "./failures.ts";
import { PropertyReader, writeInputs, writeProperties } from "./properties.ts";

const { PropertyDiff } = providerMessages;

export interface ResourceCallOptions {
    readonly provider: Provider;
    /** Where relative paths of files begin. */
    readonly folder: string;
}

/** Decides as the embedded engine does, by the same functions and the same property tables. */
export class ResourceCalls {
    readonly #options: ResourceCallOptions;
    readonly #properties: PropertyReader;

    constructor(options: ResourceCallOptions) {
        this.#options = options;
        this.#properties = new PropertyReader(options.folder);
    }

    /** Fills a generated name and refuses what the table does not know. */
    check(request: CheckRequest): CheckResponse {
        const urn = request.getUrn();
        const { table } = this.#handler(urn);
        const old = request.hasOlds() ? this.#properties.readInputs(request.getOlds(), table) : undefined;
        const response = new providerMessages.CheckResponse();
        const named = fillAutoName(urn, this.#properties.readInputs(request.getNews(), table).inputs, { table, old });
        const problems = findInputProblems(table, reveal(named.inputs));
        response.setFailuresList(problems.map((problem) => new providerMessages.CheckFailure().setReason(problem)));
        return response.setInputs(writeInputs(named, table));
    }

    diff(request: DiffRequest): DiffResponse {
        const { table } = this.#handler(request.getUrn());
        const old = this.#properties.readInputs(request.getOldInputs(), table);
        const named = this.#properties.readInputs(request.getNews(), table);
        const { changed, replacing } = diffInputs({ oldInputs: reveal(old.inputs), newInputs: reveal(named.inputs), table, replaceOnChanges: [] });
        const response = new providerMessages.DiffResponse();
        const { DIFF_NONE, DIFF_SOME } = providerMessages.DiffResponse.DiffChanges;
        response.setChanges(changed.length === 0 ? DIFF_NONE : DIFF_SOME).setHasdetaileddiff(true);
        response.setDiffsList(topLevel(changed)).setReplacesList(topLevel(replacing));
        response.setDeletebeforereplace(replacing.length > 0 && isNameTaken(table, old.inputs, named));
        for (const path of changed) {
            const [what, whatReplaces] = kindsOf(valueAt(reveal(old.inputs), path), valueAt(reveal(named.inputs), path));
            response.getDetaileddiffMap().set(formatPropertyPath(path), new PropertyDiff().setKind(replacing.includes(path) ? whatReplaces : what).setInputdiff(true));
        }
        return response;
    }

    async create(request: CreateRequest): Promise<CreateResponse> {
        const urn = request.getUrn();
        const handler = this.#handler(urn);
        const { inputs } = this.#properties.readInputs(request.getProperties(), handler.table);
        const wanted = { urn, name: nameOf(urn), inputs: reveal(inputs) };
        const state = await (request.getPreview() ? handler.predict(wanted) : handler.create(wanted));
        const outputs = this.#mark({ ...inputs, ...checkOutputs(handler.table, state.outputs) }, inputs, handler);
        const id = state.id === UNKNOWN ? "" : state.id;
        if (!request.getPreview()) await this.#readBack(handler, urn, { id, inputs, outputs });
        return new providerMessages.CreateResponse().setId(id).setProperties(writeProperties(outputs));
    }

    /**
     * The resource as the cloud has it: where an applied input has another value there, that value, so that the engine sees the drift and the
     * next up puts it right. With an id alone (an import, a `.get`) all that the cloud tells. An id that the cloud does not have gives an
     * empty answer, by which the engine knows that the resource is gone.
     */
    async read(request: ReadRequest): Promise<ReadResponse> {
        const urn = request.getUrn();
        const handler = this.#handler(urn);
        const named = this.#properties.readInputs(request.getInputs(), handler.table);
        const oldOutputs = this.#properties.read(request.getProperties());
        const wanted = { urn, id: request.getId(), inputs: reveal(named.inputs), outputs: reveal(oldOutputs) };
        const observed = request.hasInputs() ? await handler.read(wanted) : await readByIdAlone(handler, wanted);
        const response = new providerMessages.ReadResponse();
        if (observed === undefined) return response;
        const found = request.hasInputs() ? { ...named, inputs: observeInputs(handler.table, named.inputs, observed.inputs).inputs } : nameFound(urn, handler.table, observed.inputs);
        const change = { oldInputs: named.inputs, oldOutputs, newInputs: found.inputs };
        const state = this.#mark(updatedOutputs(change, checkOutputs(handler.table, observed.outputs)), found.inputs, handler);
        return response.setId(observed.id).setProperties(writeProperties(state)).setInputs(writeInputs(found, handler.table));
    }

    async update(request: UpdateRequest): Promise<UpdateResponse> {
        const urn = request.getUrn();
        const handler = this.#handler(urn);
        const { inputs: oldInputs } = this.#properties.readInputs(request.getOldInputs(), handler.table);
        const { inputs: newInputs } = this.#properties.readInputs(request.getNews(), handler.table);
        const change = { oldInputs, newInputs, oldOutputs: this.#properties.read(request.getOlds()) };
        const id = request.getId();
        const wanted = { urn, name: nameOf(urn), inputs: reveal(newInputs), id, oldInputs: reveal(oldInputs), oldOutputs: reveal(change.oldOutputs) };
        if (request.getPreview()) {
            const predicted = predictedUpdate(change, checkOutputs(handler.table, (await handler.predict(wanted)).outputs));
            return new providerMessages.UpdateResponse().setProperties(writeProperties(this.#mark(predicted, newInputs, handler)));
        }
        if (handler.update === undefined) throw new Error("its handler cannot update, though its table says that these properties can be updated in place");
        const returned = checkOutputs(handler.table, (await handler.update(wanted)).outputs);
        const outputs = this.#mark(updatedOutputs(change, returned), newInputs, handler);
        await this.#readBack(handler, urn, { id, inputs: newInputs, outputs });
        return new providerMessages.UpdateResponse().setProperties(writeProperties(outputs));
    }

    async delete(request: DeleteRequest): Promise<unknown> {
        const urn = request.getUrn();
        const handler = this.#handler(urn);
        const { inputs } = this.#properties.readInputs(request.getOldInputs(), handler.table);
        await handler.delete({ urn, id: request.getId(), inputs: reveal(inputs), outputs: reveal(this.#properties.read(request.getProperties())) });
        return new emptyMessages.Empty();
    }

    #handler(urn: string): ResourceHandler {
        const handler = this.#options.provider.resources.get(typeOf(urn));
        if (handler === undefined) throw new Error(`${typeOf(urn)}: this type cannot be rehearsed; add a handler with a property table for it`);
        return handler;
    }

    #mark(outputs: ValueMap, inputs: ValueMap, handler: ResourceHandler): ValueMap {
        return markSecrets(outputs, inputs, handler.table.secretOutputs ?? []);
    }

    async #readBack(handler: ResourceHandler, urn: string, state: { id: string; inputs: ValueMap; outputs: ValueMap }): Promise<void> {
        const inputs = reveal(state.inputs);
        const observed = await handler.read({ urn, id: state.id, inputs, outputs: reveal(state.outputs) });
        const reasons = observed === undefined
            ? ["the cloud does not have it, though it was just made"]
            : findMismatches(handler.table, inputs, observed.inputs).map(({ property }) => `${property}: the cloud has another value than was asked`);
        if (reasons.length > 0) throw new InitializationFailure(state, reasons);
    }
}

/** What the engine shows of a leaf: added, taken away or changed; and the same when it replaces the resource. */
function kindsOf(before: PropertyValue | undefined, after: PropertyValue | undefined): readonly [PropertyDiffKind, PropertyDiffKind] {
    const { ADD, ADD_REPLACE, DELETE, DELETE_REPLACE, UPDATE, UPDATE_REPLACE } = PropertyDiff.Kind;
    if (before === undefined) return [ADD, ADD_REPLACE];
    return after === undefined ? [DELETE, DELETE_REPLACE] : [UPDATE, UPDATE_REPLACE];
}

type PropertyDiffKind = (typeof PropertyDiff.Kind)[keyof typeof PropertyDiff.Kind];

/** @throws naming the type when its handler cannot do without the inputs, or the cloud knows nothing of such a resource. */
async function readByIdAlone(handler: ResourceHandler, request: ResourceReadRequest): Promise<ObservedState | undefined> {
    const what = `${handler.table.type} ${request.id}: cannot be read by its id alone`;
    const observed = await handler.read(request).catch((cause: Error) => {
        throw new Error(`${what}: ${cause.message}`, { cause });
    });
    if (observed !== undefined && Object.keys(observed.inputs).length === 0) throw new Error(`${what}: the cloud knows nothing of it, it lives in state only`);
    return observed;
}
