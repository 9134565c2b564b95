/** Whether preflight found what was made wrong: once, in its place, and nothing that is not wrong. */
import type { RuleFinding } from "../../../automation/preflight/result.ts";
import type { RuleId } from "../../../automation/preflight/rule.ts";
import { stackOf } from "./mutation.ts";
import type { PreflightMutation } from "./mutation.ts";

export type SeenFinding = Pick<RuleFinding, "id" | "where" | "what" | "severity">;

export interface Verdict {
    readonly passed: boolean;
    /** What was found; what is wrong with that comes first. */
    readonly detail: string;
}

export function judge(mutation: PreflightMutation, findings: readonly SeenFinding[]): Verdict {
    const problems = findProblems(mutation, findings);
    const own = findings.filter(({ id }) => id === mutation.rule);
    const others = findings.filter(({ id }) => id !== mutation.rule);
    const seen = [...own, ...others].map(({ id, severity, where, what }) => `${id} ${severity} ${where}: ${what}`).join(" | ");
    return { passed: problems.length === 0, detail: [...problems.map((problem) => `${problem}!`), seen === "" ? "nothing was found" : seen].join(" ") };
}

function findProblems(mutation: PreflightMutation, findings: readonly SeenFinding[]): readonly string[] {
    const { rule, where, also = {} } = mutation;
    const own = findings.filter(({ id }) => id === rule);
    const expected = `${stackOf(mutation)}/`;
    const ids = new Set(findings.map(({ id }) => id));
    const uninvited = [...ids].filter((id) => id !== rule && !(id in also));
    const absent = (Object.keys(also) as RuleId[]).filter((id) => !ids.has(id));
    return [
        ...(own.length === 1 ? [] : [`${rule} found ${own.length} things`]),
        ...(own.every((finding) => finding.where.startsWith(expected) && finding.where.includes(where)) ? [] : [`${rule} is not at ${where}`]),
        ...(uninvited.length === 0 ? [] : [`${uninvited.join(", ")} found something too`]),
        ...(absent.length === 0 ? [] : [`${absent.join(", ")} found nothing`]),
    ];
}
