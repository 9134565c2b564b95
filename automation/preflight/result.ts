/** What a preflight found. Data only, so that the driver, the report and tests share it. */
import type { SourcePosition } from "../engine/engine.ts";
import type { Finding, GraphName, RuleId } from "./rule.ts";

export interface RuleFinding extends Finding {
    readonly id: RuleId;
    readonly title: string;
    /** The finding's own fix, or the rule's. */
    readonly fix: string;
    /** Graph that shows it; absent for what both show, and for what no graph shows. */
    readonly graph?: GraphName;
    /** Lines that decide it: the setting's, the resource's, then those of the components around it. Absent when none is known. */
    readonly at?: readonly SourcePosition[];
}

/** A rule, and a reason. */
export interface RuleReason {
    readonly id: RuleId;
    readonly because: string;
}

export interface PreflightResult {
    /** Blockers first. */
    readonly findings: readonly RuleFinding[];
    /** Looked at everything, found nothing. */
    readonly passed: readonly RuleId[];
    /** Neither passed nor failed: something could not be looked at. */
    readonly notChecked: readonly RuleReason[];
    /** There is nothing of the kind in this stack. */
    readonly notApplicable: readonly RuleId[];
    /** Left out by whoever asked, with the reason given. */
    readonly skipped: readonly RuleReason[];
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
        for (const id of lookedAtIn(result)) latest.set(id, result);
        for (const { id } of result.notChecked) if (!latest.has(id)) latest.set(id, result);
    }
    const ids = [...latest.keys()].sort();
    const ofLatest = <Item>(pick: (result: PreflightResult) => readonly Item[], idOf: (item: Item) => RuleId): Item[] => ids.flatMap(
        (id) => pick(latest.get(id)!).filter((item) => idOf(item) === id),
    );
    return {
        findings: ofLatest(({ findings }) => findings, ({ id }) => id),
        passed: ofLatest(({ passed }) => passed, (id) => id),
        notChecked: ofLatest(({ notChecked }) => notChecked, ({ id }) => id),
        notApplicable: ofLatest(({ notApplicable }) => notApplicable, (id) => id),
        skipped: ofLatest(({ skipped }) => skipped, ({ id }) => id),
    };
}

function lookedAtIn({ findings, passed, notApplicable, skipped }: PreflightResult): readonly RuleId[] {
    return [...passed, ...notApplicable, ...skipped.map(({ id }) => id), ...findings.map(({ id }) => id)];
}
