/** Where the events of a command go: lines for people, JSON for machines. Behind a mask all of them. */
import { createConsoleReporter, combineReporters, createJsonReporter } from "./reporters.ts";
import type { SessionHost } from "./openSession.ts";
import type { DriverOptions } from "./options.ts";
import type { Reporter } from "./reporter.ts";
import { maskReporter } from "./secretMasker.ts";

export interface OpenReporters {
    readonly reporter: Reporter;
    /** A line of the command's answer. */
    print(text: string): void;
    close(): void;
}

/** With `--json -`, stdout is for machines, and people's lines go to stderr. */
export function openReporters({ jsonFile }: Pick<DriverOptions, "jsonFile">, { stdout, stderr, masker }: SessionHost): OpenReporters {
    const people = jsonFile === "-" ? stderr : stdout;
    const screen = createConsoleReporter(people);
    const reporters: Reporter[] = [screen];
    if (jsonFile === "-") reporters.push(createStreamReporter(stdout));
    else if (jsonFile !== undefined) reporters.push(createJsonReporter(jsonFile));
    return { reporter: maskReporter(combineReporters(...reporters), masker), print: (text) => void people.write(`${text}\n`), close: () => screen.close() };
}

/** As `createJsonReporter`, on a stream. */
function createStreamReporter(output: SessionHost["stdout"]): Reporter {
    const startedAt = Date.now();
    return { report: (event) => void output.write(`${JSON.stringify({ atMs: Date.now() - startedAt, ...event })}\n`) };
}
