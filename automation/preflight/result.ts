/** What a preflight found. Data only, so that the driver, the report and tests share it. */
import type { Finding, RuleId } from "./rule.ts";

export interface RuleFinding extends Finding {
    readonly id: RuleId;
    readonly title: string;
    /** The finding's own fix, or the rule's. */
    readonly fix: string;
}

export interface PreflightResult {
    readonly findings: readonly RuleFinding[];
    readonly passed: readonly RuleId[];
    /** Neither passed nor failed: the rule could not look. */
    readonly notChecked: readonly { readonly id: RuleId; readonly because: string }[];
}

export function blockersOf(result: PreflightResult): readonly RuleFinding[] {
    return result.findings.filter((finding) => finding.severity === "blocker");
}
