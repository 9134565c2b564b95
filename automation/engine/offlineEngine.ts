/** The engine of what looks and changes nothing: a preflight works without a CLI, and installs none. */
import type { Engine } from "./engine.ts";
import { readOutputs, readPendingOperations, readResources } from "./pulumi/checkpoint.ts";
import type { StackExport } from "./pulumi/checkpoint.ts";

/** Knows of the stack what its state says, and refuses everything else. @param look at the state, asked once: whoever only looks wants one answer */
export function createOfflineEngine(look: () => Promise<StackExport>): Engine {
    let looking: Promise<StackExport> | undefined;
    const state = (): Promise<StackExport> => looking ??= look();
    return {
        kind: "pulumi",
        outputs: async () => readOutputs(await state()),
        resources: async () => readResources(await state()),
        pendingOperations: async () => readPendingOperations(await state()),
        // Who only looks waits for nobody.
        locks: async () => [],
        preview: refuse, up: refuse, destroy: refuse, refresh: refuse, settle: refuse, adopt: refuse, exportState: refuse,
        importState: refuse, clearLocks: refuse,
    };
}

function refuse(): Promise<never> {
    return Promise.reject(new Error("preflight must not deploy"));
}
