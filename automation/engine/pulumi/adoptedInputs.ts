/**
 * Inputs of resources that were imported. `pulumi import` writes down as asked for whatever the provider tells, defaults and all, so that a
 * program which leaves them out seems to take them away. An undisturbed run would have left what the program asks for.
 */
import type { AdoptedResource } from "../engine.ts";
import type { PropertyMap, PropertyValue } from "../provider.ts";
import { nameOf } from "../embedded/urn.ts";
import { containsUnknown } from "../embedded/values.ts";
import type { Value } from "../embedded/values.ts";
import { marshalMap } from "../embedded/wire.ts";
import { DEFAULTS_KEY, holdsSecret } from "./checkpoint.ts";
import type { CheckpointResource, StackExport } from "./checkpoint.ts";

/** As Pulumi and its providers generate names: the resource's own, and seven digits. */
const GENERATED = /^.?[0-9a-f]{7}$/;

/**
 * The state with what the program asks for as the inputs of those resources whose inputs are given. What the cloud has instead is told, and
 * written down, by the next refresh.
 */
export function writeAsAsked({ deployment, ...rest }: StackExport, adopted: readonly AdoptedResource[]): StackExport {
    if (deployment === null) return { ...rest, deployment };
    const asked = new Map(adopted.flatMap(({ urn, inputs }) => (inputs === undefined ? [] : [[urn, inputs] as const])));
    const resources = (deployment.resources ?? []).map((resource) => {
        const inputs = asked.get(resource.urn);
        return inputs === undefined ? resource : { ...resource, inputs: shape(resource, inputs) };
    });
    return { ...rest, deployment: { ...deployment, resources } };
}

/** The import's own value stands where the plan did not know one, where it is a secret, and where the provider makes the name. */
function shape({ urn, inputs: imported = {} }: CheckpointResource, asked: PropertyMap): PropertyMap {
    const generated = Object.keys(asked).filter((property) => [asked, imported].every((inputs) => isGenerated(inputs[property], nameOf(urn))));
    const isImported = (property: string): boolean =>
        generated.includes(property) || holdsSecret(imported[property]) || containsUnknown(asked[property] as Value);
    const names = Object.keys(asked);
    const kept = names.filter(isImported).flatMap((property) => (imported[property] === undefined ? [] : [[property, imported[property]] as const]));
    const known = names.filter((property) => !isImported(property)).map((property) => [property, asked[property] as Value] as const);
    return {
        ...Object.fromEntries(kept), ...marshalMap(Object.fromEntries(known)) as PropertyMap,
        ...(generated.length === 0 ? {} : { [DEFAULTS_KEY]: generated }),
    };
}

function isGenerated(value: PropertyValue | undefined, name: string): boolean {
    return typeof value === "string" && value.startsWith(name) && GENERATED.test(value.slice(name.length));
}
