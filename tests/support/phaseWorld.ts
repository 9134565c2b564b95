/** A phase's surroundings without any cloud: clients that answer from a table, an engine that only counts, a reporter that records. */
import { createAwsClients } from "../../automation/aws.ts";
import type { AwsClients } from "../../automation/aws.ts";
import type {
    AdoptedResource, BackendView, Drift, Engine, EngineLock, EngineRequest, PendingOperation, PreviewResult, Settlement, StackOutputs, StackResource, UpResult,
} from "../../automation/engine/engine.ts";
import type { PhaseContext } from "../../automation/phases/phase.ts";
import { createRecordingReporter } from "../../automation/progress/reporters.ts";
import type { RecordingReporter } from "../../automation/progress/reporters.ts";
import type { Plans } from "../../automation/preflight/rule.ts";
import { testConfig } from "./programContexts.ts";

/** Answers by the command's class name, e.g. `GetParameterCommand`; a command without an answer fails the test by name. */
export type Answers = Readonly<Record<string, (input: never) => unknown>>;

export interface SentCommand { readonly name: string; readonly input: Readonly<Record<string, unknown>> }

export interface PhaseWorld {
    readonly context: PhaseContext;
    readonly reporter: RecordingReporter;
    readonly engine: FakeEngine;
    /** In the order in which they came. */
    readonly sent: readonly SentCommand[];
    notes(): readonly string[];
}

export const OUTPUTS: StackOutputs = {
    phase: "infrastructure", region: "eu-central-1", accountId: "111122223333", rawBucketName: "raw", dataPrefix: "data/", processedBucketName: "processed",
    modelsBucketName: "models", logsBucketName: "logs", modelMetadataTableName: "metadata", trainingMetricsTableName: "metrics", abTestsTableName: "ab-tests",
    pipelineLeasesTableName: "leases", streamCheckpointsTableName: "checkpoints", streamName: "stream",
    deadLetterQueueUrl: "https://sqs.eu-central-1.amazonaws.com/111122223333/dead-letters", predictionsUrl: "s3://processed/predictions",
    stateMachineArn: "arn:aws:states:eu-central-1:111122223333:stateMachine:pipeline", alertTopicArn: "arn:aws:sns:eu-central-1:111122223333:alerts",
    dashboardName: "dashboard", apiUrl: "https://abc.execute-api.eu-central-1.amazonaws.com", parameterPath: "/firstlight/dev/inference",
    endpointNames: { champion: "firstlight-dev-champion", challenger: "firstlight-dev-challenger" }, modelVersions: {},
};

/** Keeps outputs and says what it was asked to do. */
export class FakeEngine implements Engine {
    readonly kind = "embedded";
    readonly calls: string[] = [];
    outputsNow: StackOutputs = OUTPUTS;
    resourcesNow: readonly StackResource[] = [];
    /** Outputs after the next up. */
    outputsAfterUp: StackOutputs | undefined;

    /** What `up` would do. */
    previewNow: PreviewResult = { counts: {}, changes: [] };
    driftNow: readonly Drift[] = [];
    pendingNow: readonly PendingOperation[] = [];
    locksNow: readonly EngineLock[] = [];
    backendView?: BackendView;

    async preview(): Promise<PreviewResult> {
        this.calls.push("preview");
        return this.previewNow;
    }

    async refresh(): Promise<readonly Drift[]> {
        this.calls.push("refresh");
        return this.driftNow;
    }

    async pendingOperations(): Promise<readonly PendingOperation[]> {
        return this.pendingNow;
    }

    async settle(settlements: readonly Settlement[]): Promise<void> {
        this.calls.push(`settle ${settlements.map(({ urn, id }) => `${urn}=${id ?? "forgotten"}`).join(" ")}`);
        this.pendingNow = this.pendingNow.filter(({ urn }) => !settlements.some((each) => each.urn === urn));
    }

    async adopt(resources: readonly AdoptedResource[]): Promise<void> {
        this.calls.push(`adopt ${resources.map(({ name }) => name).join(" ")}`);
    }

    async exportState(): Promise<unknown> {
        return { resources: this.resourcesNow };
    }

    async importState(): Promise<void> {
        this.calls.push("importState");
    }

    async locks(): Promise<readonly EngineLock[]> {
        return this.locksNow;
    }

    async clearLocks(): Promise<void> {
        this.calls.push("clearLocks");
        this.locksNow = [];
    }

    async up(_request?: EngineRequest): Promise<UpResult> {
        this.calls.push("up");
        this.outputsNow = this.outputsAfterUp ?? this.outputsNow;
        return { outputs: this.outputsNow, counts: { create: 1 } };
    }

    async destroy(): Promise<{ delete: number }> {
        this.calls.push("destroy");
        return { delete: 1 };
    }

    async outputs(): Promise<StackOutputs> {
        return this.outputsNow;
    }

    async resources(): Promise<readonly StackResource[]> {
        return this.resourcesNow;
    }
}

/** @param endpoint where the API client asks; nobody listens at the default one */
export function createPhaseWorld(answers: Answers, overrides: Partial<PhaseContext> = {}, endpoint = "http://127.0.0.1:9"): PhaseWorld {
    const sent: SentCommand[] = [];
    const reporter = createRecordingReporter();
    const engine = new FakeEngine();
    const plans: Plans = { asIs: { resources: [], counts: {} }, endpointsOn: { resources: [], counts: {} } };
    const context: PhaseContext = {
        stack: "dev", config: testConfig(), engine, aws: createFakeClients(answers, sent, endpoint), reporter, dataFile: "/nowhere.csv",
        signal: new AbortController().signal, recordPlans: async () => plans, ...overrides,
    };
    return { context, reporter, engine, sent, notes: () => reporter.events.filter((event) => event.kind === "note").map(({ message }) => message) };
}

/** An error as the SDK throws it. */
export function awsError(name: string, message = name): Error {
    return Object.assign(new Error(message), { name, $fault: "client", $metadata: {} });
}

/** What a promise rejects with; fails the test when it does not. */
export async function failureOf(promise: Promise<unknown>): Promise<unknown> {
    return promise.then(() => { throw new Error("it should have failed"); }, (error: unknown) => error);
}

/** Real clients, because paginators look at their class, with another `send`. The address makes the phases wait as for an emulator. */
function createFakeClients(answers: Answers, sent: SentCommand[], endpoint: string): AwsClients {
    const credentials = { accessKeyId: "111122223333", secretAccessKey: "test" };
    const clients = createAwsClients({ region: "eu-central-1", endpoint, credentials });
    const send = async (command: { constructor: { name: string }; input: Record<string, unknown> }): Promise<unknown> => {
        const { name } = command.constructor;
        sent.push({ name, input: command.input });
        const answer = answers[name];
        if (answer === undefined) throw new Error(`the test has no answer for ${name} ${JSON.stringify(command.input)}`);
        return answer(command.input as never);
    };
    const { target: _target, ...services } = clients;
    for (const client of Object.values(services)) Object.assign(client, { send });
    return clients;
}
