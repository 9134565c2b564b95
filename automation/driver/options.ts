/** Command line of `node automation/deploy.ts`. */
import path from "node:path";
import { splitPulumiStack } from "../../components/environmentName.ts";
import type { StackName } from "../../components/environmentName.ts";
import type { CommandName } from "./commands/command.ts";
import { readWords } from "./commands/words.ts";
import { OperatorError } from "../errors.ts";
import type { Load } from "../preflight/forecast/load.ts";
import { parseLoad } from "../preflight/forecast/parseLoad.ts";
import { parseRuleChoice } from "../preflight/ruleChoice.ts";
import type { RuleChoice } from "../preflight/ruleChoice.ts";
import { selectPhaseNames } from "../phases/phaseRange.ts";

export interface DriverOptions {
    readonly command: CommandName;
    /** The word after the command: `on` or `off` of `endpoints`. */
    readonly argument?: string;
    /** The stack whose file is read: `dev`. */
    readonly stack: string;
    /** Of a pull request's environment, as ENVIRONMENT_SUFFIX says; the Pulumi stack is then `<stack>--<suffix>`. */
    readonly suffix?: string;
    readonly from?: string | undefined;
    readonly until?: string | undefined;
    /** Absolute. */
    readonly dataFile: string;
    /** Absolute; `-` is stdout, and then nothing else is written there. */
    readonly jsonFile?: string;
    /** Absolute; where `report.html` is written. @default below `.firstlight/reports/` */
    readonly reportFile?: string;
    /** --yes */
    readonly isConfirmed: boolean;
    /** --confirm STACK: needed, beside or instead of --yes, for a stack with the preset prod. */
    readonly confirmedStack?: string;
    /** --no-refresh makes it false. @default true */
    readonly refresh: boolean;
    /** The whole command ends as by Ctrl-C after this time. @default none */
    readonly timeoutMs?: number;
    /** Writes a bundle without secrets when the command has ended. */
    readonly diagnose: boolean;
    /** --delete-data: `destroy` and `sweep` also take what is protected; needs --confirm as well. */
    readonly deletesData: boolean;
    /** --apply: `sweep` deletes instead of saying what it would delete. */
    readonly applies: boolean;
    /** --state-lost: `sweep` believes a backend that knows nothing of this project in the account. */
    readonly isStateLost: boolean;
    readonly allowEmulator: boolean;
    /** --offline: AWS is asked nothing. */
    readonly isOffline: boolean;
    /** --only, --skip with --because, --strict: which rules of the preflight count. */
    readonly ruleChoice: RuleChoice;
    /** Absolute; where `preflight` writes SARIF. */
    readonly sarifFile?: string;
    /** --deploy-role, --preflight-role: whose policies `preflight` prints, instead of looking. */
    readonly printedRoles: readonly PrintedRole[];
    /** --forecast, or what implies it: what the deployment would take and cost is told. */
    readonly forecast?: ForecastOptions;
}

export type PrintedRole = "deploy" | "preflight";

export interface ForecastOptions {
    /** --load: part of a month's work, instead of the default. */
    readonly load: Partial<Load>;
    /** --forecast-file, absolute: where the forecast is written as JSON. */
    readonly file?: string;
}

/** Where the options are read. */
export interface OptionsPlace {
    /** Absolute. */
    readonly projectFolder: string;
    /** INIT_CWD and what the options' variables say. */
    readonly environment: Readonly<NodeJS.ProcessEnv>;
}

/** @throws OperatorError for a command or an option that is unknown, missing or means nothing here, with what may have been meant. */
export function parseDriverOptions(args: readonly string[], { projectFolder, environment }: OptionsPlace): DriverOptions {
    const { command, argument, texts, flags, repeated } = readWords(args, environment);
    const callersFolder = environment["INIT_CWD"] ?? process.cwd();
    const { stack, suffix } = parseStack(texts, command);
    const range = { from: texts.get("from"), until: texts.get("until") };
    selectPhaseNames(range);
    const data = texts.get("data");
    return {
        command, stack, ...range,
        ...optional("argument", argument),
        ...optional("suffix", suffix),
        dataFile: data === undefined ? path.join(projectFolder, "data", "customer-churn.csv") : path.resolve(callersFolder, data),
        ...optional("jsonFile", map(texts.get("json"), (file) => (file === "-" ? file : path.resolve(callersFolder, file)))),
        ...optional("reportFile", map(texts.get("report"), (file) => path.resolve(callersFolder, file))),
        ...optional("sarifFile", map(texts.get("sarif"), (file) => path.resolve(callersFolder, file))),
        ...optional("confirmedStack", texts.get("confirm")),
        ...optional("timeoutMs", map(texts.get("timeout"), parseDuration)),
        isConfirmed: flags.has("yes"),
        refresh: !flags.has("no-refresh"),
        diagnose: flags.has("diagnose"),
        deletesData: flags.has("delete-data"),
        applies: flags.has("apply"),
        isStateLost: flags.has("state-lost"),
        allowEmulator: flags.has("allow-emulator"),
        isOffline: flags.has("offline"),
        printedRoles: (["deploy", "preflight"] as const).filter((role) => flags.has(`${role}-role`)),
        ...optional("forecast", parseForecast(texts, flags, callersFolder)),
        ruleChoice: parseRuleChoice({ only: texts.get("only"), repeated, isStrict: flags.has("strict") }),
    };
}

function parseForecast(texts: ReadonlyMap<string, string>, flags: ReadonlySet<string>, callersFolder: string): ForecastOptions | undefined {
    const [file, load] = [texts.get("forecast-file"), texts.get("load")];
    if (!flags.has("forecast") && file === undefined && load === undefined) return undefined;
    return { load: load === undefined ? {} : parseLoad(load), ...optional("file", map(file, (name) => path.resolve(callersFolder, name))) };
}

/** `dev` with a suffix beside it, or `dev--pr123`, as Pulumi calls the same. */
function parseStack(texts: ReadonlyMap<string, string>, command: CommandName): StackName {
    const name = texts.get("stack");
    if (name === undefined) throw new OperatorError("--stack is missing", `say which stack: node automation/deploy.ts ${command} --stack dev`);
    const { stack, suffix } = splitPulumiStack(name);
    const other = texts.get("suffix");
    if (suffix !== undefined && other !== undefined && suffix !== other) {
        throw new OperatorError(`--stack ${name} has the suffix ${suffix}, but --suffix or ENVIRONMENT_SUFFIX says ${other}`, `say --stack ${stack}, and the suffix once`);
    }
    return { stack, ...optional("suffix", suffix ?? other) };
}

/** Milliseconds of `90s`, `45m`, `1h30m`. @throws OperatorError */
export function parseDuration(text: string): number {
    const [, hours, minutes, seconds] = /^(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?$/.exec(text) ?? [];
    const total = ((Number(hours ?? 0) * 60 + Number(minutes ?? 0)) * 60 + Number(seconds ?? 0)) * 1000;
    if (total > 0 && total <= LONGEST_MS) return total;
    throw new OperatorError(`--timeout: ${JSON.stringify(text)} is no time between 1s and 596h`, "write for example 90s, 45m or 1h30m");
}

/** Longest of Node's timers: 2^31 - 1 ms. */
const LONGEST_MS = 596 * 3_600_000;

function map<T>(text: string | undefined, change: (text: string) => T): T | undefined {
    return text === undefined ? undefined : change(text);
}

function optional<Name extends string, T>(name: Name, value: T | undefined): { readonly [Key in Name]?: T } {
    return value === undefined ? {} : { [name]: value } as { readonly [Key in Name]?: T };
}
