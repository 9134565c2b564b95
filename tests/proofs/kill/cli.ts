/** The Pulumi CLI on PATH, and its processes. */
import { execFileSync } from "node:child_process";
import { readFileSync, readdirSync } from "node:fs";

export const NO_CLI = "there is no Pulumi CLI on PATH";

/** What changes something; what only reads a state is over at once. */
const OPERATIONS: ReadonlySet<string> = new Set(["up", "destroy", "refresh"]);

/** Its version; undefined when there is none. */
export function findCli(): string | undefined {
    try {
        const env = { ...process.env, PULUMI_SKIP_UPDATE_CHECK: "true" };
        return execFileSync("pulumi", ["version"], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"], env }).trim();
    } catch {
        return undefined;
    }
}

/** Ids of the CLIs that a driver has started and that change something now. */
export function findOperations(driver: number): number[] {
    return readdirSync("/proc").filter((name) => /^\d+$/.test(name)).map(Number).filter((pid) => {
        try {
            const [, name, parent] = /^\d+ \((.*)\) \S+ (\d+)/.exec(readFileSync(`/proc/${pid}/stat`, "utf8")) ?? [];
            if (name !== "pulumi" || Number(parent) !== driver) return false;
            return readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0").some((argument) => OPERATIONS.has(argument));
        } catch {
            return false;
        }
    });
}
