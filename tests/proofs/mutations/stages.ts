/** The occasions on which roles act, one by one: short ways through a stack that is already there. Each throws when something goes wrong in it. */
import { randomUUID } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { CloudWatchClient, DescribeAlarmsCommand, SetAlarmStateCommand } from "@aws-sdk/client-cloudwatch";
import { PutItemCommand } from "@aws-sdk/client-dynamodb";
import { PutRecordCommand } from "@aws-sdk/client-kinesis";
import { ListObjectsV2Command, PutObjectCommand } from "@aws-sdk/client-s3";
import { ListExecutionsCommand, StartExecutionCommand } from "@aws-sdk/client-sfn";
import { awaitExecution, describeCause, describeExecution, followQuietly, passedThrough, stopExecution } from "../../../automation/phases/execution.ts";
import type { PhaseContext } from "../../../automation/phases/phase.ts";
import { trainPhase } from "../../../automation/phases/train.ts";
import type { Check } from "../../../automation/phases/verification/check.ts";
import { goldenPredictions } from "../../../automation/phases/verification/goldenPredictions.ts";
import { health } from "../../../automation/phases/verification/health.ts";
import { deleteVersions } from "../../../automation/phases/verification/objectVersions.ts";
import { registry } from "../../../automation/phases/verification/registry.ts";
import { createWorld } from "../../../automation/phases/verification/runChecks.ts";
import { streamDelivery } from "../../../automation/phases/verification/streamDelivery.ts";
import type { Rehearsal } from "../../../automation/rehearsal/rehearsal.ts";
import { waitFor } from "../../../automation/waiting.ts";
import { TURN_ID } from "../../../components/inference/pipelineTurn.ts";
import type { PlatformOutputs } from "../../../components/outputs.ts";
import { changeWhile, findResource } from "./stackEdits.ts";

export interface StageWorld {
    readonly rehearsal: Rehearsal;
    /** With a data file that was never seen before, and a signal of its own. */
    readonly context: PhaseContext;
    readonly outputs: PlatformOutputs;
}

export type Stage = (world: StageWorld) => Promise<void>;

/** EventBridge looks at its schedules each second, and a minute must have passed since the rule was made. */
const SCHEDULE_LIMIT_MS = 90_000;
const DELIVERY_LIMIT_MS = 60_000;
const INTERVAL_MS = 250;

async function waitUntil(what: string, { signal }: PhaseContext, { limitMs, look }: { readonly limitMs: number; readonly look: () => Promise<boolean> }): Promise<void> {
    const found = await waitFor(async () => (await look()) || undefined, { intervalMs: INTERVAL_MS, limitMs, signal });
    if (found !== true) throw new Error(`${what} did not happen within ${limitMs / 1000} s`);
}

function check(...checks: readonly Check[]): Stage {
    return async ({ context, outputs }) => {
        const world = await createWorld(context, outputs);
        for (const each of checks) await each.run(world);
    };
}

/** A run with new data, after one that was stopped with the turn in its hands. With endpoints it ends in the update of the challenger's. */
async function training({ context, outputs }: StageWorld): Promise<void> {
    const { executions = [] } = await context.aws.sfn.send(new ListExecutionsCommand({ stateMachineArn: outputs.stateMachineArn, maxResults: 1 }));
    const [last] = executions;
    if (last?.executionArn !== undefined) {
        const Item = { LeaseId: { S: TURN_ID }, ExecutionArn: { S: last.executionArn }, TakenAt: { S: new Date().toISOString() } };
        await context.aws.dynamodb.send(new PutItemCommand({ TableName: outputs.pipelineLeasesTableName, Item }));
    }
    await trainPhase.run(context);
}

/** A run that fails, because its data have no label. Those who watch it hear of that. */
async function failingRun({ rehearsal, context, outputs }: StageWorld): Promise<void> {
    const place = { bucket: outputs.rawBucketName, key: `${outputs.dataPrefix}bad-${randomUUID()}.csv` };
    const told = await countAlerts(rehearsal, "events.amazonaws.com");
    const { VersionId = "null" } = await context.aws.s3.send(new PutObjectCommand({ Bucket: place.bucket, Key: place.key, Body: "a,b\n1,2\n" }));
    try {
        const { status } = await followQuietly(context, await awaitExecution(context, outputs, { ...place, versionId: VersionId }));
        if (status !== "FAILED") throw new Error(`a run with data without a label ended as ${status ?? "nothing"}`);
        await waitUntil("the rule's alert", context, { limitMs: DELIVERY_LIMIT_MS, look: async () => await countAlerts(rehearsal, "events.amazonaws.com") > told });
    } finally {
        await deleteVersions(context.aws, { bucket: place.bucket, prefix: place.key });
    }
}

