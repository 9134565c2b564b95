/** Reporters: lines for people, a live view on a terminal, JSON lines for machines, a record for the report and for tests. */
import { appendFileSync, writeFileSync } from "node:fs";
import { isContinuousIntegration } from "../continuousIntegration.ts";
import { EventLines } from "./eventLines.ts";
import { createLiveArea } from "./liveView/liveArea.ts";
import { renderRun } from "./liveView/renderRun.ts";
import { RunModel } from "./liveView/runModel.ts";
import type { Output } from "./output.ts";
import type { DriverEvent, Reporter, TimedEvent } from "./reporter.ts";

export interface ClosableReporter extends Reporter {
    close(): void;
}

/** How often the live view shows the time. */
const TICK_MS = 250;
/** Longest silence without a terminal. */
const QUIET_MS = 10_000;
/** Of docs/events.schema.json. */
export const EVENTS_VERSION = "1";

/** Lines on a stream; on a terminal the last lines show what is going on now. */
export function createConsoleReporter(output: Output, environment: Readonly<NodeJS.ProcessEnv> = process.env): ClosableReporter {
    const startedAt = Date.now();
    const lines = new EventLines(startedAt);
    return canRedraw(output, environment) ? createLiveReporter(output, lines, new RunModel(startedAt)) : createLineReporter(output, lines);
}

/** A log of a CI service keeps each redrawing as lines, even where it looks like a terminal. */
function canRedraw({ isTTY }: Output, environment: Readonly<NodeJS.ProcessEnv>): boolean {
    return isTTY === true && environment["TERM"] !== "dumb" && !isContinuousIntegration(environment);
}

/** Plain lines; when nothing was said for a while, one that says what goes on. */
function createLineReporter(output: Output, lines: EventLines): ClosableReporter {
    let isQuiet = true;
    const timer = setInterval(() => {
        const status = lines.status(Date.now());
        if (isQuiet && status !== "") output.write(`${status.trimEnd()}\n`);
        isQuiet = true;
    }, QUIET_MS);
    timer.unref();
    return {
        report(event) {
            for (const line of lines.describe(event, Date.now())) {
                output.write(`${line}\n`);
                isQuiet = false;
            }
        },
        close: () => clearInterval(timer),
    };
}

function createLiveReporter(output: Output, lines: EventLines, model: RunModel): ClosableReporter {
    const area = createLiveArea(output);
    const draw = (kept: readonly string[]): void => {
        area.draw(kept, renderRun(model, Date.now(), { width: output.columns ?? 80, height: output.rows ?? 24 }));
    };
    const timer = setInterval(() => draw([]), TICK_MS);
    timer.unref();
    const close = (): void => {
        clearInterval(timer);
        process.off("exit", close);
        area.draw([], []);
    };
    // Also when the process ends without asking: by a second Ctrl-C, or by an error that nobody caught.
    process.once("exit", close);
    return {
        report(event) {
            const now = Date.now();
            model.apply(event, now);
            draw(lines.describe(event, now));
        },
        close,
    };
}

/**
 * Writes one event per line, each with the milliseconds since the start; a file is made anew. Form: docs/events.md.
 *
 * @param target path of a file, or a stream
 */
export function createJsonReporter(target: string | Output): Reporter & { writeSummary(summary: object): void } {
    const startedAt = Date.now();
    if (typeof target === "string") writeFileSync(target, "");
    const append = (line: object): void => {
        const text = `${JSON.stringify({ atMs: Date.now() - startedAt, ...line })}\n`;
        if (typeof target === "string") appendFileSync(target, text);
        else target.write(text);
    };
    return {
        report: append,
        writeSummary: (summary) => append({ kind: "summary", ...summary }),
    };
}

export interface TimedRecorder extends Reporter {
    readonly events: readonly TimedEvent[];
}

/** Keeps all events with their times, as `report.html` needs them. */
export function createTimedRecorder(): TimedRecorder {
    const startedAt = Date.now();
    const events: TimedEvent[] = [];
    return { events, report: (event) => void events.push({ ...event, atMs: Date.now() - startedAt }) };
}

export interface RecordingReporter extends Reporter {
    readonly events: readonly DriverEvent[];
}

export function createRecordingReporter(): RecordingReporter {
    const events: DriverEvent[] = [];
    return { events, report: (event) => void events.push(event) };
}

export function combineReporters(...reporters: readonly Reporter[]): Reporter {
    return { report: (event) => reporters.forEach((reporter) => reporter.report(event)) };
}
