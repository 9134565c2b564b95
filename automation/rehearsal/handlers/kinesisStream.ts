/** `aws:kinesis/stream:Stream`. */
import {
    AddTagsToStreamCommand, CreateStreamCommand, DecreaseStreamRetentionPeriodCommand, DeleteStreamCommand, DescribeStreamSummaryCommand,
    IncreaseStreamRetentionPeriodCommand, ListTagsForStreamCommand, RemoveTagsFromStreamCommand, StartStreamEncryptionCommand,
    StopStreamEncryptionCommand, UpdateShardCountCommand, UpdateStreamModeCommand, type StreamDescriptionSummary,
} from "@aws-sdk/client-kinesis";
import type { PropertyMap, UpdateRequest } from "../../engine/provider.ts";
import { regionalArn, whenKnown } from "./arn.ts";
import type { HandlerContext, ResourceDefinition } from "./definition.ts";
import { amount, flag, map, reported, requiredText, text } from "./inputs.ts";
import type { Place } from "./place.ts";
import { applied, appliedFree, appliedReplaces, hasChanged, recorded, region, registryPage } from "./rules.ts";
import { applyTagChange, observeTagged, readTags, tagChange, tagsOf } from "./tags.ts";
import { unless, waitFor, waitUntilGone } from "./wait.ts";

const GONE = ["ResourceNotFoundException"];
/** Hours that records are kept unless told otherwise. Source: the registry's `retentionPeriod`. */
const DEFAULT_RETENTION = 24;
/** KiB of a record unless told otherwise. Source: the registry's `maxRecordSizeInKib`. */
const DEFAULT_RECORD_SIZE = 1024;

type StreamMode = "ON_DEMAND" | "PROVISIONED";

/** Provisioned unless the program says otherwise: the provider's default. */
function modeOf(inputs: PropertyMap): StreamMode {
    return (text(map(inputs, "streamModeDetails") ?? {}, "streamMode") ?? "PROVISIONED") as StreamMode;
}

/** The provider's id of a stream is its ARN. */
function nameOf(id: string): string {
    return id.slice(id.lastIndexOf("/") + 1);
}

function streamArn(place: Place, name: string): string {
    return regionalArn(place, "kinesis", `stream/${name}`);
}

async function describeStream(name: string, { clients }: HandlerContext): Promise<StreamDescriptionSummary | undefined> {
    const answer = await unless(GONE, () => clients.kinesis.send(new DescribeStreamSummaryCommand({ StreamName: name })));
    return answer?.StreamDescriptionSummary;
}

/** Kinesis takes one change of a stream at a time, and only while it is active. */
async function waitUntilActive(name: string, context: HandlerContext): Promise<void> {
    await waitFor(async () => ((await describeStream(name, context))?.StreamStatus === "ACTIVE" ? true : undefined), {
        what: `stream ${name}: status ACTIVE`, timeoutMs: 5 * 60_000,
    });
}

async function setRetention(name: string, oldInputs: PropertyMap, inputs: PropertyMap, context: HandlerContext): Promise<void> {
    const before = amount(oldInputs, "retentionPeriod") ?? DEFAULT_RETENTION;
    const after = amount(inputs, "retentionPeriod") ?? DEFAULT_RETENTION;
    if (before === after) return;
    const request = { StreamName: name, RetentionPeriodHours: after };
    const { kinesis } = context.clients;
    if (after > before) await kinesis.send(new IncreaseStreamRetentionPeriodCommand(request));
    else await kinesis.send(new DecreaseStreamRetentionPeriodCommand(request));
    await waitUntilActive(name, context);
}

async function setEncryption(name: string, oldInputs: PropertyMap, inputs: PropertyMap, context: HandlerContext): Promise<void> {
    if (!hasChanged(oldInputs, inputs, "encryptionType", "kmsKeyId")) return;
    const { kinesis } = context.clients;
    const request = (from: PropertyMap) => ({ StreamName: name, EncryptionType: "KMS", KeyId: requiredText(from, "kmsKeyId") } as const);
    if (text(inputs, "encryptionType") === "KMS") await kinesis.send(new StartStreamEncryptionCommand(request(inputs)));
    else if (text(oldInputs, "encryptionType") === "KMS") await kinesis.send(new StopStreamEncryptionCommand(request(oldInputs)));
    await waitUntilActive(name, context);
}

async function setCapacity(name: string, { inputs, oldInputs, oldOutputs }: UpdateRequest, context: HandlerContext): Promise<void> {
    const { kinesis } = context.clients;
    if (modeOf(oldInputs) !== modeOf(inputs)) {
        const StreamARN = requiredText(oldOutputs, "arn");
        await kinesis.send(new UpdateStreamModeCommand({ StreamARN, StreamModeDetails: { StreamMode: modeOf(inputs) } }));
        await waitUntilActive(name, context);
    }
    const TargetShardCount = amount(inputs, "shardCount");
    if (modeOf(inputs) === "ON_DEMAND" || TargetShardCount === undefined || !hasChanged(oldInputs, inputs, "shardCount")) return;
    await kinesis.send(new UpdateShardCountCommand({ StreamName: name, TargetShardCount, ScalingType: "UNIFORM_SCALING" }));
    await waitUntilActive(name, context);
}

