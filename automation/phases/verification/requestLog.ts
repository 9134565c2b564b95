/** What a function wrote down about a request that failed inside of it: its caller is told no more than the request's id. */
import { FilterLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { createNaming } from "../../../components/naming.ts";
import { waitFor } from "../../waiting.ts";
import { paceOf } from "../pace.ts";
import type { VerificationWorld } from "./check.ts";

/** CloudWatch Logs shows a line within seconds. */
const LIMIT_MS = 15_000;

/**
 * The error of a request, with those that caused it and without their stacks.
 * Undefined when the function logs none, or the log may not be read: then the request's failure is all there is to tell.
 */
export async function readRequestError(
    { context, outputs }: VerificationWorld, functionName: string, answer: unknown,
): Promise<string | undefined> {
    const requestId = (answer as { readonly requestId?: unknown } | null)?.requestId;
    if (typeof requestId !== "string") return undefined;
    const { aws, config, signal } = context;
    const naming = createNaming(config, { accountId: outputs.accountId, region: aws.target.region });
    const logGroupName = naming.logGroup("/aws/lambda", functionName);
    const { intervalMs } = paceOf(aws);
    const ask = async (): Promise<string | undefined> => {
        const { events = [] } = await aws.logs.send(new FilterLogEventsCommand({ logGroupName, filterPattern: `"${requestId}"` }));
        return events.map(({ message = "" }) => parseError(message)).find((error) => error !== undefined);
    };
    try {
        return await waitFor(ask, { intervalMs, limitMs: LIMIT_MS, signal });
    } catch {
        signal.throwIfAborted();
        return undefined;
    }
}

/** A line of lambdas/shared/http.ts, which Lambda may have put a time before. Exported for its test. */
export function parseError(line: string): string | undefined {
    try {
        const { level, error } = JSON.parse(line.slice(line.indexOf("{"))) as { readonly level?: unknown; readonly error?: unknown };
        if (level !== "error" || typeof error !== "string") return undefined;
        return error.split("\n").filter((each) => !/^\s+at /.test(each)).join("\n");
    } catch {
        return undefined;
    }
}
