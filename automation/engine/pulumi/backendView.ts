/** The other stacks of a backend, and what it remembers of one, each by a run of the CLI that only reads. */
import { StackNotFoundError } from "@pulumi/pulumi/automation/index.js";
import type { BackendView } from "../engine.ts";
import { readResources } from "./checkpoint.ts";
import type { StackExport } from "./checkpoint.ts";

/** What a command of the CLI prints. @throws StackNotFoundError when it names a stack that is not there */
export type ReadCommand = (args: readonly string[]) => Promise<string>;

interface ListedStack { readonly name: string; readonly resourceCount?: number }

export function createBackendView(stack: string, read: ReadCommand): BackendView {
    return {
        wasDeployed: async () => (await readHistory(stack, read)).length > 0,
        async otherStacks() {
            const listed = JSON.parse(await read(["stack", "ls", "--json"])) as readonly ListedStack[];
            // Pulumi Cloud puts the organisation before the name.
            return listed.filter(({ name, resourceCount = 0 }) => name.split("/").at(-1) !== stack && resourceCount > 0).map(({ name }) => name);
        },
        resourcesOf: async (other) => readResources(JSON.parse(await read(["stack", "export", "--stack", other])) as StackExport),
    };
}

/** Updates and destroys, no previews: what only looked leaves none. */
async function readHistory(stack: string, read: ReadCommand): Promise<readonly unknown[]> {
    try {
        return JSON.parse(await read(["stack", "history", "--json", "--page-size", "1", "--stack", stack])) as readonly unknown[];
    } catch (error) {
        if (error instanceof StackNotFoundError) return [];
        throw error;
    }
}
