/**
 * Gives planned resources stand-ins for the ids and ARNs that only the cloud can choose (those of keys and APIs).
 *
 * Without them a policy that names a key is unknown as a whole, and no rule could look at it. A stand-in is a text of its own kind,
 * `<arn of keys-s3>`, that no wildcard and no real resource looks like: it stands for one resource whose name is not known yet.
 */
import { UNKNOWN } from "../../engine/provider.ts";
import type { PredictedState, Provider, PropertyMap, ResourceHandler, ResourceState } from "../../engine/provider.ts";

/** Outputs that name a resource; all others stay unknown. */
const IDENTIFIERS = ["id", "arn", "keyId", "apiId", "executionArn", "apiEndpoint", "hex"];
/** A suffix is a part of names, which are cut when they get too long: its stand-in has six characters as it has, so that they are cut at the same place. */
export const SUFFIX = "<hex6>";

export function withKnownIds(provider: Provider): Provider {
    const resources = [...provider.resources].map(([type, handler]) => [type, nameUnknowns(handler)] as const);
    return { ...provider, resources: new Map(resources) };
}

function nameUnknowns(handler: ResourceHandler): ResourceHandler {
    return { ...handler, table: handler.table, create: handler.create, read: handler.read, delete: handler.delete, predict: async (request) => nameUnknown(handler, request.name, await handler.predict(request)) };
}

function nameUnknown({ table }: ResourceHandler, name: string, state: ResourceState | PredictedState): ResourceState {
    const outputs: Record<string, PropertyMap[string]> = { ...state.outputs };
    for (const output of table.outputs.filter((output) => IDENTIFIERS.includes(output))) {
        if (outputs[output] === undefined || outputs[output] === UNKNOWN) outputs[output] = output === "hex" ? SUFFIX : `<${output} of ${name}>`;
    }
    return { id: state.id === UNKNOWN ? `<id of ${name}>` : state.id, outputs };
}
