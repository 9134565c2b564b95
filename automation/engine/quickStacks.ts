/**
 * Loaded into the program's process before Pulumi's runner. The SDK notes a stack for each of its promises, to name those that leak, and the
 * runner has every frame looked up in source maps: more than half of the processor time of a run. A program whose types Node strips has no
 * source map to look into, and a promise that leaks is named by what it was for.
 */
import { createRequire } from "node:module";

const requireOfRunner = createRequire(process.argv[1] ?? "");
const before = Error.prepareStackTrace;
// It installs itself once, so that the runner's own call no longer changes anything.
requireOfRunner("source-map-support/register");
Error.prepareStackTrace = before;

interface Debuggable {
    debuggablePromise<Value>(promise: Promise<Value>, context: unknown): Promise<Value>;
}

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
