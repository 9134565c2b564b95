/** `node automation/deploy.ts`: deploys and operates a stack on AWS with the real Pulumi engine. */
import { enableCompileCache } from "node:module";
import path from "node:path";

const projectFolder = path.resolve(import.meta.dirname, "..");
// From the second run on, nothing is stripped of its types again: an answer to --help takes half the time.
enableCompileCache(path.join(projectFolder, ".firstlight", "compile-cache"));
const { runDriver } = await import("./driver/driver.ts");

const { env: environment, stdin, stdout, stderr } = process;
const exitCode = await runDriver(process.argv.slice(2), { projectFolder, environment, stdin, stdout, stderr });
// Nothing goes on any more, but a connection that the other side leaves open would keep the process for a minute: that of Kinesis, by HTTP/2.
await Promise.all([stdout, stderr].map((stream) => new Promise((resolve) => void stream.write("", resolve))));
process.exit(exitCode);
