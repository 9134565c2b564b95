/** What the three judges said about one mutation. */
import type { Outcome } from "../proof.ts";
import type { Mutation } from "./mutation.ts";

/** Undefined: green. Absent from `asked`: not asked, because an earlier judge was enough or because there was no time. */
export interface Judgement {
    readonly preflight?: string | undefined;
    readonly unit?: string | undefined;
    readonly rehearsal?: string | undefined;
    readonly asked: readonly Judge[];
}

export type Judge = "preflight" | "unit" | "rehearsal";

const JUDGES: readonly Judge[] = ["preflight", "unit", "rehearsal"];

/** Kind in the result file of what the rehearsal runs past: another judge, or none, stands between it and AWS. */
const NOT_EXERCISED = "not exercised by the rehearsal";

export function buildOutcome(mutation: Mutation, judgement: Judgement): Outcome {
    const red = JUDGES.filter((judge) => judgement[judge] !== undefined);
    const isPassedBy = judgement.asked.includes("rehearsal") && judgement.rehearsal === undefined;
    return {
        id: mutation.id,
        passed: red.length > 0,
        detail: JUDGES.map((judge) => `${judge}: ${describe(judgement, judge)}`).join(" | "),
        kinds: [mutation.kind, ...red.map((judge) => `red in ${judge}`), ...isPassedBy ? [NOT_EXERCISED] : []],
    };
}

function describe(judgement: Judgement, judge: Judge): string {
    if (!judgement.asked.includes(judge)) return "not asked";
    return judgement[judge]?.slice(0, 200) ?? "green";
}

/** Whether these are the details of a case that the rehearsal was asked about and did not see. */
export function isNotExercised(detail: string): boolean {
    return detail.endsWith("| rehearsal: green");
}
