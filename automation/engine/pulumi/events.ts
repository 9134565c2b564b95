/** What the engine's event log says, in the words of the engine interface. */
import type { EngineEvent as AutomationEvent, OpType, StepEventMetadata } from "@pulumi/pulumi/automation/index.js";
import type { Drift, EngineEvent, Operation, OperationCounts, PlannedChange, StackOutputs } from "../engine.ts";
import { STACK_TYPE, nameOf, typeOf } from "../embedded/urn.ts";
import { isDefaultProvider, withoutSecrets } from "./checkpoint.ts";

/** Steps by the names of the embedded engine. A resource that stays as it is makes no event; `replace` only joins the two steps of one. */
const STEPS: Readonly<Record<OpType, Operation | undefined>> = {
    create: "create", update: "update", delete: "delete", read: "read", import: "create",
    "create-replacement": "replace", "delete-replaced": "replace", "read-replacement": "read", "import-replacement": "replace",
    same: undefined, replace: undefined, refresh: undefined,
    discard: undefined, "discard-replaced": undefined, "remove-pending-replace": undefined,
};

/** The summary counts a replacement once. */
const COUNTED: Readonly<Partial<Record<OpType, Operation>>> = {
    same: "same", create: "create", update: "update", delete: "delete", replace: "replace", read: "read",
    import: "create", "import-replacement": "replace",
};

/** Leave the state. */
const GONE: ReadonlySet<Operation> = new Set(["delete", "retain"]);

export interface Problem { readonly message: string; readonly urn?: string }

/** Follows one operation of the CLI. What it gives may hold secrets in its messages only. */
export class EventTranslator {
    readonly #startedAt = new Map<string, number>();
    readonly #failures = new Map<string, string[]>();
    readonly #changes = new Map<string, PlannedChange>();
    readonly #drift: Drift[] = [];
    readonly #now: () => number;
    #retained = 0;
    #summary: Partial<Record<OpType, number>> = {};

    /** Of the whole operation, in order. */
    readonly problems: Problem[] = [];
    /** Of the program, without secrets; undefined until it ended. */
    outputs: StackOutputs | undefined;

    constructor(now: () => number = Date.now) {
        this.#now = now;
    }

