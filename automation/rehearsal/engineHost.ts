/** The two engines that a rehearsal can run on. Both are given the same handlers, so that one program can be judged by both. */
import { createEmbeddedEngine } from "../engine/embedded/embeddedEngine.ts";
import type { EmbeddedEngineOptions } from "../engine/embedded/embeddedEngine.ts";
import type { Engine } from "../engine/engine.ts";
import type { StackSettings } from "../stackSettings.ts";

export interface HostOptions extends Omit<EmbeddedEngineOptions, "config" | "project" | "stack" | "program"> {
    readonly settings: StackSettings;
    /** From the project's folder. */
    readonly program: string;
    /** Of the run. */
    readonly folder: string;
}

/** What a rehearsal asks of its engine beside the phases. */
export interface EngineHost {
    readonly engine: Engine;
    /** For the report: which engine, and its version. */
    readonly description: string;
    /** The same stack, and its state, after an edit of its settings. */
    reconfigure(settings: StackSettings): Promise<Engine>;
    close(): void;
}

export function createEmbeddedHost({ settings, folder: _, ...options }: HostOptions): EngineHost {
    const create = ({ project, stack, config }: StackSettings): Engine => createEmbeddedEngine({ ...options, project, stack, config });
    return {
        engine: create(settings),
        description: "the embedded engine",
        reconfigure: async (changed) => create(changed),
        close: () => undefined,
    };
}
