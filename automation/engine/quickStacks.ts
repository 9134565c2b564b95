/**
 * Loaded into the program's process before Pulumi's runner. The SDK notes a stack for each of its promises, and the runner has every frame
 * looked up in source maps: two fifths of the processor time of a run. A program whose types Node strips has no source map to look into.
 */
import { createRequire } from "node:module";

const before = Error.prepareStackTrace;
// It installs itself once, so that the runner's own call no longer changes anything.
createRequire(process.argv[1] ?? "")("source-map-support/register");
Error.prepareStackTrace = before;
