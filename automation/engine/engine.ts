/**
 * The engine interface: what the phases need of Pulumi. Two implementations: `pulumi.ts` (Automation API, a local program in its
 * own process) and `embedded/` (our own monitor, used by the rehearsal). The phases cannot tell them apart.
 */
import type { PropertyMap } from "./provider.ts";

export type Operation = "same" | "create" | "update" | "replace" | "delete" | "retain" | "read";

export type OperationCounts = Readonly<Partial<Record<Operation, number>>>;

/** What an engine reports while it works. `durationMs` is absent on start. */
export interface ResourceEvent {
    readonly kind: "resource";
    readonly urn: string;
    readonly type: string;
    readonly name: string;
    readonly operation: Operation;
    readonly status: "started" | "done" | "failed";
    readonly durationMs?: number;
    readonly message?: string;
}

export interface DiagnosticEvent {
    readonly kind: "diagnostic";
    readonly severity: "info" | "warning" | "error";
    readonly message: string;
    readonly urn?: string;
}

export type EngineEvent = ResourceEvent | DiagnosticEvent;

export interface EngineRequest {
    readonly onEvent?: (event: EngineEvent) => void;
    /** Ends the operation as Ctrl-C does: nothing new is started, what runs is waited for, state is saved. */
    readonly signal?: AbortSignal;
}

/** A resource as the program asked for it. In a plan its inputs may hold `UNKNOWN`. */
export interface PlannedResource {
    readonly urn: string;
    readonly type: string;
    readonly name: string;
    readonly custom: boolean;
    readonly parent?: string;
    readonly inputs: PropertyMap;
    /** URNs, explicit ones and those found in inputs together. */
    readonly dependencies: readonly string[];
    /** URNs by top-level property: which input came from which resource. */
    readonly propertyDependencies: Readonly<Record<string, readonly string[]>>;
    readonly protect: boolean;
    readonly retainOnDelete: boolean;
    readonly ignoreChanges: readonly string[];
    readonly operation: Operation;
}

export interface Plan {
    readonly resources: readonly PlannedResource[];
    readonly counts: OperationCounts;
}

export interface StackOutputs { readonly [name: string]: unknown }

export interface UpResult {
    readonly outputs: StackOutputs;
    readonly counts: OperationCounts;
}

/** A resource in the state. */
export interface StackResource {
    readonly urn: string;
    readonly type: string;
    readonly name: string;
    readonly custom: boolean;
    readonly id?: string;
    readonly parent?: string;
    readonly dependencies: readonly string[];
    readonly inputs: PropertyMap;
    readonly outputs: PropertyMap;
}

export interface Engine {
    readonly kind: "pulumi" | "embedded";
    /** What `up` would do now. */
    preview(request?: EngineRequest): Promise<OperationCounts>;
    up(request?: EngineRequest): Promise<UpResult>;
    destroy(request?: EngineRequest): Promise<OperationCounts>;
    /** Secrets are left out. Empty when the stack was never deployed. */
    outputs(): Promise<StackOutputs>;
    resources(): Promise<readonly StackResource[]>;
}

/** Records the resource graph of the program without touching anything. Only the embedded engine does. */
export interface PlanRecorder {
    plan(request?: EngineRequest): Promise<Plan>;
}

/** A failed operation. The message names the resource, the property where known, and the cloud's words. */
export class EngineError extends Error {
    readonly urn: string | undefined;
    /** The cloud's own error, when it was one. */
    override readonly cause: unknown;

    constructor(message: string, details: { urn?: string; cause?: unknown } = {}) {
        super(message);
        this.name = "EngineError";
        this.urn = details.urn;
        this.cause = details.cause;
    }
}
