/** The platform's keys: one per kind of data, so that access to one says nothing about another. */
import * as pulumi from "@pulumi/pulumi";
import { Alias } from "@pulumi/aws/kms/alias.js";
import { Key } from "@pulumi/aws/kms/key.js";
import type { PlatformContext } from "../context.ts";
import { alarmArn, budgetArn } from "../iam/arns.ts";
import { accountOwnsKey, logsUseKey, senderUsesKey } from "../iam/encryption.ts";
import { buildPolicy } from "../iam/policy.ts";
import type { LogGroupKind } from "../naming.ts";
import type { Statement } from "../iam/policy.ts";

/** Days between the order to delete a key and its end: what it encrypted can be saved until then. */
const DELETION_WINDOW_DAYS = 7;

export interface EncryptionKeysArgs {
    readonly context: PlatformContext;
}

/** Five rotating keys. Costs 5 USD a month. */
export class EncryptionKeys extends pulumi.ComponentResource {
    /** ARN of the key for buckets. */
    readonly s3KeyArn: pulumi.Output<string>;
    /** ARN of the key for tables. */
    readonly dynamodbKeyArn: pulumi.Output<string>;
    /** ARN of the key for the disks of training and transform machines. */
    readonly sagemakerKeyArn: pulumi.Output<string>;
    /** ARN of the key for the stream and its dead-letter queue. */
    readonly kinesisKeyArn: pulumi.Output<string>;
    /** ARN of the key for log groups, function environments and the alert topic. */
    readonly lambdaKeyArn: pulumi.Output<string>;

    constructor(name: string, args: EncryptionKeysArgs, opts?: pulumi.ComponentResourceOptions) {
        super("firstlight:data:EncryptionKeys", name, {}, opts);
        this.s3KeyArn = this.createKey("s3", "Buckets", args.context).arn;
        this.dynamodbKeyArn = this.createKey("dynamodb", "Tables", args.context).arn;
        this.sagemakerKeyArn = this.createKey("sagemaker", "Disks of training and transform machines", args.context).arn;
        this.kinesisKeyArn = this.createKey("kinesis", "Stream and its dead-letter queue", args.context).arn;
        this.lambdaKeyArn = this.createKey("lambda", "Log groups, function environments and alerts", args.context).arn;
        this.registerOutputs({
            s3KeyArn: this.s3KeyArn,
            dynamodbKeyArn: this.dynamodbKeyArn,
            sagemakerKeyArn: this.sagemakerKeyArn,
            kinesisKeyArn: this.kinesisKeyArn,
            lambdaKeyArn: this.lambdaKeyArn,
        });
    }

    private createKey(part: KeyPart, description: string, context: PlatformContext): Key {
        const key = new Key(`${part}-key`, {
            description: `${context.naming.prefix}: ${description}`,
            enableKeyRotation: true,
            deletionWindowInDays: DELETION_WINDOW_DAYS,
            policy: buildPolicy(buildKeyStatements(part, context)),
            tags: context.tags,
        }, { parent: this });
        new Alias(`${part}-key-alias`, { name: context.naming.alias(part), targetKeyId: key.keyId }, { parent: this });
        return key;
    }
}

/** Of all log groups that the program makes. */
const LOG_FOLDERS = [
    "/aws/lambda", "/aws/sagemaker/Endpoints", "/aws/vendedlogs/apigateway", "/aws/vendedlogs/states", "/aws/vendedlogs/vpc",
] as const satisfies readonly LogGroupKind[];

type KeyPart = "s3" | "dynamodb" | "sagemaker" | "kinesis" | "lambda";

function buildKeyStatements(part: KeyPart, { location, naming }: PlatformContext): readonly Statement[] {
    const owner = accountOwnsKey(location);
    if (part !== "lambda") return [owner];
    return [
        owner,
        logsUseKey(location, LOG_FOLDERS.map((folder) => `${folder}/${naming.prefix}-*`)),
        // Who tells the alert topic of alarms, of failed deployments and of spending.
        senderUsesKey(location, { service: "cloudwatch", sourceArns: [alarmArn(location, `${naming.prefix}-*`)] }),
        senderUsesKey(location, { service: "events" }),
        senderUsesKey(location, { service: "budgets", sourceArns: [budgetArn(location, `${naming.prefix}-*`)] }),
    ];
}
