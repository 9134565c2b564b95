/** Rules on failed deployments and runs: EventBridge tells of each at once, while alarms look every five minutes. */
import type { Watched } from "./watched.ts";

/** Sections of docs/runbook.md on rules. */
export type RuleSection = "endpoint-failed" | "run-failed";

export interface StateChangeRule {
    /** Part of its name. */
    readonly part: RuleSection;
    readonly meaning: string;
    /** Matches our own alone: without names it would match those of the whole account. */
    readonly pattern: object;
    /** What stands in the message: name -> path in the event. Identifiers only: EventBridge does not escape what it puts in. */
    readonly paths: Readonly<Record<string, string>>;
    readonly message: string;
}

export function buildStateChangeRules({ endpointNames, stateMachineArn }: Watched): readonly StateChangeRule[] {
    return [
        {
            part: "endpoint-failed",
            meaning: "An endpoint failed, or went back to its old configuration",
            // Capitals, unlike the API: https://docs.aws.amazon.com/sagemaker/latest/dg/automating-sagemaker-with-eventbridge.html
            pattern: {
                "source": ["aws.sagemaker"],
                "detail-type": ["SageMaker Endpoint State Change"],
                "detail": {
                    EndpointName: Object.values(endpointNames), EndpointStatus: ["FAILED", "ROLLING_BACK", "UPDATE_ROLLBACK_FAILED"],
                },
            },
            paths: { endpoint: "$.detail.EndpointName", status: "$.detail.EndpointStatus", time: "$.time" },
            message: "The endpoint <endpoint> is <status> since <time>.",
        },
        {
            part: "run-failed",
            meaning: "A training run failed, ran out of time or was stopped",
            // https://docs.aws.amazon.com/step-functions/latest/dg/eventbridge-integration.html
            pattern: {
                "source": ["aws.states"],
                "detail-type": ["Step Functions Execution Status Change"],
                "detail": { stateMachineArn: [stateMachineArn], status: ["FAILED", "TIMED_OUT", "ABORTED"] },
            },
            paths: { run: "$.detail.name", status: "$.detail.status", execution: "$.detail.executionArn", time: "$.time" },
            message: "The training run <run> is <status> since <time>: <execution>.",
        },
    ];
}

/** The template of a message, ending with where to read on. In quotes, as EventBridge wants a text that is no JSON object. */
export function buildTemplate({ message, part }: StateChangeRule): string {
    return JSON.stringify(`${message} What to do: docs/runbook.md#${part}`);
}
