/**
 * One of two drivers, as a process of its own: the whole driver, on a tiny stack whose resources are made in the proof's account. Loads everything,
 * prints `ready`, and then, for each line of JSON that comes in, runs one command when the line says, and prints what it did as a line of JSON.
 */
import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import path from "node:path";
import { createInterface } from "node:readline";
import type { StackResource, UpResult } from "../../../automation/engine/engine.ts";

const WRITERS = ["writeFile", "appendFile", "mkdir", "rename", "link", "symlink", "unlink", "rm", "rmdir", "truncate", "utimes", "chmod", "copyFile"] as const;
const [folder = "", endpoint = "", stateFile = ""] = process.argv.slice(2);

/** What one line says. */
export interface Order {
    readonly offsetMs: number;
    readonly backendUrl: string;
    /** `light`: everything but the program's own process. */
    readonly engine: "embedded" | "light";
}

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
const { runDriver } = await import("../../../automation/driver/driver.ts");
const { createEmbeddedEngine } = await import("../../../automation/engine/embedded/embeddedEngine.ts");
const { MemoryCloud, createMemoryProvider } = await import("../../support/embeddedMemoryProvider.ts");
const { FakeEngine } = await import("../../support/phaseWorld.ts");
// What the command would load on its way: the offset is to tell when it begins.
await Promise.all([import("../../../automation/driver/commandRun.ts"), import("../../../automation/phases/phases.ts"), import("../../../automation/driver/commands/deploy.ts")]);

const askAccount = (kind: string, name: string): Promise<unknown> => fetch(`${endpoint}/resource/${kind}/${name}`, { method: "POST" });
const cloud = new MemoryCloud();
cloud.options = { before: async ({ kind, name }) => void await askAccount(kind, name) };

/** Makes the one resource that the program adds, and writes it down as the embedded engine does. */
class LightEngine extends FakeEngine {
    override async up(): Promise<UpResult> {
        await askAccount("create", "made");
        const state = JSON.parse(fs.readFileSync(stateFile, "utf8")) as { resources: { urn: string; custom: boolean }[] };
        const seed = state.resources.find(({ urn }) => urn.endsWith("::seed"))!;
        fs.writeFileSync(stateFile, JSON.stringify({ ...state, resources: [...state.resources, { ...seed, urn: seed.urn.replace(/seed$/, "made") }] }));
        return super.up();
    }

    override async resources(): Promise<readonly StackResource[]> {
        return (JSON.parse(fs.readFileSync(stateFile, "utf8")) as { resources: readonly StackResource[] }).resources;
    }
}

async function run({ offsetMs, backendUrl, engine }: Order): Promise<object> {
    await new Promise((resolve) => setTimeout(resolve, offsetMs));
    writes.clear();
    const [output, errors] = [createOutput(), createOutput()];
    let engines = 0;
    const exitCode = await runDriver(["deploy", "--stack", "dev", "--from", "up", "--until", "up", "--no-refresh", "--yes", "--allow-emulator", "--report", path.join(folder, "report.html")], {
        projectFolder: folder, environment: { ...process.env, PULUMI_BACKEND_URL: backendUrl }, stdout: output, stderr: errors, stdin: process.stdin,
        createEngine: async ({ settings, pulumiStack, environment }) => {
            engines++;
            if (engine === "light") return new LightEngine();
            return createEmbeddedEngine({
                projectFolder: folder, program: "index.ts", project: settings.project, stack: pulumiStack, config: settings.config,
                provider: createMemoryProvider(cloud), stateFile, passphrase: "of a proof", environment: { ...environment },
            });
        },
    });
    return { exitCode, engines, stderr: errors.text(), stdout: output.text(), writes: [...writes].sort() };
}

function createOutput() {
    let written = "";
    return { text: () => written, write: (text: string): void => void (written += text) };
}

process.stdout.write("ready\n");
for await (const line of createInterface({ input: process.stdin })) process.stdout.write(`${JSON.stringify(await run(JSON.parse(line) as Order))}\n`);
