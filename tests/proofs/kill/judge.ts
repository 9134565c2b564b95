/** Lives one deployment: at every kill the same command again, compared with an undisturbed run; at its end nothing may be left. */
import type { PhaseName } from "../../../automation/progress/reporter.ts";
import { ENGINE_PHASES } from "./cases.ts";
import type { Kill, KillLife } from "./cases.ts";
import type { DriverRun } from "./driverRun.ts";
import { comparePictures, countKinds } from "./picture.ts";
import type { Reference } from "./reference.ts";
import type { Act, Stage } from "./stage.ts";
import { tellDeath, tellRecovery } from "./story.ts";

export interface Verdict {
    readonly kill: Kill;
    /** Where it was killed. */
    readonly death: string;
    /** What the next run did. */
    readonly recovery: string;
    /** Empty when everything was as in an undisturbed run. */
    readonly problems: readonly string[];
    /** Whether it came in the middle of its phase, and a Pulumi CLI went on alone after it. */
    readonly isWithin: boolean;
    readonly leftCli: boolean;
}

/** A phase had ended before the kill: nothing was shown. */
export class TooLate extends Error {
    readonly kill: Kill;

    constructor(kill: Kill) {
        super(`${kill.id}: the phase had ended before`);
        this.kill = kill;
    }
}

/** Stops at the first kill that leaves something else than an undisturbed run. @throws TooLate */
export async function live({ engine, again, kills }: KillLife, stage: Stage, reference: Reference): Promise<readonly Verdict[]> {
    const act = await stage.begin();
    const verdicts: Verdict[] = [];
    for (const kill of kills) {
        const verdict = await suffer(kill, { act, reference, again, needsCli: engine === "pulumi" && ENGINE_PHASES.has(kill.phase) });
        verdicts.push(verdict);
        if (verdict.problems.length > 0) return verdicts;
    }
    const left = await tearDown(act, stage, kills.at(-1)?.phase);
    const last = verdicts.at(-1);
    return last === undefined || left.length === 0 ? verdicts : [...verdicts.slice(0, -1), { ...last, problems: left }];
}

interface KillWorld {
    readonly act: Act;
    readonly reference: Reference;
    readonly again: KillLife["again"];
    readonly needsCli: boolean;
}

async function suffer(kill: Kill, { act, reference, again: command, needsCli }: KillWorld): Promise<Verdict> {
    const { phase, victim, delayMs } = kill;
    const at = typeof kill.at === "number" ? Math.floor(kill.at * (reference.events.get(phase) ?? 0)) : kill.at;
    // What comes before the phase is done already.
    const killed = await act.run({ from: phase, until: phase, kill: { point: { phase, at, delayMs }, victim, needsCli } });
    if (killed.death === undefined || (kill.at !== "done" && !killed.death.isWithin)) throw new TooLate(kill);
    const again = await act.run({ from: command === "deploy" ? "up" : phase, until: phase });
    const { isWithin, leftCli } = killed.death;
    const told = { kill, death: tellDeath(killed, victim), recovery: tellRecovery(again), isWithin, leftCli };
    if (again.exitCode !== 0) return { ...told, problems: [describeFailure("the run after it", again)] };
    const expected = reference.pictures.get(phase);
    return { ...told, problems: expected === undefined ? [] : comparePictures(expected, await act.look()) };
}

/** Destroys what was not destroyed. What is wrong then. */
async function tearDown(act: Act, stage: Stage, last: PhaseName | undefined): Promise<readonly string[]> {
    if (last !== "destroy") {
        const destroyed = await act.run({ from: "destroy", until: "destroy" });
        if (destroyed.exitCode !== 0) return [describeFailure("the destroy at the end", destroyed)];
    }
    const { resources } = await act.look();
    const left = (await stage.cloud.inventory()).filter((item) => !stage.empty.includes(item));
    return [
        ...(resources.size === 0 ? [] : [`after destroy the state still holds ${[...resources.keys()].join(", ")}`]),
        ...(left.length === 0 ? [] : [`after destroy the cloud still holds ${describeKinds(left)}`]),
    ];
}

function describeKinds(items: readonly string[]): string {
    return `${[...countKinds(items)].map(([kind, count]) => `${count} ${kind}`).join(", ")} (${items.slice(0, 5).join(", ")})`;
}

export function describeFailure(what: string, { exitCode, said, events }: DriverRun): string {
    const end = events.findLast((event) => event.kind === "end");
    return `${what} ended with ${exitCode ?? "a signal"}: ${(end?.message ?? said).replaceAll("\n", " | ").slice(0, 800)}`;
}
