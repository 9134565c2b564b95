import type { RuleFinding } from "../preflight/result.ts";

/** Preflight found what would fail. The message lists every finding with its fix. */
export class PreflightError extends Error {
    override readonly name = "PreflightError";
    readonly findings: readonly RuleFinding[];

    constructor(message: string, findings: readonly RuleFinding[]) {
        super(message);
        this.findings = findings;
    }
}
