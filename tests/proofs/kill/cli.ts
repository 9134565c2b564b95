/** The Pulumi CLI on PATH. */
import { execFileSync } from "node:child_process";

export const NO_CLI = "there is no Pulumi CLI on PATH";

/** Its version; undefined when there is none. */
export function findCli(): string | undefined {
    try {
        return execFileSync("pulumi", ["version"], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"], env: { ...process.env, PULUMI_SKIP_UPDATE_CHECK: "true" } }).trim();
    } catch {
        return undefined;
    }
}
