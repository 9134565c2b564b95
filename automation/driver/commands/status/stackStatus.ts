/** What `status` tells: the `status` of the event of that name (docs/events.md). What is absent does not exist, or could not be asked. */
import type { Variant, Weights } from "../../../../lambdas/shared/documents.ts";

export interface StackStatus {
    /** The Pulumi stack. */
    readonly stack: string;
    readonly region: string;
    /** Twelve digits. */
    readonly account?: string;
    /** URL of the place of the state. */
    readonly backend?: string;
    /** `none`: never deployed, or destroyed. `serving`: endpoints are declared. */
    readonly phase?: "none" | "infrastructure" | "serving";
    /** In the state; components and providers do not count. */
    readonly resources?: number;
    readonly outputs?: Readonly<Record<string, unknown>>;
    readonly locks: readonly HolderStatus[];
    /** Steps that a killed run had begun: the next `up` finds out what became of them. */
    readonly pending?: readonly { readonly urn: string; readonly operation: string }[];
    /** As the switch in the account says; `auto` in the configuration follows it. */
    readonly endpointSwitch?: string;
    readonly endpoints?: readonly EndpointStatus[];
    readonly weights?: Weights;
    readonly drained?: Variant;
    /** Runs of the pipeline that go on. */
    readonly running?: readonly RunStatus[];
    /** The run that ended last. */
    readonly lastRun?: RunStatus;
    /** Addresses that have not confirmed their subscription: no alert reaches them. */
    readonly unconfirmed?: readonly string[];
    /** What points somewhere else than to AWS. */
    readonly standIns: readonly string[];
    /** What could not be asked, and why. */
    readonly unasked: readonly { readonly what: string; readonly why: string }[];
}

export interface HolderStatus {
    readonly of: "driver" | "engine";
    /** In words. */
    readonly owner: string;
}

export interface EndpointStatus {
    readonly variant: Variant;
    readonly name: string;
    /** SageMaker's word; `none` when there is no endpoint. */
    readonly status: string;
    /** Version of the model that it serves. */
    readonly modelVersion?: string;
    /** Version of the model that was approved last. */
    readonly approvedVersion?: string;
    readonly memoryMiB?: number;
    readonly maxConcurrency?: number;
}

export interface RunStatus {
    readonly name: string;
    readonly status: string;
    /** ISO 8601. */
    readonly startedAt?: string;
    readonly endedAt?: string;
    /** Why it ended as it did, in a line; of the last run alone, unless it succeeded. */
    readonly reason?: string;
}
