/**
 * How long the program takes to load, against the way Pulumi programs are usually written and run: TypeScript through ts-node, and
 * `import * as aws from "@pulumi/aws"`.
 *
 *     node bench/coldStart.ts
 *
 * The baselines are this very program, copied, its imports of the provider packages turned into imports of their index, as CommonJS. Whole
 * processes, from start to end, nothing registered; each kind in turn, so that what else runs on the machine meets all alike.
 */
import { existsSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { median, PROJECT_FOLDER, time } from "./measure.ts";

const RUNS = 5;
const TS_NODE = "ts-node@10.9.2";
const TOOLS = path.join(PROJECT_FOLDER, ".firstlight", "bench", "ts-node");

/** `import { Bucket } from "@pulumi/aws/s3/bucket.js"` -> `import * as aws0 from "@pulumi/aws"; const { Bucket } = aws0.s3`. */
function useIndex(source: string): string {
    let count = 0;
    return source.replace(/^import \{([^}]*)\} from "(@pulumi\/(?:aws|awsx|random|command))\/([^"]+)";/gm, (_line, names: string, name: string, file: string) => {
        const index = `index${count++}`;
        const [module] = path.posix.dirname(file) === "." ? [""] : file.split("/");
        return `import * as ${index} from "${name}"; const {${names}} = ${index}${module === "" ? "" : `.${module}`};`;
    }).replaceAll("import.meta.url", 'require("node:url").pathToFileURL(__filename)');
}

/** The program as others write it, in a folder of its own. */
function copyProgram(): string {
    const folder = mkdtempSync(path.join(os.tmpdir(), "firstlight-cold-start-"));
    for (const file of globSync(["index.ts", "{components,lambdas}/**/*.ts"], { cwd: PROJECT_FOLDER })) {
        mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
        writeFileSync(path.join(folder, file), useIndex(readFileSync(path.join(PROJECT_FOLDER, file), "utf8")));
    }
    writeFileSync(path.join(folder, "package.json"), '{ "type": "commonjs" }');
    const compilerOptions = {
        module: "commonjs", moduleResolution: "node10", target: "es2022", esModuleInterop: true, skipLibCheck: true, strict: true,
        rootDir: ".", ignoreDeprecations: "6.0",
    };
    writeFileSync(path.join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions }));
    symlinkSync(path.join(PROJECT_FOLDER, "node_modules"), path.join(folder, "node_modules"));
    return folder;
}

async function installTools(): Promise<string> {
    const register = path.join(TOOLS, "node_modules", "ts-node", "register", "transpile-only.js");
    if (existsSync(register)) return register;
    mkdirSync(TOOLS, { recursive: true });
    writeFileSync(path.join(TOOLS, "package.json"), '{ "private": true }');
    const { exitCode, lastLine } = await time(["npm", "install", "--no-audit", "--no-fund", TS_NODE], TOOLS);
    if (exitCode !== 0) throw new Error(`${TS_NODE} could not be installed: ${lastLine}`);
    return register;
}

async function main(): Promise<void> {
    const register = await installTools();
    const folder = copyProgram();
    const plain = { ...process.env, NODE_COMPILE_CACHE: undefined };
    const cache = path.join(folder, "compile-cache");
    const load = (at: string): string => `import(${JSON.stringify(path.join(at, "index.ts"))}).then((program) => { if (typeof program.default !== "function" && typeof program.default?.default !== "function") process.exit(9); })`;
    const kinds = {
        "this program": { command: ["node", "-e", load(PROJECT_FOLDER)], at: PROJECT_FOLDER, environment: plain },
        "this program, with Node's compile cache": { command: ["node", "-e", load(PROJECT_FOLDER)], at: PROJECT_FOLDER, environment: { ...plain, NODE_COMPILE_CACHE: cache } },
        "ts-node without type checks, index imports": { command: ["node", "-r", register, "-e", load(folder)], at: folder, environment: plain },
    };
    try {
        const seconds = new Map<string, number[]>(Object.keys(kinds).map((kind) => [kind, []]));
        // The first round fills caches, the file system's and Node's, and is not counted.
        for (let run = 0; run <= RUNS; run++) {
            for (const [kind, { command, at, environment }] of Object.entries(kinds)) {
                const timing = await time(command, at, environment);
                if (timing.exitCode !== 0) throw new Error(`${kind} ended with ${timing.exitCode}: ${timing.lastLine}`);
                if (run > 0) seconds.get(kind)?.push(timing.seconds);
            }
        }
        console.log(`${os.cpus().length} processors, Node ${process.version}, median of ${RUNS}`);
        for (const [kind, runs] of seconds) console.log(`${kind}: ${median(runs).toFixed(2)} s (${Math.min(...runs).toFixed(2)} - ${Math.max(...runs).toFixed(2)})`);
    } finally {
        rmSync(folder, { recursive: true, force: true });
    }
}

await main();
