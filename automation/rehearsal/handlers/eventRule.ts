/** `aws:cloudwatch/eventRule:EventRule` and `aws:cloudwatch/eventTarget:EventTarget` (EventBridge; the package name is historical). */
import {
    DeleteRuleCommand, DescribeRuleCommand, ListTagsForResourceCommand, ListTargetsByRuleCommand, PutRuleCommand, PutTargetsCommand,
    RemoveTargetsCommand, TagResourceCommand, UntagResourceCommand, type RuleState, type Target,
} from "@aws-sdk/client-eventbridge";
import { randomUUID } from "node:crypto";
import { UNKNOWN, type PropertyMap } from "../../engine/provider.ts";
import { regionalArn } from "./arn.ts";
import type { HandlerContext, ResourceDefinition } from "./definition.ts";
import { asAsked } from "./documents.ts";
import { amount, flag, map, reported, requiredText, text, textMap } from "./inputs.ts";
import type { Place } from "./place.ts";
import { applied, appliedFree, appliedReplaces, recorded, recordedReplaces, region, registryPage } from "./rules.ts";
import { applyTagChange, readTags, tagChange, tagList, tagOutputs } from "./tags.ts";
import { unless } from "./wait.ts";

const GONE = ["ResourceNotFoundException"];
const DEFAULT_BUS = "default";

/** The provider's id of a rule: the name alone on the default bus. */
function ruleId(bus: string, rule: string): string {
    return bus === DEFAULT_BUS ? rule : `${bus}/${rule}`;
}

function ruleArn(place: Place, bus: string, name: string): string {
    return regionalArn(place, "events", bus === DEFAULT_BUS ? `rule/${name}` : `rule/${bus}/${name}`);
}

function busOf(inputs: PropertyMap): string {
    return text(inputs, "eventBusName") ?? DEFAULT_BUS;
}

/** `state` is the newer spelling of `isEnabled`; both absent means enabled. */
function ruleState(inputs: PropertyMap): RuleState {
    return (text(inputs, "state") ?? (flag(inputs, "isEnabled") === false ? "DISABLED" : "ENABLED")) as RuleState;
}

async function putRule(inputs: PropertyMap, { clients }: HandlerContext, withTags: boolean): Promise<void> {
    await clients.events.send(new PutRuleCommand({
        Name: requiredText(inputs, "name"),
        EventBusName: busOf(inputs),
        Description: text(inputs, "description"),
        EventPattern: text(inputs, "eventPattern"),
        ScheduleExpression: text(inputs, "scheduleExpression"),
        RoleArn: text(inputs, "roleArn"),
        State: ruleState(inputs),
        ...(withTags ? { Tags: tagList(inputs) } : {}),
    }));
}

export const eventRule: ResourceDefinition = {
    table: {
        type: "aws:cloudwatch/eventRule:EventRule",
        source: registryPage("cloudwatch/eventrule"),
        inputs: {
            ...region,
            name: appliedReplaces,
            namePrefix: recordedReplaces,
            eventBusName: appliedReplaces,
            description: applied,
            eventPattern: appliedFree,
            scheduleExpression: applied,
            roleArn: applied,
            state: applied,
            isEnabled: applied,
            forceDestroy: recorded,
            tags: appliedFree,
        },
        outputs: [
            "arn", "description", "eventBusName", "eventPattern", "forceDestroy", "isEnabled", "name", "namePrefix", "region", "roleArn",
            "scheduleExpression", "state", "tags", "tagsAll",
        ],
        autoName: { property: "name", maxLength: 64 },
    },
    predict: ({ inputs }, place) => {
        const name = inputs["name"];
        const bus = inputs["eventBusName"] ?? DEFAULT_BUS;
        const known = typeof name === "string" && typeof bus === "string";
        return {
            id: known ? ruleId(bus, name) : UNKNOWN,
            outputs: { ...(known ? { arn: ruleArn(place, bus, name) } : {}), region: place.region, tagsAll: inputs["tags"] ?? {} },
        };
    },
    async create({ inputs }, context) {
        await putRule(inputs, context, true);
        return ruleId(busOf(inputs), requiredText(inputs, "name"));
    },
    async read({ id, inputs }, { clients, place }) {
        const EventBusName = busOf(inputs);
        const Name = id.split("/").at(-1);
        const rule = await unless(GONE, () => clients.events.send(new DescribeRuleCommand({ Name, EventBusName })));
        if (rule === undefined) return undefined;
        const tags = readTags((await clients.events.send(new ListTagsForResourceCommand({ ResourceARN: rule.Arn }))).Tags);
        const values = reported({
            name: rule.Name,
            eventBusName: EventBusName,
            description: rule.Description,
            eventPattern: asAsked(text(inputs, "eventPattern"), rule.EventPattern),
            scheduleExpression: rule.ScheduleExpression,
            roleArn: rule.RoleArn,
            state: rule.State,
            isEnabled: rule.State !== "DISABLED",
        });
        return { id, inputs: { ...values, tags }, outputs: { ...values, ...tagOutputs(tags), arn: rule.Arn ?? "", region: place.region } };
    },
    async update({ inputs, oldInputs, oldOutputs }, context) {
        await putRule(inputs, context, false);
        const ResourceARN = requiredText(oldOutputs, "arn");
        await applyTagChange(
            tagChange(oldInputs, inputs),
            (tags) => context.clients.events.send(new TagResourceCommand({ ResourceARN, Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })) })),
            (TagKeys) => context.clients.events.send(new UntagResourceCommand({ ResourceARN, TagKeys })),
        );
    },
    async delete({ id, inputs }, { clients }) {
        const Name = id.split("/").at(-1);
        await unless(GONE, () => clients.events.send(new DeleteRuleCommand({ Name, EventBusName: busOf(inputs) })));
    },
};

