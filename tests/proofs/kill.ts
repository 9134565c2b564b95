/**
 * Drivers are killed with SIGKILL, in the middle of what they do, and the same command is given once more: it must go through, and leave
 * what an undisturbed run leaves. Then everything is destroyed, and nothing may be left.
 */
import { createKillLives } from "./kill/cases.ts";
import type { KillLife } from "./kill/cases.ts";
import { findCli, NO_CLI } from "./kill/cli.ts";
import type { Verdict } from "./kill/judge.ts";
import { findReference } from "./kill/reference.ts";
import { THEN } from "./kill/story.ts";
import { Theatre } from "./kill/theatre.ts";
import { hashCode } from "./proof.ts";
import type { Outcome, Proof } from "./proof.ts";

/** What runs, waits, changes and finds again; not how it is told (progress, report), nor rules, which only look. */
const CODE = [
    ...["account", "cloudErrors", "driver", "engine", "guards", "locks", "phases", "rehearsal"].map((part) => `automation/${part}/**/*.ts`),
    "automation/*.ts", "components/**/*.ts", "lambdas/**/*.ts", "index.ts", "tests/proofs/kill.ts", "tests/proofs/kill/**/*.ts",
];

let theatre: Theatre | undefined;

async function runLife(life: KillLife): Promise<readonly Outcome[]> {
    const codeHash = hashCode(CODE);
    theatre ??= new Theatre((stage) => findReference(stage, codeHash));
    const seen = await theatre.play(life).catch((error: Error) => error);
    const verdicts = seen instanceof Error ? [] : seen;
    const outcomes = verdicts.map((verdict) => describeVerdict(life, verdict));
    const unplayed = life.kills.slice(outcomes.length).map(({ id }): Outcome => (
        { id, passed: false, detail: seen instanceof Error ? seen.message : "a kill before it failed", kinds: [] }));
    return [...outcomes, ...unplayed];
}

function describeVerdict({ engine, kills }: KillLife, { kill, death, recovery, problems, isWithin, leftCli }: Verdict): Outcome {
    // A point that was drawn anew keeps its place, not its name.
    const { id } = kills.find(({ phase }) => phase === kill.phase) ?? kill;
    const result = problems.length > 0 ? problems.join("; ") : kill.phase === "destroy" ? "nothing is left" : "as undisturbed";
    const where = typeof kill.at === "number" && isWithin ? [`within ${kill.phase}`] : [`edge of ${kill.phase}`];
    const victims = engine === "pulumi" ? [`${kill.victim} killed`, ...leftCli ? ["CLI went on"] : []] : [];
    return { id, passed: problems.length === 0, detail: [death, recovery, result].join(THEN), kinds: [engine, ...where, ...victims] };
}

export const killProof: Proof<KillLife, readonly Outcome[]> = {
    name: "kill",
    keepsAll: true,
    code: CODE,
    async describe() {
        return { engine: `pulumi ${findCli() ?? "none"}`, node: process.version };
    },
    unavailable: () => findCli() === undefined ? NO_CLI : undefined,
    cases: createKillLives,
    // All kills of a life are told at once.
    idOf: ({ kills }) => kills.at(-1)?.id ?? "",
    run: runLife,
    close: async () => theatre?.close(),
};
