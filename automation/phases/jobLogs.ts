/** What SageMaker and Lambda wrote to CloudWatch Logs for this stack and no program declares, or no longer does. */
import { DeleteLogGroupCommand, DeleteLogStreamCommand, paginateDescribeLogStreams } from "@aws-sdk/client-cloudwatch-logs";
import type { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";

/** Shared by all jobs of the account, so only our streams go. https://docs.aws.amazon.com/sagemaker/latest/dg/logging-cloudwatch.html */
export const JOB_LOG_GROUPS = ["/aws/sagemaker/TrainingJobs", "/aws/sagemaker/TransformJobs"];
const ENDPOINT_GROUPS = "/aws/sagemaker/Endpoints";

export interface JobLogOwner {
    /** What the names of the stack's jobs begin with. */
    readonly prefix: string;
    readonly endpointNames: readonly string[];
    /** Log groups that the stack had: a function that still ran when its group was deleted has made it anew. */
    readonly logGroupNames: readonly string[];
}

/** How many streams and groups were deleted. */
export async function deleteJobLogs(logs: CloudWatchLogsClient, { prefix, endpointNames, logGroupNames }: JobLogOwner): Promise<number> {
    let deleted = 0;
    // The stack has them too; SageMaker makes them anew when an endpoint logs once more after they have gone.
    for (const endpointName of endpointNames) deleted += await deleteGroup(logs, `${ENDPOINT_GROUPS}/${endpointName}`) ? 1 : 0;
    for (const logGroupName of logGroupNames) deleted += await deleteGroup(logs, logGroupName) ? 1 : 0;
    for (const logGroupName of JOB_LOG_GROUPS) {
        for (const logStreamName of await findStreams(logs, logGroupName, prefix)) {
            await logs.send(new DeleteLogStreamCommand({ logGroupName, logStreamName }));
            deleted++;
        }
    }
    return deleted;
}

/** Whether it was there. */
async function deleteGroup(logs: CloudWatchLogsClient, logGroupName: string): Promise<boolean> {
    try {
        await logs.send(new DeleteLogGroupCommand({ logGroupName }));
        return true;
    } catch (error) {
        if (isAbsent(error)) return false;
        throw error;
    }
}

async function findStreams(logs: CloudWatchLogsClient, logGroupName: string, prefix: string): Promise<readonly string[]> {
    const found: string[] = [];
    try {
        for await (const { logStreams = [] } of paginateDescribeLogStreams({ client: logs }, { logGroupName, logStreamNamePrefix: `${prefix}-` })) {
            found.push(...logStreams.map(({ logStreamName = "" }) => logStreamName));
        }
    } catch (error) {
        if (!isAbsent(error)) throw error;
    }
    return found.filter((name) => isJobOf(prefix, name));
}

/**
 * Jobs are named `<prefix>-<run>-<a|b>-<retry>-<redrive>` (components/inference/pipelineDefinition.ts). The prefix alone would also match the
 * jobs of `<stack>-<suffix>`. Exported for its test.
 */
export function isJobOf(prefix: string, streamName: string): boolean {
    return streamName.startsWith(`${prefix}-`) && /^[0-9a-f]{12}-[ab]-\d+-\d+(\/|$)/.test(streamName.slice(prefix.length + 1));
}

function isAbsent(error: unknown): boolean {
    return error instanceof Error && error.name === "ResourceNotFoundException";
}
