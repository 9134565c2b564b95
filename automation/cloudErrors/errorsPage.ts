/** docs/errors.md, made from the table of errors: `node automation/cloudErrors/errorsPage.ts > docs/errors.md`. */
import { errorClasses } from "./classify.ts";
import type { ErrorClass, ErrorKind } from "./errorClass.ts";

const KINDS: Readonly<Record<ErrorKind, string>> = {
    retry: "Passes by itself: the driver waits 15 s, then 60 s, and does the phase again, which does only what is still missing. "
        + "After the third time it stops.",
    operator: "Something has to change on this side: credentials, settings, the machine, the state. Exit code 1.",
    cloud: "Something has to change in the account or at AWS. Exit code 2.",
};

/** The whole page. */
export function renderErrorsPage(): string {
    return [
        "# Errors", "",
        "Made from the table in automation/cloudErrors/ by `node automation/cloudErrors/errorsPage.ts > docs/errors.md`; a test compares.", "",
        `${errorClasses.length} errors of Pulumi, AWS and Node that this platform can meet, each told by its words. F numbers are those of`,
        "[failures.md](failures.md). The recorded messages, each with its public page, stand in tests/automation/cloudErrors/recordedErrors.json.",
        "Of two errors in one message, the one that needs somebody comes first.",
        "What is not in the table stops the run with its own words; the state is kept, and the same command goes on from there.", "",
        ...(Object.keys(KINDS) as ErrorKind[]).flatMap(renderKind),
    ].join("\n").trimEnd() + "\n";
}

function renderKind(kind: ErrorKind): readonly string[] {
    const rows = errorClasses.filter((each) => each.kind === kind);
    const head = ["| Error | F | What it means | What to do | Source |", "|---|---|---|---|---|"];
    return [`## ${kind} (${rows.length})`, KINDS[kind], "", ...head, ...rows.map(renderClass), ""];
}

function renderClass({ id, failure, what, fix, source }: ErrorClass): string {
    const link = failure === undefined ? "" : `[${failure}](failures.md#${failure.toLowerCase()})`;
    return `| ${[id, link, what, fix, `[page](${source})`].map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
}

if (import.meta.main) process.stdout.write(renderErrorsPage());
