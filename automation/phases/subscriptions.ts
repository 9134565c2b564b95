/** Who is asked for alerts and has not answered. */
import { paginateListSubscriptionsByTopic } from "@aws-sdk/client-sns";
import type { AwsClients } from "../aws.ts";

/** What SNS gives instead of an ARN until somebody follows the link in the mail. https://docs.aws.amazon.com/sns/latest/api/API_ListSubscriptionsByTopic.html */
const PENDING = "PendingConfirmation";

/** Addresses that have not confirmed their subscription: they get no alert. */
export async function findUnconfirmedSubscriptions({ sns }: AwsClients, topicArn: string): Promise<readonly string[]> {
    const found: string[] = [];
    for await (const { Subscriptions = [] } of paginateListSubscriptionsByTopic({ client: sns }, { TopicArn: topicArn })) {
        found.push(...Subscriptions.filter(({ SubscriptionArn }) => SubscriptionArn === PENDING).map(({ Endpoint = "unknown" }) => Endpoint));
    }
    return found;
}
