/** What a command of `node automation/deploy.ts` is. One file each; the table of all is `commands.ts`. */
import type { PlatformConfig } from "../../../components/config.ts";
import type { Reporter } from "../../progress/reporter.ts";
import type { DriverOptions } from "../options.ts";
import type { Session } from "../session.ts";

export type CommandName =
    | "deploy" | "preview" | "up" | "train" | "endpoints" | "verify" | "status" | "destroy" | "sweep" | "adopt" | "unlock" | "bootstrap" | "preflight";

/**
 * `reads`: looks only, takes no lock and asks nobody. `changes`: takes the driver's lock and asks first. `account`: changes the account or
 * a lock beside any run of the stack (bootstrap, unlock): asks, takes no lock.
 */
export type Effect = "reads" | "changes" | "account";

/** A run for which no session could be opened. */
export interface RefusedRun {
    readonly options: DriverOptions;
    /** Absolute. */
    readonly projectFolder: string;
    readonly reporter: Reporter;
}

export interface Command {
    readonly name: CommandName;
    /** One line of the help. */
    readonly summary: string;
    /** Whole command line, as somebody would type it. */
    readonly example: string;
    /** Words that the command takes after its name, in order; `on|off` means one of the two. @default none */
    readonly argument?: string;
    /** Options that only this command takes, beside those that all take: names as in optionTable.ts. @default none */
    readonly options?: readonly string[];
    readonly effect: Effect;
    /** Asks nothing of AWS unless the state is there. @default false: whatever is changed needs an account */
    readonly needsNoAccount?: boolean;
    /** Exit code of what kept it from its work; findings of the preflight are no such thing. @default by the error */
    readonly failureCode?: number;
    /** How long AWS is waited for. @default as long as work takes */
    readonly patience?: "short";
    /** Tells what stands in for AWS, instead of refusing it. Its own requests do not go there either. @default false */
    readonly toleratesStandIns?: boolean;
    /** For a command whose options or stack decide what it does. @default `effect` */
    effectOf?(options: DriverOptions, config: PlatformConfig): Effect;
    /** Looks at what would stop it later, before anything is locked or asked. @throws OperatorError */
    check?(session: Session): Promise<void>;
    /** What it makes of settings that are refused: the error to end with. @default that of the settings */
    onRefused?(error: unknown, run: RefusedRun): Promise<unknown>;
    /** What is asked before anything is changed, without the place: `Deploy stack dev--pr7`; `stack` is the Pulumi stack. Needed unless the effect is `reads`. */
    question?(options: DriverOptions, session: Session): string | Promise<string>;
    /** Modules that only this command needs are loaded in here. */
    run(session: Session): Promise<void>;
}
