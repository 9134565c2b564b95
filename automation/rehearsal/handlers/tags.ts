/** Tags in the two shapes of the AWS APIs, and what changes between two sets. */
import type { ObservedState, PropertyMap } from "../../engine/provider.ts";
import { reported, textMap, type Reported } from "./inputs.ts";

export interface Tag { Key: string; Value: string }

/** Tags of the inputs; empty when there are none. */
export function tagsOf(inputs: PropertyMap): Record<string, string> {
    return textMap(inputs, "tags") ?? {};
}

export function tagList(inputs: PropertyMap): Tag[] {
    return toTagList(tagsOf(inputs));
}

/** The shape that most AWS APIs want. */
export function toTagList(tags: Readonly<Record<string, string>>): Tag[] {
    return Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
}

/** Reads a tag list; tags that AWS itself sets (`aws:`) are left out, as the real provider does. */
export function readTags(list: ReadonlyArray<{ Key?: string | undefined; Value?: string | undefined }> | undefined): Record<string, string> {
    return withoutSystemTags(Object.fromEntries((list ?? []).map(({ Key, Value }) => [Key ?? "", Value ?? ""])));
}

export function withoutSystemTags(tags: Readonly<Record<string, string>> | undefined): Record<string, string> {
    return Object.fromEntries(Object.entries(tags ?? {}).filter(([key]) => !key.startsWith("aws:")));
}

/** A resource with tags, as the cloud has it. */
export interface TaggedResource {
    readonly id: string;
    /** Inputs, which are outputs too. */
    readonly values: PropertyMap;
    readonly tags: Record<string, string>;
    /** What is an output only; absent values are left out. */
    readonly computed: Readonly<Record<string, Reported>>;
}

export function observeTagged({ id, values, tags, computed }: TaggedResource): ObservedState {
    return { id, inputs: { ...values, tags }, outputs: { ...values, ...tagOutputs(tags), ...reported(computed) } };
}

/** The outputs `tags` and `tagsAll`. There are no provider default tags here, so both are the same. */
export function tagOutputs(tags: Record<string, string>): PropertyMap {
    return Object.keys(tags).length === 0 ? { tagsAll: {} } : { tags, tagsAll: tags };
}

export interface TagChange { readonly set: Record<string, string>; readonly remove: string[] }

/** What to set and what to remove to come from the old inputs' tags to the new ones'. */
export function tagChange(oldInputs: PropertyMap, inputs: PropertyMap): TagChange {
    const before = tagsOf(oldInputs);
    const after = tagsOf(inputs);
    return {
        set: Object.fromEntries(Object.entries(after).filter(([key, value]) => before[key] !== value)),
        remove: Object.keys(before).filter((key) => !(key in after)),
    };
}

/** Calls `set` and `remove` only when there is something to do. */
export async function applyTagChange(
    change: TagChange,
    set: (tags: Record<string, string>) => Promise<unknown>,
    remove: (keys: string[]) => Promise<unknown>,
): Promise<void> {
    if (Object.keys(change.set).length > 0) await set(change.set);
    if (change.remove.length > 0) await remove(change.remove);
}
