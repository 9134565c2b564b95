/** Where the events of a command go: lines for people, JSON for machines. Behind a mask all of them. */
import { createConsoleReporter, combineReporters, createJsonReporter, createTimedRecorder } from "../progress/reporters.ts";
import type { SessionHost } from "./openSession.ts";
import type { DriverOptions } from "./options.ts";
import type { Reporter, TimedEvent } from "../progress/reporter.ts";
import { maskReporter } from "./secretMasker.ts";

export interface OpenReporters {
    readonly reporter: Reporter;
    /** All so far, masked. */
    readonly events: readonly TimedEvent[];
    /** A line of the command's answer. */
    print(text: string): void;
    close(): void;
}

/** With `--json -` and where policies are printed, stdout is for machines, and people's lines go to stderr. */
export function openReporters({ jsonFile, printedRoles }: Pick<DriverOptions, "jsonFile" | "printedRoles">, { stdout, stderr, masker, environment }: SessionHost): OpenReporters {
    const answer = jsonFile === "-" ? stderr : stdout;
    const people = printedRoles.length > 0 ? stderr : answer;
    const screen = createConsoleReporter(people, environment);
    const record = createTimedRecorder();
    const json = jsonFile === undefined ? [] : [createJsonReporter(jsonFile === "-" ? stdout : jsonFile)];
    return {
        reporter: maskReporter(combineReporters(screen, record, ...json), masker),
        events: record.events,
        print: (text) => void answer.write(`${text}\n`),
        close: () => screen.close(),
    };
}
