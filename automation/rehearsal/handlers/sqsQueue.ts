/** `aws:sqs/queue:Queue`. */
import {
    CreateQueueCommand, DeleteQueueCommand, GetQueueAttributesCommand, ListQueueTagsCommand, SetQueueAttributesCommand, TagQueueCommand,
    UntagQueueCommand,
} from "@aws-sdk/client-sqs";
import { UNKNOWN, type PropertyMap } from "../../engine/provider.ts";
import { regionalArn } from "./arn.ts";
import type { HandlerContext, ResourceDefinition } from "./definition.ts";
import { asAsked } from "./documents.ts";
import { reported, requiredText, text, type Reported } from "./inputs.ts";
import { applied, appliedFree, appliedReplaces, hasChanged, recorded, recordedReplaces, region, registryPage } from "./rules.ts";
import { applyTagChange, observeTagged, tagChange, tagsOf, withoutSystemTags } from "./tags.ts";
import { unless } from "./wait.ts";

const GONE = ["QueueDoesNotExist", "AWS.SimpleQueueService.NonExistentQueue"];

interface Attribute {
    readonly name: string;
    /** How SQS's text is read: it has nothing but texts. */
    readonly kind: "number" | "boolean" | "document" | "text";
}

/** Input property -> queue attribute. */
const ATTRIBUTES: Readonly<Record<string, Attribute>> = {
    delaySeconds: { name: "DelaySeconds", kind: "number" },
    maxMessageSize: { name: "MaximumMessageSize", kind: "number" },
    messageRetentionSeconds: { name: "MessageRetentionPeriod", kind: "number" },
    receiveWaitTimeSeconds: { name: "ReceiveMessageWaitTimeSeconds", kind: "number" },
    visibilityTimeoutSeconds: { name: "VisibilityTimeout", kind: "number" },
    kmsMasterKeyId: { name: "KmsMasterKeyId", kind: "text" },
    kmsDataKeyReusePeriodSeconds: { name: "KmsDataKeyReusePeriodSeconds", kind: "number" },
    sqsManagedSseEnabled: { name: "SqsManagedSseEnabled", kind: "boolean" },
    policy: { name: "Policy", kind: "document" },
    redrivePolicy: { name: "RedrivePolicy", kind: "document" },
    redriveAllowPolicy: { name: "RedriveAllowPolicy", kind: "document" },
    fifoQueue: { name: "FifoQueue", kind: "boolean" },
    contentBasedDeduplication: { name: "ContentBasedDeduplication", kind: "boolean" },
};

function attributes(inputs: PropertyMap): Record<string, string> {
    const given = Object.entries(ATTRIBUTES).filter(([property]) => inputs[property] !== undefined && inputs[property] !== null);
    return Object.fromEntries(given.map(([property, { name }]) => [name, String(inputs[property])]));
}

function fromAttributes(actual: Readonly<Record<string, string>>, inputs: PropertyMap): PropertyMap {
    return reported(Object.fromEntries(Object.entries(ATTRIBUTES).map(([property, { name, kind }]) => {
        const value = actual[name];
        return [property, value === undefined ? undefined : readAttribute(value, kind, text.bind(undefined, inputs, property))];
    })));
}

function readAttribute(value: string, kind: Attribute["kind"], asked: () => string | undefined): Reported {
    if (kind === "number") return Number(value);
    if (kind === "boolean") return value === "true";
    return kind === "document" ? asAsked(asked(), value) : value;
}

/** What changed, as SQS wants it; what is asked for no more is set to nothing, which SQS takes for its default. */
function changedAttributes(oldInputs: PropertyMap, inputs: PropertyMap): Record<string, string> {
    const changed = Object.entries(ATTRIBUTES).filter(([property]) => hasChanged(oldInputs, inputs, property));
    return Object.fromEntries(changed.map(([property, { name }]) => [name, inputs[property] === undefined ? "" : String(inputs[property])]));
}