    get counts(): OperationCounts {
        const counts: Partial<Record<Operation, number>> = {};
        for (const [type, count] of Object.entries(this.#summary) as [OpType, number][]) {
            const operation = COUNTED[type];
            if (operation !== undefined && count > 0) counts[operation] = (counts[operation] ?? 0) + count;
        }
        if (this.#retained === 0) return counts;
        const { delete: deleted = 0, ...others } = counts;
        // The CLI counts what it lets go of as deleted.
        return { ...others, ...(deleted > this.#retained ? { delete: deleted - this.#retained } : {}), retain: this.#retained };
    }

    get changes(): readonly PlannedChange[] {
        return [...this.#changes.values()];
    }

    get drift(): readonly Drift[] {
        return this.#drift;
    }

    /** What the event means to the caller; nothing for those that are the engine's own. */
    translate(event: AutomationEvent): readonly EngineEvent[] {
        const { diagnosticEvent, resourcePreEvent, resOutputsEvent, resOpFailedEvent, summaryEvent, policyEvent } = event;
        if (summaryEvent !== undefined) this.#summary = summaryEvent.resourceChanges;
        if (policyEvent !== undefined) {
            const { enforcementLevel, message, resourceUrn } = policyEvent;
            return this.#diagnose(enforcementLevel === "mandatory" ? "error" : "warning", message, resourceUrn);
        }
        if (diagnosticEvent !== undefined && diagnosticEvent.ephemeral !== true) {
            return this.#diagnose(diagnosticEvent.severity, diagnosticEvent.message, diagnosticEvent.urn);
        }
        if (resourcePreEvent !== undefined) return this.#start(resourcePreEvent.metadata, resourcePreEvent.planning === true);
        if (resOutputsEvent !== undefined) return this.#finish(resOutputsEvent.metadata, resOutputsEvent.planning === true);
        return resOpFailedEvent === undefined ? [] : this.#fail(resOpFailedEvent.metadata);
    }

    /** Debug messages are dropped here and nowhere else: the engine writes secrets into them. */
    #diagnose(severity: string, text: string, urn: string | undefined): readonly EngineEvent[] {
        if (severity === "debug") return [];
        const message = text.trimEnd();
        const about = urn === undefined || urn === "" ? {} : { urn };
        const shown = severity === "error" || severity === "warning" ? severity : "info";
        if (shown === "error") {
            this.problems.push({ message, ...about });
            if (about.urn !== undefined) this.#failures.set(about.urn, [...this.#failures.get(about.urn) ?? [], message]);
        }
        return [{ kind: "diagnostic", severity: shown, message, ...about }];
    }

    #start(step: StepEventMetadata, isPlanned: boolean): readonly EngineEvent[] {
        this.#startedAt.set(keyOf(step), this.#now());
        if (isPlanned) this.#plan(step);
        const operation = operationOf(step);
        return operation === undefined ? [] : [{ ...describe(step), kind: "resource", operation, status: "started" }];
    }

    #finish(step: StepEventMetadata, isPlanned: boolean): readonly EngineEvent[] {
        if (step.type === STACK_TYPE && step.new !== undefined && step.new !== null) this.outputs = withoutSecrets(step.new.outputs);
        const operation = operationOf(step);
        if (operation === undefined) return [];
        if (operation === "retain" && !isPlanned) this.#retained += 1;
        if (this.#startedAt.has(refreshKeyOf(step))) {
            this.#drift.push({ ...describe(step), kind: GONE.has(operation) ? "deleted" : "changed", properties: propertiesOf(step) });
            return [];
        }
        return [{ ...describe(step), kind: "resource", operation, status: "done", durationMs: this.#elapsed(step) }];
    }

    #fail(step: StepEventMetadata): readonly EngineEvent[] {
        const message = this.#failures.get(step.urn)?.join("\n");
        const operation = operationOf(step) ?? "read";
        const failed = { ...describe(step), kind: "resource", operation, status: "failed", durationMs: this.#elapsed(step) } as const;
        return [message === undefined ? failed : { ...failed, message }];
    }

    /** The steps of a replacement are one change. */
    #plan(step: StepEventMetadata): void {
        const operation = operationOf(step);
        if (operation === undefined || operation === "same") return;
        if (operation === "retain") this.#retained += 1;
        if (step.op === "delete-replaced" && this.#changes.has(step.urn)) return;
        const properties = operation === "create" || GONE.has(operation) ? [] : propertiesOf(step);
        this.#changes.set(step.urn, { ...describe(step), operation, properties });
    }

    #elapsed(step: StepEventMetadata): number {
        const now = this.#now();
        return now - (this.#startedAt.get(keyOf(step)) ?? now);
    }
}

function operationOf(step: StepEventMetadata): Operation | undefined {
    if (isDefaultProvider(step.urn)) return undefined;
    return step.op === "delete" && step.old?.retainOnDelete === true ? "retain" : STEPS[step.op];
}

function describe({ urn }: StepEventMetadata): { urn: string; type: string; name: string } {
    return { urn, type: typeOf(urn), name: nameOf(urn) };
}

/** A resource that is replaced has two steps under one URN. */
function keyOf({ urn, op }: StepEventMetadata): string {
    return `${op} ${urn}`;
}

/** A refresh begins as `refresh` and ends as what it found. */
function refreshKeyOf({ urn }: StepEventMetadata): string {
    return `refresh ${urn}`;
}

/** Top-level names, sorted; the detail of a difference is a path into the property. */
function propertiesOf({ diffs, detailedDiff }: StepEventMetadata): readonly string[] {
    const paths = (diffs?.length ?? 0) > 0 ? diffs ?? [] : Object.keys(detailedDiff ?? {});
    return [...new Set(paths.map((path) => /^[^.[]+/.exec(path)?.[0] ?? path))].sort();
}
