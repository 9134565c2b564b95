/**
 * Run by a test as a process of its own, to be killed: an `up` of the program in the given folder whose resource `b` never ends.
 * Prints what the program prints, and `waiting` once `b` has begun.
 */
import path from "node:path";
import { createEmbeddedEngine } from "../../automation/engine/embedded/embeddedEngine.ts";
import { MemoryCloud, createMemoryProvider } from "./embeddedMemoryProvider.ts";

const folder = process.argv[2] ?? "";
const NEVER_MS = 60_000;
const cloud = new MemoryCloud();
cloud.options = {
    before: async ({ name }) => {
        if (name !== "b") return;
        console.log("waiting");
        await new Promise((resolve) => setTimeout(resolve, NEVER_MS));
    },
};
await createEmbeddedEngine({
    projectFolder: folder, program: "index.ts", project: "fixture", stack: "test", config: {}, provider: createMemoryProvider(cloud),
    stateFile: path.join(folder, "state.json"), passphrase: "correct horse", environment: { PATH: process.env["PATH"], HOME: folder },
}).up({
    onEvent: (event) => {
        if (event.kind === "diagnostic") console.log(event.message);
    },
});
