/**
 * Services that say on whose behalf they act when they take on a role or use a resource. Whoever trusts them without asking lets them be
 * led there by somebody else's resource (confused deputy): https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html.
 */
import type { Statement } from "../planReading/statements.ts";
import { boundValues } from "./conditions.ts";

/** Where a service says it: to a role, or by the IAM prefix of the resource it uses. */
export type SenderPlace = "role" | "kms" | "s3" | "sns" | "sqs" | "logs";

interface Sender {
    /** As in the principal, without region and domain: `delivery.logs`. */
    readonly service: string;
    readonly place: SenderPlace;
    /** Where AWS says that the keys are sent. */
    readonly source: string;
}

const DOCS = "https://docs.aws.amazon.com";

/**
 * What is not in this list is not documented as sending them, and a condition would lock it out: Lambda to an execution role, EventBridge
 * to a topic and its key (https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html).
 */
const SENDERS: readonly Sender[] = [
    { service: "sagemaker", place: "role", source: `${DOCS}/sagemaker/latest/dg/security-confused-deputy-prevention.html` },
    { service: "states", place: "role", source: `${DOCS}/step-functions/latest/dg/procedure-create-iam-role.html` },
    { service: "events", place: "role", source: `${DOCS}/eventbridge/latest/userguide/cross-service-confused-deputy-prevention.html` },
    { service: "scheduler", place: "role", source: `${DOCS}/scheduler/latest/UserGuide/cross-service-confused-deputy-prevention.html` },
    { service: "vpc-flow-logs", place: "role", source: `${DOCS}/vpc/latest/userguide/flow-logs-iam-role.html` },
    { service: "ecs-tasks", place: "role", source: `${DOCS}/AmazonECS/latest/developerguide/task-iam-roles.html` },
    { service: "monitoring.rds", place: "role", source: `${DOCS}/AmazonRDS/latest/UserGuide/cross-service-confused-deputy-prevention.html` },
    { service: "pipes", place: "role", source: `${DOCS}/eventbridge/latest/userguide/cross-service-confused-deputy-prevention.html` },
    { service: "logs", place: "role", source: `${DOCS}/AmazonCloudWatch/latest/logs/Subscriptions-confused-deputy.html` },
    { service: "bedrock", place: "role", source: `${DOCS}/bedrock/latest/userguide/cross-service-confused-deputy-prevention.html` },
    { service: "logs", place: "kms", source: `${DOCS}/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html` },
    { service: "cloudwatch", place: "kms", source: `${DOCS}/AmazonCloudWatch/latest/monitoring/Notify_Users_Alarm_Changes.html` },
    { service: "budgets", place: "kms", source: `${DOCS}/cost-management/latest/userguide/budgets-sns-policy.html` },
    { service: "cloudwatch", place: "sns", source: `${DOCS}/AmazonCloudWatch/latest/monitoring/Notify_Users_Alarm_Changes.html` },
    { service: "budgets", place: "sns", source: `${DOCS}/cost-management/latest/userguide/budgets-sns-policy.html` },
    { service: "s3", place: "sns", source: `${DOCS}/AmazonS3/latest/userguide/grant-destinations-permissions-to-s3.html` },
    { service: "s3", place: "sqs", source: `${DOCS}/AmazonS3/latest/userguide/grant-destinations-permissions-to-s3.html` },
    { service: "sns", place: "sqs", source: `${DOCS}/sns/latest/dg/subscribe-sqs-queue-to-sns-topic.html` },
    { service: "events", place: "sqs", source: `${DOCS}/eventbridge/latest/userguide/eb-use-resource-based.html` },
    { service: "logging.s3", place: "s3", source: `${DOCS}/AmazonS3/latest/userguide/enable-server-access-logging.html` },
    { service: "s3", place: "s3", source: `${DOCS}/AmazonS3/latest/userguide/example-bucket-policies.html` },
    { service: "cloudtrail", place: "s3", source: `${DOCS}/awscloudtrail/latest/userguide/create-s3-bucket-policy-for-cloudtrail.html` },
    { service: "config", place: "s3", source: `${DOCS}/config/latest/developerguide/s3-bucket-policy.html` },
    { service: "cloudfront", place: "s3", source: `${DOCS}/AmazonCloudFront/latest/DeveloperGuide/private-content-restricting-access-to-s3.html` },
    { service: "cloudtrail", place: "kms", source: `${DOCS}/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html` },
    { service: "delivery.logs", place: "logs", source: `${DOCS}/AmazonCloudWatch/latest/logs/AWS-logs-infrastructure-CWL.html` },
    { service: "delivery.logs", place: "s3", source: `${DOCS}/AmazonCloudWatch/latest/logs/AWS-logs-infrastructure-S3.html` },
];

/** The services of a statement that send what could be asked of them there. */
export function sendersOf({ services }: Statement, place: string): readonly string[] {
    return services.filter((principal) => SENDERS.some((sender) => sender.place === place && sender.service === serviceOf(principal)));
}

/** `logs.eu-central-1.amazonaws.com.cn` -> `logs`. */
function serviceOf(principal: string): string {
    return principal.replace(/\.amazonaws\.com(\.cn)?$/, "").replace(/\.[a-z]{2}(-[a-z]+)+-\d+$/, "");
}

/** CloudWatch Logs says the log group's ARN in the context of what it encrypts. */
const ARN_KEYS = ["aws:SourceArn", "kms:EncryptionContext:aws:logs:arn"];

/** Whether the statement asks on whose behalf a service comes. An ARN does where it names an account: a bucket's does not. */
export function asksForSource({ conditions }: Statement): boolean {
    const isBound = (key: string, names: (value: string) => boolean): boolean => boundValues(conditions, key)?.every(names) === true;
    return isBound("aws:SourceAccount", (value) => /^\d{12}$|^</.test(value))
        || ["aws:SourceOrgID", "aws:SourceOrgPaths"].some((key) => isBound(key, (value) => /^o-[a-z0-9]{10}/.test(value)))
        || ARN_KEYS.some((key) => isBound(key, namesAccount));
}

/** Whether an ARN, or the stand-in of a planned one, belongs to one account alone. */
export function namesAccount(arn: string): boolean {
    return /^<[^>]+ of [^>]+>/.test(arn) || /^arn:[^:]*:[^:]*:[^:]*:\d{12}:/.test(arn);
}
