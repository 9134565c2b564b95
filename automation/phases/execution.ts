/** Finds the pipeline run that an upload started, and follows it to its end. */
import { createHash } from "node:crypto";
import { GetItemCommand } from "@aws-sdk/client-dynamodb";
import { DescribeExecutionCommand, paginateGetExecutionHistory, paginateListExecutions, StopExecutionCommand } from "@aws-sdk/client-sfn";
import type { DescribeExecutionOutput, HistoryEvent } from "@aws-sdk/client-sfn";
import type { PlatformOutputs } from "../../components/outputs.ts";
import { VARIANTS } from "../../lambdas/shared/documents.ts";
import type { AwsClients } from "../aws.ts";
import { CloudRefusal } from "../errors.ts";
import type { DriverEvent } from "../progress/reporter.ts";
import { waitFor } from "../waiting.ts";
import type { DataVersion } from "./dataFile.ts";
import { paceOf } from "./pace.ts";
import type { PhaseContext } from "./phase.ts";

/** Entered by a run that finds the pipeline's turn taken (components/inference/pipelineTurn.ts). */
const TURN_IS_TAKEN = "WaitForTurn";
/** States that only decide or reckon. */
const SILENT_TYPES = /^(Choice|Pass)State/;

/** The first state of the pipeline takes this lease: the same text, hashed alike (components/inference/pipelineBeginning.ts). */
export function leaseIdOf({ bucket, key, versionId }: DataVersion): string {
    return createHash("sha256").update(`${bucket}/${key}/${versionId}`).digest("hex");
}

/** What the names of all that a run makes begin with; the state machine reckons the same (components/inference/pipelineBeginning.ts). */
export function runIdOf(executionArn: string): string {
    return createHash("sha256").update(executionArn).digest("hex").slice(0, 12);
}

/** ARN of the execution that holds the lease for this version of the data, or undefined when none does. */
export async function findExecution({ dynamodb }: AwsClients, table: string, version: DataVersion): Promise<string | undefined> {
    const { Item } = await dynamodb.send(new GetItemCommand({ TableName: table, Key: { LeaseId: { S: leaseIdOf(version) } }, ConsistentRead: true }));
    return Item?.["ExecutionArn"]?.S;
}

/** @throws CloudRefusal when no execution starts within the limit. */
export async function awaitExecution(context: PhaseContext, outputs: PlatformOutputs, version: DataVersion): Promise<string> {
    const { intervalMs, startLimitMs } = paceOf(context.aws);
    const ask = (): Promise<string | undefined> => findExecution(context.aws, outputs.pipelineLeasesTableName, version);
    const found = await waitFor(ask, { intervalMs, limitMs: startLimitMs, signal: context.signal });
    if (found !== undefined) return found;
    throw new CloudRefusal(
        `no training run took up s3://${version.bucket}/${version.key} (version ${version.versionId}) within ${startLimitMs / 1000} s`,
        "look whether the raw bucket sends events to EventBridge, whether the rule targets the state machine, and whether its first state failed",
    );
}

export async function describeExecution({ sfn }: AwsClients, executionArn: string): Promise<DescribeExecutionOutput> {
    return sfn.send(new DescribeExecutionCommand({ executionArn }));
}

/** Reports each state as it passes. Resolves with the execution's description when it has ended, however it ended. */
export async function followExecution(context: PhaseContext, executionArn: string): Promise<DescribeExecutionOutput> {
    const { intervalMs, runLimitMs } = paceOf(context.aws);
    let lastSeen = 0;
    const told = new Set<string>();
    const look = async (): Promise<DescribeExecutionOutput | undefined> => {
        const description = await describeExecution(context.aws, executionArn);
        const events = await readHistory(context, executionArn);
        for (const event of events.filter(({ id = 0 }) => id > lastSeen)) {
            lastSeen = event.id ?? lastSeen;
            reportEvent(context, event, { execution: nameOf(executionArn), told });
        }
        return description.status === "RUNNING" || description.status === "PENDING_REDRIVE" ? undefined : description;
    };
    const ended = await waitFor(look, { intervalMs, limitMs: runLimitMs, signal: context.signal });
    if (ended !== undefined) return ended;
    throw new CloudRefusal(`the pipeline run ${nameOf(executionArn)} did not end within ${runLimitMs / 3_600_000} h`, "look at it in the Step Functions console");
}

