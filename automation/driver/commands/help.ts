/** The help, made from the tables of commands and options. */
import type { Command } from "./command.ts";
import { COMMANDS } from "./commands.ts";
import type { OptionSpec } from "./optionTable.ts";
import { optionsOf } from "./words.ts";

/** Beside those that stand at an option. */
export const VARIABLES: readonly (readonly [name: string, text: string])[] = [
    ["FIRSTLIGHT_API_TOKEN", "token for an API that trusts an issuer (api.jwt)"],
    ["PULUMI_BACKEND_URL", "where the state is kept; default what `pulumi login` chose"],
    ["FIRSTLIGHT_SECRETS_PROVIDER", "encrypts the secrets of a stack that is new: awskms://..., as bootstrap prints it; default the passphrase"],
    ["PULUMI_CONFIG_PASSPHRASE, PULUMI_CONFIG_PASSPHRASE_FILE", "opens the secrets of a state that no KMS key encrypts"],
    ["PULUMI_ACCESS_TOKEN", "for a state in Pulumi Cloud"],
    ["AWS_PROFILE, AWS_ACCESS_KEY_ID, ...", "credentials, as for every AWS SDK; the region is the stack's own"],
    ["CI", "set by most CI services, others are known by a variable of their own: a state on a local disk (file://) is refused there for what changes AWS"],
];

export const EXIT_CODES: readonly (readonly [code: number, text: string])[] = [
    [0, "done"],
    [1, "something here has to be changed: an option, a file, the configuration; of preflight: something would fail"],
    [2, "the cloud refused, or something that runs there failed; of preflight: it could not look, whatever the reason"],
    [3, "another run holds the stack; nothing was touched"],
    [130, "interrupted, or the time of --timeout is over; the state is kept"],
];

/** Undefined when no help is asked for. Help is given whatever else is wrong with the line. */
export function findHelp(args: readonly string[]): string | undefined {
    if (!args.includes("--help") && !args.includes("-h") && args[0] !== "help") return undefined;
    const command = COMMANDS.find(({ name }) => args.includes(name));
    return command === undefined ? renderHelp() : renderCommandHelp(command);
}

/** Of all commands. */
export function renderHelp(): string {
    const common = optionsOf({ ...deployLike(), options: [] });
    return [
        "Deploys a stack to AWS and operates it.", "",
        "    node automation/deploy.ts [COMMAND] --stack NAME [OPTIONS]", "    npm run deploy -- [COMMAND] --stack NAME [OPTIONS]      the same, whatever Node is installed", "",
        "Commands:", ...align(COMMANDS.map((command) => [callOf(command), command.summary])), "",
        "Examples:", ...COMMANDS.map(({ example }) => `  ${example}`), "",
        "Options of all, or of all that change something:", ...align(common.map(describeOption)), "",
        "Each command's own: node automation/deploy.ts COMMAND --help", "",
        "Environment variables:", ...align(VARIABLES), "",
        "Exit codes:", ...align(EXIT_CODES.map(([code, text]) => [String(code), text])), "",
    ].join("\n");
}

export function renderCommandHelp(command: Command): string {
    return [
        `${callOf(command)}: ${command.summary}`, "",
        `    ${command.example}`, "",
        "Options:", ...align(optionsOf(command).map(describeOption)), "",
    ].join("\n");
}

function deployLike(): Command {
    const [first] = COMMANDS;
    if (first === undefined) throw new Error("there are no commands");
    return first;
}

/** `endpoints on|off` */
export function callOf({ name, argument }: Command): string {
    return argument === undefined ? name : `${name} ${argument}`;
}

function describeOption({ name, value, text, variable }: OptionSpec): readonly [string, string] {
    return [`--${name}${value === undefined ? "" : ` ${value}`}`, variable === undefined ? text : `${text} [${variable}]`];
}

/** Two columns; a long first one has the second below it. */
function align(rows: readonly (readonly [string, string])[]): readonly string[] {
    const width = Math.min(20, Math.max(...rows.map(([left]) => left.length)));
    return rows.map(([left, right]) => (left.length > width ? `  ${left}\n  ${" ".repeat(width)}  ${right}` : `  ${left.padEnd(width)}  ${right}`));
}
