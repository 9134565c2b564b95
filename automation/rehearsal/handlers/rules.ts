/** The property rules that tables are written in, and the table every handler is checked against. */
import type { PropertyMap, PropertyRule } from "../../engine/provider.ts";

/** Sent, read back, changed in place. */
export const applied: PropertyRule = { effect: "applied", change: "update" };
/** Sent, read back; a change replaces the resource. */
export const appliedReplaces: PropertyRule = { effect: "applied", change: "replace" };
/** Sent and read back as a whole: a map with free keys or a JSON document. */
export const appliedFree: PropertyRule = { effect: "applied", change: "update", free: true };
/** As `appliedFree`; a change replaces the resource. */
export const appliedFreeReplaces: PropertyRule = { effect: "applied", change: "replace", free: true };
/** Kept in state only. */
export const recorded: PropertyRule = { effect: "recorded", change: "update" };
/** Kept in state only; a change replaces the resource. */
export const recordedReplaces: PropertyRule = { effect: "recorded", change: "replace" };
/** Kept in state only, free keys. */
export const recordedFree: PropertyRule = { effect: "recorded", change: "update", free: true };

/**
 * `region` of the regional resources. Recorded: the rehearsal has one region, and handlers refuse no other. Since version 7 of the
 * provider a changed region replaces. Source: https://www.pulumi.com/docs/iac/clouds/aws/guides/enhanced-region-support/
 */
export const region: Readonly<Record<string, PropertyRule>> = { region: recordedReplaces };

/** Page of a resource type in the Pulumi registry. Whether its leaves update or replace was asked of the upstream provider: `docs/property-tables.md`. */
export function registryPage(path: string, packageName = "aws"): string {
    return `https://www.pulumi.com/registry/packages/${packageName}/api-docs/${path}/`;
}

/** Changed top-level properties between two sets of inputs. */
export function hasChanged(before: PropertyMap, after: PropertyMap, ...names: readonly string[]): boolean {
    return names.some((name) => JSON.stringify(before[name] ?? null) !== JSON.stringify(after[name] ?? null));
}
