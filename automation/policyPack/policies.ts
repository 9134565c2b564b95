/** One policy per rule, one for all warnings, and one that says what could not be checked. */
import type { Policies, StackValidation } from "@pulumi/policy";
import { renderFinding } from "../preflight/render/text.ts";
import type { RuleFinding, RuleReason } from "../preflight/result.ts";
import type { CheckedRule } from "../preflight/rule.ts";
import type { Review } from "./review.ts";

/** Characters. */
const LONGEST_REASON = 100;

/**
 * Blockers are mandatory under the name of their rule, so that `--policy-pack-config` can lower or switch off one rule: a policy has one
 * level, which is why warnings have a policy of their own.
 */
export function buildPolicies(rules: readonly CheckedRule[], review: Review): Policies {
    const reporting = (isMeant: (finding: RuleFinding) => boolean): StackValidation => async ({ resources }, report) => {
        const { findings } = await review.look(resources);
        for (const finding of findings.filter(isMeant)) report(renderFinding(finding).join("\n"), finding.urn);
    };
    return [
        {
            name: "inputs", enforcementLevel: "advisory",
            description: "Notes what each resource is asked for, and reports nothing.",
            validateResource: (resource) => review.note(resource),
        },
        ...rules.map(({ id, title, fix }) => ({
            name: id, enforcementLevel: "mandatory" as const, severity: "high" as const,
            description: title, remediationSteps: fix,
            validateStack: reporting((finding) => finding.id === id && finding.severity === "blocker"),
        })),
        {
            name: "warnings", enforcementLevel: "advisory", severity: "medium",
            description: "What may go wrong, or may have changed since it was written down.",
            validateStack: reporting(({ severity }) => severity === "warning"),
        },
        {
            name: "not-checked", enforcementLevel: "advisory", severity: "low",
            description: "What could not be looked at: neither passed nor failed.",
            validateStack: async ({ resources }, report) => {
                const { notChecked } = await review.look(resources);
                if (notChecked.length > 0) report(renderOpen(notChecked));
            },
        },
    ];
}

/** Before the first deployment, a reason may name every policy that there is. */
function renderOpen(notChecked: readonly RuleReason[]): string {
    const shorten = (text: string): string => (text.length > LONGEST_REASON ? `${text.slice(0, LONGEST_REASON)}...` : text);
    const reasons = notChecked.map(({ id, because }) => `${id}: ${shorten(because)}`);
    return [...reasons, "  fix: npm run preflight predicts what Pulumi does not know yet"].join("\n");
}
