/**
 * One of two drivers, as a process of its own: the whole driver, with the embedded engine on a tiny program whose resources are made in the proof's account.
 * Loads everything, prints `ready`, and begins so many milliseconds after a line came in as that line says. Ends with what it did, as a line of JSON.
 */
import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import path from "node:path";
import { createInterface } from "node:readline/promises";

const WRITERS = ["writeFile", "appendFile", "mkdir", "rename", "link", "symlink", "unlink", "rm", "rmdir", "truncate", "utimes", "chmod", "copyFile"] as const;
const [folder = "", endpoint = "", stateFile = ""] = process.argv.slice(2);
const writes = new Set<string>();

/** Every path of the stack's folder that this process changes. Before anything else is loaded, so that nothing has kept the originals. */
function recordWrites(): void {
    const record = (place: unknown): void => {
        const file = path.resolve(String(place));
        if (file.startsWith(folder)) writes.add(path.relative(folder, file));
    };
    for (const module of [fs, fs.promises] as unknown as Record<string, (...args: unknown[]) => unknown>[]) {
        for (const name of WRITERS.flatMap((writer) => [writer, `${writer}Sync`])) {
            const original = module[name];
            if (original === undefined) continue;
            module[name] = (...args) => {
                // Of a link and a rename the second is what is made.
                record(/^(link|rename|copyFile)/.test(name) ? args[1] : args[0]);
                return original(...args);
            };
        }
        for (const name of ["open", "openSync"]) {
            const original = module[name]!;
            module[name] = (...args) => {
                if (typeof args[1] === "string" && args[1] !== "r") record(args[0]);
                return original(...args);
            };
        }
    }
    syncBuiltinESMExports();
}

recordWrites();
const { runDriver } = await import("../../../automation/driver.ts");
const { createEmbeddedEngine } = await import("../../../automation/engine/embedded/embeddedEngine.ts");
const { MemoryCloud, createMemoryProvider } = await import("../../support/embeddedMemoryProvider.ts");
// What the command would load on its way: the offsets are to tell when it begins.
await Promise.all([import("../../../automation/commandRun.ts"), import("../../../automation/phases/phases.ts"), import("../../../automation/commands/deploy.ts")]);

const cloud = new MemoryCloud();
cloud.options = {
    before: async ({ kind, name }) => {
        await fetch(`${endpoint}/resource/${kind}/${name}`, { method: "POST" });
    },
};
const output = { text: "", write: (text: string): void => void (output.text += text) };
const errors = { text: "", write: (text: string): void => void (errors.text += text) };
const lines = createInterface({ input: process.stdin });
process.stdout.write("ready\n");
const [line] = await new Promise<[string]>((resolve) => lines.once("line", (text: string) => resolve([text])));
lines.close();
await new Promise((resolve) => setTimeout(resolve, Number(line)));

let engines = 0;
const exitCode = await runDriver(["deploy", "--stack", "dev", "--from", "up", "--until", "up", "--no-refresh", "--yes", "--allow-emulator", "--report", path.join(folder, "report.html")], {
    projectFolder: folder, environment: process.env, stdout: output, stderr: errors, stdin: process.stdin,
    createEngine: async ({ settings, pulumiStack, environment }) => {
        engines++;
        return createEmbeddedEngine({
            projectFolder: folder, program: "index.ts", project: settings.project, stack: pulumiStack, config: settings.config,
            provider: createMemoryProvider(cloud), stateFile, passphrase: "of a proof", environment: { ...environment },
        });
    },
});
process.stdout.write(`${JSON.stringify({ exitCode, engines, stderr: errors.text, stdout: output.text, writes: [...writes].sort() })}\n`, () => process.exit(exitCode));
