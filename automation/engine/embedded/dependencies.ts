/** Who depends on whom in a state: by inputs, dependsOn, parent, provider or deletedWith. */
import type { ResourceRecord } from "./state.ts";
import { providerUrn } from "./urn.ts";

/** URNs of everything that must exist as long as the resource does. */
export function dependenciesOf(record: ResourceRecord): Set<string> {
    const urns = new Set([...record.dependencies, ...Object.values(record.propertyDependencies).flat()]);
    for (const urn of [record.parent, record.deletedWith, providerUrn(record.provider ?? "")]) if (urn !== undefined && urn !== "") urns.add(urn);
    urns.delete(record.urn);
    return urns;
}

/** All that depend on the resource directly or indirectly, dependencies first. */
export function dependentsOf(root: ResourceRecord, records: readonly ResourceRecord[], ignored: ReadonlySet<string>): ResourceRecord[] {
    const reached = new Set([root.urn]);
    const dependents: ResourceRecord[] = [];
    for (const record of records.slice(records.indexOf(root) + 1)) {
        if (ignored.has(record.urn)) continue;
        const direct = [...record.dependencies, ...Object.values(record.propertyDependencies).flat(), providerUrn(record.provider ?? "")];
        // A component depends on nothing itself, but what depends on the component depends on its children.
        if (direct.some((urn) => reached.has(urn))) {
            reached.add(record.urn);
            dependents.push(record);
        }
    }
    return dependents;
}
