/** A provider whose cloud is a map: for tests of engines, which need every kind of change and every kind of failure. */
import { createHash } from "node:crypto";
import type {
    CreateRequest, DeleteRequest, InvokeHandler, ObservedState, PropertyMap, Provider, ResourceHandler, ResourceState, ResourceTable, UpdateRequest,
} from "../../automation/engine/provider.ts";
import { UNKNOWN } from "../../automation/engine/provider.ts";

const SOURCE = "this file";

/** `value`, `nested` and `tags` are updated in place; `size` and `nested.fixed` replace; `label` is chosen by the provider when absent. */
export const THING: ResourceTable = {
    type: "memory:index/thing:Thing",
    source: SOURCE,
    inputs: {
        value: { effect: "applied", change: "update" },
        size: { effect: "applied", change: "replace" },
        "nested.inner": { effect: "applied", change: "update" },
        "nested.fixed": { effect: "applied", change: "replace" },
        list: { effect: "applied", change: "update" },
        "rules.name": { effect: "applied", change: "update" },
        "rules.count": { effect: "recorded", change: "update" },
        tags: { effect: "applied", change: "update", free: true },
        document: { effect: "applied", change: "update", free: true },
        password: { effect: "applied", change: "update" },
        source: { effect: "applied", change: "update" },
    },
    outputs: ["value", "size", "nested", "list", "rules", "tags", "document", "password", "source", "arn", "token"],
    secretOutputs: ["token"],
};

/** Has a physical name: two of the same name cannot exist at once. */
export const NAMED: ResourceTable = {
    type: "memory:index/named:Named",
    source: SOURCE,
    inputs: {
        name: { effect: "applied", change: "replace" },
        value: { effect: "applied", change: "update" },
        size: { effect: "applied", change: "replace" },
    },
    outputs: ["name", "value", "size", "arn"],
    autoName: { property: "name", maxLength: 40 },
};

/** What was done to the memory cloud, in order. */
export interface MemoryOperation {
    readonly kind: "create" | "read" | "update" | "delete" | "predict" | "invoke";
    /** Name in the program; the token of an invoke. */
    readonly name: string;
    readonly type: string;
    readonly inputs: PropertyMap;
}

interface Stored { readonly type: string; readonly name: string; inputs: PropertyMap }

export interface MemoryProviderOptions {
    /** Called before each create, update and delete; a throw is the cloud's refusal, a promise is how long it takes. */
    readonly before?: (operation: MemoryOperation) => void | Promise<void>;
    /** Changes what the cloud reports, to test the comparison with what was asked. */
    readonly observe?: (name: string, inputs: PropertyMap) => PropertyMap;
}

/** A cloud in memory. It outlives engines, so that one can take up what another has left. */
export class MemoryCloud {
    readonly stored = new Map<string, Stored>();
    /** Without `read` and `predict`, which change nothing. */
    readonly operations: MemoryOperation[] = [];
    options: MemoryProviderOptions = {};
    #next = 1;

    /** `create a`, `update a`, ... since the last call. */
    takeLog(): string[] {
        return this.operations.splice(0).map(({ kind, name }) => `${kind} ${name}`);
    }

    /** Names in the program of everything that exists. */
    get names(): string[] {
        return [...this.stored.values()].map(({ name }) => name).sort();
    }

    newId(name: string): string {
        return `${name}-${this.#next++}`;
    }

    async note(operation: MemoryOperation): Promise<void> {
        await this.options.before?.(operation);
        this.operations.push(operation);
    }
}

class MemoryHandler implements ResourceHandler {
    readonly table: ResourceTable;
    readonly #cloud: MemoryCloud;

    constructor(table: ResourceTable, cloud: MemoryCloud) {
        this.table = table;
        this.#cloud = cloud;
    }

    async create(request: CreateRequest): Promise<ResourceState> {
        const { type } = this.table;
        await this.#cloud.note({ kind: "create", type, name: request.name, inputs: request.inputs });
        const physical = request.inputs["name"];
        const isTaken = [...this.#cloud.stored.values()].some((other) => other.type === type && physical !== undefined && other.inputs["name"] === physical);
        if (isTaken) throw new Error(`AlreadyExists: name ${String(physical)} is taken`);
        const id = this.#cloud.newId(request.name);
        this.#cloud.stored.set(id, { type, name: request.name, inputs: request.inputs });
        return { id, outputs: this.#outputs(id) };
    }

    async read(request: DeleteRequest): Promise<ObservedState | undefined> {
        const stored = this.#cloud.stored.get(request.id);
        if (stored === undefined) return undefined;
        const inputs = this.#cloud.options.observe?.(stored.name, stored.inputs) ?? stored.inputs;
        return { id: request.id, outputs: this.#outputs(request.id), inputs };
    }

    async update(request: UpdateRequest): Promise<ResourceState> {
        await this.#cloud.note({ kind: "update", type: this.table.type, name: request.name, inputs: request.inputs });
        const stored = this.#cloud.stored.get(request.id);
        if (stored === undefined) throw new Error(`NotFound: ${request.id}`);
        stored.inputs = request.inputs;
        return { id: request.id, outputs: this.#outputs(request.id) };
    }

    async delete(request: DeleteRequest): Promise<void> {
        const name = this.#cloud.stored.get(request.id)?.name ?? `${request.id} (gone)`;
        await this.#cloud.note({ kind: "delete", type: this.table.type, name, inputs: request.inputs });
        this.#cloud.stored.delete(request.id);
    }

    predict(): { id: typeof UNKNOWN; outputs: PropertyMap } {
        return { id: UNKNOWN, outputs: { arn: UNKNOWN } };
    }

    #outputs(id: string): PropertyMap {
        const outputs: PropertyMap = { arn: `arn:memory:${id}`, token: createHash("sha256").update(id).digest("hex") };
        return Object.fromEntries(Object.entries(outputs).filter(([name]) => this.table.outputs.includes(name)));
    }
}

/** `memory:index/getWord:getWord` answers `{ word }` with the text it was given in capitals. */
function createInvoke(cloud: MemoryCloud): InvokeHandler {
    const token = "memory:index/getWord:getWord";
    return {
        token,
        async invoke(args) {
            await cloud.note({ kind: "invoke", type: token, name: token, inputs: args });
            if (args["text"] === "forbidden") throw new Error("AccessDenied: not this word");
            return { word: String(args["text"]).toUpperCase() };
        },
    };
}

/** A provider of `Thing` and `Named` whose resources live in the given cloud. */
export function createMemoryProvider(cloud: MemoryCloud): Provider {
    const resources = [THING, NAMED].map((table): [string, ResourceHandler] => [table.type, new MemoryHandler(table, cloud)]);
    const invoke = createInvoke(cloud);
    return { resources: new Map(resources), invokes: new Map([[invoke.token, invoke]]) };
}
