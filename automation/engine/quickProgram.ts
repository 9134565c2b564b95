/**
 * Loaded into the program's process before Pulumi's runner: leaves out what nobody reads there, half of the time that a plan takes.
 *
 * - The runner has every frame of every stack looked up in source maps. A program whose types Node strips has none.
 * - The SDK notes a stack for each of its promises, to show where one that never ended was made. Without it the promise is still named.
 * - The SDK sends hundreds of debugging messages, one after the other, and the program does not end before the last. The engine drops them.
 */
import { createRequire } from "node:module";

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
