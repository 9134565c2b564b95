/** docs/commands.md, made from the tables of the help: `node automation/driver/commands/commandsPage.ts > docs/commands.md`. */
import type { Command } from "./command.ts";
import { COMMANDS } from "./commands.ts";
import { callOf, EXIT_CODES, VARIABLES } from "./help.ts";
import { OPTIONS } from "./optionTable.ts";
import type { OptionSpec } from "./optionTable.ts";
import { optionsOf } from "./words.ts";

const EFFECTS = {
    reads: "Looks only: takes no lock, asks nobody.",
    changes: "Changes the stack: takes its lock, then asks.",
    account: "Asks; takes no lock.",
} as const;

/** The whole page. */
export function renderCommandsPage(): string {
    const variables = OPTIONS.flatMap(({ name, variable }) => (variable === undefined ? [] : [[variable, `the same as --${name}; the command line wins. A switch is on at 1, off at 0`] as const]));
    return [
        "# Commands", "",
        "Made from the help by `node automation/driver/commands/commandsPage.ts > docs/commands.md`; a test compares.", "",
        "`npm run deploy -- COMMAND --stack NAME` works whatever Node is installed, since the npm package `node` brings its own;",
        "`node automation/deploy.ts COMMAND --stack NAME` is the same and needs Node 22.18 or newer (docs/decisions/0008).", "",
        "Events for machines (`--json`): [events.md](events.md). What to do after an exit code: [runbook.md](runbook.md#exit-codes).", "",
        ...COMMANDS.flatMap(renderCommand),
        "## Options", "", ...table(["Option", "What"], OPTIONS.map((option) => [`\`${writeOption(option)}\``, option.text])),
        "## Environment variables", "", ...table(["Variable", "What"], [...variables, ...VARIABLES].map(([name, text]) => [`\`${name}\``, text])),
        "A production stack is confirmed on the command line alone (`--confirm`), never by a variable that somebody left set.", "",
        "## Exit codes", "", ...table(["Code", "What"], EXIT_CODES.map(([code, text]) => [`\`${code}\``, text])),
    ].join("\n").trimEnd() + "\n";
}

function renderCommand(command: Command): readonly string[] {
    const own = optionsOf(command).filter(({ takenBy }) => takenBy !== "all");
    return [
        `## ${callOf(command)}`, `${command.summary[0]?.toUpperCase() ?? ""}${command.summary.slice(1)}. ${EFFECTS[command.effect]}`, "",
        "```sh", command.example, "```", "",
        ...(own.length === 0 ? [] : [`Takes, beside what all take: ${own.map((option) => `\`${writeOption(option)}\``).join(", ")}.`, ""]),
    ];
}

function writeOption({ name, value }: OptionSpec): string {
    return `--${name}${value === undefined ? "" : ` ${value}`}`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): readonly string[] {
    const line = (cells: readonly string[]): string => `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
    return [line(head), `|${"---|".repeat(head.length)}`, ...rows.map(line), ""];
}

if (import.meta.main) process.stdout.write(renderCommandsPage());
