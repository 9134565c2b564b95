/** Command line of `node automation/deploy.ts`. */
import path from "node:path";
import { parseArgs } from "node:util";
import type { CommandName } from "./commands/command.ts";
import { OperatorError } from "./errors.ts";

export const DEPLOY_HELP = `Deploys a stack to AWS, phase by phase: preflight, up, train, enable-endpoints, verify.

    node automation/deploy.ts --stack dev                     everything
    node automation/deploy.ts --stack dev --until preflight   only look, touch nothing
    node automation/deploy.ts --stack dev --from train        go on after a failure

Every phase reads what really exists, so each can run alone, and twice.

  --stack NAME     stack to deploy; needed
  --from PHASE     first phase; default preflight
  --until PHASE    last phase; default verify
  --data FILE      CSV file to train on; default data/customer-churn.csv
  --json FILE      write all events, one JSON document per line
  --yes            do not ask before the account is touched
  --allow-emulator deploy to what AWS_ENDPOINT_URL names instead of AWS
  --help           this text

Exit codes: 0 done, 1 something here has to be changed, 2 the cloud refused, 130 interrupted.
`;

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
    readonly allowEmulator: boolean;
    readonly help: boolean;
}

/** @throws OperatorError for an option that is unknown or missing. */
export function parseDriverOptions(args: readonly string[], projectFolder: string): DriverOptions {
    const values = parse(args);
    const help = values.help ?? false;
    if (values.stack === undefined && !help) throw new OperatorError("--stack is missing", "say which stack: node automation/deploy.ts --stack dev");
    const callersFolder = process.env["INIT_CWD"] ?? process.cwd();
    return {
        stack: values.stack ?? "",
        from: values.from,
        until: values.until,
        dataFile: values.data === undefined ? path.join(projectFolder, "data", "customer-churn.csv") : path.resolve(callersFolder, values.data),
        ...(values.json === undefined ? {} : { jsonFile: path.resolve(callersFolder, values.json) }),
        isConfirmed: values.yes ?? false,
        allowEmulator: values["allow-emulator"] ?? false,
        help,
    };
}

function parse(args: readonly string[]) {
    const text = { type: "string" } as const;
    const flag = { type: "boolean" } as const;
    const options = { stack: text, from: text, until: text, data: text, json: text, yes: flag, "allow-emulator": flag, help: { ...flag, short: "h" } } as const;
    try {
        return parseArgs({ args: [...args], options, strict: true }).values;
    } catch (error) {
        throw new OperatorError((error as Error).message, "see node automation/deploy.ts --help", { cause: error });
    }
}

/** @throws OperatorError when the environment would send an AWS call somewhere else than to AWS. */
export function refuseEmulator(environment: NodeJS.ProcessEnv): void {
    const misleads = /^(AWS_ENDPOINT_URL(_.*)?|PULUMI_DEBUG_PROVIDERS)$/;
    const found = Object.keys(environment).filter((name) => misleads.test(name) && environment[name] !== "");
    if (found.length === 0) return;
    throw new OperatorError(`${found.join(", ")} points the deployment at something else than AWS`, "unset it, or say --allow-emulator if that is what you want");
}
