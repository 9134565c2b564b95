/** `aws:sns/topic:Topic` and `aws:sns/topicSubscription:TopicSubscription`. */
import {
    CreateTopicCommand, DeleteTopicCommand, GetSubscriptionAttributesCommand, GetTopicAttributesCommand, ListTagsForResourceCommand,
    SetSubscriptionAttributesCommand, SetTopicAttributesCommand, SubscribeCommand, TagResourceCommand, UnsubscribeCommand,
    UntagResourceCommand,
} from "@aws-sdk/client-sns";
import { UNKNOWN, type PropertyMap } from "../../engine/provider.ts";
import { regionalArn, whenKnown } from "./arn.ts";
import type { ResourceDefinition } from "./definition.ts";
import { asAsked } from "./documents.ts";
import { reported, requiredText, text } from "./inputs.ts";
import { applied, appliedFree, appliedReplaces, hasChanged, recorded, recordedReplaces, region, registryPage } from "./rules.ts";
import { applyTagChange, observeTagged, readTags, tagChange, tagList, toTagList } from "./tags.ts";
import { unless } from "./wait.ts";

const GONE = ["NotFoundException", "NotFound"];

/** Input property -> topic attribute. */
const TOPIC_ATTRIBUTES = {
    displayName: "DisplayName",
    kmsMasterKeyId: "KmsMasterKeyId",
    policy: "Policy",
    deliveryPolicy: "DeliveryPolicy",
    signatureVersion: "SignatureVersion",
    tracingConfig: "TracingConfig",
    fifoTopic: "FifoTopic",
    contentBasedDeduplication: "ContentBasedDeduplication",
} as const;

/** Input property -> subscription attribute. */
const SUBSCRIPTION_ATTRIBUTES = {
    filterPolicy: "FilterPolicy",
    filterPolicyScope: "FilterPolicyScope",
    rawMessageDelivery: "RawMessageDelivery",
    redrivePolicy: "RedrivePolicy",
    deliveryPolicy: "DeliveryPolicy",
} as const;

type AttributeNames = Readonly<Record<string, string>>;

/** SNS has texts only. */
function attributes(inputs: PropertyMap, names: AttributeNames): Record<string, string> {
    const given = Object.entries(names).filter(([property]) => inputs[property] !== undefined && inputs[property] !== null);
    return Object.fromEntries(given.map(([property, attribute]) => [attribute, String(inputs[property])]));
}

/** The attributes in the program's types: those of what was asked, else texts. */
function observedAttributes(actual: Readonly<Record<string, string>>, names: AttributeNames, asked: PropertyMap): PropertyMap {
    return reported(Object.fromEntries(Object.entries(names).map(([property, attribute]) => {
        const value = actual[attribute];
        if (value === undefined) return [property, undefined];
        if (value === "true" || value === "false") return [property, value === "true"];
        if (property === "signatureVersion") return [property, Number(value)];
        return [property, asAsked(typeof asked[property] === "string" ? asked[property] : undefined, value)];
    })));
}

function changedAttributes(oldInputs: PropertyMap, inputs: PropertyMap, names: AttributeNames): [string, string][] {
    return Object.entries(names)
        .filter(([property]) => hasChanged(oldInputs, inputs, property))
        .map(([property, attribute]) => [attribute, inputs[property] === undefined ? "" : String(inputs[property])]);
}

