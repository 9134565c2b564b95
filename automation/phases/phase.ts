/** A phase: reads what really exists, does what is missing, can run alone and twice. */
import type { AccountLookup } from "../account/accountLookup.ts";
import type { AwsClients } from "../aws.ts";
import type { Engine } from "../engine/engine.ts";
import type { BackendOptions } from "../locks/backendUrl.ts";
import type { PlatformConfig } from "../../components/config.ts";
import type { PhaseName, Reporter } from "../progress/reporter.ts";
import type { StackFile } from "../preflight/locateFindings.ts";
import type { RuleChoice } from "../preflight/ruleChoice.ts";
import type { Plans } from "../preflight/rule.ts";
import type { StackSettings } from "../stackSettings.ts";

export interface PhaseContext {
    readonly stack: string;
    readonly config: PlatformConfig;
    readonly engine: Engine;
    readonly aws: AwsClients;
    /** Account that the credentials are of; a state of another one is refused. @default not compared */
    readonly accountId?: string;
    /** Why there is no account, where nobody has to ask again. @default it is asked for */
    readonly accountProblem?: string;
    readonly reporter: Reporter;
    /** CSV file to train on. */
    readonly dataFile: string;
    readonly signal: AbortSignal;
    /** Records the program's graphs for preflight without touching anything. */
    readonly recordPlans: () => Promise<Plans>;
    /** Token for an API that trusts an issuer (`api.jwt`). @default none: requests are signed */
    readonly apiToken?: string;
    /** Whether the state is refreshed, and drift shown, before the first change of the run. @default false: the state is taken as it is */
    readonly refresh?: boolean;
    /** Looks into the account beyond the state: for what a killed run had begun, and for a state that was lost. @default nothing is looked for */
    readonly lookup?: () => Promise<AccountLookup>;
    /** Whether `destroy` also takes data that the stack protects: asked for twice, by --delete-data and by the stack's name. @default false */
    readonly deletesData?: boolean;
    /** AWS is asked nothing, and what needs the account is not checked. @default false */
    readonly isOffline?: boolean;
    /** Which rules are looked at, and what stops the run. @default all; blockers do */
    readonly ruleChoice?: RuleChoice;
    /** The stack's files as they stand, for the rules that read them. @default those are not checked */
    readonly settings?: StackSettings;
    /** Folder and environment of the command, for the rules about where it keeps the state. @default those are not checked */
    readonly runner?: BackendOptions;
    /** Where findings point to for a setting. @default nowhere */
    readonly stackFile?: StackFile;
    /** Rules whose findings are printed and do not stop the run; used to break a rehearsal on purpose. @default none */
    readonly toleratedRules?: readonly string[];
}

export interface Phase {
    readonly name: PhaseName;
    run(context: PhaseContext): Promise<void>;
}