async function observe(id: string, context: HandlerContext) {
    const stream = await describeStream(nameOf(id), context);
    if (stream === undefined || stream.StreamStatus === "DELETING") return undefined;
    const { Tags } = await context.clients.kinesis.send(new ListTagsForStreamCommand({ StreamName: nameOf(id) }));
    const mode = stream.StreamModeDetails?.StreamMode ?? "PROVISIONED";
    const values = reported({
        name: stream.StreamName,
        encryptionType: stream.EncryptionType,
        kmsKeyId: stream.KeyId,
        retentionPeriod: stream.RetentionPeriodHours,
        // Of a stream on demand Kinesis minds the shards itself.
        shardCount: mode === "PROVISIONED" ? stream.OpenShardCount : undefined,
        streamModeDetails: { streamMode: mode },
    });
    return observeTagged({
        id, values, tags: readTags(Tags),
        computed: {
            arn: stream.StreamARN,
            maxRecordSizeInKib: stream.MaxRecordSizeInKiB ?? DEFAULT_RECORD_SIZE,
            region: context.place.region,
        },
    });
}

export const kinesisStream: ResourceDefinition = {
    table: {
        type: "aws:kinesis/stream:Stream",
        source: registryPage("kinesis/stream"),
        inputs: {
            ...region,
            name: appliedReplaces,
            shardCount: applied,
            "streamModeDetails.streamMode": applied,
            retentionPeriod: applied,
            encryptionType: applied,
            kmsKeyId: applied,
            enforceConsumerDeletion: recorded,
            shardLevelMetrics: recorded,
            tags: appliedFree,
        },
        outputs: [
            "arn", "encryptionType", "enforceConsumerDeletion", "kmsKeyId", "maxRecordSizeInKib", "name", "region", "retentionPeriod",
            "shardCount", "shardLevelMetrics", "streamModeDetails", "tags", "tagsAll", "warmThroughputMibPs",
        ],
        autoName: { property: "name", maxLength: 128 },
    },
    usage: {
        actions: ["kinesis:PutRecord", "kinesis:PutRecords", "kinesis:GetRecords"],
        resourceArn: (outputs) => text(outputs, "arn") ?? "",
    },
    predict({ inputs }, place) {
        const arn = whenKnown(inputs["name"], (name) => streamArn(place, name));
        return { id: arn, outputs: { arn, region: place.region, tagsAll: inputs["tags"] ?? {} } };
    },
    async create({ inputs }, context) {
        const name = requiredText(inputs, "name");
        const mode = modeOf(inputs);
        await context.clients.kinesis.send(new CreateStreamCommand({
            StreamName: name,
            StreamModeDetails: { StreamMode: mode },
            // The provider refuses shards of a stream on demand, and a provisioned one without them.
            ...(mode === "PROVISIONED" ? { ShardCount: amount(inputs, "shardCount") } : {}),
        }));
        await waitUntilActive(name, context);
        const { StreamARN } = (await describeStream(name, context))!;
        if (Object.keys(tagsOf(inputs)).length > 0) {
            await context.clients.kinesis.send(new AddTagsToStreamCommand({ StreamName: name, Tags: tagsOf(inputs) }));
        }
        await setRetention(name, {}, inputs, context);
        await setEncryption(name, {}, inputs, context);
        return StreamARN!;
    },
    read: ({ id }, context) => observe(id, context),
    async update(request, context) {
        const { id, inputs, oldInputs } = request;
        const StreamName = nameOf(id);
        await setCapacity(StreamName, request, context);
        await setRetention(StreamName, oldInputs, inputs, context);
        await setEncryption(StreamName, oldInputs, inputs, context);
        await applyTagChange(
            tagChange(oldInputs, inputs),
            (Tags) => context.clients.kinesis.send(new AddTagsToStreamCommand({ StreamName, Tags })),
            (TagKeys) => context.clients.kinesis.send(new RemoveTagsFromStreamCommand({ StreamName, TagKeys })),
        );
    },
    async delete({ id, inputs }, context) {
        const StreamName = nameOf(id);
        const EnforceConsumerDeletion = flag(inputs, "enforceConsumerDeletion") ?? false;
        await unless(GONE, () => context.clients.kinesis.send(new DeleteStreamCommand({ StreamName, EnforceConsumerDeletion })));
        await waitUntilGone(() => describeStream(StreamName, context), `stream ${StreamName}`);
    },
};
