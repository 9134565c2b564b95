/** Deletes resources in reverse order of dependency, what is independent at the same time. */
import { dependenciesOf } from "./dependencies.ts";
import type { ResourceRecord } from "./state.ts";
import type { StepRunner } from "./stepRunner.ts";

/**
 * @param condemned in the order of the state: what depends on something stands after it.
 * @throws the first failure, after everything that had begun has ended; nothing begins after it.
 */
export async function deleteAll(condemned: readonly ResourceRecord[], runner: StepRunner): Promise<void> {
    const urns = new Set(condemned.filter((record) => !record.pendingDeletion).map((record) => record.urn));
    const deletions = new Map<ResourceRecord, Promise<void>>();
    for (const record of [...condemned].reverse()) {
        // Only what stands after it: a replaced resource shares its URN with its replacement, which would make circles.
        const dependents = condemned.filter((other) => other.urn !== record.urn && dependenciesOf(other).has(record.urn));
        const earlier = dependents.map((dependent) => deletions.get(dependent)).filter((deletion) => deletion !== undefined);
        deletions.set(record, Promise.all(earlier).then(() => runner.delete(record, urns.has(record.deletedWith ?? ""))));
    }
    const results = await Promise.allSettled(deletions.values());
    const failed = results.find((result) => result.status === "rejected");
    if (failed !== undefined) throw runner.failure ?? failed.reason;
}
