/** Where SageMaker's jobs write to CloudWatch Logs, and which of it is a stack's own. */

/** Shared by all jobs of the account, so only a stack's streams are its own. https://docs.aws.amazon.com/sagemaker/latest/dg/logging-cloudwatch.html */
export const JOB_LOG_GROUPS = ["/aws/sagemaker/TrainingJobs", "/aws/sagemaker/TransformJobs"];

/**
 * Jobs are named `<prefix>-<run>-<a|b>-<retry>-<redrive>` (components/inference/pipelineDefinition.ts). The prefix alone would also match the
 * jobs of `<stack>-<suffix>`.
 */
export function isJobOf(prefix: string, streamName: string): boolean {
    return streamName.startsWith(`${prefix}-`) && /^[0-9a-f]{12}-[ab]-\d+-\d+(\/|$)/.test(streamName.slice(prefix.length + 1));
}
