/** What Lambda may run at a time. */
import { GetAccountSettingsCommand } from "@aws-sdk/client-lambda";
import type { LambdaClient } from "@aws-sdk/client-lambda";
import type { FunctionConcurrency } from "./accountView.ts";

/** @throws Error when Lambda leaves the figures out */
export async function readConcurrency(lambda: LambdaClient): Promise<FunctionConcurrency> {
    const { AccountLimit } = await lambda.send(new GetAccountSettingsCommand({}));
    const { ConcurrentExecutions: limit, UnreservedConcurrentExecutions: unreserved } = AccountLimit ?? {};
    if (limit === undefined || unreserved === undefined) throw new Error("the account's settings say nothing of concurrent executions");
    return { limit, unreserved };
}
