/** Runs the program, unmodified, in its own process with Pulumi's own runner. */
import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

export interface ProgramOptions {
    readonly projectFolder: string;
    /** Absolute path of `index.ts`. */
    readonly program: string;
    readonly project: string;
    readonly stack: string;
    readonly organization: string;
    readonly config: Readonly<Record<string, string>>;
    readonly secretConfigKeys: readonly string[];
    /** The whole environment of the process; nothing of ours is added but what Pulumi's runner needs. */
    readonly environment: NodeJS.ProcessEnv;
    readonly nodeArguments: readonly string[];
    readonly dryRun: boolean;
    readonly parallel: number;
    /** `127.0.0.1:<port>` of both services. */
    readonly address: string;
    /** A line that the program printed. */
    readonly onLine: (line: string) => void;
}

export interface ProgramExit {
    /** Undefined when it was killed. */
    readonly code: number | undefined;
    /** The last lines of its output, both streams together. */
    readonly lastLines: readonly string[];
}

export interface RunningProgram {
    readonly exit: Promise<ProgramExit>;
    /** Ends the process at once; it only describes resources, so nothing is lost. */
    kill(): void;
}

const KEPT_LINES = 20;
const WATCH_PARENT = path.join(path.dirname(fileURLToPath(import.meta.url)), "watchParent.ts");

/** Starts the program. */
export function startProgram(options: ProgramOptions): RunningProgram {
    const runner = createRequire(options.program).resolve("@pulumi/pulumi/cmd/run");
    const { address, organization, project, stack, projectFolder } = options;
    const child = spawn(process.execPath, [
        ...options.nodeArguments, "--import", pathToFileURL(WATCH_PARENT).href, runner,
        "--monitor", address, "--engine", address, "--organization", organization, "--project", project, "--stack", stack,
        "--root-directory", projectFolder, "--pwd", projectFolder, "--parallel", String(options.parallel),
        ...(options.dryRun ? ["--dry-run"] : []), options.program,
    ], { cwd: projectFolder, env: programEnvironment(options), stdio: ["ignore", "pipe", "pipe"] });
    const lastLines: string[] = [];
    const onLine = (line: string): void => {
        lastLines.push(line);
        if (lastLines.length > KEPT_LINES) lastLines.shift();
        options.onLine(line);
    };
    forEachLine(child.stdout, onLine);
    forEachLine(child.stderr, onLine);
    const exit = new Promise<ProgramExit>((resolve, reject) => {
        child.once("error", reject);
        child.once("close", (code) => resolve({ code: code ?? undefined, lastLines }));
    });
    return { exit, kill: () => { child.kill("SIGKILL"); } };
}

function programEnvironment(options: ProgramOptions): NodeJS.ProcessEnv {
    return {
        ...options.environment,
        PULUMI_CONFIG: JSON.stringify(options.config),
        PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(options.secretConfigKeys),
        // Node strips the types itself; Pulumi's own compiler would take the program for another kind of module.
        PULUMI_NODEJS_TYPESCRIPT: "false",
    };
}

function forEachLine(stream: NodeJS.ReadableStream, onLine: (line: string) => void): void {
    let rest = "";
    stream.setEncoding("utf8");
    stream.on("data", (chunk: string) => {
        const lines = (rest + chunk).split("\n");
        rest = lines.pop() ?? "";
        lines.forEach(onLine);
    });
    stream.on("end", () => {
        if (rest !== "") onLine(rest);
    });
}
