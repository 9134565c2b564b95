/** Which rules are looked at, and what stops a run: as the options `--only`, `--skip`, `--because` and `--strict` say it. */
import { OperatorError } from "../errors.ts";
import type { RuleReason } from "./result.ts";
import { isChecked } from "./rule.ts";
import type { Rule, RuleId } from "./rule.ts";

export interface RuleChoice {
    /** @default all */
    readonly only?: readonly RuleId[];
    /** Left out, each with its reason. */
    readonly skipped: readonly RuleReason[];
    /** Whether a rule that could not be checked stops a run as a blocker does. */
    readonly isStrict: boolean;
}

export const ALL_RULES: RuleChoice = { skipped: [], isStrict: false };

/** The options as they were written. */
export interface RuleWords {
    /** `F21,F22` */
    readonly only?: string | undefined;
    /** `skip` and `because`, in the order of the line; others are passed over. */
    readonly repeated: readonly { readonly name: string; readonly value: string }[];
    readonly isStrict: boolean;
}

/** @throws OperatorError for what is no id, and for a rule that is to be left out without a reason. */
export function parseRuleChoice({ only, repeated, isStrict }: RuleWords): RuleChoice {
    return { ...(only === undefined ? {} : { only: parseIds("--only", only) }), skipped: parseSkips(repeated), isStrict };
}

/** Each `--because` is of the `--skip` right before it. */
function parseSkips(repeated: RuleWords["repeated"]): readonly RuleReason[] {
    const skipped: RuleReason[] = [];
    let waiting: readonly RuleId[] = [];
    for (const { name, value } of repeated.filter((option) => option.name === "skip" || option.name === "because")) {
        if (name === "skip") {
            refuseWaiting(waiting);
            waiting = parseIds("--skip", value);
            continue;
        }
        if (waiting.length === 0) throw new OperatorError(`--because ${JSON.stringify(value)} stands after no --skip`, 'write --skip F07 --because "..."');
        if (value.trim() === "") refuseWaiting(waiting);
        skipped.push(...waiting.map((id) => ({ id, because: value.trim() })));
        waiting = [];
    }
    refuseWaiting(waiting);
    const twice = skipped.find(({ id }, index) => skipped.findIndex((other) => other.id === id) !== index);
    if (twice !== undefined) throw new OperatorError(`--skip ${twice.id} is given twice`, "give it once");
    return skipped;
}

function refuseWaiting(waiting: readonly RuleId[]): void {
    if (waiting.length === 0) return;
    const ids = waiting.join(",");
    throw new OperatorError(`--skip ${ids} gives no reason`, `write it right after: --skip ${ids} --because "why it may be left out here"`);
}

function parseIds(option: string, text: string): readonly RuleId[] {
    const words = text.split(",").map((word) => word.trim().toUpperCase()).filter((word) => word !== "");
    const wrong = words.find((word) => !/^F\d+$/.test(word));
    if (wrong !== undefined || words.length === 0) {
        throw new OperatorError(`${option}: ${JSON.stringify(wrong ?? text)} is no rule`, `write ids as docs/failures.md has them, for example ${option} F21`);
    }
    return words as RuleId[];
}

/** @throws OperatorError for a rule that there is not, or that has no check which could be asked for or left out. */
export function refuseUnknownRules({ only = [], skipped }: RuleChoice, rules: readonly Rule[]): void {
    for (const [option, id] of [...only.map((id) => ["--only", id] as const), ...skipped.map(({ id }) => ["--skip", id] as const)]) {
        const rule = findRule(id, rules, option);
        if (isChecked(rule)) continue;
        throw new OperatorError(`${option} ${id}: it has no check, since it is held by how the platform is built (${rule.kind})`,
            `leave it out; node automation/deploy.ts preflight --explain ${id} says what holds it`);
    }
}

/** @throws OperatorError when there is none */
export function findRule(id: string, rules: readonly Rule[], option: string): Rule {
    const found = rules.find((rule) => rule.id === id.toUpperCase());
    if (found !== undefined) return found;
    throw new OperatorError(`${option}: there is no rule ${JSON.stringify(id)}`, `choose one of ${rules.map((rule) => rule.id).join(" ")}`);
}
