/** Small Pulumi programs in a folder of their own, and an engine for them. */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { createEmbeddedEngine } from "../../automation/engine/embedded/embeddedEngine.ts";
import type { EmbeddedEngine, EmbeddedEngineOptions } from "../../automation/engine/embedded/embeddedEngine.ts";
import { MemoryCloud, createMemoryProvider } from "./embeddedMemoryProvider.ts";

const PROJECT = path.resolve(import.meta.dirname, "../..");

/** Classes for the types of the memory provider, and a component. */
const PRELUDE = `import * as pulumi from "@pulumi/pulumi";
class Thing extends pulumi.CustomResource {
    constructor(name, args = {}, opts) {
        super("memory:index/thing:Thing", name, { arn: undefined, token: undefined, value: undefined, password: undefined, ...args }, { version: "1.2.3", ...opts });
    }
}
class Named extends pulumi.CustomResource {
    constructor(name, args = {}, opts) {
        super("memory:index/named:Named", name, { arn: undefined, name: undefined, ...args }, { version: "1.2.3", ...opts });
    }
}
class Group extends pulumi.ComponentResource {
    constructor(name, args, opts) {
        super("memory:index:Group", name, args ?? {}, opts);
    }
}
`;

export interface TestStack {
    readonly cloud: MemoryCloud;
    readonly folder: string;
    readonly stateFile: string;
    /** Replaces the program; the text follows imports and the classes Thing, Named and Group. */
    write(program: string): void;
    engine(options?: Partial<EmbeddedEngineOptions>): EmbeddedEngine;
    remove(): void;
}

/** A stack in a temporary folder. */
export function createTestStack(): TestStack {
    const folder = mkdtempSync(path.join(os.tmpdir(), "firstlight-engine-"));
    mkdirSync(path.join(folder, "node_modules"));
    symlinkSync(path.join(PROJECT, "node_modules", "@pulumi"), path.join(folder, "node_modules", "@pulumi"));
    writeFileSync(path.join(folder, "package.json"), JSON.stringify({ name: "fixture", type: "module" }));
    const cloud = new MemoryCloud();
    const stateFile = path.join(folder, "state.json");
    return {
        cloud, folder, stateFile,
        write: (program) => writeFileSync(path.join(folder, "index.ts"), PRELUDE + program),
        engine: (options = {}) => createEmbeddedEngine({
            projectFolder: folder, program: "index.ts", project: "fixture", stack: "test", config: {},
            provider: createMemoryProvider(cloud), stateFile, passphrase: "correct horse",
            environment: { PATH: process.env["PATH"], HOME: folder, NODE_COMPILE_CACHE: path.join(PROJECT, ".firstlight", "compile-cache") },
            ...options,
        }),
        remove: () => rmSync(folder, { recursive: true, force: true }),
    };
}
