/** Who holds the engine's own lock, for people. */
import type { EngineLock } from "./engine.ts";

/** `kim on build-7 (process 4711), since 2026-03-01T12:00:00.000Z` */
export function describeEngineOwner({ user, host, pid, since }: EngineLock): string {
    return `${user ?? "somebody"} on ${host === "" ? "an unknown host" : host} (process ${pid}), since ${since.toISOString()}`;
}
