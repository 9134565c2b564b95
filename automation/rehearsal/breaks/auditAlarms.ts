/** Sets an alarm off and listens, as somebody does who wants to know whether alarms reach anybody. */
import { CloudWatchClient, SetAlarmStateCommand } from "@aws-sdk/client-cloudwatch";
import { SNSClient, SubscribeCommand, UnsubscribeCommand } from "@aws-sdk/client-sns";
import { CreateQueueCommand, DeleteQueueCommand, GetQueueAttributesCommand, ReceiveMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { CloudRefusal } from "../../errors.ts";
import type { BreakWorld } from "./breakWorld.ts";

const ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm";
const LISTEN_SECONDS = 5;

/** @throws CloudRefusal when an alarm that goes off is heard by nobody. */
export async function auditAlarms(world: BreakWorld): Promise<void> {
    const { region, endpoint, credentials } = world.rehearsal.cloud.target;
    const settings = { region, ...(endpoint === undefined ? {} : { endpoint }), ...(credentials === undefined ? {} : { credentials }) };
    const [cloudwatch, sns, sqs] = [new CloudWatchClient(settings), new SNSClient(settings), new SQSClient(settings)] as const;
    try {
        const name = await nameAlarm(world);
        const queue = await subscribe(sns, sqs, (await world.outputs()).alertTopicArn);
        try {
            await cloudwatch.send(new SetAlarmStateCommand({ AlarmName: name, StateValue: "ALARM", StateReason: "somebody wants to know whether this is heard" }));
            const { Messages: messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl: queue.url, WaitTimeSeconds: LISTEN_SECONDS }));
            if (messages.length === 0) throw new CloudRefusal(`the deployment is green, but the alarm ${name} went off, and no message came from its topic`);
        } finally {
            await sns.send(new UnsubscribeCommand({ SubscriptionArn: queue.subscriptionArn }));
            await sqs.send(new DeleteQueueCommand({ QueueUrl: queue.url }));
        }
    } finally {
        for (const client of [cloudwatch, sns, sqs]) client.destroy();
    }
}

async function nameAlarm({ rehearsal }: BreakWorld): Promise<string> {
    const alarm = (await rehearsal.engine.resources()).find(({ type }) => type === ALARM);
    if (alarm === undefined) throw new Error("the stack has no alarm to set off");
    return String(alarm.outputs["name"]);
}

async function subscribe(sns: SNSClient, sqs: SQSClient, topicArn: string): Promise<{ readonly url: string; readonly subscriptionArn: string }> {
    // Without a policy a queue takes nothing from a topic, and every alarm would seem unheard.
    const statement = { Effect: "Allow", Principal: { Service: "sns.amazonaws.com" }, Action: "sqs:SendMessage", Resource: "*", Condition: { ArnEquals: { "aws:SourceArn": topicArn } } };
    const Policy = JSON.stringify({ Version: "2012-10-17", Statement: [statement] });
    const { QueueUrl: url = "" } = await sqs.send(new CreateQueueCommand({ QueueName: "listener", Attributes: { Policy } }));
    const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ["QueueArn"] }));
    const { SubscriptionArn: subscriptionArn = "" } = await sns.send(new SubscribeCommand({ TopicArn: topicArn, Protocol: "sqs", Endpoint: Attributes?.["QueueArn"] ?? "", ReturnSubscriptionArn: true }));
    return { url, subscriptionArn };
}
