/** Takes a command line apart by the tables of commands and options. */
import { parseArgs } from "node:util";
import { OperatorError } from "../../errors.ts";
import { nearestName } from "../nearestName.ts";
import type { Command, CommandName } from "./command.ts";
import { COMMANDS } from "./commands.ts";
import { OPTIONS } from "./optionTable.ts";
import type { OptionSpec } from "./optionTable.ts";

export interface Words {
    readonly command: CommandName;
    readonly argument?: string;
    /** Values by option. */
    readonly texts: ReadonlyMap<string, string>;
    /** Switches that are on. */
    readonly flags: ReadonlySet<string>;
    /** Those that may be given several times, in their order on the line. */
    readonly repeated: readonly RepeatedOption[];
}

export interface RepeatedOption {
    readonly name: string;
    readonly value: string;
}

const HELP = "see node automation/deploy.ts --help";

/** Options that the command takes. */
export function optionsOf(command: Command): readonly OptionSpec[] {
    return OPTIONS.filter(({ name, takenBy }) => takenBy === "all" || (takenBy === "changing" && command.effect !== "reads") || command.options?.includes(name) === true);
}

/** @throws OperatorError for a word that is not known, with what may have been meant. */
export function readWords(args: readonly string[], environment: Readonly<NodeJS.ProcessEnv>): Words {
    const { tokens } = parseArgs({
        args: [...args], strict: false, allowPositionals: true, tokens: true,
        options: Object.fromEntries(OPTIONS.map(({ name, value }) => [name, { type: value === undefined ? "boolean" : "string" }] as const)),
    });
    // First, because the value of an option that is not known is taken for a command.
    for (const token of tokens) if (token.kind === "option") expectKnown(token.rawName);
    const [word = "deploy", argument, ...more] = tokens.flatMap((token) => (token.kind === "positional" ? [token.value] : []));
    const command = findCommand(word);
    checkArgument(command, argument, more);
    const taken = optionsOf(command);
    const texts = new Map<string, string>();
    const flags = new Set<string>();
    const repeated: RepeatedOption[] = [];
    for (const token of tokens) {
        if (token.kind !== "option") continue;
        const spec = findOption(token.rawName, command, taken);
        if (texts.has(spec.name) || flags.has(spec.name)) throw new OperatorError(`${token.rawName} is given twice`, "give it once");
        if (spec.repeats === true) repeated.push({ name: spec.name, value: expectValue(token, spec) });
        else if (spec.value === undefined) flags.add(expectNoValue(token.rawName, token.value, spec));
        else texts.set(spec.name, expectValue(token, spec));
    }
    readVariables(taken, environment, { texts, flags });
    return { command: command.name, ...(argument === undefined ? {} : { argument }), texts, flags, repeated };
}

/** @throws OperatorError */
export function findCommand(word: string): Command {
    const names = COMMANDS.map(({ name }) => name);
    const found = COMMANDS.find(({ name }) => name === word);
    if (found !== undefined) return found;
    const meant = nearestName(word, names);
    throw new OperatorError(`there is no command ${JSON.stringify(word)}`, meant === undefined ? `choose one of ${names.join(", ")}` : `did you mean ${meant}?`);
}

function checkArgument({ name, argument: wanted }: Command, argument: string | undefined, more: readonly string[]): void {
    if (wanted === undefined) {
        if (argument !== undefined) throw new OperatorError(`${name} takes no word after it, got ${JSON.stringify(argument)}`, HELP);
        return;
    }
    const choices = wanted.split("|");
    if (argument === undefined) throw new OperatorError(`${name} needs one word more`, `say ${choices.map((choice) => `${name} ${choice}`).join(" or ")}`);
    if (!choices.includes(argument)) throw new OperatorError(`${name} takes ${choices.join(" or ")}, got ${JSON.stringify(argument)}`, HELP);
    if (more.length > 0) throw new OperatorError(`${name} ${argument} takes no word after it, got ${JSON.stringify(more[0])}`, HELP);
}

function findOption(rawName: string, command: Command, taken: readonly OptionSpec[]): OptionSpec {
    const found = taken.find(({ name }) => `--${name}` === rawName);
    if (found !== undefined) return found;
    const others = COMMANDS.filter((other) => optionsOf(other).some(({ name }) => `--${name}` === rawName));
    if (others.length > 0) throw new OperatorError(`${command.name} takes no ${rawName}`, `it is an option of ${others.map(({ name }) => name).join(", ")}`);
    throw new Error(`no command takes the option ${rawName}`);
}

function expectKnown(rawName: string): void {
    const known = OPTIONS.map(({ name }) => `--${name}`);
    if (known.includes(rawName)) return;
    const meant = nearestName(rawName, known);
    throw new OperatorError(`there is no option ${rawName}`, meant === undefined ? HELP : `did you mean ${meant}?`);
}

function expectNoValue(rawName: string, value: string | undefined, { name }: OptionSpec): string {
    if (value === undefined) return name;
    throw new OperatorError(`${rawName} takes no value, got ${JSON.stringify(value)}`, `write ${rawName} alone, or leave it out`);
}

interface OptionToken { readonly rawName: string; readonly value: string | undefined; readonly inlineValue: boolean | undefined }

/** A value that looks like an option is one whose own value was forgotten. */
function expectValue({ rawName, value, inlineValue }: OptionToken, spec: OptionSpec): string {
    if (value !== undefined && value !== "" && (inlineValue === true || value === "-" || !value.startsWith("-"))) return value;
    throw new OperatorError(`${rawName} needs a value`, `write ${rawName} ${spec.value ?? ""}`);
}

/** What the command line leaves open, the environment may say. */
function readVariables(taken: readonly OptionSpec[], environment: Readonly<NodeJS.ProcessEnv>, { texts, flags }: { texts: Map<string, string>; flags: Set<string> }): void {
    for (const { name, value, variable } of taken) {
        const said = variable === undefined ? undefined : environment[variable];
        if (variable === undefined || said === undefined || said === "") continue;
        if (value === undefined) {
            if (isOn(variable, said)) flags.add(name);
        } else if (!texts.has(name)) {
            texts.set(name, said);
        }
    }
}

function isOn(variable: string, text: string): boolean {
    if (/^(1|true|yes)$/i.test(text)) return true;
    if (/^(0|false|no)$/i.test(text)) return false;
    throw new OperatorError(`environment variable ${variable}: must be 1 or 0, got ${JSON.stringify(text)}`, "set it to 1 or 0, or unset it");
}
