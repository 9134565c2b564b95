/** Physical names for resources to which the program gives none, as the real providers choose them. */
import { randomBytes } from "node:crypto";
import type { ResourceTable } from "../provider.ts";
import { nameOf } from "./urn.ts";
import { reveal, valuesEqual } from "./values.ts";
import type { ValueMap } from "./values.ts";

const HEX_DIGITS = 7;

export interface NamedInputs {
    readonly inputs: ValueMap;
    readonly autoNamed: boolean;
}

/**
 * Fills the name property with `<name>-<7 hex>` when it is absent. A resource that is updated keeps the name it has.
 * @param old undefined when the resource is created or replaced.
 * @throws when the name would be longer than the type allows.
 */
export function fillAutoName(urn: string, inputs: ValueMap, naming: { table: ResourceTable; old: NamedInputs | undefined }): NamedInputs {
    const rule = naming.table.autoName;
    // A prefix means that the provider itself makes the name.
    if (rule === undefined || inputs[rule.property] !== undefined || inputs[`${rule.property}Prefix`] !== undefined) return { inputs, autoNamed: false };
    const kept = naming.old?.autoNamed === true ? naming.old.inputs[rule.property] : undefined;
    if (kept !== undefined) return { inputs: { ...inputs, [rule.property]: kept }, autoNamed: true };
    const digits = randomBytes(Math.ceil(HEX_DIGITS / 2)).toString("hex").slice(0, HEX_DIGITS);
    const name = `${nameOf(urn)}${rule.separator ?? "-"}${digits}`;
    if (name.length > rule.maxLength) {
        throw new Error(`${rule.property}: the generated name ${name} has ${name.length} characters, at most ${rule.maxLength} are allowed; give a name or a shorter resource name`);
    }
    return { inputs: { ...inputs, [rule.property]: name }, autoNamed: true };
}

/** Inputs of a resource that was found: its name counts as generated when it looks so, as the program gives none then. */
export function nameFound(urn: string, table: ResourceTable, inputs: ValueMap): NamedInputs {
    const rule = table.autoName;
    const name = rule === undefined ? undefined : inputs[rule.property];
    const prefix = `${nameOf(urn)}${rule?.separator ?? "-"}`;
    const autoNamed = typeof name === "string" && name.startsWith(prefix) && new RegExp(`^[0-9a-f]{${HEX_DIGITS}}$`).test(name.slice(prefix.length));
    return { inputs, autoNamed };
}

/** Whether the old and the new resource would have the same name, which the program gave: a bridged provider then deletes first. */
export function isNameTaken(table: ResourceTable, oldInputs: ValueMap, named: NamedInputs): boolean {
    const property = table.autoName?.property;
    if (property === undefined || named.autoNamed) return false;
    return valuesEqual(reveal(oldInputs)[property], reveal(named.inputs)[property]);
}
