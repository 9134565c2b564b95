/** A preflight's result as people read it: what blocks first, then warnings, then what was not seen, so that nothing of it looks passed. */
import type { SourcePosition } from "../../engine/engine.ts";
import type { PreflightResult, RuleFinding, RuleReason } from "../result.ts";
import type { RuleId, Severity } from "../rule.ts";

const HEADINGS: Readonly<Record<Severity, string>> = { blocker: "Blockers", warning: "Warnings" };
/** Ids in one line. */
const IDS_IN_LINE = 24;

export function renderPreflight(result: PreflightResult): readonly string[] {
    const { findings, passed, notChecked, notApplicable, skipped } = result;
    return [
        ...(["blocker", "warning"] as const).flatMap((severity) => renderFindings(severity, findings)),
        ...renderReasons("Not checked", notChecked),
        ...renderReasons("Skipped", skipped),
        ...renderIds("Not applicable: nothing of the kind is in this stack", notApplicable),
        ...renderIds("Passed", passed),
        summarize(result),
    ];
}

/** `1 blocker, 2 warnings, 40 rules passed, 3 not checked, 12 not applicable, 1 skipped` */
export function summarize({ findings, passed, notChecked, notApplicable, skipped }: PreflightResult): string {
    const blockers = findings.filter(({ severity }) => severity === "blocker").length;
    return [
        count(blockers, "blocker"), count(findings.length - blockers, "warning"), `${count(passed.length, "rule")} passed`,
        `${notChecked.length} not checked`, `${notApplicable.length} not applicable`, ...(skipped.length === 0 ? [] : [`${skipped.length} skipped`]),
    ].join(", ");
}

function renderFindings(severity: Severity, all: readonly RuleFinding[]): readonly string[] {
    const findings = all.filter((finding) => finding.severity === severity);
    return findings.length === 0 ? [] : [`${HEADINGS[severity]} (${findings.length})`, ...findings.flatMap(renderFinding).map((line) => `  ${line}`)];
}

/** What it is, in which graph, where that is decided, how to fix it, where to read on. */
export function renderFinding({ id, where, what, fix, graph, at = [] }: RuleFinding): readonly string[] {
    return [
        `${id} ${where}: ${what}`,
        ...(graph === undefined ? [] : [`  graph: ${graph}`]),
        ...(at.length === 0 ? [] : [`  at: ${at.map(renderPosition).join(", from ")}`]),
        `  fix: ${fix}`,
        `  see: docs/failures.md#${id.toLowerCase()}`,
    ];
}

function renderPosition({ file, line }: SourcePosition): string {
    return `${file}:${line}`;
}

/** One line per reason. */
function renderReasons(heading: string, all: readonly RuleReason[]): readonly string[] {
    if (all.length === 0) return [];
    const reasons = [...new Set(all.map(({ because }) => because))];
    return [`${heading} (${all.length})`, ...reasons.map((reason) => {
        const ids = all.filter(({ because }) => because === reason).map(({ id }) => id);
        return `  ${ids.join(" ")}: ${reason}`;
    })];
}

function renderIds(heading: string, ids: readonly RuleId[]): readonly string[] {
    if (ids.length === 0) return [];
    const lines = Array.from({ length: Math.ceil(ids.length / IDS_IN_LINE) }, (_, index) => ids.slice(index * IDS_IN_LINE, (index + 1) * IDS_IN_LINE));
    return [`${heading} (${ids.length})`, ...lines.map((line) => `  ${line.join(" ")}`)];
}

function count(number: number, word: string): string {
    return `${number} ${word}${number === 1 ? "" : "s"}`;
}
