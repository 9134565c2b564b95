/** `aws:lambda/eventSourceMapping:EventSourceMapping`: Lambda reads a stream or a queue and calls a function with what it finds. */
import {
    CreateEventSourceMappingCommand, DeleteEventSourceMappingCommand, GetEventSourceMappingCommand, ListTagsCommand, TagResourceCommand,
    UntagResourceCommand, UpdateEventSourceMappingCommand, type EventSourceMappingConfiguration, type EventSourcePosition,
    type FunctionResponseType, type UpdateEventSourceMappingCommandInput,
} from "@aws-sdk/client-lambda";
import { UNKNOWN, type PropertyMap } from "../../engine/provider.ts";
import { regionalArn } from "./arn.ts";
import type { HandlerContext, ResourceDefinition } from "./definition.ts";
import { amount, flag, map, maps, reported, requiredText, text, texts } from "./inputs.ts";
import { applied, appliedFree, appliedReplaces, recorded, recordedReplaces, region, registryPage } from "./rules.ts";
import { applyTagChange, observeTagged, tagChange, tagsOf, withoutSystemTags } from "./tags.ts";
import { errorName, retryWhile, unless, waitFor, waitUntilGone } from "./wait.ts";

const GONE = ["ResourceNotFoundException"];
/** A policy that was just attached may not be known to Lambda yet; the provider tries for longer on AWS. */
const ROLE_WAIT = { timeoutMs: 2_000, intervalMs: 250 };

/** What can be changed, which is all but the source and where reading began. */
function toSettings(inputs: PropertyMap): Omit<UpdateEventSourceMappingCommandInput, "UUID"> {
    const filters = maps(map(inputs, "filterCriteria") ?? {}, "filters")?.map((filter) => ({ Pattern: text(filter, "pattern") }));
    const concurrency = amount(map(inputs, "scalingConfig") ?? {}, "maximumConcurrency");
    return {
        FunctionName: requiredText(inputs, "functionName"),
        Enabled: flag(inputs, "enabled") ?? true,
        BatchSize: amount(inputs, "batchSize"),
        MaximumBatchingWindowInSeconds: amount(inputs, "maximumBatchingWindowInSeconds"),
        MaximumRecordAgeInSeconds: amount(inputs, "maximumRecordAgeInSeconds"),
        MaximumRetryAttempts: amount(inputs, "maximumRetryAttempts"),
        BisectBatchOnFunctionError: flag(inputs, "bisectBatchOnFunctionError"),
        ParallelizationFactor: amount(inputs, "parallelizationFactor"),
        TumblingWindowInSeconds: amount(inputs, "tumblingWindowInSeconds"),
        // An empty list takes back what was set before.
        FunctionResponseTypes: (texts(inputs, "functionResponseTypes") ?? []) as FunctionResponseType[],
        ...toDestination(inputs),
        ...(filters === undefined ? {} : { FilterCriteria: { Filters: filters } }),
        ...(concurrency === undefined ? {} : { ScalingConfig: { MaximumConcurrency: concurrency } }),
    };
}

function toDestination(inputs: PropertyMap): Pick<UpdateEventSourceMappingCommandInput, "DestinationConfig"> {
    const onFailure = map(map(inputs, "destinationConfig") ?? {}, "onFailure");
    return onFailure === undefined ? {} : { DestinationConfig: { OnFailure: { Destination: requiredText(onFailure, "destinationArn") } } };
}

/** `functionName` may be asked as a name or an ARN; the cloud tells the ARN. */
function asAskedFunction(asked: string | undefined, arn: string | undefined): string | undefined {
    return asked !== undefined && arn?.split(":")[6] === asked ? asked : arn;
}

function fromMapping(found: EventSourceMappingConfiguration, inputs: PropertyMap): PropertyMap {
    const destination = found.DestinationConfig?.OnFailure?.Destination;
    const filters = found.FilterCriteria?.Filters;
    const concurrency = found.ScalingConfig?.MaximumConcurrency;
    return reported({
        eventSourceArn: found.EventSourceArn,
        functionName: asAskedFunction(text(inputs, "functionName"), found.FunctionArn),
        startingPosition: found.StartingPosition,
        enabled: found.State !== "Disabled" && found.State !== "Disabling",
        batchSize: found.BatchSize,
        maximumBatchingWindowInSeconds: found.MaximumBatchingWindowInSeconds,
        maximumRecordAgeInSeconds: found.MaximumRecordAgeInSeconds,
        maximumRetryAttempts: found.MaximumRetryAttempts,
        bisectBatchOnFunctionError: found.BisectBatchOnFunctionError,
        parallelizationFactor: found.ParallelizationFactor,
        functionResponseTypes: found.FunctionResponseTypes,
        destinationConfig: destination === undefined ? undefined : { onFailure: { destinationArn: destination } },
        filterCriteria: filters === undefined ? undefined : { filters: filters.map(({ Pattern }) => reported({ pattern: Pattern })) },
        scalingConfig: concurrency === undefined ? undefined : { maximumConcurrency: concurrency },
    });
}

/** Lambda refuses a role that may not read the source, as it does for some seconds after the policy was attached. */
function roleIsYoung(error: unknown): boolean {
    const heals = /cannot be assumed by Lambda|execution role does not have permissions|ensure the role can perform/i;
    return errorName(error) === "InvalidParameterValueException" && error instanceof Error && heals.test(error.message);
}

async function findMapping(id: string, { clients }: HandlerContext): Promise<EventSourceMappingConfiguration | undefined> {
    return unless(GONE, () => clients.lambda.send(new GetEventSourceMappingCommand({ UUID: id })));
}

