/** How a run ended, and everything in it that somebody has to look at. Pure. */
import type { TimedEvent } from "../../progress/reporter.ts";
import type { HtmlReportInput } from "../htmlInput.ts";

export interface Trouble {
    /** Where: a phase, a resource, a check. */
    readonly where: string;
    readonly what: string;
    /** What to do; undefined when nothing said it. */
    readonly fix?: string;
}

export interface Outcome {
    /** `unfinished`: the events end before the run does. */
    readonly status: "done" | "failed" | "unfinished";
    /** Why, when it failed. */
    readonly message?: string;
}

const FIX = /^\s*fix: ?(.*)$/m;

export function findOutcome({ events, rehearsal }: HtmlReportInput): Outcome {
    const end = events.findLast((event) => event.kind === "end");
    const failed = events.findLast((event) => event.kind === "phase" && event.status === "failed");
    if (end !== undefined && end.exitCode !== 0) return {
        status: "failed", ...(end.message === undefined ? {} : { message: end.message }),
    };
    if (failed?.kind === "phase") return { status: "failed", ...(failed.message === undefined ? {} : { message: failed.message }) };
    const faults = rehearsal === undefined ? [] : findFaults(rehearsal);
    if (faults.length > 0) return { status: "failed", message: faults.join("; ") };
    return { status: end === undefined && rehearsal === undefined ? "unfinished" : "done" };
}

/** What makes a rehearsal that went through wrong all the same. */
function findFaults({ leftovers, denied, variants }: NonNullable<HtmlReportInput["rehearsal"]>): readonly string[] {
    const different = variants.flatMap(({ predictions }) => predictions).filter(({ agrees }) => !agrees).length;
    return [
        ...((leftovers?.length ?? 0) > 0 ? [`${leftovers?.length} resources are left`] : []),
        ...(denied.length > 0 ? [`${denied.length} calls were refused`] : []),
        ...(different > 0 ? [`${different} predictions differ`] : []),
    ];
}

/** Each once: an engine says why a resource failed, and the phase says it again. */
export function findTroubles(events: readonly TimedEvent[]): readonly Trouble[] {
    const troubles = events.flatMap((event) => describeTrouble(event) ?? []);
    return troubles.filter(({ what }, index) => troubles.findIndex((other) => other.what.includes(what)) === index);
}

function describeTrouble(event: TimedEvent): readonly Trouble[] | undefined {
    switch (event.kind) {
        case "phase": return event.status === "failed" ? [splitFix(event.phase, event.message)] : undefined;
        case "resource": return event.status === "failed" ? [
            splitFix(`${event.operation} ${event.name} (${event.type})`, event.message),
        ] : undefined;
        case "state": return event.status === "failed" ? [
            splitFix(`pipeline ${event.execution}, ${event.state}`, event.message),
        ] : undefined;
        case "check": return event.status === "failed" ? [splitFix(`check ${event.name}`, event.measured)] : undefined;
        case "diagnostic": return event.severity === "info" ? undefined : [splitFix(event.severity, event.message)];
        case "end": return event.exitCode === 0 ? undefined : [splitFix(`exit code ${event.exitCode}`, event.message)];
    }
}

/** Errors for people say how to fix them on a line of its own. */
function splitFix(where: string, message = "no reason given"): Trouble {
    const fix = FIX.exec(message)?.[1]?.trim();
    const what = message.split("\n").filter((line) => !/^\s*(fix|see):/.test(line)).join("\n").trim();
    return { where, what, ...(fix === undefined || fix === "" ? {} : { fix }) };
}
