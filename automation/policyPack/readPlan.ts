/** The resources that Pulumi shows to policies, as the plan that rules read. */
import type { PolicyResource } from "@pulumi/policy";
import type { Plan, PlannedResource } from "../engine/engine.ts";
import { UNKNOWN } from "../engine/provider.ts";
import type { PropertyMap, PropertyValue } from "../engine/provider.ts";

/** The stack itself and providers are none of the program's. */
const OWN_TYPES = /^pulumi:(pulumi:Stack$|providers:)/;

/**
 * Policies are not told what would be done with a resource, nor whether it is to be kept when it is deleted: every resource counts as one
 * that is made. A resource whose inputs were not shown (one that is only read) is taken by its outputs.
 */
export function readPlan(resources: readonly PolicyResource[], inputs: ReadonlyMap<string, PropertyMap>): Plan {
    const planned = resources.filter(({ type }) => !OWN_TYPES.test(type)).map((resource): PlannedResource => {
        const { urn, type, name, parent, opts } = resource;
        return {
            urn, type, name,
            // Components have no provider.
            custom: resource.provider !== undefined,
            ...(parent === undefined ? {} : { parent: parent.urn }),
            inputs: inputs.get(urn) ?? readProperties(resource.props),
            dependencies: urnsOf(resource.dependencies),
            propertyDependencies: mapValues(resource.propertyDependencies, urnsOf),
            protect: opts.protect, retainOnDelete: false, ignoreChanges: opts.ignoreChanges, operation: "create",
        };
    });
    return { resources: planned, counts: { create: planned.length } };
}

function mapValues<Value, Result>(record: Readonly<Record<string, Value>>, change: (value: Value) => Result): Record<string, Result> {
    return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, change(value)]));
}

function urnsOf(resources: readonly PolicyResource[]): readonly string[] {
    return resources.map(({ urn }) => urn);
}

/** What is not known before the deployment is `UNKNOWN`, and so is what is in a file: nothing of it is read here. */
export function readProperties(properties: Readonly<Record<string, unknown>>): PropertyMap {
    return Object.fromEntries(Object.keys(properties).map((name) => [name, readProperty(properties, name)]));
}

/** Pulumi's SDK answers every reading of an unknown value with an error, and no other reading. */
function readProperty(parent: Readonly<Record<string | number, unknown>>, name: string | number): PropertyValue {
    let value: unknown;
    try {
        value = parent[name];
    } catch {
        return UNKNOWN;
    }
    if (Array.isArray(value)) return Array.from(value.keys(), (index) => readProperty(value as unknown as Record<number, unknown>, index));
    if (typeof value !== "object" || value === null) return value as PropertyValue;
    // So the SDK marks its assets and archives.
    if ("__pulumiAsset" in value || "__pulumiArchive" in value) return UNKNOWN;
    return readProperties(value as Readonly<Record<string, unknown>>);
}
