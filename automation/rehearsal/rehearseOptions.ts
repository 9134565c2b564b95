/** Command line of `npm run rehearse`. */
import path from "node:path";
import { parseArgs } from "node:util";
import type { Engine } from "../engine/engine.ts";
import { OperatorError } from "../errors.ts";
import { parseRuleChoice } from "../preflight/ruleChoice.ts";
import type { RuleChoice } from "../preflight/ruleChoice.ts";
import type { DataOverrides } from "../stackSettings.ts";

export const REHEARSE_HELP = `Rehearses the whole deployment on this machine: no AWS account, no network, nothing left behind.

    npm run rehearse                                     the shipped data
    npm run rehearse -- --data sales.csv --label bought  your own CSV file with a header
    npm run rehearse -- --break F01                      break it on purpose and see how
    npm run rehearse -- --engine pulumi                  deployed by the Pulumi CLI on PATH, with the same handlers

  --data FILE        CSV file with a header; default data/customer-churn.csv
  --label COLUMN     column to predict; needed with --data
  --ignore A,B       columns that are no features; default none with --data
  --task TASK        binary, multiclass or regression; default found from the label
  --stack NAME       stack whose configuration is used; default dev
  --engine ENGINE    embedded or pulumi; default embedded, which needs no Pulumi CLI
  --break ID,...     inject failures (on the embedded engine only), each in turn: F01, F02 ... (an unknown one lists them), or all
  --skip RULE        leave a rule of the preflight out; needs --because TEXT right after it; both may be repeated
  --because TEXT     why the rule before it is left out
  --keep             keep the run's files (state, logs, artifact), until ten newer runs have left theirs
  --json FILE        write all events, one JSON document per line, and a summary at the end
  --report FILE      where the HTML report is written; default below .firstlight/reports; not with --break
  --help             this text

Exit codes: 0 as it should be, 1 something here has to be changed, or a failure did not break as predicted, 2 the rehearsal went
wrong, 130 interrupted.
`;

export interface RehearseOptions {
    readonly stack: string;
    /** Absolute. */
    readonly dataFile: string;
    readonly overrides: DataOverrides;
    readonly engine: Engine["kind"];
    readonly breaks: readonly string[];
    /** Rules of the preflight that are left out. */
    readonly ruleChoice: RuleChoice;
    readonly keepFiles: boolean;
    readonly jsonFile?: string;
    /** Absolute. @default below `.firstlight/reports/` */
    readonly reportFile?: string;
    readonly help: boolean;
}

/** @throws OperatorError for an option that is unknown, lacks its value, or does not go with another. */
export function parseRehearseOptions(args: readonly string[], projectFolder: string): RehearseOptions {
    const { values, tokens } = parse(args);
    if (values.data !== undefined && values.label === undefined) {
        throw new OperatorError("--data without --label: which column is to be predicted?", "add --label COLUMN");
    }
    const engine = parseEngine(values.engine ?? "embedded");
    if (engine === "pulumi" && values.break !== undefined) {
        throw new OperatorError("--break with --engine pulumi: failures are injected on the embedded engine only", "leave out one of the two");
    }
    const callersFolder = process.env["INIT_CWD"] ?? process.cwd();
    return {
        stack: values.stack ?? "dev",
        dataFile: values.data === undefined ? path.join(projectFolder, "data", "customer-churn.csv") : path.resolve(callersFolder, values.data),
        overrides: { label: values.label, ignore: values.ignore === undefined ? undefined : splitList(values.ignore), task: values.task },
        engine,
        breaks: (values.break ?? []).flatMap(splitList).map((id) => id.toUpperCase()),
        ruleChoice: parseRuleChoice({ repeated: tokens.flatMap((token) => (token.kind === "option" ? [{ name: token.name, value: token.value ?? "" }] : [])), isStrict: false }),
        keepFiles: values.keep ?? false,
        ...(values.json === undefined ? {} : { jsonFile: path.resolve(callersFolder, values.json) }),
        ...(values.report === undefined ? {} : { reportFile: path.resolve(callersFolder, values.report) }),
        help: values.help ?? false,
    };
}

function parse(args: readonly string[]) {
    const text = { type: "string" } as const;
    const flag = { type: "boolean" } as const;
    const options = { data: text, label: text, ignore: text, task: text, stack: text, engine: text, json: text, report: text, break: { ...text, multiple: true }, skip: { ...text, multiple: true }, because: { ...text, multiple: true }, keep: flag, help: { ...flag, short: "h" } } as const;
    try {
        return parseArgs({ args: [...args], options, strict: true, tokens: true });
    } catch (error) {
        throw new OperatorError((error as Error).message, "see npm run rehearse -- --help", { cause: error });
    }
}

function parseEngine(text: string): Engine["kind"] {
    if (text === "embedded" || text === "pulumi") return text;
    throw new OperatorError(`--engine ${text}: there is no such engine`, "write --engine embedded or --engine pulumi");
}

function splitList(text: string): readonly string[] {
    return text.split(",").map((part) => part.trim()).filter((part) => part !== "");
}
