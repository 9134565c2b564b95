/** What has to change in the account or at AWS: quotas, permissions, capacity. */
import type { ErrorClass } from "./errorClass.ts";

export const cloudClasses: readonly ErrorClass[] = [
    {
        id: "training-quota", kind: "cloud", failure: "F40",
        words: /ResourceLimitExceeded.*account-level service limit '[^']*(training|transform) job usage'/s,
        what: "the account may not run that many instances of this type at a time; new accounts may run none",
        fix: "ask for a higher quota in Service Quotas, or choose another type in training.instanceType",
        source: "https://github.com/zenml-io/zenml/issues/847",
    },
    {
        id: "managed-rules-denied", kind: "cloud", failure: "F69",
        words: /is not authorized to create managed-rule/,
        what: "Step Functions refuses the state machine, because its role may not make the EventBridge rules by which Step Functions hears "
            + "that training and transform jobs have ended. The program gives the role these permissions (events:PutRule, events:PutTargets, "
            + "events:DescribeRule on StepFunctionsGetEventsForSageMaker*Rule), so either they are not in force yet, or a service control "
            + "policy or permissions boundary of this account denies them",
        fix: "run it again after a minute; if that does not help, ask whoever governs the account to allow these three actions on rules named "
            + "StepFunctionsGetEventsForSageMaker*",
        source: "https://github.com/terraform-aws-modules/terraform-aws-step-functions/issues/41",
    },
    {
        id: "log-delivery-denied", kind: "cloud", failure: "F05",
        words: /is not authorized to access the Log Destination/,
        what: "Step Functions refuses the state machine, because its role may not deliver its log. The program gives the role the eight actions "
            + "for that (logs:CreateLogDelivery and its like), so either they are not in force yet, or a policy of this account denies them",
        fix: "run it again after a minute; if that does not help, ask whoever governs the account to allow log deliveries",
        source: "https://repost.aws/knowledge-center/step-function-error-cloudwatch-log",
    },
];
