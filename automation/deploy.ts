/** `node automation/deploy.ts`: deploys and operates a stack on AWS with the real Pulumi engine. */
import path from "node:path";
import { runDriver } from "./driver.ts";

const { env: environment, stdin, stdout, stderr } = process;
process.exitCode = await runDriver(process.argv.slice(2), { projectFolder: path.resolve(import.meta.dirname, ".."), environment, stdin, stdout, stderr });
