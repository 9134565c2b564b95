/** `aws:s3/bucketNotification:BucketNotification`: to EventBridge, functions, queues and topics. */
import {
    GetBucketNotificationConfigurationCommand, PutBucketNotificationConfigurationCommand, type Event, type NotificationConfigurationFilter,
} from "@aws-sdk/client-s3";
import type { PropertyMap, PropertyRule } from "../../engine/provider.ts";
import type { ResourceDefinition } from "./definition.ts";
import { inAskedOrder } from "./documents.ts";
import { flag, maps, reported, requiredText, text, texts } from "./inputs.ts";
import { applied, appliedReplaces, region, registryPage } from "./rules.ts";
import { bucketSetting } from "./s3Configuration.ts";

/** The three kinds of target, by list and by the property with the target's ARN. */
const TARGETS = { lambdaFunctions: "lambdaFunctionArn", queues: "queueArn", topics: "topicArn" } as const;
type TargetList = keyof typeof TARGETS;

interface Target { Id?: string | undefined; Events: Event[] | undefined; Filter?: NotificationConfigurationFilter | undefined }

const targetInputs: Readonly<Record<string, PropertyRule>> = Object.fromEntries(Object.entries(TARGETS).flatMap(([list, arn]) =>
    ["id", "events", "filterPrefix", "filterSuffix", arn].map((name) => [`${list}.${name}`, applied])));

function toTargets(inputs: PropertyMap, list: TargetList): { target: Target; arn: string }[] {
    return (maps(inputs, list) ?? []).map((item) => {
        const rules = (["prefix", "suffix"] as const).flatMap((Name) => {
            const Value = text(item, Name === "prefix" ? "filterPrefix" : "filterSuffix");
            return Value === undefined ? [] : [{ Name, Value }];
        });
        return {
            arn: requiredText(item, TARGETS[list]),
            target: {
                Id: text(item, "id"),
                Events: texts(item, "events") as Event[],
                ...(rules.length === 0 ? {} : { Filter: { Key: { FilterRules: rules } } }),
            },
        };
    });
}

/** The target as the program writes it; `asked` gives the order of its events and says whether it named an id. */
function fromTarget(list: TargetList, arn: string | undefined, target: Target, asked: PropertyMap | undefined): PropertyMap {
    const rule = (wanted: string): string | undefined =>
        target.Filter?.Key?.FilterRules?.find(({ Name }) => Name?.toLowerCase() === wanted)?.Value;
    return reported({
        [TARGETS[list]]: arn,
        id: target.Id,
        events: inAskedOrder(asked && texts(asked, "events"), target.Events),
        filterPrefix: rule("prefix"),
        filterSuffix: rule("suffix"),
    });
}

export const s3BucketNotification: ResourceDefinition = bucketSetting({
    table: {
        type: "aws:s3/bucketNotification:BucketNotification",
        source: registryPage("s3/bucketnotification"),
        inputs: { ...region, bucket: appliedReplaces, eventbridge: applied, ...targetInputs },
        outputs: ["bucket", "eventbridge", "lambdaFunctions", "queues", "region", "topics"],
    },
    absentErrors: [],
    put: (Bucket, inputs, { clients }) => clients.s3.send(new PutBucketNotificationConfigurationCommand({
        Bucket,
        NotificationConfiguration: {
            ...(flag(inputs, "eventbridge") === true ? { EventBridgeConfiguration: {} } : {}),
            LambdaFunctionConfigurations: toTargets(inputs, "lambdaFunctions").map(({ target, arn }) => ({ ...target, LambdaFunctionArn: arn })),
            QueueConfigurations: toTargets(inputs, "queues").map(({ target, arn }) => ({ ...target, QueueArn: arn })),
            TopicConfigurations: toTargets(inputs, "topics").map(({ target, arn }) => ({ ...target, TopicArn: arn })),
        },
    })),
    async get(Bucket, inputs, { clients }) {
        const answer = await clients.s3.send(new GetBucketNotificationConfigurationCommand({ Bucket }));
        const list = (name: TargetList, targets: readonly { arn: string | undefined; target: Target }[]): readonly PropertyMap[] | undefined => {
            if (targets.length === 0) return undefined;
            const asked = maps(inputs, name) ?? [];
            return targets.map(({ arn, target }) => fromTarget(name, arn, target, asked.find((item) => item[TARGETS[name]] === arn)));
        };
        const values = reported({
            eventbridge: answer.EventBridgeConfiguration !== undefined,
            lambdaFunctions: list("lambdaFunctions", (answer.LambdaFunctionConfigurations ?? []).map((target) => ({ arn: target.LambdaFunctionArn, target }))),
            queues: list("queues", (answer.QueueConfigurations ?? []).map((target) => ({ arn: target.QueueArn, target }))),
            topics: list("topics", (answer.TopicConfigurations ?? []).map((target) => ({ arn: target.TopicArn, target }))),
        });
        // An empty configuration is how S3 says that there is none.
        return values["eventbridge"] === false && Object.keys(values).length === 1 ? undefined : values;
    },
    remove: (Bucket, _inputs, { clients }) => clients.s3.send(new PutBucketNotificationConfigurationCommand({ Bucket, NotificationConfiguration: {} })),
});
