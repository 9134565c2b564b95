/** What a command works with: everything that was found out about the stack before it began. */
import type { AwsClients } from "./aws.ts";
import type { Engine } from "./engine/engine.ts";
import type { DriverOptions } from "./options.ts";
import type { PhaseContext } from "./phases/phase.ts";
import type { Reporter } from "./reporter.ts";
import type { StackSettings } from "./stackSettings.ts";
import type { PlatformConfig } from "../components/config.ts";

export interface Session {
    /** Absolute; holds `Pulumi.yaml`. */
    readonly projectFolder: string;
    readonly options: DriverOptions;
    readonly settings: StackSettings;
    readonly config: PlatformConfig;
    readonly aws: AwsClients;
    /** Twelve digits; undefined without credentials. */
    readonly accountId: string | undefined;
    readonly reporter: Reporter;
    readonly signal: AbortSignal;
    /** The engine, made when first asked for. @throws OperatorError when there is no CLI and none can be installed */
    engine(): Promise<Engine>;
    /** What the phases need. */
    phaseContext(): Promise<PhaseContext>;
    /** Writes a line of the command's answer to stdout (not an event: `status`, the imports of `adopt`). */
    print(text: string): void;
    /** @throws OperatorError when the answer is not yes, or nobody is there and neither --yes nor --confirm says it */
    confirm(question: string): Promise<void>;
}
