/** Permissions to use keys: for a key's users, and in the key's own policy. */
import type { Location } from "../context.ts";
import { accountRootArn, logGroupArn } from "./arns.ts";
import type { Statement } from "./policy.ts";

/** Services through which a role may use a key. */
export type KeyUser = "dynamodb" | "kinesis" | "s3" | "sns" | "sqs";

/** Reading and writing through a service that encrypts: `kms:ViaService` keeps the key useless outside of it. */
export function useKeyThrough(service: KeyUser, keyArn: string, location: Location): Statement {
    return {
        sid: `UseKeyThrough${capitalized(service)}`,
        actions: ["kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey*", "kms:ReEncrypt*"],
        resources: [keyArn],
        conditions: { StringEquals: { "kms:ViaService": `${service}.${location.region}.${location.dnsSuffix}` } },
    };
}

/** Reading alone. */
export function readKeyThrough(service: KeyUser, keyArn: string, location: Location): Statement {
    return {
        ...useKeyThrough(service, keyArn, location),
        sid: `ReadKeyThrough${capitalized(service)}`,
        actions: ["kms:Decrypt", "kms:DescribeKey"],
    };
}

function capitalized(service: KeyUser): string {
    return `${service.charAt(0).toUpperCase()}${service.slice(1)}`;
}

/** Lambda decrypts a function's environment with the function's role. */
export function decryptEnvironment(keyArn: string): Statement {
    return { sid: "DecryptEnvironment", actions: ["kms:Decrypt"], resources: [keyArn] };
}

/** Without this statement IAM policies have no effect on the key, and nobody could change it again. */
export function accountOwnsKey(location: Location): Statement {
    return { sid: "AccountOwnsKey", actions: ["kms:*"], resources: ["*"], principals: { AWS: [accountRootArn(location)] } };
}

/**
 * CloudWatch Logs encrypts the log groups whose names match.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
 */
export function logsUseKey(location: Location, logGroupPatterns: readonly string[]): Statement {
    return {
        sid: "LogsUseKey",
        actions: ["kms:Encrypt*", "kms:Decrypt*", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:Describe*"],
        resources: ["*"],
        principals: { Service: [`logs.${location.region}.${location.dnsSuffix}`] },
        conditions: {
            ArnLike: { "kms:EncryptionContext:aws:logs:arn": logGroupPatterns.map((pattern) => logGroupArn(location, pattern)) },
        },
    };
}

/** A service sends to our encrypted topic, on behalf of a resource of ours. */
export interface TopicSender {
    /** As in the service's principal: `cloudwatch`. */
    readonly service: "budgets" | "cloudwatch" | "events";
    /** ARN patterns of alarms or budgets; absent for a service that does not say on whose behalf it encrypts. */
    readonly sourceArns?: readonly string[];
}

/**
 * Without it the message is lost, and nothing says so: https://repost.aws/knowledge-center/cloudwatch-configure-alarm-sns,
 * https://docs.aws.amazon.com/cost-management/latest/userguide/budgets-sns-policy.html. EventBridge sends neither account nor ARN to the
 * key: https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html.
 */
export function senderUsesKey({ accountId }: Location, { service, sourceArns }: TopicSender): Statement {
    return {
        sid: `${service.charAt(0).toUpperCase()}${service.slice(1)}UsesKey`,
        actions: ["kms:Decrypt", "kms:GenerateDataKey*"],
        resources: ["*"],
        principals: { Service: [`${service}.amazonaws.com`] },
        ...(sourceArns === undefined ? {} : {
            conditions: { StringEquals: { "aws:SourceAccount": accountId }, ArnLike: { "aws:SourceArn": sourceArns } },
        }),
    };
}
