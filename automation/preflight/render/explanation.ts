/** One rule, for whoever met it: what happened, why it cannot or how it is found, what to do. */
import { isChecked } from "../rule.ts";
import type { CheckedRule, Rule, RuleKind, StandingRule } from "../rule.ts";

/** What each kind means, for people. */
const KINDS: Readonly<Record<RuleKind, string>> = {
    design: "held by how the platform is built", types: "held by types: such a program does not compile", test: "held by a test",
    config: "looked for in the settings", plan: "looked for in the planned resources", artifact: "looked for in files", account: "looked for in the account",
};

export function renderExplanation(rule: Rule): readonly string[] {
    const { id, kind, title, story, source, prevention, fix } = rule;
    return [
        `${id}: ${title}`, `  ${KINDS[kind]}`, "",
        "What happened", `  ${story}`, `  source: ${source}`, "",
        ...(prevention === undefined ? [] : ["How it is prevented", `  ${prevention}`, ""]),
        ...(isChecked(rule) ? renderCheck(rule) : renderHolding(rule)), "",
        "What to do", `  ${fix}`, "",
        `see: docs/failures.md#${id.toLowerCase()}`,
    ];
}

function renderCheck({ mustFind, mustPass }: CheckedRule): readonly string[] {
    return ["What the check finds", ...mustFind.map(({ title }) => `  - ${title}`), "and what it passes", ...mustPass.map(({ title }) => `  - ${title}`)];
}

function renderHolding({ heldBy }: StandingRule): readonly string[] {
    return ["What holds it", ...heldBy.map((file) => `  - ${file}`)];
}
