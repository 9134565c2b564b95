import { DeleteItemCommand } from "@aws-sdk/client-dynamodb";
import { ListObjectVersionsCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { paginateListExecutions, StartExecutionCommand } from "@aws-sdk/client-sfn";
import { createNaming } from "../../../components/naming.ts";
import { CloudRefusal } from "../../errors.ts";
import type { DataVersion } from "../dataFile.ts";
import { awaitExecution, describeExecution, findExecution, followQuietly, leaseIdOf, nameOf, passedThrough, runIdOf, stopExecution } from "../execution.ts";
import type { Check, VerificationWorld } from "./check.ts";
import { expectEqual } from "./expectations.ts";
import { isMark } from "./mark.ts";
import { deleteVersions } from "./objectVersions.ts";
import { buildMeaninglessData } from "./sampleData.ts";

/** Where a run ends whose data another run has taken up. */
const ALREADY_PROCESSED = "AlreadyProcessed";

/**
 * A new file starts one run, though its event comes twice. The second event is the first one's own, given to the state machine again: nobody but
 * S3 can send one. The run is stopped as soon as it is seen, and could not deploy anything: its data means nothing.
 */
export const singleRun: Check = {
    name: "new data",
    level: "full",
    needs: "a served model",
    removeEarlier: removeEarlierUploads,
    async run(world: VerificationWorld) {
        const since = new Date();
        const version = await upload(world);
        const runs: string[] = [];
        try {
            const run = await awaitExecution(world.context, world.outputs, version);
            runs.push(run);
            const { input } = await describeExecution(world.context.aws, run);
            const { executionArn: second = "" } = await world.context.aws.sfn.send(new StartExecutionCommand({ stateMachineArn: world.outputs.stateMachineArn, input }));
            runs.push(second);
            const { status } = await followQuietly(world.context, second);
            expectEqual(status, "SUCCEEDED", "the end of the run that the same event started again");
            const started = await findRuns(world, version, since);
            const real = await keepReal(world, started);
            expectEqual(real.map(nameOf), [nameOf(run)], `the runs that took up ${version.key}`);
            return `one upload, ${started.length} events, one run (stopped); the others ended as ${ALREADY_PROCESSED}`;
        } finally {
            await cleanUp(world, version, runs);
        }
    },
};

/** The schedule would train on it: it takes the newest object (lambdas/select-data). One page is enough, since each kill leaves one. */
async function removeEarlierUploads(world: VerificationWorld): Promise<void> {
    const { context: { aws, reporter }, outputs: { rawBucketName: bucket, dataPrefix, pipelineLeasesTableName } } = world;
    const { Versions = [] } = await aws.s3.send(new ListObjectVersionsCommand({ Bucket: bucket, Prefix: `${dataPrefix}verify-` }));
    for (const { Key: key = "", VersionId: versionId = "" } of Versions.filter(({ Key = "" }) => isUpload(Key, dataPrefix))) {
        const version = { bucket, key, versionId };
        const run = await findExecution(aws, pipelineLeasesTableName, version);
        await cleanUp(world, version, run === undefined ? [] : [run]);
        reporter.report({ kind: "note", message: `removed s3://${bucket}/${key}, which a verification that was killed has left` });
    }
}

function isUpload(key: string, dataPrefix: string): boolean {
    return key.endsWith(".csv") && isMark(key.slice(dataPrefix.length, -".csv".length));
}

async function upload({ context, outputs, mark, served }: VerificationWorld): Promise<DataVersion> {
    const place = { bucket: outputs.rawBucketName, key: `${outputs.dataPrefix}${mark}.csv` };
    const [model] = served;
    if (model === undefined) throw new CloudRefusal("no model is served");
    const Body = buildMeaninglessData(model, context.config.data);
    const { VersionId = "null" } = await context.aws.s3.send(new PutObjectCommand({ Bucket: place.bucket, Key: place.key, Body, ContentType: "text/csv" }));
    return { ...place, versionId: VersionId };
}

/** All executions whose event names the object. */
async function findRuns({ context, outputs }: VerificationWorld, { key }: DataVersion, since: Date): Promise<readonly string[]> {
    const found: string[] = [];
    // Newest first.
    for await (const { executions = [] } of paginateListExecutions({ client: context.aws.sfn }, { stateMachineArn: outputs.stateMachineArn })) {
        for (const { executionArn = "", startDate } of executions) {
            if ((startDate?.getTime() ?? 0) < since.getTime() - CLOCK_SLACK_MS) return found;
            const { input = "" } = await describeExecution(context.aws, executionArn);
            if (input.includes(JSON.stringify(key))) found.push(executionArn);
        }
    }
    return found;
}

const CLOCK_SLACK_MS = 60_000;

async function keepReal({ context }: VerificationWorld, executions: readonly string[]): Promise<readonly string[]> {
    const passed = await Promise.all(executions.map((executionArn) => passedThrough(context, executionArn, ALREADY_PROCESSED)));
    return executions.filter((_, index) => passed[index] === false);
}

/** The runs, their lease, the object, and what they had written by then. */
async function cleanUp({ context, outputs }: VerificationWorld, version: DataVersion, runs: readonly string[]): Promise<void> {
    const { aws, config } = context;
    const { prefix } = createNaming(config, { accountId: outputs.accountId, region: aws.target.region });
    for (const run of runs) {
        await stopExecution(aws, run, "the verification has seen what it wanted to see");
        const runId = runIdOf(run);
        await deleteVersions(aws, { bucket: outputs.processedBucketName, prefix: `runs/${runId}/` });
        await deleteVersions(aws, { bucket: outputs.modelsBucketName, prefix: `training/${prefix}-${runId}-` });
    }
    await deleteVersions(aws, { bucket: version.bucket, prefix: version.key });
    await aws.dynamodb.send(new DeleteItemCommand({ TableName: outputs.pipelineLeasesTableName, Key: { LeaseId: { S: leaseIdOf(version) } } }));
}
