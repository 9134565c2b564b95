/** `node installCli.ts FOLDER`: installs the Pulumi CLI of the SDK's version there. A process of its own, so that it can be stopped. */
import { PulumiCommand } from "@pulumi/pulumi/automation/index.js";

/** Without internet the answer comes at once or never. */
const REACH_LIMIT_MS = 15_000;

const [root] = process.argv.slice(2);
if (root === undefined) throw new Error("installCli.ts: say the folder to install into");
try {
    await fetch("https://get.pulumi.com/install.sh", { method: "HEAD", signal: AbortSignal.timeout(REACH_LIMIT_MS) });
    await PulumiCommand.install({ root });
} catch (error) {
    const { message, cause } = error as Error;
    const reason = cause instanceof Error ? `${message}: ${cause.message}` : message;
    process.stderr.write(`${reason.replaceAll("\n", " ")}\n`);
    process.exitCode = 1;
}
