/** What the driver finds outside of itself. */
import type { AwsClients, AwsTarget } from "../aws.ts";
import type { Engine } from "../engine/engine.ts";
import type { Output } from "../progress/output.ts";
import type { StackSettings } from "../stackSettings.ts";

/** What an engine is made for. */
export interface EnginePlace {
    /** Absolute; holds `Pulumi.yaml`. */
    readonly projectFolder: string;
    readonly settings: StackSettings;
    /** `dev`, or `dev--pr123`. */
    readonly pulumiStack: string;
    readonly environment: Readonly<NodeJS.ProcessEnv>;
    readonly target: AwsTarget;
}

/** The seam through which tests and proofs give it another engine and another cloud. */
export interface DriverHost {
    /** Absolute; holds `Pulumi.yaml`. */
    readonly projectFolder: string;
    readonly environment: Readonly<NodeJS.ProcessEnv>;
    readonly stdout: Output;
    readonly stderr: Output;
    readonly stdin: NodeJS.ReadableStream & { readonly isTTY?: boolean };
    /** @default the Pulumi CLI */
    createEngine?(place: EnginePlace): Promise<Engine>;
    /** @default the clients of the AWS SDK */
    createAws?(target: AwsTarget): AwsClients;
}
