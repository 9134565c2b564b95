/** What a command works with: everything that was found out about the stack before it began. */
import type { AccountLookup } from "../account/accountLookup.ts";
import type { AwsClients } from "../aws.ts";
import type { Engine } from "../engine/engine.ts";
import type { Backend } from "../locks/backendUrl.ts";
import type { LockStore } from "../locks/lock.ts";
import type { DriverOptions } from "./options.ts";
import type { PhaseContext } from "../phases/phase.ts";
import type { Reporter } from "../progress/reporter.ts";
import type { StackSettings } from "../stackSettings.ts";
import type { PlatformConfig } from "../../components/config.ts";

export interface Session {
    /** Absolute; holds `Pulumi.yaml`. */
    readonly projectFolder: string;
    /** The driver's own; ENVIRONMENT_SUFFIX in it says what `--suffix` says. */
    readonly environment: Readonly<NodeJS.ProcessEnv>;
    readonly options: DriverOptions;
    /** Of the file that `--stack` names. */
    readonly settings: StackSettings;
    readonly config: PlatformConfig;
    /** Name of the Pulumi stack: `dev`, or `dev--pr123` with a suffix. */
    readonly pulumiStack: string;
    readonly aws: AwsClients;
    /** Twelve digits; undefined without credentials. */
    readonly accountId: string | undefined;
    /** Why there is no account, where there is none: the words of the SDK. */
    readonly accountProblem: string | undefined;
    readonly reporter: Reporter;
    readonly signal: AbortSignal;
    /** The engine, made when first asked for. @throws OperatorError when there is no CLI and none can be installed */
    engine(): Promise<Engine>;
    /** Where the state is kept. @throws OperatorError when nothing says it */
    backend(): Promise<Backend>;
    /** The driver's locks of this stack, beside its state. @throws OperatorError as `backend` */
    locks(): Promise<LockStore>;
    /** What looking into the account takes, made when first asked for. @throws OperatorError without an account */
    lookup(): Promise<AccountLookup>;
    /** What the phases need. Offline its engine only looks at the state: preflight alone changes nothing. */
    phaseContext(scope?: { readonly isOffline: boolean }): Promise<PhaseContext>;
    /** Writes a line of the command's answer to stdout (not an event: the imports of `adopt`). */
    print(text: string): void;
    /** @throws OperatorError when the answer is not yes, or nobody is there and neither --yes nor --confirm says it */
    confirm(question: string): Promise<void>;
}
