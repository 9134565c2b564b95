/** The schema of a package as the property tables know it: which properties there are, not of which type. */
import type { Provider, RemoteComponent, ResourceTable } from "../provider.ts";
import { packageOf } from "../embedded/urn.ts";

const ANY = { $ref: "pulumi.json#/Any" } as const;

/** The module is what stands before the slash, as in packages that come from Terraform: `s3` of `aws:s3/bucket:Bucket`. */
const MODULE_FORMAT = "^([^/]*)(?:/[^/]*)?$";

/** A property in Pulumi's schema language: https://www.pulumi.com/docs/iac/extending-pulumi/schema/ */
export interface PropertySchema {
    readonly $ref: typeof ANY.$ref;
    /** Of an input: each leaf with what the rehearsal does with it, and what a change of it does. */
    readonly description?: string;
    readonly secret?: true;
    readonly willReplaceOnChanges?: true;
}

export interface ResourceSchema {
    readonly description: string;
    readonly isComponent?: true;
    readonly inputProperties: Readonly<Record<string, PropertySchema>>;
    readonly properties: Readonly<Record<string, PropertySchema>>;
}

export interface PackageSchema {
    readonly name: string;
    readonly version: string;
    readonly meta: { readonly moduleFormat: string };
    readonly resources: Readonly<Record<string, ResourceSchema>>;
    readonly functions: Readonly<Record<string, { readonly outputs: { readonly type: "object"; readonly additionalProperties: typeof ANY } }>>;
}

/** Names of the packages to which the provider's types and functions belong. */
export function packagesOf({ resources, invokes, components }: Provider): readonly string[] {
    const tokens = [...resources.keys(), ...invokes.keys(), ...components?.keys() ?? []];
    return [...new Set(tokens.map(packageOf))].sort();
}

export function buildSchema(provider: Provider, name: string, version: string): PackageSchema {
    const own = <Value>(map: ReadonlyMap<string, Value>): [string, Value][] => [...map].filter(([token]) => packageOf(token) === name).sort();
    return {
        name, version,
        meta: { moduleFormat: MODULE_FORMAT },
        resources: Object.fromEntries([
            ...own(provider.resources).map(([type, { table }]) => [type, describeResource(table)] as const),
            ...own(provider.components ?? new Map<string, RemoteComponent>()).map(([type, component]) => [type, describeComponent(component)] as const),
        ]),
        functions: Object.fromEntries(own(provider.invokes).map(([token]) => [token, { outputs: { type: "object", additionalProperties: ANY } }])),
    };
}

function describeResource(table: ResourceTable): ResourceSchema {
    const leaves = Map.groupBy(Object.entries(table.inputs), ([path]) => path.split(".")[0] ?? path);
    const inputProperties = [...leaves].map(([name, rules]): [string, PropertySchema] => [name, {
        ...ANY,
        description: rules.map(([path, { effect, change }]) => `${path}: ${effect}, ${change}`).join("; "),
        ...(rules.every(([, { change }]) => change === "replace") ? { willReplaceOnChanges: true } : {}),
    }]);
    const secrets = new Set(table.secretOutputs);
    return {
        description: table.source,
        inputProperties: Object.fromEntries(inputProperties),
        properties: Object.fromEntries(table.outputs.map((name) => [name, { ...ANY, ...(secrets.has(name) ? { secret: true } : {}) }])),
    };
}

function describeComponent(component: RemoteComponent): ResourceSchema {
    const anyOf = (names: readonly string[]): Record<string, PropertySchema> => Object.fromEntries(names.map((name) => [name, ANY]));
    return {
        description: "a component: its children are registered by this provider",
        isComponent: true,
        inputProperties: anyOf(component.inputs),
        properties: anyOf(component.outputs),
    };
}
