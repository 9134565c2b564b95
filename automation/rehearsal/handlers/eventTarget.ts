/** `aws:cloudwatch/eventTarget:EventTarget`: what a rule of EventBridge sends its events to. */
import { ListTargetsByRuleCommand, PutTargetsCommand, RemoveTargetsCommand, type Target } from "@aws-sdk/client-eventbridge";
import { randomUUID } from "node:crypto";
import { UNKNOWN, type PropertyMap } from "../../engine/provider.ts";
import type { HandlerContext, ResourceDefinition } from "./definition.ts";
import { eventTargetId } from "./importIds.ts";
import { busOf } from "./eventRule.ts";
import { amount, map, reported, requiredText, text, textMap } from "./inputs.ts";
import { applied, appliedFree, appliedReplaces, recorded, region, registryPage } from "./rules.ts";
import { unless } from "./wait.ts";

const GONE = ["ResourceNotFoundException"];

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
    importId: eventTargetId,
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
