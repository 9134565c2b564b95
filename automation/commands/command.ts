/** What a command of `node automation/deploy.ts` is. One file each; the table of all is `commands.ts`. */
import type { Session } from "../session.ts";

export type CommandName =
    | "deploy" | "preview" | "up" | "train" | "endpoints" | "verify" | "status" | "destroy" | "sweep" | "adopt" | "unlock" | "bootstrap";

export interface Command {
    readonly name: CommandName;
    /** One line of the help. */
    readonly summary: string;
    /** Whole command line, as somebody would type it. */
    readonly example: string;
    /** Words that the command takes after its name, in order; `on|off` means one of the two. @default none */
    readonly argument?: string;
    /** Options that only this command takes, beside those that all take: names as in options.ts. @default none */
    readonly options?: readonly string[];
    /**
     * `reads`: looks only, takes no lock and asks nobody. `changes`: takes the driver's lock and asks first. `account`: changes the account
     * beside any stack (bootstrap): asks, takes no lock.
     */
    readonly effect: "reads" | "changes" | "account";
    run(session: Session): Promise<void>;
}