async function observe(id: string, inputs: PropertyMap, { clients, place }: HandlerContext) {
    const found = await unless(GONE, () => clients.sqs.send(new GetQueueAttributesCommand({ QueueUrl: id, AttributeNames: ["All"] })));
    if (found?.Attributes === undefined) return undefined;
    const { Tags } = await clients.sqs.send(new ListQueueTagsCommand({ QueueUrl: id }));
    const arn = found.Attributes["QueueArn"] ?? "";
    const values = { ...fromAttributes(found.Attributes, inputs), name: arn.split(":").at(-1) ?? "" };
    return observeTagged({
        id, values, tags: withoutSystemTags(Tags),
        computed: { arn, url: id, region: place.region, deduplicationScope: "", fifoThroughputLimit: "" },
    });
}

export const sqsQueue: ResourceDefinition = {
    table: {
        type: "aws:sqs/queue:Queue",
        source: registryPage("sqs/queue"),
        inputs: {
            ...region,
            name: appliedReplaces,
            namePrefix: recordedReplaces,
            delaySeconds: applied,
            maxMessageSize: applied,
            messageRetentionSeconds: applied,
            receiveWaitTimeSeconds: applied,
            visibilityTimeoutSeconds: applied,
            kmsMasterKeyId: applied,
            kmsDataKeyReusePeriodSeconds: applied,
            sqsManagedSseEnabled: applied,
            policy: appliedFree,
            redrivePolicy: appliedFree,
            redriveAllowPolicy: appliedFree,
            fifoQueue: appliedReplaces,
            contentBasedDeduplication: applied,
            deduplicationScope: recorded,
            fifoThroughputLimit: recorded,
            tags: appliedFree,
        },
        outputs: [
            "arn", "contentBasedDeduplication", "deduplicationScope", "delaySeconds", "fifoQueue", "fifoThroughputLimit",
            "kmsDataKeyReusePeriodSeconds", "kmsMasterKeyId", "maxMessageSize", "messageRetentionSeconds", "name", "namePrefix", "policy",
            "receiveWaitTimeSeconds", "redriveAllowPolicy", "redrivePolicy", "region", "sqsManagedSseEnabled", "tags", "tagsAll", "url",
            "visibilityTimeoutSeconds",
        ],
        autoName: { property: "name", maxLength: 80 },
    },
    usage: {
        actions: ["sqs:SendMessage", "sqs:ReceiveMessage", "sqs:DeleteMessage"],
        resourceArn: (outputs) => text(outputs, "arn") ?? "",
    },
    // The URL, which is the id too, is the cloud's to say: the rehearsal's differs from the one on AWS.
    predict: ({ inputs }, place) => {
        const { name } = inputs;
        const known = typeof name === "string";
        return {
            id: UNKNOWN,
            outputs: { ...(known ? { arn: regionalArn(place, "sqs", name) } : {}), region: place.region, tagsAll: inputs["tags"] ?? {} },
        };
    },
    async create({ inputs }, { clients }) {
        const { QueueUrl } = await clients.sqs.send(new CreateQueueCommand({
            QueueName: requiredText(inputs, "name"), Attributes: attributes(inputs), tags: tagsOf(inputs),
        }));
        return QueueUrl!;
    },
    read: ({ id, inputs }, context) => observe(id, inputs, context),
    async update({ id, inputs, oldInputs }, { clients }) {
        const Attributes = changedAttributes(oldInputs, inputs);
        if (Object.keys(Attributes).length > 0) await clients.sqs.send(new SetQueueAttributesCommand({ QueueUrl: id, Attributes }));
        await applyTagChange(
            tagChange(oldInputs, inputs),
            (Tags) => clients.sqs.send(new TagQueueCommand({ QueueUrl: id, Tags })),
            (TagKeys) => clients.sqs.send(new UntagQueueCommand({ QueueUrl: id, TagKeys })),
        );
    },
    async delete({ id }, { clients }) {
        await unless(GONE, () => clients.sqs.send(new DeleteQueueCommand({ QueueUrl: id })));
    },
};
