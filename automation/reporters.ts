/** Reporters: lines for people, a moving status line on a terminal, JSON lines for machines, a record for the report and for tests. */
import { appendFileSync, writeFileSync } from "node:fs";
import type { DriverEvent, Reporter } from "./reporter.ts";
import { EventLines } from "./eventLines.ts";

/** The part of a stream that is written to; tests use a string. */
export interface Output {
    write(text: string): unknown;
    readonly isTTY?: boolean;
    readonly columns?: number;
}

export interface ClosableReporter extends Reporter {
    close(): void;
}

/** How often the status line shows the time. */
const TICK_MS = 250;
/** Longest silence without a terminal. */
const QUIET_MS = 10_000;
const CLEAR_LINE = "\r\u001B[2K";

/** Lines on a stream; on a terminal a last line shows what is going on now. */
export function createConsoleReporter(output: Output): ClosableReporter {
    const lines = new EventLines(Date.now());
    return output.isTTY === true ? createTerminalReporter(output, lines) : createLineReporter(output, lines);
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

function createTerminalReporter(output: Output, lines: EventLines): ClosableReporter {
    const draw = (): void => {
        output.write(CLEAR_LINE + lines.status(Date.now()).slice(0, (output.columns ?? 80) - 1));
    };
    const timer = setInterval(draw, TICK_MS);
    timer.unref();
    return {
        report(event) {
            const described = lines.describe(event, Date.now());
            if (described.length > 0) output.write(CLEAR_LINE + described.map((line) => `${line}\n`).join(""));
            draw();
        },
        close() {
            clearInterval(timer);
            output.write(CLEAR_LINE);
        },
    };
}

/** Writes one event per line, each with the milliseconds since the start; the file is made anew. */
export function createJsonReporter(file: string): Reporter & { writeSummary(summary: object): void } {
    const startedAt = Date.now();
    writeFileSync(file, "");
    const append = (line: object): void => appendFileSync(file, `${JSON.stringify(line)}\n`);
    return {
        report: (event) => append({ atMs: Date.now() - startedAt, ...event }),
        writeSummary: (summary) => append({ atMs: Date.now() - startedAt, kind: "summary", ...summary }),
    };
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
