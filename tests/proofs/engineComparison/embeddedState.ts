/** The embedded engine's state in the shape that is compared. */
import { isDefaultProvider } from "../../../automation/engine/embedded/stepRunner.ts";
import type { StackState } from "../../../automation/engine/embedded/state.ts";
import { ResourceReference, Secret, isMap, mapValues } from "../../../automation/engine/embedded/values.ts";
import type { Value } from "../../../automation/engine/embedded/values.ts";
import { withoutEmpty } from "./observation.ts";
import type { ObservedResource } from "./observation.ts";

function plain(value: Value): unknown {
    if (value instanceof Secret) return { $secret: plain(value.value) };
    if (value instanceof ResourceReference) return { $resource: value.urn };
    if (Array.isArray(value)) return value.map(plain);
    return isMap(value) ? mapValues(value, plain) : value;
}

/** Without default providers, of which each engine notes other things. */
export function observeEmbeddedState(state: StackState): ObservedResource[] {
    return state.resources.filter((record) => !isDefaultProvider(record)).map((record) => ({
        urn: record.urn, custom: record.custom,
        ...(record.id === undefined ? {} : { id: record.id }),
        ...(record.parent === undefined ? {} : { parent: record.parent }),
        ...(record.deletedWith === undefined ? {} : { deletedWith: record.deletedWith }),
        inputs: plain(record.inputs), outputs: plain(record.outputs),
        dependencies: [...record.dependencies].sort(), propertyDependencies: withoutEmpty(record.propertyDependencies),
        protect: record.protect, retainOnDelete: record.retainOnDelete,
        pendingDeletion: record.pendingDeletion, pendingReplacement: record.pendingReplacement, hasInitErrors: record.initErrors.length > 0,
    }));
}
