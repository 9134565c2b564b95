/**
 * The engine on the real Pulumi CLI, through the Automation API.
 *
 * The program is always a *local program in its own process*: an inline program that is `index.ts` would be loaded once and be
 * empty at the second `up` of the same driver, which then deletes everything (`docs/decisions/0003-local-program.md`).
 */
import { CommandError, ConcurrentUpdateError, LocalWorkspace, PulumiCommand } from "@pulumi/pulumi/automation/index.js";
import type { EngineEvent as AutomationEvent, OpMap, OpType, Stack } from "@pulumi/pulumi/automation/index.js";
import { EngineError } from "./engine.ts";
import type { Engine, EngineEvent, EngineRequest, Operation, OperationCounts, StackOutputs, StackResource, UpResult } from "./engine.ts";
import type { PropertyMap } from "./provider.ts";

export interface PulumiEngineOptions {
    /** Folder that holds `Pulumi.yaml`. */
    readonly projectFolder: string;
    readonly stack: string;
    /** Added to the CLI's environment: backend URL, passphrase, credentials. */
    readonly environment?: Readonly<Record<string, string>>;
}

const OPERATIONS: Readonly<Record<OpType, Operation | undefined>> = {
    same: "same", create: "create", update: "update", delete: "delete", replace: "replace", read: "read", import: "create",
    "create-replacement": undefined, "delete-replaced": undefined, "read-replacement": undefined, "import-replacement": undefined,
    refresh: undefined, discard: undefined, "discard-replaced": undefined, "remove-pending-replace": undefined,
};

interface CheckpointResource {
    readonly urn: string;
    readonly type: string;
    readonly custom: boolean;
    readonly id?: string;
    readonly parent?: string;
    readonly dependencies?: readonly string[];
    readonly retainOnDelete?: boolean;
    readonly inputs?: PropertyMap;
    readonly outputs?: PropertyMap;
}

/** @throws EngineError when there is no Pulumi CLI, with what to do. */
export async function createPulumiEngine(options: PulumiEngineOptions): Promise<Engine> {
    const pulumiCommand = await findPulumi();
    const workspace = { workDir: options.projectFolder, stackName: options.stack };
    const stack = await LocalWorkspace.createOrSelectStack(workspace, { envVars: { ...options.environment }, pulumiCommand });
    return new PulumiEngine(stack);
}

async function findPulumi(): Promise<PulumiCommand> {
    try {
        return await PulumiCommand.get();
    } catch (cause) {
        throw new EngineError("No usable Pulumi CLI on PATH. Install it (https://www.pulumi.com/docs/install/) "
            + "or run through the launcher from npm: npx pulumi@3.270.0 version", { cause });
    }
}

class PulumiEngine implements Engine {
    readonly kind = "pulumi";
    readonly #stack: Stack;

    constructor(stack: Stack) {
        this.#stack = stack;
    }

    async preview(request: EngineRequest = {}): Promise<OperationCounts> {
        const result = await this.#run(request, (common) => this.#stack.preview(common));
        return countOperations(result.changeSummary, 0);
    }

