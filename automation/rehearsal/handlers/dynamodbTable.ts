/** `aws:dynamodb/table:Table`. */
import {
    CreateTableCommand, DeleteTableCommand, DescribeContinuousBackupsCommand, DescribeTableCommand, DescribeTimeToLiveCommand,
    ListTagsOfResourceCommand, TagResourceCommand, UntagResourceCommand, UpdateContinuousBackupsCommand, UpdateTableCommand,
    UpdateTimeToLiveCommand, type TableDescription,
} from "@aws-sdk/client-dynamodb";
import type { PropertyMap, UpdateRequest } from "../../engine/provider.ts";
import { regionalArn } from "./arn.ts";
import { predictNamed, type HandlerContext, type ResourceDefinition } from "./definition.ts";
import { fromTableFacts, toCreateInput, toEncryption } from "./dynamodbShape.ts";
import { amount, flag, map, reported, requiredText, text } from "./inputs.ts";
import { applied, appliedFree, appliedReplaces, hasChanged, recorded, recordedReplaces, region, registryPage } from "./rules.ts";
import { applyTagChange, observeTagged, readTags, tagChange, toTagList } from "./tags.ts";
import { unless, waitFor, waitUntilGone } from "./wait.ts";

const GONE = ["ResourceNotFoundException"];

async function describeTable(name: string, { clients }: HandlerContext): Promise<TableDescription | undefined> {
    return (await unless(GONE, () => clients.dynamodb.send(new DescribeTableCommand({ TableName: name }))))?.Table;
}

/** Both can only be set on an active table, one change at a time. */
async function waitUntilActive(name: string, context: HandlerContext): Promise<void> {
    await waitFor(async () => ((await describeTable(name, context))?.TableStatus === "ACTIVE" ? true : undefined), {
        what: `table ${name}: status ACTIVE`, timeoutMs: 10 * 60_000,
    });
}

async function setRecovery(name: string, inputs: PropertyMap, { clients }: HandlerContext): Promise<void> {
    const given = map(inputs, "pointInTimeRecovery") ?? {};
    await clients.dynamodb.send(new UpdateContinuousBackupsCommand({
        TableName: name,
        PointInTimeRecoverySpecification: {
            PointInTimeRecoveryEnabled: flag(given, "enabled") ?? false,
            RecoveryPeriodInDays: amount(given, "recoveryPeriodInDays"),
        },
    }));
}

async function setTimeToLive(name: string, inputs: PropertyMap, { clients }: HandlerContext): Promise<void> {
    const given = map(inputs, "ttl") ?? {};
    await clients.dynamodb.send(new UpdateTimeToLiveCommand({
        TableName: name,
        TimeToLiveSpecification: { Enabled: flag(given, "enabled") ?? false, AttributeName: requiredText(given, "attributeName") },
    }));
}

async function observe(name: string, inputs: PropertyMap, context: HandlerContext) {
    const table = await describeTable(name, context);
    if (table === undefined || table.TableStatus === "DELETING") return undefined;
    const { dynamodb } = context.clients;
    const [backups, ttl, tagAnswer] = await Promise.all([
        dynamodb.send(new DescribeContinuousBackupsCommand({ TableName: name })),
        dynamodb.send(new DescribeTimeToLiveCommand({ TableName: name })),
        dynamodb.send(new ListTagsOfResourceCommand({ ResourceArn: table.TableArn })),
    ]);
    const recovery = backups.ContinuousBackupsDescription?.PointInTimeRecoveryDescription;
    return observeTagged({
        id: name,
        values: fromTableFacts({ table, recovery, timeToLive: ttl.TimeToLiveDescription }, inputs),
        tags: readTags(tagAnswer.Tags),
        // Left out: `globalTableWitness` (no global tables) and `warmThroughput` (the rehearsal cloud has none).
        computed: { arn: table.TableArn, streamArn: table.LatestStreamArn ?? "", streamLabel: table.LatestStreamLabel ?? "", region: context.place.region },
    });
}

const THROUGHPUT_INPUTS = ["billingMode", "readCapacity", "writeCapacity", "deletionProtectionEnabled", "tableClass"];
const STREAM_INPUTS = ["streamEnabled", "streamViewType"];

/** What UpdateTable changes, encryption apart: that is a change of its own to DynamoDB. */
async function updateSettings({ id, inputs, oldInputs }: UpdateRequest, context: HandlerContext): Promise<void> {
    const { dynamodb } = context.clients;
    if (hasChanged(oldInputs, inputs, ...THROUGHPUT_INPUTS, ...STREAM_INPUTS)) {
        const wanted = toCreateInput(inputs);
        const stream = { StreamSpecification: wanted.StreamSpecification ?? { StreamEnabled: false } };
        await dynamodb.send(new UpdateTableCommand({
            TableName: id,
            BillingMode: wanted.BillingMode,
            ProvisionedThroughput: wanted.ProvisionedThroughput,
            DeletionProtectionEnabled: wanted.DeletionProtectionEnabled,
            TableClass: wanted.TableClass,
            ...(hasChanged(oldInputs, inputs, ...STREAM_INPUTS) ? stream : {}),
        }));
        await waitUntilActive(id, context);
    }
    if (hasChanged(oldInputs, inputs, "serverSideEncryption")) {
        await dynamodb.send(new UpdateTableCommand({ TableName: id, SSESpecification: toEncryption(inputs) ?? { Enabled: false } }));
        await waitUntilActive(id, context);
    }
}

