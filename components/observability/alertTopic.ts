/** The topic that tells people what went wrong, who may send to it, and who is told. */
import * as pulumi from "@pulumi/pulumi";
import { Topic } from "@pulumi/aws/sns/topic.js";
import { TopicPolicy } from "@pulumi/aws/sns/topicPolicy.js";
import { TopicSubscription } from "@pulumi/aws/sns/topicSubscription.js";
import type { AlertsConfig } from "../config/alarms.ts";
import type { PlatformContext } from "../context.ts";
import { alarmArn, budgetArn } from "../iam/arns.ts";
import { buildPolicy } from "../iam/policy.ts";
import type { Statement } from "../iam/policy.ts";

export interface AlertTopicArgs {
    readonly context: PlatformContext;
    /** Each address confirms once, by the link that SNS sends to it. */
    readonly alerts: AlertsConfig;
    readonly kmsKeyArn: pulumi.Input<string>;
}

export class AlertTopic extends pulumi.ComponentResource {
    readonly topicArn: pulumi.Output<string>;

    constructor(name: string, args: AlertTopicArgs, opts?: pulumi.ComponentResourceOptions) {
        super("firstlight:observability:AlertTopic", name, {}, { ...opts, aliases: [{ type: "firstlight:inference:AlertTopic" }] });
        const topic = new Topic(`${name}-topic`, {
            name: args.context.naming.name("topic", "alerts"),
            kmsMasterKeyId: args.kmsKeyArn,
            tags: args.context.tags,
        }, { parent: this });
        const policy = this.createPolicy(name, args, topic);
        this.subscribe(name, args, topic);
        // The policy's, so that whoever sends comes after it: what a service sends before is lost without a sign.
        this.topicArn = policy.arn;
        this.registerOutputs({ topicArn: this.topicArn });
    }

    private createPolicy(name: string, { context }: AlertTopicArgs, topic: Topic): TopicPolicy {
        return new TopicPolicy(`${name}-topic-policy`, {
            arn: topic.arn,
            policy: topic.arn.apply((topicArn) => buildPolicy(buildTopicStatements(context, topicArn))),
        }, { parent: this });
    }

    private subscribe(name: string, { alerts }: AlertTopicArgs, topic: Topic): void {
        alerts.emails.forEach((endpoint, index) => {
            new TopicSubscription(`${name}-email-${index + 1}`, { topic: topic.arn, protocol: "email", endpoint }, { parent: this });
        });
        alerts.urls.forEach((endpoint, index) => {
            new TopicSubscription(`${name}-url-${index + 1}`, { topic: topic.arn, protocol: "https", endpoint }, { parent: this });
        });
    }
}

/**
 * The services that send. The account's own roles need no statement: for them their policies are enough. With a policy of its own the topic
 * loses the one that SNS gives to every topic, which lets anything of the account send.
 */
function buildTopicStatements({ location, naming }: PlatformContext, topicArn: string): readonly Statement[] {
    const send = { actions: ["sns:Publish"], resources: [topicArn] };
    const isOurs = (sourceArn: string) => ({
        conditions: { StringEquals: { "aws:SourceAccount": location.accountId }, ArnLike: { "aws:SourceArn": sourceArn } },
    });
    return [
        // https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Notify_Users_Alarm_Changes.html
        {
            ...send,
            sid: "AlarmsSend",
            principals: { Service: ["cloudwatch.amazonaws.com"] },
            ...isOurs(alarmArn(location, `${naming.prefix}-*`)),
        },
        // Without a condition: EventBridge says nothing of itself to SNS, and one would refuse it without a sign.
        // https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html
        { ...send, sid: "RulesSend", principals: { Service: ["events.amazonaws.com"] } },
        // https://docs.aws.amazon.com/cost-management/latest/userguide/budgets-sns-policy.html
        {
            ...send,
            sid: "BudgetSends",
            principals: { Service: ["budgets.amazonaws.com"] },
            ...isOurs(budgetArn(location, `${naming.prefix}-*`)),
        },
    ];
}
