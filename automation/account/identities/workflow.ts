/** The training pipeline's state machine, and the alert topic with its policy and subscribers. */
import { ListStateMachinesCommand, ListTagsForResourceCommand as ListMachineTagsCommand } from "@aws-sdk/client-sfn";
import {
    GetTopicAttributesCommand, ListSubscriptionsByTopicCommand, ListTagsForResourceCommand, ListTopicsCommand, type SNSClient,
} from "@aws-sdk/client-sns";
import { gather, importPage, knownText, readTags, unless } from "./lookup.ts";
import type { Lookup, Tags } from "./lookup.ts";

const TOPIC_GONE = ["NotFoundException", "NotFound"];
/** Id of the statement in the policy that every topic is made with. */
const DEFAULT_STATEMENT = "__default_statement_ID";

const stateMachine: Lookup = {
    type: "aws:sfn/stateMachine:StateMachine",
    source: importPage("sfn/statemachine"),
    async candidates(inputs, { aws: { sfn } }) {
        const wanted = knownText(inputs, "name");
        if (wanted === undefined) return [];
        const machines = await gather(async (nextToken) => {
            const page = await sfn.send(new ListStateMachinesCommand({ nextToken }));
            return { items: page.stateMachines, next: page.nextToken };
        });
        const arn = machines.find(({ name }) => name === wanted)?.stateMachineArn;
        if (arn === undefined) return [];
        const { tags = [] } = await sfn.send(new ListMachineTagsCommand({ resourceArn: arn }));
        return [{ id: arn, outputs: { arn }, tags: Object.fromEntries(tags.map(({ key = "", value = "" }) => [key, value])) }];
    },
};

async function readTopicTags(sns: SNSClient, ResourceArn: string): Promise<Tags> {
    return readTags((await sns.send(new ListTagsForResourceCommand({ ResourceArn }))).Tags);
}

const topic: Lookup = {
    type: "aws:sns/topic:Topic",
    source: importPage("sns/topic"),
    async candidates(inputs, { aws: { sns } }) {
        const name = knownText(inputs, "name");
        if (name === undefined) return [];
        const topics = await gather(async (NextToken) => {
            const page = await sns.send(new ListTopicsCommand({ NextToken }));
            return { items: page.Topics, next: page.NextToken };
        });
        const arn = topics.find(({ TopicArn }) => TopicArn?.endsWith(`:${name}`))?.TopicArn;
        return arn === undefined ? [] : [{ id: arn, outputs: { arn }, tags: await readTopicTags(sns, arn) }];
    },
};

/** A topic always has a policy; ours is one that somebody set. */
const topicPolicy: Lookup = {
    type: "aws:sns/topicPolicy:TopicPolicy",
    source: importPage("sns/topicpolicy"),
    repeatable: true,
    async candidates(inputs, { aws: { sns } }) {
        const arn = knownText(inputs, "arn");
        if (arn === undefined) return [];
        const policy = (await unless(TOPIC_GONE, () => sns.send(new GetTopicAttributesCommand({ TopicArn: arn }))))?.Attributes?.["Policy"];
        return policy === undefined || policy.includes(DEFAULT_STATEMENT) ? [] : [{ id: arn, outputs: {}, parentTags: await readTopicTags(sns, arn) }];
    },
};

/** One that nobody has confirmed has no ARN yet, and is asked for again by a create. */
const topicSubscription: Lookup = {
    type: "aws:sns/topicSubscription:TopicSubscription",
    source: importPage("sns/topicsubscription"),
    async candidates(inputs, { aws: { sns } }) {
        const TopicArn = knownText(inputs, "topic");
        if (TopicArn === undefined) return [];
        const subscriptions = await unless(TOPIC_GONE, () => gather(async (NextToken) => {
            const page = await sns.send(new ListSubscriptionsByTopicCommand({ TopicArn, NextToken }));
            return { items: page.Subscriptions, next: page.NextToken };
        })) ?? [];
        const meant = subscriptions.filter(({ SubscriptionArn = "", Protocol, Endpoint }) => (
            SubscriptionArn.startsWith("arn:") && Protocol === inputs["protocol"] && Endpoint === inputs["endpoint"]));
        if (meant.length === 0) return [];
        const parentTags = await readTopicTags(sns, TopicArn);
        return meant.map(({ SubscriptionArn = "" }) => ({ id: SubscriptionArn, outputs: { arn: SubscriptionArn }, parentTags }));
    },
};

export const workflowLookups: readonly Lookup[] = [stateMachine, topic, topicPolicy, topicSubscription];
