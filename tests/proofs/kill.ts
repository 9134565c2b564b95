/**
 * Drivers are killed with SIGKILL, in the middle of what they do, and the same command is given once more: it must go through, and leave
 * what an undisturbed run leaves. Then everything is destroyed, and nothing may be left.
 */
import { findCli, NO_CLI } from "./kill/cli.ts";
import { createKillCases } from "./kill/cases.ts";
import type { KillCase } from "./kill/cases.ts";
import { judge } from "./kill/judge.ts";
import { Theatre } from "./kill/theatre.ts";
import type { Outcome, Proof } from "./proof.ts";

const theatre = new Theatre("verify");

async function runCase(oneCase: KillCase): Promise<Outcome> {
    const { id, engine, phase, at } = oneCase;
    const kinds = [engine, phase, typeof at === "number" ? "point" : "edge"];
    if (engine === "pulumi" && findCli() === undefined) return { id, passed: false, detail: NO_CLI, kinds: [] };
    const { problems, story } = await theatre.play(oneCase, judge);
    return { id, passed: problems.length === 0, detail: [story, ...problems].join("; "), kinds };
}

export const killProof: Proof<KillCase> = {
    name: "kill",
    keepsAll: true,
    code: [
        "automation/**/*.ts", "components/**/*.ts", "index.ts", "tests/proofs/kill.ts", "tests/proofs/kill/**/*.ts",
    ],
    async describe() {
        return { engine: `pulumi ${findCli() ?? "none"}`, node: process.version };
    },
    unavailable: () => findCli() === undefined ? NO_CLI : undefined,
    cases: createKillCases,
    idOf: ({ id }) => id,
    run: runCase,
    close: () => theatre.close(),
};
