/** Resource policies of CloudWatch Logs: who may write into groups that are not theirs. */
import { DescribeResourcePoliciesCommand } from "@aws-sdk/client-cloudwatch-logs";
import type { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import type { LogPolicy } from "./accountView.ts";

export async function listLogPolicies(logs: CloudWatchLogsClient): Promise<readonly LogPolicy[]> {
    const found: LogPolicy[] = [];
    let nextToken: string | undefined;
    do {
        const page = await logs.send(new DescribeResourcePoliciesCommand({ nextToken }));
        found.push(...(page.resourcePolicies ?? []).map(({ policyName: name = "", policyDocument = "" }) => (
            { name, sizeBytes: Buffer.byteLength(policyDocument) })));
        nextToken = page.nextToken === "" ? undefined : page.nextToken;
    } while (nextToken !== undefined);
    return found;
}
