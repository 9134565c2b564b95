/** Who hears of what a topic is told. */
import { paginateListSubscriptionsByTopic } from "@aws-sdk/client-sns";
import type { SNSClient } from "@aws-sdk/client-sns";
import type { TopicSubscriptions } from "./accountView.ts";

/** Instead of an ARN, until the link is followed. https://docs.aws.amazon.com/sns/latest/api/API_ListSubscriptionsByTopic.html */
const PENDING = "PendingConfirmation";
/** Of one that was given up; it is listed for some days more. */
const DELETED = "Deleted";

/** Undefined when there is no topic. */
export async function readSubscriptions(sns: SNSClient, TopicArn: string): Promise<TopicSubscriptions | undefined> {
    const unconfirmed: string[] = [];
    let confirmed = 0;
    try {
        for await (const { Subscriptions = [] } of paginateListSubscriptionsByTopic({ client: sns }, { TopicArn })) {
            for (const { SubscriptionArn, Endpoint = "an address that is not said" } of Subscriptions) {
                if (SubscriptionArn === PENDING) unconfirmed.push(Endpoint);
                else if (SubscriptionArn !== DELETED) confirmed++;
            }
        }
    } catch (error) {
        if (error instanceof Error && /^NotFound/.test(error.name)) return undefined;
        throw error;
    }
    return { confirmed, unconfirmed };
}