    async up(request: EngineRequest = {}): Promise<UpResult> {
        const retained = countRetained(await this.#checkpoint());
        const result = await this.#run(request, (common) => this.#stack.up(common));
        const left = countRetained(await this.#checkpoint());
        return { outputs: await this.outputs(), counts: countOperations(result.summary.resourceChanges ?? {}, Math.max(0, retained - left)) };
    }

    async destroy(request: EngineRequest = {}): Promise<OperationCounts> {
        const retained = countRetained(await this.#checkpoint());
        const result = await this.#run(request, (common) => this.#stack.destroy(common));
        return countOperations(result.summary.resourceChanges ?? {}, retained);
    }

    async outputs(): Promise<StackOutputs> {
        const outputs = await this.#stack.outputs();
        return Object.fromEntries(Object.entries(outputs).filter(([, output]) => !output.secret).map(([name, output]) => [name, output.value as unknown]));
    }

    async resources(): Promise<readonly StackResource[]> {
        return (await this.#checkpoint()).map(describeResource);
    }

    async #checkpoint(): Promise<readonly CheckpointResource[]> {
        const deployment = (await this.#stack.exportStack()).deployment as { resources?: readonly CheckpointResource[] };
        return deployment.resources ?? [];
    }

    async #run<T>(request: EngineRequest, operation: (common: CommonOptions) => Promise<T>): Promise<T> {
        const problems: { message: string; urn?: string }[] = [];
        const startedAt = new Map<string, number>();
        const onEvent = (event: AutomationEvent): void => {
            for (const translated of translateEvent(event, startedAt)) {
                if (translated.kind === "diagnostic" && translated.severity === "error") problems.push(translated);
                request.onEvent?.(translated);
            }
        };
        try {
            return await operation({ color: "never", onEvent, ...(request.signal === undefined ? {} : { signal: request.signal }) });
        } catch (error) {
            throw describeFailure(error, problems);
        }
    }
}

interface CommonOptions { color: "never"; onEvent: (event: AutomationEvent) => void; signal?: AbortSignal }

/** Errors are told apart by class, never by text; the words are the engine's own diagnostics. */
function describeFailure(error: unknown, problems: readonly { message: string; urn?: string }[]): unknown {
    if (error instanceof ConcurrentUpdateError) return new EngineError("Another update of this stack is running.", { cause: error });
    if (!(error instanceof CommandError)) return error;
    const [first] = problems.filter((problem) => problem.urn !== undefined);
    const message = problems.length > 0 ? problems.map((problem) => problem.message.trim()).join("\n") : error.message;
    return new EngineError(message, { cause: error, ...(first?.urn === undefined ? {} : { urn: first.urn }) });
}

function* translateEvent(event: AutomationEvent, startedAt: Map<string, number>): Generator<EngineEvent> {
    const { diagnosticEvent, resourcePreEvent, resOutputsEvent, resOpFailedEvent } = event;
    if (diagnosticEvent !== undefined && diagnosticEvent.ephemeral !== true) {
        const severity = diagnosticEvent.severity === "info#err" ? "info" : diagnosticEvent.severity;
        const urn = diagnosticEvent.urn === undefined ? {} : { urn: diagnosticEvent.urn };
        yield { kind: "diagnostic", severity, message: diagnosticEvent.message, ...urn };
    }
    const step = resourcePreEvent ?? resOutputsEvent ?? resOpFailedEvent;
    const operation = step === undefined ? undefined : OPERATIONS[step.metadata.op];
    if (step === undefined || operation === undefined) return;
    const { urn, type } = step.metadata;
    const resource = { kind: "resource", urn, type, name: nameOf(urn), operation } as const;
    if (resourcePreEvent !== undefined) {
        startedAt.set(urn, Date.now());
        yield { ...resource, status: "started" };
    } else {
        yield { ...resource, status: resOpFailedEvent === undefined ? "done" : "failed", durationMs: Date.now() - (startedAt.get(urn) ?? Date.now()) };
    }
}

function nameOf(urn: string): string {
    return urn.slice(urn.lastIndexOf("::") + 2);
}

function countRetained(resources: readonly CheckpointResource[]): number {
    return resources.filter((resource) => resource.retainOnDelete === true).length;
}

/** The CLI counts retained resources as deleted; here they are apart. */
function countOperations(changes: OpMap, retained: number): OperationCounts {
    const counts: Partial<Record<Operation, number>> = {};
    for (const [type, count] of Object.entries(changes) as [OpType, number][]) {
        const operation = OPERATIONS[type];
        if (operation !== undefined && count > 0) counts[operation] = (counts[operation] ?? 0) + count;
    }
    if (retained > 0 && counts.delete !== undefined) {
        counts.retain = Math.min(retained, counts.delete);
        counts.delete -= counts.retain;
    }
    return counts;
}

function describeResource(resource: CheckpointResource): StackResource {
    return {
        urn: resource.urn, type: resource.type, name: nameOf(resource.urn), custom: resource.custom,
        ...(resource.id === undefined ? {} : { id: resource.id }),
        ...(resource.parent === undefined ? {} : { parent: resource.parent }),
        dependencies: resource.dependencies ?? [], inputs: resource.inputs ?? {}, outputs: resource.outputs ?? {},
    };
}