/** Loops pass the same states many times: once says enough. */
function reportEvent({ reporter }: PhaseContext, event: HistoryEvent, { execution, told }: { readonly execution: string; readonly told: Set<string> }): void {
    const described = describeState(event, execution);
    if (described?.kind !== "state") return;
    const key = `${described.state} ${described.status} ${described.message ?? ""}`;
    if (told.has(key)) return;
    told.add(key);
    reporter.report(described);
    if (described.state !== TURN_IS_TAKEN || described.status !== "entered") return;
    reporter.report({ kind: "note", message: `${execution} waits for its turn: another run of the pipeline goes on` });
}

async function readHistory({ aws, signal }: PhaseContext, executionArn: string): Promise<readonly HistoryEvent[]> {
    const events: HistoryEvent[] = [];
    const pages = paginateGetExecutionHistory({ client: aws.sfn }, { executionArn, maxResults: 1000 }, { abortSignal: signal });
    for await (const page of pages) events.push(...page.events ?? []);
    return events;
}

/** Exported for its test: which history events a person wants to see. */
export function describeState(event: HistoryEvent, execution: string): DriverEvent | undefined {
    const { stateEnteredEventDetails: entered, stateExitedEventDetails: exited, timestamp } = event;
    const common = { kind: "state", execution, ...(timestamp === undefined ? {} : { happenedAt: timestamp.toISOString() }) } as const;
    if (SILENT_TYPES.test(event.type ?? "")) return undefined;
    if (entered?.name !== undefined) return { ...common, state: labelState(entered.name, entered.input), status: "entered" };
    if (exited?.name !== undefined) return { ...common, state: labelState(exited.name, exited.output), status: "done" };
    const failure = event.taskFailedEventDetails ?? event.lambdaFunctionFailedEventDetails ?? event.taskTimedOutEventDetails ?? event.taskSubmitFailedEventDetails;
    // That there is no endpoint yet is an answer; where it is a fault, the run's own end says so.
    if (failure === undefined || /^Could not find endpoint "/.test(failure.cause ?? "")) return undefined;
    return { ...common, state: "task", status: "failed", message: describeCause(failure.error, failure.cause) };
}

/** States of a map pass once for each variant, at the same time: the data that goes through them says for which. */
function labelState(state: string, data: string | undefined): string {
    const { variant } = parseObject(data);
    return VARIANTS.some((each) => each === variant) ? `${state} (${String(variant)})` : state;
}

/** The end of an execution whose states nobody needs to see. @throws CloudRefusal when it does not end */
export async function followQuietly(context: PhaseContext, executionArn: string): Promise<DescribeExecutionOutput> {
    return followExecution({ ...context, reporter: { report: () => undefined } }, executionArn);
}

/** Whether the execution has entered the state. */
export async function passedThrough(context: PhaseContext, executionArn: string, state: string): Promise<boolean> {
    return (await readHistory(context, executionArn)).some(({ stateEnteredEventDetails }) => stateEnteredEventDetails?.name === state);
}

/** Leaves one alone that has ended. What it started at other services ends as far as Step Functions can end it. */
export async function stopExecution(aws: AwsClients, executionArn: string, cause: string): Promise<void> {
    const { status } = await describeExecution(aws, executionArn);
    if (status !== "RUNNING") return;
    await aws.sfn.send(new StopExecutionCommand({ executionArn, error: "Firstlight.Stopped", cause }));
}

/** How many runs were stopped. */
export async function stopRunningExecutions({ aws, signal }: PhaseContext, stateMachineArn: string): Promise<number> {
    let stopped = 0;
    for await (const { executions = [] } of paginateListExecutions({ client: aws.sfn }, { stateMachineArn, statusFilter: "RUNNING" }, { abortSignal: signal })) {
        for (const { executionArn } of executions) {
            await stopExecution(aws, executionArn ?? "", "the stack is being destroyed");
            stopped++;
        }
    }
    return stopped;
}

/** The words of what failed: causes are often JSON documents with the real reason inside. */
export function describeCause(error: string | undefined, cause: string | undefined): string {
    return [error, reasonIn(cause)].filter((part) => part !== undefined && part !== "").join(": ");
}

function reasonIn(cause: string | undefined): string | undefined {
    const { FailureReason, errorMessage, Cause } = parseObject(cause);
    const reason = FailureReason ?? errorMessage ?? Cause;
    return typeof reason === "string" ? reason : cause;
}

/** Nothing in it when the text is no JSON object. */
function parseObject(text: string | undefined): Readonly<Record<string, unknown>> {
    try {
        const value: unknown = JSON.parse(text ?? "");
        return typeof value === "object" && value !== null ? { ...value } : {};
    } catch {
        return {};
    }
}

export function nameOf(executionArn: string): string {
    return executionArn.slice(executionArn.lastIndexOf(":") + 1);
}
