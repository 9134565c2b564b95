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

/** A line of the program. */
export interface SourcePosition {
    /** Relative to the project, with slashes. */
    readonly file: string;
    /** From 1. */
    readonly line: number;
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
    /** Where the program declares it; what a remote component makes is where the component is. Absent when the program does not tell. */
    readonly sourcePosition?: SourcePosition;
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

/** What `up` would do with one resource. Resources that stay as they are stand in the counts alone. */
export interface PlannedChange {
    readonly urn: string;
    readonly type: string;
    readonly name: string;
    readonly operation: Exclude<Operation, "same">;
    /** Top-level properties that change; empty for a create or a delete. */
    readonly properties: readonly string[];
}

export interface PreviewResult {
    readonly counts: OperationCounts;
    readonly changes: readonly PlannedChange[];
}

/** A resource that is not as the state says: somebody changed or deleted it behind the engine's back. */
export interface Drift {
    readonly urn: string;
    readonly type: string;
    readonly name: string;
    readonly kind: "changed" | "deleted";
    /** Top-level input properties that differ; empty for one that is gone. */
    readonly properties: readonly string[];
}

/** A step that had begun when a run was killed: whether it was done is not known. */
export interface PendingOperation {
    readonly urn: string;
    readonly type: string;
    readonly name: string;
    readonly operation: "creating" | "updating" | "deleting" | "reading" | "importing";
    /** Inputs of the step, secrets left out. */
    readonly inputs: PropertyMap;
}

/** What became of a pending create: with an id it exists and is taken into the state, without one it is forgotten. */
export interface Settlement {
    readonly urn: string;
    /** As the state has it, not as `pulumi import` takes it. */
    readonly id?: string;
}

/** A resource that exists and that the state does not know. Components among its ancestors are made as they are needed. */
export interface AdoptedResource {
    readonly urn: string;
    readonly type: string;
    readonly name: string;
    /** URN of the parent; absent below the stack itself. */
    readonly parent?: string;
    /** As `pulumi import` takes it. Absent for a component. */
    readonly id?: string;
    /** As the state has it, where the provider makes another of the import's (`function/statement` becomes `statement`). @default `id` */
    readonly stateId?: string;
    /** What the program asks for. An engine that reads by its own handlers needs them: some ids say nothing without (a route's, its API). */
    readonly inputs?: PropertyMap;
}

/** Who holds the engine's own lock of this stack, as far as the lock says. */
export interface EngineLock {
    readonly host: string;
    readonly pid: number;
    readonly user?: string;
    readonly since: Date;
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

/** What the backend holds of the project beside the state of the one stack. */
export interface BackendView {
    /** Whether it remembers an operation that changed the stack, however long that is gone. A stack that was only made was not deployed. */
    wasDeployed(): Promise<boolean>;
    /** Names of the other stacks whose state has resources, as the engine takes them. */
    otherStacks(): Promise<readonly string[]>;
    resourcesOf(otherStack: string): Promise<readonly StackResource[]>;
}

export interface Engine {
    readonly kind: "pulumi" | "embedded";
    /** Absent from an engine that keeps the state of one stack alone. */
    readonly backendView?: BackendView;
    /** What `up` would do now. */
    preview(request?: EngineRequest): Promise<PreviewResult>;
    up(request?: EngineRequest): Promise<UpResult>;
    destroy(request?: EngineRequest): Promise<OperationCounts>;
    /** Reads every resource and writes what it finds into the state, so that the next `up` puts it right. Changes nothing in the cloud. */
    refresh(request?: EngineRequest): Promise<readonly Drift[]>;
    /** Secrets are left out. Empty when the stack was never deployed. */
    outputs(): Promise<StackOutputs>;
    resources(): Promise<readonly StackResource[]>;
    pendingOperations(): Promise<readonly PendingOperation[]>;
    /** Ends the pending creates; the others end with the next refresh. */
    settle(settlements: readonly Settlement[], request?: EngineRequest): Promise<void>;
    /** Takes resources into the state, reading each as it is, parents first. */
    adopt(resources: readonly AdoptedResource[], request?: EngineRequest): Promise<void>;
    /** The whole state, secrets encrypted; what `importState` takes. */
    exportState(): Promise<unknown>;
    importState(state: unknown): Promise<void>;
    /** Locks of the engine itself: of a run that goes on, or that was killed. */
    locks(): Promise<readonly EngineLock[]>;
    /** Removes them. Only to be called when their owners are dead. */
    clearLocks(): Promise<void>;
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
