/** Uploads the data, which starts the training pipeline, and follows the run to its end. */
import type { DescribeExecutionOutput } from "@aws-sdk/client-sfn";
import type { Deployment, PipelineOutput } from "../../lambdas/shared/documents.ts";
import type { PlatformOutputs } from "../../components/outputs.ts";
import { explainFailure } from "../cloudErrors/explain.ts";
import { displayPath } from "../displayPath.ts";
import { CloudRefusal } from "../errors.ts";
import { waitFor } from "../waiting.ts";
import { describeDataFile, findLatestVersion, keyOfDataFile, uploadDataFile } from "./dataFile.ts";
import type { DataFile, DataVersion } from "./dataFile.ts";
import { awaitExecution, describeCause, describeExecution, findExecution, followExecution, nameOf } from "./execution.ts";
import { paceOf } from "./pace.ts";
import type { Phase, PhaseContext } from "./phase.ts";
import { readOwnOutputs } from "./statePlace.ts";

const OUTCOMES: Readonly<Record<Deployment["outcome"], string>> = {
    deployed: "is deployed",
    approved: "is approved; there is no endpoint to deploy it to yet",
    superseded: "stays as it is: the model of a later run was approved already",
};

/** Of a run that began before this one looked: what it found may have changed since. */
const EARLIER_OUTCOMES: typeof OUTCOMES = {
    deployed: "was deployed by it",
    approved: "was approved by it; there was no endpoint to deploy it to then",
    superseded: "stayed as it was: the model of a later run had been approved already",
};

/**
 * Idempotent: data that is already there is not uploaded again, and its run is attached to, or reported when it has succeeded.
 * After a failed run the same data is uploaded once more, because only a new version starts a new run.
 */
export const trainPhase: Phase = {
    name: "train",
    async run(context) {
        const outputs = await readOwnOutputs(context);
        const file = await describeDataFile(context.dataFile);
        const earlier = await findEarlierRun(context, outputs, file);
        const executionArn = earlier ?? await startRun(context, outputs, file);
        const ended = await followExecution(context, executionArn);
        if (ended.status !== "SUCCEEDED") throw describeFailure(ended, executionArn);
        reportModels(context, ended, earlier === undefined ? OUTCOMES : EARLIER_OUTCOMES);
    },
};

/** The run of data that is already in the bucket, unless that run failed or never began. */
async function findEarlierRun(context: PhaseContext, outputs: PlatformOutputs, file: DataFile): Promise<string | undefined> {
    const { aws, reporter } = context;
    const latest = await findLatestVersion(aws, outputs.rawBucketName, keyOfDataFile(outputs.dataPrefix, file.path));
    if (latest?.hash !== file.hash) return undefined;
    const found = await findRecentExecution(context, outputs, latest);
    if (found === undefined) return undefined;
    const { status } = await describeExecution(aws, found);
    if (status === "RUNNING" || status === "SUCCEEDED") {
        reporter.report({ kind: "note", message: `the same data is in the bucket: ${status === "RUNNING" ? "attaching to" : "reporting"} its run ${nameOf(found)}` });
        return found;
    }
    reporter.report({ kind: "note", message: `the run ${nameOf(found)} for the same data ended as ${status}: uploading it again` });
    return undefined;
}

/** A driver that was killed right after its upload left an event on its way: it has as much time as it would have had then. */
async function findRecentExecution({ aws, signal }: PhaseContext, outputs: PlatformOutputs, version: DataVersion): Promise<string | undefined> {
    const { intervalMs, startLimitMs } = paceOf(aws);
    const leftMs = (version.uploadedAt?.getTime() ?? 0) + startLimitMs - Date.now();
    return waitFor(() => findExecution(aws, outputs.pipelineLeasesTableName, version), { intervalMs, limitMs: Math.max(2 * intervalMs, leftMs), signal });
}

async function startRun(context: PhaseContext, outputs: PlatformOutputs, file: DataFile): Promise<string> {
    const place = { bucket: outputs.rawBucketName, key: keyOfDataFile(outputs.dataPrefix, file.path) };
    context.reporter.report({ kind: "note", message: `uploading ${displayPath(file.path)} (${formatBytes(file.bytes)}) to s3://${place.bucket}/${place.key}` });
    return awaitExecution(context, outputs, await uploadDataFile(context.aws, file, place));
}

function describeFailure({ status, error, cause }: DescribeExecutionOutput, executionArn: string): Error {
    return explainFailure(`the training run ${nameOf(executionArn)} ended as ${status}`, describeCause(error, cause) || "it gave no reason");
}

/** @throws CloudRefusal when a run that succeeded names no model: then nothing is known about what it did. */
function reportModels({ reporter }: PhaseContext, ended: DescribeExecutionOutput, outcomes: typeof OUTCOMES): void {
    const { deployments = [] } = JSON.parse(ended.output ?? "{}") as Partial<PipelineOutput>;
    if (deployments.length === 0) throw new CloudRefusal(`the training run ${ended.name ?? ""} succeeded and names no model`, "look at its last state in the Step Functions console");
    for (const { variant, model, evaluation, outcome } of deployments) {
        reporter.report({ kind: "note", message: `${variant} ${model.version} ${outcomes[outcome]}` });
        if (evaluation !== undefined) reporter.report({ kind: "evaluation", variant, modelVersion: model.version, evaluation });
    }
}

function formatBytes(bytes: number): string {
    return bytes < 1_000_000 ? `${Math.ceil(bytes / 1000)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}
