/** Looks before anything is touched: a finding stops the run within seconds. */
import { gatherEvidence } from "../preflight/gathering/gatherEvidence.ts";
import { settleEngineLocks } from "../locks/engineLocks.ts";
import { locateFindings } from "../preflight/locateFindings.ts";
import { blockersOf } from "../preflight/result.ts";
import type { PreflightResult, RuleFinding, RuleReason } from "../preflight/result.ts";
import { ALL_RULES, refuseUnknownRules } from "../preflight/ruleChoice.ts";
import { loadRules, prepareRules, runPreflight } from "../preflight/runPreflight.ts";
import type { CheckedKind } from "../preflight/rule.ts";
import { PreflightError } from "./preflightError.ts";
import type { Phase, PhaseContext } from "./phase.ts";

export const preflightPhase: Phase = {
    name: "preflight",
    async run(context) {
        // The engine of a killed driver ends what it has begun: until then the state and the account are not of one moment.
        await settleEngineLocks(context.engine, context);
        await checkRules(context);
    },
};

/** @throws PreflightError on findings that block and are not tolerated, and where it is asked for on rules that could not be checked. */
export async function checkRules(context: PhaseContext, kinds?: readonly CheckedKind[]): Promise<PreflightResult> {
    const result = await lookAtRules(context, kinds);
    const stoppers = stoppersOf(result, context);
    if (stoppers.blockers.length + stoppers.notChecked.length === 0) return result;
    // What was found stands on the screen already.
    throw new PreflightError(describeStop(stoppers), stoppers.blockers);
}

/** Reports what the chosen rules find. @throws OperatorError when a rule is chosen that there is not */
export async function lookAtRules(context: PhaseContext, kinds?: readonly CheckedKind[]): Promise<PreflightResult> {
    const choice = context.ruleChoice ?? ALL_RULES;
    if (choice.only !== undefined || choice.skipped.length > 0) refuseUnknownRules(choice, await loadRules());
    const [evidence] = await Promise.all([gatherEvidence(context), prepareRules()]);
    const found = await runPreflight(evidence, { ...choice, ...(kinds === undefined ? {} : { kinds }) });
    const result = await locateFindings(found, evidence.plans, context.stackFile);
    context.reporter.report({ kind: "preflight", result });
    return result;
}

/** What stops a run. */
export interface Stoppers {
    readonly blockers: readonly RuleFinding[];
    /** Empty unless the run is strict. */
    readonly notChecked: readonly RuleReason[];
}

export function stoppersOf(result: PreflightResult, { toleratedRules = [], ruleChoice = ALL_RULES }: Pick<PhaseContext, "toleratedRules" | "ruleChoice">): Stoppers {
    return {
        blockers: blockersOf(result).filter(({ id }) => !toleratedRules.includes(id)),
        notChecked: ruleChoice.isStrict ? result.notChecked : [],
    };
}

/** `2 blockers: F21 F22; 3 rules could not be checked, which --strict does not let pass: F40 F41 F47` */
export function describeStop({ blockers, notChecked }: Stoppers): string {
    const ids = (rules: readonly { readonly id: string }[]): string => [...new Set(rules.map(({ id }) => id))].join(" ");
    return [
        ...(blockers.length === 0 ? [] : [`${blockers.length} blocker${blockers.length === 1 ? "" : "s"}: ${ids(blockers)}`]),
        ...(notChecked.length === 0 ? [] : [`${notChecked.length} rule${notChecked.length === 1 ? "" : "s"} could not be checked, which --strict does not let pass: ${ids(notChecked)}`]),
    ].join("; ");
}