/** An alarm goes off and is over. */
async function alarm({ rehearsal, context }: StageWorld): Promise<void> {
    const cloudwatch = new CloudWatchClient(context.aws.target);
    const told = await countAlerts(rehearsal, "cloudwatch.amazonaws.com");
    const { MetricAlarms = [] } = await cloudwatch.send(new DescribeAlarmsCommand({ MaxRecords: 1 }));
    for (const StateValue of ["ALARM", "OK"] as const) {
        await cloudwatch.send(new SetAlarmStateCommand({ AlarmName: MetricAlarms[0]?.AlarmName, StateValue, StateReason: "rehearsed" }));
    }
    cloudwatch.destroy();
    await waitUntil("the alarm's alert", context, { limitMs: DELIVERY_LIMIT_MS, look: async () => await countAlerts(rehearsal, "cloudwatch.amazonaws.com") > told });
}

/** Times that the service tried to send to a topic. */
async function countAlerts({ cloud }: Rehearsal, principal: string): Promise<number> {
    const sent = (await cloud.usage()).filter((record) => record.action === "sns:Publish" && record.principal === principal);
    return sent.reduce((sum, { count = 1 }) => sum + count, 0);
}

/** A scheduled run, until it knows which data it takes. */
async function scheduledRun({ context, outputs }: StageWorld): Promise<void> {
    const event = { "id": randomUUID(), "source": "aws.events", "detail-type": "Scheduled Event", "detail": {} };
    const { executionArn = "" } = await context.aws.sfn.send(new StartExecutionCommand({ stateMachineArn: outputs.stateMachineArn, input: JSON.stringify(event) }));
    await waitUntil("the choice of the data", context, { limitMs: DELIVERY_LIMIT_MS, look: async () => {
        const { status, error, cause } = await describeExecution(context.aws, executionArn);
        if (status === "FAILED") throw new Error(describeCause(error, cause));
        return passedThrough(context, executionArn, "AcquireLease");
    } });
    await stopExecution(context.aws, executionArn, "it has chosen its data");
}

/** The schedule's own rule starts a run. */
async function schedule({ rehearsal, context, outputs }: StageWorld): Promise<void> {
    const { sfn } = context.aws;
    const list = async (): Promise<readonly string[]> => {
        const { executions = [] } = await sfn.send(new ListExecutionsCommand({ stateMachineArn: outputs.stateMachineArn }));
        return executions.map(({ executionArn = "" }) => executionArn);
    };
    const before = await list();
    const rule = await findResource(rehearsal, "pipeline-schedule-rule", "aws:cloudwatch/eventRule:EventRule");
    await changeWhile(rehearsal, rule, { ...rule.inputs, scheduleExpression: "rate(1 minute)" }, async () => {
        await waitUntil("a scheduled start", context, { limitMs: SCHEDULE_LIMIT_MS, look: async () => (await list()).some((run) => !before.includes(run)) });
    });
    for (const run of (await list()).filter((each) => !before.includes(each))) await stopExecution(context.aws, run, "it was started");
}

/** The weights are set, and put back. */
async function changeOfWeights({ context, outputs }: StageWorld): Promise<void> {
    const { traffic } = await createWorld(context, outputs);
    await traffic.set({ champion: 60, challenger: 40 });
    await traffic.restore();
}

/** Lambda gives up a record, because the consumer does not start: it lies in the bucket then. */
async function givenUp({ rehearsal, context, outputs }: StageWorld): Promise<void> {
    const consumer = await findResource(rehearsal, "stream-consumer-function", "aws:lambda/function:Function");
    const count = async (): Promise<number> => {
        const { KeyCount = 0 } = await context.aws.s3.send(new ListObjectsV2Command({ Bucket: outputs.processedBucketName, Prefix: "aws/lambda/" }));
        return KeyCount;
    };
    const before = await count();
    await changeWhile(rehearsal, consumer, { ...consumer.inputs, environment: { variables: {} } }, async () => {
        await context.aws.kinesis.send(new PutRecordCommand({ StreamName: outputs.streamName, PartitionKey: "key", Data: Buffer.from("{}") }));
        await waitUntil("the record that is given up", context, { limitMs: DELIVERY_LIMIT_MS, look: async () => await count() > before });
    });
}

/** What is asked of a resource is asked when it is made, or made again: the layer has done that by then. */
async function nothing(): Promise<void> {
    await delay(0);
}

export const STAGES = {
    "train": training,
    "failing-run": failingRun,
    "alarm": alarm,
    "scheduled-run": scheduledRun,
    "schedule": schedule,
    "health": check(health),
    "inference": check(goldenPredictions),
    "registry": check(registry),
    "weights": changeOfWeights,
    "stream": check(streamDelivery),
    "given-up": givenUp,
    "make": nothing,
} as const satisfies Readonly<Record<string, Stage>>;

export type StageName = keyof typeof STAGES;
