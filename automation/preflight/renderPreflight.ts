/** A preflight's result as people read it: where, what, how to fix it, where to read on. */
import type { PreflightResult, RuleFinding } from "./result.ts";

export function renderPreflight({ findings, passed, notChecked }: PreflightResult): readonly string[] {
    const summary = `${findings.length} findings, ${passed.length} rules passed, ${notChecked.length} not checked`;
    return [
        ...findings.flatMap(renderFinding),
        summary,
        ...notChecked.map(({ id, because }) => `  not checked ${id}: ${because}`),
    ];
}

export function renderFinding({ id, severity, where, what, fix }: RuleFinding): readonly string[] {
    return [
        `${id} ${where}: ${what}${severity === "warning" ? " (warning)" : ""}`,
        `  fix: ${fix}`,
        `  see: docs/failures.md#${id.toLowerCase()}`,
    ];
}
