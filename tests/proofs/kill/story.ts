/** What happened, in words: how a run died, and what the next one did. */
import type { TimedEvent } from "../../../automation/progress/reporter.ts";
import type { DriverRun, Victim } from "./driverRun.ts";

/** Between the parts of a detail: where it was killed, what the next run did, what came of it. */
export const THEN = " => ";

const KILLED: Readonly<Record<Victim, string>> = { driver: "the driver", cli: "the CLI", both: "the driver and the CLI" };
/** Names that are worth reading in one line. */
const SHOWN = 4;

export function tellDeath({ death, exitCode, events }: DriverRun, victim: Victim): string {
    if (death === undefined) return "nothing was killed";
    const cli = death.leftCli ? "; its CLI went on" : "";
    return `${KILLED[victim]}, after ${death.events} events, at ${death.after}${cli}${victim === "cli" ? `; ${tellSurvivor(exitCode, events)}` : ""}`;
}

/** A driver whose CLI was killed may try again by itself. */
function tellSurvivor(exitCode: number | undefined, events: readonly TimedEvent[]): string {
    const retries = events.filter(({ kind }) => kind === "retry").length;
    const failed = events.find((event) => event.kind === "phase" && event.status === "failed");
    const reason = failed?.kind === "phase" ? `: ${(failed.message ?? "").split("\n")[0]?.slice(0, 160)}` : "";
    return `the driver ${retries > 0 ? "began the phase again by itself and " : ""}ended with ${exitCode ?? "a signal"}${reason}`;
}

export function tellRecovery({ events, durationMs }: DriverRun): string {
    const pending = events.filter((event) => event.kind === "pending");
    const locks = events.filter((event) => event.kind === "lock").map(({ status, message }) => ({ status, owner: message.includes("ulumi") ? "Pulumi's" : "the driver's" }));
    const drift = events.flatMap((event) => (event.kind === "drift" ? event.drift : [])).map(({ name, kind }) => `${name} ${kind}`);
    const notes = events.flatMap((event) => (event.kind === "note" && /^(the same data|the run|uploading|stopped|deleted|a deployment|the (champion|challenger)'s)/.test(event.message) ? [event.message] : []));
    const counts = events.flatMap((event) => (event.kind === "counts" ? [`${event.phase}: ${tellCounts(event.counts)}`] : []));
    const parts = [
        ...locks.filter(({ status }) => status === "waiting").slice(0, 1).map(({ owner }) => `waited for ${owner} lock`),
        ...locks.filter(({ status }) => status === "cleared").map(({ owner }) => `cleared ${owner} lock`),
        ...(["adopted", "forgotten", "deleted"] as const).map((outcome) => tellSome(
            pending.filter((event) => event.outcome === outcome).map(({ urn }) => urn.split("::").at(-1) ?? ""), `pending ${outcome}`)),
        tellSome(drift, "drift"),
        ...counts,
        ...notes.map((note) => note.replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27,}/g, "...").slice(0, 120)),
    ];
    return `${parts.filter((part) => part !== "").join("; ")} (${(durationMs / 1000).toFixed(0)} s)`;
}

function tellCounts(counts: Readonly<Record<string, number>>): string {
    const told = Object.entries(counts).filter(([, count]) => count > 0).map(([operation, count]) => `${count} ${operation}`);
    return told.length === 0 ? "nothing" : told.join(", ");
}

/** Empty when there are none. */
function tellSome(names: readonly string[], what: string): string {
    if (names.length === 0) return "";
    return `${names.length} ${what} (${names.slice(0, SHOWN).join(", ")}${names.length > SHOWN ? ", ..." : ""})`;
}