async function waitUntilSettled(id: string, context: HandlerContext): Promise<void> {
    await waitFor(async () => {
        const state = (await findMapping(id, context))?.State;
        return state === "Enabled" || state === "Disabled" ? true : undefined;
    }, { what: `event source mapping ${id}: enabled or disabled`, timeoutMs: 10 * 60_000 });
}

async function observe(id: string, inputs: PropertyMap, context: HandlerContext) {
    const found = await findMapping(id, context);
    if (found === undefined || found.State === "Deleting") return undefined;
    const arn = regionalArn(context.place, "lambda", `event-source-mapping:${id}`);
    const { Tags } = await context.clients.lambda.send(new ListTagsCommand({ Resource: arn }));
    const values = fromMapping(found, inputs);
    return observeTagged({
        id, values, tags: withoutSystemTags(Tags),
        computed: {
            arn,
            uuid: id,
            functionArn: found.FunctionArn,
            lastModified: found.LastModified?.toISOString(),
            lastProcessingResult: found.LastProcessingResult ?? "",
            state: found.State,
            stateTransitionReason: found.StateTransitionReason ?? "",
            // What Lambda does with a stream when nobody says: try for ever, one batch of a shard at a time.
            maximumRecordAgeInSeconds: found.MaximumRecordAgeInSeconds ?? -1,
            maximumRetryAttempts: found.MaximumRetryAttempts ?? -1,
            parallelizationFactor: found.ParallelizationFactor ?? 1,
            region: context.place.region,
        },
    });
}

export const eventSourceMapping: ResourceDefinition = {
    table: {
        type: "aws:lambda/eventSourceMapping:EventSourceMapping",
        source: registryPage("lambda/eventsourcemapping"),
        inputs: {
            ...region,
            eventSourceArn: appliedReplaces,
            functionName: applied,
            startingPosition: appliedReplaces,
            startingPositionTimestamp: recordedReplaces,
            enabled: applied,
            batchSize: applied,
            maximumBatchingWindowInSeconds: applied,
            maximumRecordAgeInSeconds: applied,
            maximumRetryAttempts: applied,
            bisectBatchOnFunctionError: applied,
            parallelizationFactor: applied,
            functionResponseTypes: applied,
            "destinationConfig.onFailure.destinationArn": applied,
            "filterCriteria.filters.pattern": applied,
            "scalingConfig.maximumConcurrency": applied,
            tumblingWindowInSeconds: recorded,
            tags: appliedFree,
        },
        outputs: [
            "amazonManagedKafkaEventSourceConfig", "arn", "batchSize", "bisectBatchOnFunctionError", "destinationConfig",
            "documentDbEventSourceConfig", "enabled", "eventSourceArn", "filterCriteria", "functionArn", "functionName",
            "functionResponseTypes", "kmsKeyArn", "lastModified", "lastProcessingResult", "maximumBatchingWindowInSeconds",
            "maximumRecordAgeInSeconds", "maximumRetryAttempts", "metricsConfig", "parallelizationFactor", "provisionedPollerConfig",
            "queues", "region", "scalingConfig", "selfManagedEventSource", "selfManagedKafkaEventSourceConfig",
            "sourceAccessConfigurations", "startingPosition", "startingPositionTimestamp", "state", "stateTransitionReason", "tags",
            "tagsAll", "topics", "tumblingWindowInSeconds", "useResourceTimeoutForPropagation", "uuid",
        ],
    },
    // It acts itself: the cloud writes down its ARN as the one who invoked.
    usage: { actions: ["lambda:InvokeFunction"], principal: true, resourceArn: (outputs) => text(outputs, "arn") ?? "" },
    predict: ({ inputs }, place) => ({ id: UNKNOWN, outputs: { region: place.region, tagsAll: inputs["tags"] ?? {} } }),
    async create({ inputs }, context) {
        const { UUID } = await retryWhile(roleIsYoung, () => context.clients.lambda.send(new CreateEventSourceMappingCommand({
            ...toSettings(inputs),
            FunctionName: requiredText(inputs, "functionName"),
            EventSourceArn: requiredText(inputs, "eventSourceArn"),
            StartingPosition: text(inputs, "startingPosition") as EventSourcePosition | undefined,
            Tags: tagsOf(inputs),
        })), ROLE_WAIT);
        await waitUntilSettled(UUID!, context);
        return UUID!;
    },
    read: ({ id, inputs }, context) => observe(id, inputs, context),
    async update({ id, inputs, oldInputs, oldOutputs }, context) {
        const { lambda } = context.clients;
        // A destination that is asked for no more is taken back by an empty one.
        const destination = map(oldInputs, "destinationConfig") === undefined ? {} : { DestinationConfig: { OnFailure: {} } };
        const change = new UpdateEventSourceMappingCommand({ ...destination, ...toSettings(inputs), UUID: id });
        await retryWhile(roleIsYoung, () => lambda.send(change), ROLE_WAIT);
        await waitUntilSettled(id, context);
        const Resource = requiredText(oldOutputs, "arn");
        await applyTagChange(
            tagChange(oldInputs, inputs),
            (Tags) => lambda.send(new TagResourceCommand({ Resource, Tags })),
            (TagKeys) => lambda.send(new UntagResourceCommand({ Resource, TagKeys })),
        );
    },
    async delete({ id }, context) {
        await unless(GONE, () => context.clients.lambda.send(new DeleteEventSourceMappingCommand({ UUID: id })));
        await waitUntilGone(() => findMapping(id, context), `event source mapping ${id}`);
    },
};
