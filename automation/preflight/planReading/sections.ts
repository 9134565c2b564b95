/** Inputs that are sections: a list of them, or one. */
import type { PropertyMap } from "../../engine/provider.ts";

/** What stands in a list of sections, or in a section that is there at most once; empty for what is absent or unknown. */
export function sectionsOf(value: unknown): readonly PropertyMap[] {
    const list: readonly unknown[] = Array.isArray(value) ? value : [value];
    return list.filter((item): item is PropertyMap => typeof item === "object" && item !== null && !Array.isArray(item));
}
