/** Plays one case: kill, run again, compare with an undisturbed run, destroy, see that nothing is left. */
import type { DriverRun } from "./driverRun.ts";
import type { KillCase } from "./cases.ts";
import type { KillPoint } from "./killPoint.ts";
import { comparePictures, countKinds } from "./picture.ts";
import type { Picture } from "./picture.ts";
import type { Act, Stage } from "./stage.ts";
import type { Reference } from "./theatre.ts";

export interface Verdict {
    /** Empty when everything was as in an undisturbed run. */
    readonly problems: readonly string[];
    /** Where it was killed, and what the next run did. */
    readonly story: string;
}

export async function judge(oneCase: KillCase, stage: Stage, reference: Reference): Promise<Verdict> {
    const act = await stage.begin();
    const isTeardown = oneCase.phase === "destroy";
    if (isTeardown) {
        const deployed = await act.run("enable-endpoints");
        if (deployed.exitCode !== 0) return { problems: [describeFailure("the deployment before it", deployed)], story: "nothing was killed" };
    }
    const killed = await act.run(oneCase.until, { point: pointOf(oneCase, reference), victim: oneCase.victim });
    const again = await act.run(oneCase.until);
    const story = tell(killed, again);
    if (again.exitCode !== 0) return { problems: [describeFailure("the run after it", again)], story };
    const expected = isTeardown ? undefined : await reference.picture(oneCase.until);
    const problems = expected === undefined ? [] : comparePictures(expected, await act.look());
    return { problems: [...problems, ...await tearDown(act, stage)], story };
}

function pointOf({ phase, at, delayMs }: KillCase, reference: Reference): KillPoint {
    return { phase, at: typeof at === "number" ? Math.floor(at * reference.events(phase)) : at, delayMs };
}

async function tearDown(act: Act, stage: Stage): Promise<readonly string[]> {
    const destroyed = await act.run("destroy");
    if (destroyed.exitCode !== 0) return [describeFailure("the destroy at the end", destroyed)];
    const { resources }: Picture = await act.look();
    const left = (await stage.cloud.inventory()).filter((item) => !stage.empty.includes(item));
    return [
        ...(resources.size === 0 ? [] : [`after destroy the state still holds ${[...resources.keys()].join(", ")}`]),
        ...(left.length === 0 ? [] : [`after destroy the cloud still holds ${describeKinds(left)}`]),
    ];
}

function describeKinds(items: readonly string[]): string {
    return `${[...countKinds(items)].map(([kind, count]) => `${count} ${kind}`).join(", ")} (${items.slice(0, 5).join(", ")})`;
}

function describeFailure(what: string, { exitCode, said, events }: DriverRun): string {
    const end = events.findLast((event) => event.kind === "end");
    return `${what} ended with ${exitCode ?? "a signal"}: ${(end?.message ?? said).replaceAll("\n", " | ").slice(0, 800)}`;
}

function tell(killed: DriverRun, again: DriverRun): string {
    const at = killed.killedAt === undefined ? `it had ended with ${killed.exitCode} before` : `after ${killed.events.length} events, at ${killed.killedAt}`;
    const failed = killed.events.flatMap((event) => (event.kind === "phase" && event.status === "failed" ? [`${event.phase} had failed: ${event.message ?? ""}`] : []));
    return `killed ${[at, ...failed].join("; ")}; then ${describeRecovery(again)} in ${(again.durationMs / 1000).toFixed(0)} s`;
}

function describeRecovery({ events }: DriverRun): string {
    const pending = events.filter((event) => event.kind === "pending").map(({ outcome, urn }) => `${urn.split("::").at(-1)} ${outcome}`);
    const drift = events.flatMap((event) => (event.kind === "drift" ? event.drift : [])).map(({ name, kind }) => `${name} ${kind}`);
    const locks = events.filter((event) => event.kind === "lock" && event.status !== "acquired" && event.status !== "released").map((event) => (event.kind === "lock" ? event.status : ""));
    const attached = events.flatMap((event) => (event.kind === "note" && /^(the same data|the run|uploading)/.test(event.message) ? [event.message] : []));
    const counts = events.flatMap((event) => (event.kind === "counts" ? [Object.entries(event.counts).map(([operation, count]) => `${count} ${operation}`).join(" ")] : []));
    const parts = [
        locks.length === 0 ? "" : `locks ${locks.join(", ")}`,
        pending.length === 0 ? "nothing pending" : `pending: ${pending.join(", ")}`,
        drift.length === 0 ? "no drift" : `drift: ${drift.slice(0, 8).join(", ")}${drift.length > 8 ? ` and ${drift.length - 8} more` : ""}`,
        counts.length === 0 ? "" : counts.join(" / "),
        ...attached,
    ];
    return parts.filter((part) => part !== "").join("; ");
}
