/** What the expansion of a remote component says of its children, in the engine's values. Both hosts of an expansion read it here. */
import { ChildValue, UNKNOWN } from "../provider.ts";
import type { ChildRequest, ComponentOutputs, PropertyValue, RegisteredChild } from "../provider.ts";
import { ResourceReference, containsSecret, mapValues, reveal } from "./values.ts";
import type { Value, ValueMap } from "./values.ts";

/** The options of a component that decide whether it can be expanded. */
export interface ExpansionOptions {
    readonly inputs: ValueMap;
    readonly ignoreChanges: readonly string[];
    readonly replaceOnChanges: readonly string[];
    readonly additionalSecretOutputs: readonly string[];
    readonly deleteBeforeReplace: boolean | undefined;
}

/** What is asked of a component and is not expanded, each in words that follow `it`. */
export function findUnsupportedExpansion(options: ExpansionOptions): string[] {
    const unsupported: readonly (readonly [boolean, string])[] = [
        [options.ignoreChanges.length > 0, "has the option ignoreChanges"],
        [options.replaceOnChanges.length > 0, "has the option replaceOnChanges"],
        [options.additionalSecretOutputs.length > 0, "has the option additionalSecretOutputs"],
        [options.deleteBeforeReplace !== undefined, "has the option deleteBeforeReplace"],
        [containsSecret(options.inputs), "has a secret among its arguments"],
    ];
    return unsupported.filter(([isUsed]) => isUsed).map(([, what]) => what);
}

/** The children of one component. The expansion sees their outputs revealed; here they keep their marks. */
export class ComponentChildren {
    readonly #outputs = new WeakMap<RegisteredChild, ValueMap>();

    add(urn: string, id: RegisteredChild["id"], outputs: ValueMap): RegisteredChild {
        const child: RegisteredChild = { urn, id, outputs: reveal(outputs) };
        this.#outputs.set(child, outputs);
        return child;
    }

    /** Inputs of a child, with what comes from its siblings filled in. */
    readInputs(inputs: ChildRequest["inputs"]): ValueMap {
        return mapValues(inputs, (value) => this.#readValue(value));
    }

    /** Outputs of the component. A child itself travels as a reference, as packages give them. */
    readOutputs(outputs: ComponentOutputs): ValueMap {
        return mapValues(outputs, (value) => this.#readOutput(value));
    }

    #readOutput(value: ComponentOutputs[string]): Value {
        if (Array.isArray(value)) return value.map((item: PropertyValue | ChildValue) => this.#readOutput(item));
        if (value instanceof ChildValue && value.property === undefined) {
            const { urn, id } = value.child;
            return new ResourceReference(urn, id === UNKNOWN ? UNKNOWN : id);
        }
        return this.#readValue(value as PropertyValue | ChildValue);
    }

    #readValue(value: PropertyValue | ChildValue): Value {
        if (!(value instanceof ChildValue)) return value;
        const { child, property } = value;
        return property === "id" || property === undefined ? child.id : this.#outputs.get(child)?.[property] ?? null;
    }
}

/** By name: URNs of the children that a value comes from. */
export function dependenciesByName(values: ComponentOutputs): Record<string, readonly string[]> {
    return Object.fromEntries(Object.entries(values).flatMap(([name, value]) => {
        const items: readonly unknown[] = Array.isArray(value) ? value : [value];
        const urns = items.filter((item) => item instanceof ChildValue).map(({ child }) => child.urn);
        return urns.length === 0 ? [] : [[name, urns] as const];
    }));
}

/** URNs that a child waits for: those of its inputs, and that of the child it stands under. */
export function dependenciesOfChild(child: ChildRequest): readonly string[] {
    const awaited = child.parent === undefined ? [] : [child.parent.urn];
    return [...new Set([...awaited, ...Object.values(dependenciesByName(child.inputs)).flat()])];
}
