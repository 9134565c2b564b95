/** Calls the handler of a resource, or only predicts in a plan, and checks what comes back. Components and providers have no handler. */
import { randomUUID } from "node:crypto";
import type { ObservedState, Provider, ResourceHandler } from "../provider.ts";
import { UNKNOWN } from "../provider.ts";
import type { Masker } from "./mask.ts";
import { checkOutputs, predictedUpdate, updatedOutputs } from "./outputs.ts";
import { findMismatches } from "./readBack.ts";
import type { ResourceRecord } from "./state.ts";
import { isProviderType, nameOf } from "./urn.ts";
import { reveal } from "./values.ts";
import type { ValueMap } from "./values.ts";

export interface ResourceCallOptions {
    readonly provider: Provider;
    readonly masker: Masker;
    /** Nothing is called; outputs are predicted. */
    readonly dryRun: boolean;
}

export class ResourceCalls {
    readonly #options: ResourceCallOptions;

    constructor(options: ResourceCallOptions) {
        this.#options = options;
    }

    /** Makes it, or predicts it in a plan. Components have no id. */
    async create(next: ResourceRecord): Promise<{ id: string | typeof UNKNOWN | undefined; outputs: ValueMap }> {
        if (!next.custom) return { id: undefined, outputs: {} };
        if (isProviderType(next.type)) return { id: this.#options.dryRun ? UNKNOWN : randomUUID(), outputs: {} };
        const handler = this.#handler(next);
        const request = { urn: next.urn, name: nameOf(next.urn), inputs: reveal(next.inputs) };
        const state = await (this.#options.dryRun ? handler.predict(request) : handler.create(request));
        return { id: state.id, outputs: checkOutputs(handler.table, state.outputs) };
    }

    /** The outputs after the update. */
    async update(old: ResourceRecord, next: ResourceRecord): Promise<ValueMap> {
        if (!next.custom || isProviderType(next.type)) return old.outputs;
        const handler = this.#handler(next);
        const request = {
            urn: next.urn, name: nameOf(next.urn), inputs: reveal(next.inputs),
            id: old.id ?? "", oldInputs: reveal(old.inputs), oldOutputs: reveal(old.outputs),
        };
        const change = { oldInputs: old.inputs, oldOutputs: old.outputs, newInputs: next.inputs };
        if (this.#options.dryRun) return predictedUpdate(change, checkOutputs(handler.table, (await handler.predict(request)).outputs));
        if (handler.update === undefined) throw new Error("its handler cannot update, though its table says that these properties can be updated in place");
        return updatedOutputs(change, checkOutputs(handler.table, (await handler.update(request)).outputs));
    }

    async delete(record: ResourceRecord): Promise<void> {
        if (this.#options.dryRun || !record.custom || isProviderType(record.type)) return;
        await this.#handler(record).delete({ urn: record.urn, id: record.id ?? "", inputs: reveal(record.inputs), outputs: reveal(record.outputs) });
    }

    /** The record with what the cloud has differently than asked in `initErrors`. */
    async readBack(record: ResourceRecord): Promise<ResourceRecord> {
        if (this.#options.dryRun || !record.custom || isProviderType(record.type)) return record;
        const observed = await this.read(record);
        if (observed === undefined) return { ...record, initErrors: ["the cloud does not have it, though it was just made"] };
        const initErrors = findMismatches(this.#handler(record).table, reveal(record.inputs), observed.inputs).map(({ property, asked, observed: have }) =>
            this.#options.masker.mask(`${property}: asked ${show(asked)}, the cloud has ${show(have)}`));
        return { ...record, initErrors };
    }

    /** The resource as the cloud has it; undefined when it is gone. */
    async read(record: ResourceRecord): Promise<ObservedState | undefined> {
        return this.#handler(record).read({ urn: record.urn, id: record.id ?? "", inputs: reveal(record.inputs), outputs: reveal(record.outputs) });
    }

    #handler(record: ResourceRecord): ResourceHandler {
        const handler = this.#options.provider.resources.get(record.type);
        if (handler === undefined) throw new Error("this type cannot be rehearsed; add a handler with a property table for it");
        return handler;
    }
}

function show(value: unknown): string {
    return value === undefined ? "nothing" : JSON.stringify(value);
}
