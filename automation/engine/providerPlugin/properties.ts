/**
 * Properties as they travel between a real engine and its provider. What an engine keeps for its provider beside the inputs, here
 * whether the name was generated, stands in the inputs under `__defaults`, as bridged providers do it.
 */
import structMessages from "google-protobuf/google/protobuf/struct_pb.js";
import type { Struct } from "google-protobuf/google/protobuf/struct_pb.js";
import type { ResourceTable } from "../provider.ts";
import type { NamedInputs } from "../embedded/autoName.ts";
import type { ValueMap } from "../embedded/values.ts";
import { marshalMap, unmarshalMap } from "../embedded/wire.ts";

const DEFAULTS_KEY = "__defaults";

/** Reads what the engine sends. */
export class PropertyReader {
    readonly #folder: string;

    /** @param folder where relative paths of files begin: the engine sends them as the program wrote them. */
    constructor(folder: string) {
        this.#folder = folder;
    }

    read(struct: Struct | undefined): ValueMap {
        return unmarshalMap(struct?.toJavaScript(), this.#folder);
    }

    /** Reads inputs that this provider has checked before, without what it noted in them. */
    readInputs(struct: Struct | undefined, table: ResourceTable): NamedInputs {
        const { [DEFAULTS_KEY]: defaults, ...inputs } = this.read(struct);
        return { inputs, autoNamed: Array.isArray(defaults) && defaults.includes(table.autoName?.property) };
    }
}

/** Writes checked inputs with the note for the next request. */
export function writeInputs(named: NamedInputs, table: ResourceTable): Struct {
    const defaults = named.autoNamed && table.autoName !== undefined ? { [DEFAULTS_KEY]: [table.autoName.property] } : {};
    return writeProperties({ ...named.inputs, ...defaults });
}

/** Writes the properties of a response. */
export function writeProperties(values: ValueMap): Struct {
    return structMessages.Struct.fromJavaScript(marshalMap(values) as Parameters<typeof structMessages.Struct.fromJavaScript>[0]);
}
