/** Permissions to write logs. */
import type { Location } from "../context.ts";
import { logGroupArn } from "./arns.ts";
import type { Statement } from "./policy.ts";

/** A function writes into its own log group, and cannot make another. */
export function lambdaLogs(location: Location, logGroupName: string): Statement {
    return {
        sid: "WriteOwnLogs",
        actions: ["logs:CreateLogStream", "logs:PutLogEvents"],
        resources: [`${logGroupArn(location, logGroupName)}:*`],
    };
}