export const snsTopic: ResourceDefinition = {
    table: {
        type: "aws:sns/topic:Topic",
        source: registryPage("sns/topic"),
        inputs: {
            ...region,
            name: appliedReplaces,
            namePrefix: recordedReplaces,
            displayName: applied,
            kmsMasterKeyId: applied,
            policy: appliedFree,
            deliveryPolicy: recorded,
            signatureVersion: recorded,
            tracingConfig: recorded,
            fifoTopic: appliedReplaces,
            contentBasedDeduplication: recorded,
            tags: appliedFree,
        },
        outputs: [
            "applicationFailureFeedbackRoleArn", "applicationSuccessFeedbackRoleArn", "applicationSuccessFeedbackSampleRate",
            "archivePolicy", "arn", "beginningArchiveTime", "contentBasedDeduplication", "deliveryPolicy", "displayName",
            "fifoThroughputScope", "fifoTopic", "firehoseFailureFeedbackRoleArn", "firehoseSuccessFeedbackRoleArn",
            "firehoseSuccessFeedbackSampleRate", "httpFailureFeedbackRoleArn", "httpSuccessFeedbackRoleArn",
            "httpSuccessFeedbackSampleRate", "kmsMasterKeyId", "lambdaFailureFeedbackRoleArn", "lambdaSuccessFeedbackRoleArn",
            "lambdaSuccessFeedbackSampleRate", "name", "namePrefix", "owner", "policy", "region", "signatureVersion",
            "sqsFailureFeedbackRoleArn", "sqsSuccessFeedbackRoleArn", "sqsSuccessFeedbackSampleRate", "tags", "tagsAll", "tracingConfig",
        ],
        autoName: { property: "name", maxLength: 256 },
    },
    usage: { actions: ["sns:Publish"], resourceArn: (outputs) => text(outputs, "arn") ?? "" },
    predict: ({ inputs }, place) => {
        const arn = whenKnown(inputs["name"], (name) => regionalArn(place, "sns", name));
        return { id: arn, outputs: { arn, owner: place.accountId, region: place.region, tagsAll: inputs["tags"] ?? {} } };
    },
    async create({ inputs }, { clients }) {
        const { TopicArn } = await clients.sns.send(new CreateTopicCommand({
            Name: requiredText(inputs, "name"), Attributes: attributes(inputs, TOPIC_ATTRIBUTES), Tags: tagList(inputs),
        }));
        return TopicArn!;
    },
    async read({ id, inputs }, { clients, place }) {
        const found = await unless(GONE, () => clients.sns.send(new GetTopicAttributesCommand({ TopicArn: id })));
        if (found === undefined) return undefined;
        const actual = found.Attributes ?? {};
        const tags = readTags((await clients.sns.send(new ListTagsForResourceCommand({ ResourceArn: id }))).Tags);
        const values = { ...observedAttributes(actual, TOPIC_ATTRIBUTES, inputs), name: id.split(":").at(-1) ?? "" };
        // Archives and throughput scopes are FIFO matters: empty elsewhere.
        const computed = { arn: id, owner: actual["Owner"], region: place.region, beginningArchiveTime: "", fifoThroughputScope: "" };
        return observeTagged({ id, values: { fifoTopic: false, ...values }, tags, computed });
    },
    async update({ id, inputs, oldInputs }, { clients }) {
        const { sns } = clients;
        for (const [AttributeName, AttributeValue] of changedAttributes(oldInputs, inputs, TOPIC_ATTRIBUTES)) {
            await sns.send(new SetTopicAttributesCommand({ TopicArn: id, AttributeName, AttributeValue }));
        }
        await applyTagChange(
            tagChange(oldInputs, inputs),
            (tags) => sns.send(new TagResourceCommand({ ResourceArn: id, Tags: toTagList(tags) })),
            (TagKeys) => sns.send(new UntagResourceCommand({ ResourceArn: id, TagKeys })),
        );
    },
    async delete({ id }, { clients }) {
        await unless(GONE, () => clients.sns.send(new DeleteTopicCommand({ TopicArn: id })));
    },
};

export const snsTopicSubscription: ResourceDefinition = {
    table: {
        type: "aws:sns/topicSubscription:TopicSubscription",
        source: registryPage("sns/topicsubscription"),
        inputs: {
            ...region,
            topic: appliedReplaces,
            protocol: appliedReplaces,
            endpoint: appliedReplaces,
            filterPolicy: appliedFree,
            filterPolicyScope: applied,
            rawMessageDelivery: applied,
            redrivePolicy: appliedFree,
            deliveryPolicy: recorded,
            confirmationTimeoutInMinutes: recorded,
            endpointAutoConfirms: recorded,
            subscriptionRoleArn: recorded,
        },
        outputs: [
            "arn", "confirmationTimeoutInMinutes", "confirmationWasAuthenticated", "deliveryPolicy", "endpoint", "endpointAutoConfirms",
            "filterPolicy", "filterPolicyScope", "ownerId", "pendingConfirmation", "protocol", "rawMessageDelivery", "redrivePolicy",
            "region", "replayPolicy", "subscriptionRoleArn", "topic",
        ],
    },
    predict: (_request, place) => ({ id: UNKNOWN, outputs: { ownerId: place.accountId, region: place.region } }),
    async create({ inputs }, { clients }) {
        const { SubscriptionArn } = await clients.sns.send(new SubscribeCommand({
            TopicArn: requiredText(inputs, "topic"),
            Protocol: requiredText(inputs, "protocol"),
            Endpoint: requiredText(inputs, "endpoint"),
            Attributes: attributes(inputs, SUBSCRIPTION_ATTRIBUTES),
            ReturnSubscriptionArn: true,
        }));
        return SubscriptionArn!;
    },
    async read({ id, inputs }, { clients, place }) {
        const found = await unless(GONE, () => clients.sns.send(new GetSubscriptionAttributesCommand({ SubscriptionArn: id })));
        if (found === undefined) return undefined;
        const actual = found.Attributes ?? {};
        const values = reported({
            ...observedAttributes(actual, SUBSCRIPTION_ATTRIBUTES, inputs),
            topic: actual["TopicArn"],
            protocol: actual["Protocol"],
            endpoint: actual["Endpoint"],
        });
        return {
            id,
            inputs: values,
            outputs: {
                ...values,
                arn: id,
                ownerId: actual["Owner"] ?? "",
                pendingConfirmation: actual["PendingConfirmation"] === "true",
                confirmationWasAuthenticated: actual["ConfirmationWasAuthenticated"] === "true",
                region: place.region,
            },
        };
    },
    async update({ id, inputs, oldInputs }, { clients }) {
        for (const [AttributeName, AttributeValue] of changedAttributes(oldInputs, inputs, SUBSCRIPTION_ATTRIBUTES)) {
            await clients.sns.send(new SetSubscriptionAttributesCommand({ SubscriptionArn: id, AttributeName, AttributeValue }));
        }
    },
    /** One that nobody confirmed cannot be removed on AWS, which forgets it after some days; the call is made all the same. */
    async delete({ id }, { clients }) {
        await unless(GONE, () => clients.sns.send(new UnsubscribeCommand({ SubscriptionArn: id })));
    },
};
