/**
 * Loaded into the program's process before Pulumi's runner: leaves out what nobody reads there, which is more than half of a plan's time.
 *
 * - The runner has every frame of every stack looked up in source maps. A program whose types Node strips has none.
 * - The SDK notes a stack for each of its promises, to show where one that never ended was made. Without it the promise is still named.
 * - The SDK loads npm's libraries and TypeScript, for programs that turn functions of theirs into Lambdas. Here they are loaded when used.
 * - The SDK sends hundreds of debugging messages, one after the other, and the program does not end before the last. The engine drops them.
 */
import { createRequire } from "node:module";
import path from "node:path";

interface Debuggable {
    debuggablePromise<Value>(promise: Promise<Value>, context: unknown): Promise<Value>;
}

interface Log {
    debug(): Promise<void>;
}

const requireOfRunner = createRequire(process.argv[1] ?? "");

const before = Error.prepareStackTrace;
// It installs itself once, so that the runner's own call no longer changes anything.
requireOfRunner("source-map-support/register");
Error.prepareStackTrace = before;

const debuggable = requireOfRunner("../../runtime/debuggable.js") as Debuggable;
const { debuggablePromise } = debuggable;
debuggable.debuggablePromise = (promise, context) => {
    const { stackTraceLimit } = Error;
    Error.stackTraceLimit = 0;
    try {
        return debuggablePromise(promise, context);
    } finally {
        Error.stackTraceLimit = stackTraceLimit;
    }
};

const log = requireOfRunner("../../log/index.js") as Log;
log.debug = () => Promise.resolve();

/** Its exports are there at once; the module itself is loaded when one of them is first read. */
function postpone(name: string): void {
    const requireOfClosures = createRequire(requireOfRunner.resolve("../../runtime/closure/codePaths.js"));
    const file = requireOfClosures.resolve(name);
    const { cache } = requireOfClosures;
    let loaded: object | undefined;
    const load = (): object => {
        if (loaded === undefined) {
            delete cache[file];
            loaded = requireOfClosures(name) as object;
        }
        return loaded;
    };
    // Whoever imports all of a module asks whether it is one of ES, and otherwise copies every export.
    const exports = new Proxy({}, {
        get: (_, key) => (key === "__esModule" ? true : Reflect.get(load(), key) as unknown),
        has: (_, key) => Reflect.has(load(), key),
    });
    cache[file] = {
        id: file, filename: file, path: path.dirname(file), loaded: true, exports,
        children: [], paths: [], isPreloading: false, parent: null, require: requireOfClosures,
    };
}

for (const name of ["@npmcli/arborist", "../../typescript-shim.js"]) postpone(name);
