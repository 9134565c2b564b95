import type { RuleFinding } from "../preflight/result.ts";

/** Preflight found what would fail. What was found is reported before; the message names it in one line. */
export class PreflightError extends Error {
    override readonly name = "PreflightError";
    readonly findings: readonly RuleFinding[];

    constructor(message: string, findings: readonly RuleFinding[]) {
        super(message);
        this.findings = findings;
    }
}
