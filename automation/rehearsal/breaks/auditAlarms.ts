/** Sets an alarm off and listens, as somebody does who wants to know whether alarms reach anybody. */
import { CloudWatchClient, SetAlarmStateCommand } from "@aws-sdk/client-cloudwatch";
import { SubscribeCommand, UnsubscribeCommand } from "@aws-sdk/client-sns";
import { CreateQueueCommand, DeleteQueueCommand, GetQueueAttributesCommand, ReceiveMessageCommand } from "@aws-sdk/client-sqs";
import type { AwsClients } from "../../aws.ts";
import { CloudRefusal } from "../../errors.ts";
import type { BreakWorld } from "./breakWorld.ts";

const ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm";
const LISTEN_SECONDS = 5;

/** @throws CloudRefusal when an alarm that goes off is heard by nobody. */
export async function auditAlarms(world: BreakWorld): Promise<void> {
    const { aws } = world.rehearsal.context;
    const name = await nameAlarm(world);
    const listener = await subscribe(aws, (await world.outputs()).alertTopicArn);
    try {
        await setOff(world, name);
        const receive = new ReceiveMessageCommand({ QueueUrl: listener.url, WaitTimeSeconds: LISTEN_SECONDS });
        const { Messages: messages = [] } = await aws.sqs.send(receive);
        if (messages.length > 0) return;
        throw new CloudRefusal(`the deployment is green, but the alarm ${name} went off, and no message came from its topic`);
    } finally {
        await aws.sns.send(new UnsubscribeCommand({ SubscriptionArn: listener.subscriptionArn }));
        await aws.sqs.send(new DeleteQueueCommand({ QueueUrl: listener.url }));
    }
}

async function nameAlarm({ rehearsal }: BreakWorld): Promise<string> {
    const alarm = (await rehearsal.engine.resources()).find(({ type }) => type === ALARM);
    if (alarm === undefined) throw new Error("the stack has no alarm to set off");
    return String(alarm.outputs["name"]);
}

async function setOff({ clientSettings }: BreakWorld, AlarmName: string): Promise<void> {
    const cloudwatch = new CloudWatchClient(clientSettings);
    try {
        const StateReason = "somebody wants to know whether this is heard";
        // Only a change of state is told.
        for (const StateValue of ["OK", "ALARM"] as const) await cloudwatch.send(new SetAlarmStateCommand({ AlarmName, StateValue, StateReason }));
    } finally {
        cloudwatch.destroy();
    }
}

interface Listener { readonly url: string; readonly subscriptionArn: string }

async function subscribe({ sns, sqs }: AwsClients, topicArn: string): Promise<Listener> {
    // Without a policy a queue takes nothing from a topic, and every alarm would seem unheard.
    const statement = {
        Effect: "Allow", Principal: { Service: "sns.amazonaws.com" }, Action: "sqs:SendMessage", Resource: "*",
        Condition: { ArnEquals: { "aws:SourceArn": topicArn } },
    };
    const Policy = JSON.stringify({ Version: "2012-10-17", Statement: [statement] });
    const { QueueUrl: url = "" } = await sqs.send(new CreateQueueCommand({ QueueName: "listener", Attributes: { Policy } }));
    const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ["QueueArn"] }));
    const Endpoint = Attributes?.["QueueArn"] ?? "";
    const { SubscriptionArn: subscriptionArn = "" } = await sns.send(
        new SubscribeCommand({ TopicArn: topicArn, Protocol: "sqs", Endpoint, ReturnSubscriptionArn: true }),
    );
    return { url, subscriptionArn };
}
