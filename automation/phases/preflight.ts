/** Looks before anything is touched: a finding stops the run within seconds. */
import { gatherEvidence } from "../preflight/gathering/gatherEvidence.ts";
import { renderFinding } from "../preflight/render/text.ts";
import { blockersOf } from "../preflight/result.ts";
import type { PreflightResult } from "../preflight/result.ts";
import { runPreflight } from "../preflight/runPreflight.ts";
import type { CheckedKind } from "../preflight/rule.ts";
import { PreflightError } from "./preflightError.ts";
import type { Phase, PhaseContext } from "./phase.ts";

export const preflightPhase: Phase = {
    name: "preflight",
    async run(context) {
        await checkRules(context);
    },
};

/** @throws PreflightError on findings that block and are not tolerated. */
export async function checkRules(context: PhaseContext, kinds?: readonly CheckedKind[]): Promise<PreflightResult> {
    const result = await runPreflight(await gatherEvidence(context), kinds === undefined ? {} : { kinds });
    context.reporter.report({ kind: "preflight", result });
    const tolerated = context.toleratedRules ?? [];
    const blockers = blockersOf(result).filter(({ id }) => !tolerated.includes(id));
    if (blockers.length > 0) throw new PreflightError(blockers.flatMap(renderFinding).join("\n"), blockers);
    return result;
}
