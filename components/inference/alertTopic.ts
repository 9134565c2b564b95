/** The topic that tells people when a pipeline run fails. */
import * as pulumi from "@pulumi/pulumi";
import { Topic } from "@pulumi/aws/sns/topic.js";
import { TopicSubscription } from "@pulumi/aws/sns/topicSubscription.js";
import type { PlatformContext } from "../context.ts";

export interface AlertTopicArgs {
    readonly context: PlatformContext;
    /** Each address confirms once, by the link that AWS sends to it. */
    readonly emails: readonly string[];
    readonly kmsKeyArn: pulumi.Input<string>;
}

export class AlertTopic extends pulumi.ComponentResource {
    readonly topicArn: pulumi.Output<string>;

    constructor(name: string, args: AlertTopicArgs, opts?: pulumi.ComponentResourceOptions) {
        super("firstlight:inference:AlertTopic", name, {}, opts);
        const topic = new Topic(`${name}-topic`, {
            name: args.context.naming.name("topic", "alerts"),
            kmsMasterKeyId: args.kmsKeyArn,
            tags: args.context.tags,
        }, { parent: this });
        args.emails.forEach((endpoint, index) => {
            new TopicSubscription(`${name}-email-${index + 1}`, { topic: topic.arn, protocol: "email", endpoint }, { parent: this });
        });
        this.topicArn = topic.arn;
        this.registerOutputs({ topicArn: this.topicArn });
    }
}
