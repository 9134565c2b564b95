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

/**
 * One result of several looks, in order: a rule counts as it was seen last, but a later look that could not check it does not hide
 * an earlier one that could. Undefined when nobody looked.
 */
export function mergeResults(results: readonly PreflightResult[]): PreflightResult | undefined {
    if (results.length === 0) return undefined;
    const latest = new Map<RuleId, PreflightResult>();
    for (const result of results) {
        for (const id of checkedIn(result)) latest.set(id, result);
        for (const { id } of result.notChecked) if (!latest.has(id)) latest.set(id, result);
    }
    const ids = [...latest.keys()].sort();
    return {
        findings: ids.flatMap((id) => latest.get(id)?.findings.filter((finding) => finding.id === id) ?? []),
        passed: ids.filter((id) => latest.get(id)?.passed.includes(id)),
        notChecked: ids.flatMap((id) => latest.get(id)?.notChecked.filter((rule) => rule.id === id) ?? []),
    };
}

function checkedIn({ findings, passed }: PreflightResult): readonly RuleId[] {
    return [...passed, ...findings.map(({ id }) => id)];
}
