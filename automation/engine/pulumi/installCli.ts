/** `node installCli.ts FOLDER VERSION`: installs that Pulumi CLI there. A process of its own, so that it can be stopped. */
import { PulumiCommand } from "@pulumi/pulumi/automation/index.js";
import { SemVer } from "semver";

/** Without internet the answer comes at once or never. */
const REACH_LIMIT_MS = 15_000;

const [root, version] = process.argv.slice(2);
if (root === undefined || version === undefined) throw new Error("installCli.ts: say the folder to install into, and the version");
try {
    await fetch("https://get.pulumi.com/install.sh", { method: "HEAD", signal: AbortSignal.timeout(REACH_LIMIT_MS) });
    await PulumiCommand.install({ root, version: new SemVer(version) });
} catch (error) {
    const { message, cause } = error as Error;
    const reason = cause instanceof Error ? `${message}: ${cause.message}` : message;
    process.stderr.write(`${reason.replaceAll("\n", " ")}\n`);
    process.exitCode = 1;
}
