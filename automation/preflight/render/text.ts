/** A preflight's result as people read it: where, what, how to fix it, where to read on. */
import type { PreflightResult, RuleFinding } from "../result.ts";

export function renderPreflight({ findings, passed, notChecked }: PreflightResult): readonly string[] {
    const passedIds = passed.length === 0 ? "" : ` (${passed.join(" ")})`;
    const summary = `${count(findings.length, "finding")}, ${count(passed.length, "rule")} passed${passedIds}, ${notChecked.length} not checked`;
    return [...findings.flatMap(renderFinding), summary, ...renderNotChecked(notChecked)];
}

/** One line per reason. */
function renderNotChecked(notChecked: PreflightResult["notChecked"]): readonly string[] {
    const reasons = [...new Set(notChecked.map(({ because }) => because))];
    return reasons.map((reason) => {
        const ids = notChecked.filter(({ because }) => because === reason).map(({ id }) => id);
        return `  not checked ${ids.join(" ")}: ${reason}`;
    });
}

function count(number: number, word: string): string {
    return `${number} ${word}${number === 1 ? "" : "s"}`;
}

export function renderFinding({ id, severity, where, what, fix }: RuleFinding): readonly string[] {
    return [
        `${id} ${where}: ${what}${severity === "warning" ? " (warning)" : ""}`,
        `  fix: ${fix}`,
        `  see: docs/failures.md#${id.toLowerCase()}`,
    ];
}