function toTarget(id: string, inputs: PropertyMap): Target {
    const transformer = map(inputs, "inputTransformer");
    const deadLetters = map(inputs, "deadLetterConfig");
    const retry = map(inputs, "retryPolicy");
    return {
        Id: id,
        Arn: requiredText(inputs, "arn"),
        RoleArn: text(inputs, "roleArn"),
        Input: text(inputs, "input"),
        InputPath: text(inputs, "inputPath"),
        ...(transformer === undefined ? {} : {
            InputTransformer: { InputTemplate: requiredText(transformer, "inputTemplate"), InputPathsMap: textMap(transformer, "inputPaths") },
        }),
        ...(deadLetters === undefined ? {} : { DeadLetterConfig: { Arn: text(deadLetters, "arn") } }),
        ...(retry === undefined ? {} : {
            RetryPolicy: {
                MaximumEventAgeInSeconds: amount(retry, "maximumEventAgeInSeconds"), MaximumRetryAttempts: amount(retry, "maximumRetryAttempts"),
            },
        }),
    };
}

function fromTarget(target: Target, inputs: PropertyMap): PropertyMap {
    const { InputTransformer: transformer, DeadLetterConfig: deadLetters, RetryPolicy: retry } = target;
    return reported({
        targetId: target.Id,
        arn: target.Arn,
        roleArn: target.RoleArn,
        rule: text(inputs, "rule"),
        eventBusName: busOf(inputs),
        input: target.Input,
        inputPath: target.InputPath,
        inputTransformer: transformer === undefined ? undefined : reported({
            inputTemplate: transformer.InputTemplate, inputPaths: transformer.InputPathsMap,
        }),
        deadLetterConfig: deadLetters === undefined ? undefined : reported({ arn: deadLetters.Arn }),
        retryPolicy: retry === undefined ? undefined : reported({
            maximumEventAgeInSeconds: retry.MaximumEventAgeInSeconds, maximumRetryAttempts: retry.MaximumRetryAttempts,
        }),
    });
}

async function putTarget(id: string, inputs: PropertyMap, { clients }: HandlerContext): Promise<void> {
    const { FailedEntries = [] } = await clients.events.send(new PutTargetsCommand({
        Rule: requiredText(inputs, "rule"), EventBusName: busOf(inputs), Targets: [toTarget(id, inputs)],
    }));
    const first = FailedEntries[0];
    if (first !== undefined) throw new Error(`event target ${id}: ${first.ErrorCode}: ${first.ErrorMessage}`);
}

export const eventTarget: ResourceDefinition = {
    table: {
        type: "aws:cloudwatch/eventTarget:EventTarget",
        source: registryPage("cloudwatch/eventtarget"),
        inputs: {
            ...region,
            rule: appliedReplaces,
            eventBusName: appliedReplaces,
            targetId: appliedReplaces,
            arn: applied,
            roleArn: applied,
            input: applied,
            inputPath: applied,
            "inputTransformer.inputTemplate": applied,
            "inputTransformer.inputPaths": appliedFree,
            "deadLetterConfig.arn": applied,
            "retryPolicy.maximumEventAgeInSeconds": applied,
            "retryPolicy.maximumRetryAttempts": applied,
            forceDestroy: recorded,
        },
        outputs: [
            "appsyncTarget", "arn", "batchTarget", "deadLetterConfig", "ecsTarget", "eventBusName", "forceDestroy", "httpTarget", "input",
            "inputPath", "inputTransformer", "kinesisTarget", "redshiftTarget", "region", "retryPolicy", "roleArn", "rule",
            "runCommandTargets", "sagemakerPipelineTarget", "sqsTarget", "targetId",
        ],
    },
    predict: ({ inputs }, place) => {
        const { rule, targetId } = inputs;
        const known = typeof rule === "string" && typeof targetId === "string";
        return {
            id: known ? `${rule}-${targetId}` : UNKNOWN,
            outputs: { ...(targetId === undefined ? { targetId: UNKNOWN } : {}), region: place.region },
        };
    },
    async create({ inputs }, context) {
        const target = text(inputs, "targetId") ?? `target-${randomUUID()}`;
        await putTarget(target, inputs, context);
        return `${requiredText(inputs, "rule")}-${target}`;
    },
    async read({ id, inputs }, { clients, place }) {
        const rule = requiredText(inputs, "rule");
        const answer = await unless(GONE, () => clients.events.send(new ListTargetsByRuleCommand({ Rule: rule, EventBusName: busOf(inputs) })));
        const target = answer?.Targets?.find(({ Id }) => `${rule}-${Id}` === id);
        if (target === undefined) return undefined;
        const values = fromTarget(target, inputs);
        return { id, inputs: values, outputs: { ...values, region: place.region } };
    },
    async update({ inputs, oldOutputs }, context) {
        await putTarget(requiredText(oldOutputs, "targetId"), inputs, context);
    },
    async delete({ inputs, outputs }, { clients }) {
        await unless(GONE, () => clients.events.send(new RemoveTargetsCommand({
            Rule: requiredText(inputs, "rule"), EventBusName: busOf(inputs), Ids: [requiredText(outputs, "targetId")],
        })));
    },
};
