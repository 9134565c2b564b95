/** Who may take on a role: one service, and where the service says so, only for our account and our resource (confused deputy). */
import type { Location } from "../context.ts";
import { buildPolicy } from "./policy.ts";

/**
 * Services that send `aws:SourceAccount` and `aws:SourceArn` when they take on a role:
 * https://docs.aws.amazon.com/sagemaker/latest/dg/security-confused-deputy-prevention.html,
 * https://docs.aws.amazon.com/step-functions/latest/dg/procedure-create-iam-role.html,
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/cross-service-confused-deputy-prevention.html,
 * https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-iam-role.html.
 * Lambda documents none for execution roles, so a condition there would lock the function out.
 */
const SENDS_SOURCE: Readonly<Record<TrustedService, boolean>> = {
    lambda: false, sagemaker: true, states: true, events: true, "vpc-flow-logs": true,
};

export type TrustedService = "lambda" | "sagemaker" | "states" | "events" | "vpc-flow-logs";

/**
 * The assume-role policy of a role for one service.
 *
 * @param sourceArn ARN pattern of the resource on whose behalf the service acts; left out when it would make a circle.
 */
export function buildServiceTrust(service: TrustedService, location: Location, sourceArn?: string): string {
    const conditions = SENDS_SOURCE[service]
        ? {
            StringEquals: { "aws:SourceAccount": location.accountId },
            ...(sourceArn === undefined ? {} : { ArnLike: { "aws:SourceArn": sourceArn } }),
        }
        : undefined;
    return buildPolicy([{
        sid: "ServiceTakesRole",
        actions: ["sts:AssumeRole"],
        principals: { Service: [`${service}.amazonaws.com`] },
        ...(conditions === undefined ? {} : { conditions }),
    }]);
}
