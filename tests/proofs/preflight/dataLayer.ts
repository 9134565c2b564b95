/** Shows preflight the mutated evidence. */
import { runPreflight } from "../../../automation/preflight/runPreflight.ts";
import type { Evidence } from "../../../automation/preflight/rule.ts";
import type { MutatedStack } from "../mutations/mutation.ts";
import { draftOf } from "./draft.ts";
import type { Draft, Edit } from "./draft.ts";
import { judge } from "./judgement.ts";
import type { SeenFinding, Verdict } from "./judgement.ts";
import { stackOf } from "./mutation.ts";
import type { Occasion, PreflightMutation } from "./mutation.ts";
import { withContainers, withDatabase } from "./parts.ts";
import type { Recorded } from "./recorded.ts";

export async function judgeData(recorded: Recorded, mutation: PreflightMutation): Promise<Verdict> {
    const { evidence } = await applyAll(await recorded.evidence(stackOf(mutation), mutation.occasion ?? "first"), mutation.edits);
    return judge(mutation, (await runPreflight(evidence)).findings);
}

export async function applyAll(evidence: Evidence, edits: readonly Edit[]): Promise<Draft> {
    const draft = draftOf(evidence);
    for (const edit of edits) await edit(draft);
    return draft;
}

/** Evidence in which nothing is wrong. */
export interface Undisturbed {
    readonly words: string;
    readonly stack: MutatedStack;
    readonly occasion: Occasion;
    readonly edits: readonly Edit[];
}

export const undisturbed: readonly Undisturbed[] = [
    { words: "dev before its first deployment", stack: "dev", occasion: "first", edits: [] },
    { words: "dev as it is deployed", stack: "dev", occasion: "deployed", edits: [] },
    { words: "staging before its first deployment", stack: "staging", occasion: "first", edits: [] },
    { words: "staging as it is deployed", stack: "staging", occasion: "deployed", edits: [] },
    { words: "dev with a database", stack: "dev", occasion: "first", edits: withDatabase },
    { words: "dev with containers", stack: "dev", occasion: "first", edits: withContainers },
];

/** Nothing may be found. */
export async function judgeUndisturbed(recorded: Recorded, { stack, occasion, edits }: Undisturbed): Promise<Verdict> {
    const { evidence } = await applyAll(await recorded.evidence(stack, occasion), edits);
    const { findings, passed } = await runPreflight(evidence);
    const seen = findings.map(({ id, where, what }: SeenFinding) => `${id} ${where}: ${what}`).join(" | ");
    return { passed: findings.length === 0, detail: findings.length === 0 ? `${passed.length} rules passed, nothing was found` : seen };
}
