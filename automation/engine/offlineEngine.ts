/** The engine of what asks no engine for anything: preflight alone works without a CLI and without a state. */
import type { Engine } from "./engine.ts";

/** Knows no stack, and refuses everything else. */
export const offlineEngine: Engine = {
    kind: "pulumi",
    outputs: async () => ({}),
    resources: async () => [],
    pendingOperations: async () => [],
    locks: async () => [],
    preview: refuse, up: refuse, destroy: refuse, refresh: refuse, settle: refuse, adopt: refuse, exportState: refuse, importState: refuse, clearLocks: refuse,
};

function refuse(): Promise<never> {
    return Promise.reject(new Error("preflight must not deploy"));
}