export const dynamodbTable: ResourceDefinition = {
    table: {
        type: "aws:dynamodb/table:Table",
        source: registryPage("dynamodb/table"),
        inputs: {
            ...region,
            name: appliedReplaces,
            hashKey: appliedReplaces,
            rangeKey: appliedReplaces,
            "attributes.name": applied,
            // The provider sees no change of a type alone; here it is refused, see `update`. Source: `docs/property-tables.md`.
            "attributes.type": applied,
            billingMode: applied,
            readCapacity: applied,
            writeCapacity: applied,
            // Indexes are made with the table; the rehearsal refuses to change them afterwards, see `update`.
            "globalSecondaryIndexes.name": applied,
            "globalSecondaryIndexes.hashKey": applied,
            "globalSecondaryIndexes.rangeKey": applied,
            "globalSecondaryIndexes.projectionType": applied,
            "globalSecondaryIndexes.nonKeyAttributes": applied,
            "serverSideEncryption.enabled": applied,
            "serverSideEncryption.kmsKeyArn": applied,
            "pointInTimeRecovery.enabled": applied,
            "pointInTimeRecovery.recoveryPeriodInDays": recorded,
            "ttl.attributeName": applied,
            "ttl.enabled": applied,
            streamEnabled: applied,
            streamViewType: applied,
            tableClass: recorded,
            deletionProtectionEnabled: applied,
            restoreSourceName: recordedReplaces,
            tags: appliedFree,
        },
        outputs: [
            "arn", "attributes", "billingMode", "deletionProtectionEnabled", "globalSecondaryIndexes", "globalTableWitness", "hashKey",
            "importTable", "localSecondaryIndexes", "name", "onDemandThroughput", "pointInTimeRecovery", "rangeKey", "readCapacity",
            "region", "replicas", "restoreBackupArn", "restoreDateTime", "restoreSourceName", "restoreSourceTableArn",
            "restoreToLatestTime", "serverSideEncryption", "streamArn", "streamEnabled", "streamLabel", "streamViewType", "tableClass",
            "tags", "tagsAll", "ttl", "warmThroughput", "writeCapacity",
        ],
        autoName: { property: "name", maxLength: 255 },
    },
    usage: {
        actions: ["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:DeleteItem", "dynamodb:Query", "dynamodb:Scan", "dynamodb:TransactWriteItems"],
        resourceArn: (outputs) => text(outputs, "arn") ?? "",
    },
    predict: ({ inputs }, place) => predictNamed(inputs, place, (name) => regionalArn(place, "dynamodb", `table/${name}`)),
    async create({ inputs }, context) {
        const name = requiredText(inputs, "name");
        await context.clients.dynamodb.send(new CreateTableCommand(toCreateInput(inputs)));
        await waitUntilActive(name, context);
        if (flag(map(inputs, "pointInTimeRecovery") ?? {}, "enabled") === true) await setRecovery(name, inputs, context);
        if (flag(map(inputs, "ttl") ?? {}, "enabled") === true) await setTimeToLive(name, inputs, context);
        return name;
    },
    read: ({ id, inputs }, context) => observe(id, inputs, context),
    async update(request, context) {
        const { id, inputs, oldInputs, oldOutputs } = request;
        const { dynamodb } = context.clients;
        if (hasChanged(oldInputs, inputs, "globalSecondaryIndexes", "attributes")) {
            throw new Error(`table ${id}: globalSecondaryIndexes and attributes cannot be changed in a rehearsal`);
        }
        await updateSettings(request, context);
        if (hasChanged(oldInputs, inputs, "pointInTimeRecovery")) await setRecovery(id, inputs, context);
        if (hasChanged(oldInputs, inputs, "ttl")) {
            const name = text(map(oldInputs, "ttl") ?? {}, "attributeName");
            await setTimeToLive(id, map(inputs, "ttl") === undefined ? { ttl: reported({ enabled: false, attributeName: name }) } : inputs, context);
        }
        const ResourceArn = requiredText(oldOutputs, "arn");
        await applyTagChange(
            tagChange(oldInputs, inputs),
            (tags) => dynamodb.send(new TagResourceCommand({ ResourceArn, Tags: toTagList(tags) })),
            (TagKeys) => dynamodb.send(new UntagResourceCommand({ ResourceArn, TagKeys })),
        );
    },
    async delete({ id }, context) {
        await unless(GONE, () => context.clients.dynamodb.send(new DeleteTableCommand({ TableName: id })));
        await waitUntilGone(() => describeTable(id, context), `table ${id}`);
    },
};
