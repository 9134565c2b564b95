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

/** With `--json -`, stdout is for machines, and people's lines go to stderr. */
export function openReporters({ jsonFile }: Pick<DriverOptions, "jsonFile">, { stdout, stderr, masker, environment }: SessionHost): OpenReporters {
    const people = jsonFile === "-" ? stderr : stdout;
    const screen = createConsoleReporter(people, environment);
    const record = createTimedRecorder();
    const json = jsonFile === undefined ? [] : [createJsonReporter(jsonFile === "-" ? stdout : jsonFile)];
    return {
        reporter: maskReporter(combineReporters(screen, record, ...json), masker),
        events: record.events,
        print: (text) => void people.write(`${text}\n`),
        close: () => screen.close(),
    };
}
