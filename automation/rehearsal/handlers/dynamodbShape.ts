/** A DynamoDB table in the SDK's spelling and in the program's. */
import type {
    AttributeDefinition, CreateTableCommandInput, GlobalSecondaryIndex, KeySchemaElement, PointInTimeRecoveryDescription, SSESpecification,
    TableDescription, TimeToLiveDescription,
} from "@aws-sdk/client-dynamodb";
import type { PropertyMap } from "../../engine/provider.ts";
import { inAskedOrder } from "./documents.ts";
import { amount, flag, map, maps, reported, requiredText, text, texts } from "./inputs.ts";
import { tagList } from "./tags.ts";

function keySchema(inputs: PropertyMap): KeySchemaElement[] {
    const rangeKey = text(inputs, "rangeKey");
    return [
        { AttributeName: requiredText(inputs, "hashKey"), KeyType: "HASH" },
        ...(rangeKey === undefined ? [] : [{ AttributeName: rangeKey, KeyType: "RANGE" as const }]),
    ];
}

/** Undefined when the program says nothing. */
export function toEncryption(inputs: PropertyMap): SSESpecification | undefined {
    const given = map(inputs, "serverSideEncryption");
    if (given === undefined) return undefined;
    const enabled = flag(given, "enabled") ?? false;
    const key = text(given, "kmsKeyArn");
    return { Enabled: enabled, ...(enabled ? { SSEType: "KMS" as const } : {}), ...(key === undefined ? {} : { KMSMasterKeyId: key }) };
}

function globalIndex(index: PropertyMap): GlobalSecondaryIndex {
    return {
        IndexName: requiredText(index, "name"),
        KeySchema: keySchema(index),
        Projection: { ProjectionType: requiredText(index, "projectionType") as "ALL", NonKeyAttributes: texts(index, "nonKeyAttributes") },
    };
}

/** What makes the table; recovery and time to live are set afterwards. */
export function toCreateInput(inputs: PropertyMap): CreateTableCommandInput {
    const indexes = maps(inputs, "globalSecondaryIndexes") ?? [];
    const billing = text(inputs, "billingMode") ?? "PROVISIONED";
    const streamEnabled = flag(inputs, "streamEnabled");
    return {
        TableName: requiredText(inputs, "name"),
        KeySchema: keySchema(inputs),
        AttributeDefinitions: (maps(inputs, "attributes") ?? []).map((attribute): AttributeDefinition => ({
            AttributeName: requiredText(attribute, "name"), AttributeType: requiredText(attribute, "type") as "S" | "N" | "B",
        })),
        BillingMode: billing as "PAY_PER_REQUEST" | "PROVISIONED",
        ...(billing === "PROVISIONED" ? {
            ProvisionedThroughput: { ReadCapacityUnits: amount(inputs, "readCapacity"), WriteCapacityUnits: amount(inputs, "writeCapacity") },
        } : {}),
        ...(indexes.length === 0 ? {} : { GlobalSecondaryIndexes: indexes.map(globalIndex) }),
        ...(streamEnabled === true ? {
            StreamSpecification: { StreamEnabled: true, StreamViewType: requiredText(inputs, "streamViewType") as "NEW_IMAGE" },
        } : {}),
        SSESpecification: toEncryption(inputs),
        DeletionProtectionEnabled: flag(inputs, "deletionProtectionEnabled") ?? false,
        TableClass: text(inputs, "tableClass") as "STANDARD" | undefined,
        Tags: tagList(inputs),
    };
}

function keyName(schema: readonly KeySchemaElement[] | undefined, kind: "HASH" | "RANGE"): string | undefined {
    return schema?.find(({ KeyType }) => KeyType === kind)?.AttributeName;
}

function describeIndexes(table: TableDescription, inputs: PropertyMap): readonly PropertyMap[] | undefined {
    const asked = maps(inputs, "globalSecondaryIndexes") ?? [];
    return table.GlobalSecondaryIndexes?.map((index) => reported({
        name: index.IndexName,
        hashKey: keyName(index.KeySchema, "HASH"),
        rangeKey: keyName(index.KeySchema, "RANGE"),
        projectionType: index.Projection?.ProjectionType,
        nonKeyAttributes: index.Projection?.NonKeyAttributes,
    })).sort((a, b) => position(asked, a) - position(asked, b));
}

function position(asked: readonly PropertyMap[], item: PropertyMap): number {
    const index = asked.findIndex((candidate) => candidate["name"] === item["name"]);
    return index < 0 ? asked.length : index;
}

function describeAttributes(table: TableDescription, inputs: PropertyMap): readonly PropertyMap[] {
    const types = new Map((table.AttributeDefinitions ?? []).map(({ AttributeName, AttributeType }) => [AttributeName ?? "", AttributeType ?? ""]));
    const asked = (maps(inputs, "attributes") ?? []).map((attribute) => requiredText(attribute, "name"));
    const names = inAskedOrder(asked, [...types.keys()]) ?? [];
    return names.map((name) => ({ name, type: types.get(name) ?? "" }));
}

/** The three answers that describe a table. */
export interface TableFacts {
    readonly table: TableDescription;
    readonly recovery: PointInTimeRecoveryDescription | undefined;
    readonly timeToLive: TimeToLiveDescription | undefined;
}

/** The inputs as the cloud has them, lists in the order that was asked. */
export function fromTableFacts({ table, recovery, timeToLive }: TableFacts, inputs: PropertyMap): PropertyMap {
    return reported({
        name: table.TableName,
        hashKey: keyName(table.KeySchema, "HASH"),
        rangeKey: keyName(table.KeySchema, "RANGE"),
        attributes: describeAttributes(table, inputs),
        billingMode: table.BillingModeSummary?.BillingMode ?? "PROVISIONED",
        readCapacity: table.ProvisionedThroughput?.ReadCapacityUnits ?? 0,
        writeCapacity: table.ProvisionedThroughput?.WriteCapacityUnits ?? 0,
        globalSecondaryIndexes: describeIndexes(table, inputs),
        deletionProtectionEnabled: table.DeletionProtectionEnabled ?? false,
        tableClass: table.TableClassSummary?.TableClass ?? "STANDARD",
        streamEnabled: table.StreamSpecification?.StreamEnabled ?? false,
        streamViewType: table.StreamSpecification?.StreamViewType,
        serverSideEncryption: reported({
            enabled: table.SSEDescription?.Status === "ENABLED", kmsKeyArn: table.SSEDescription?.KMSMasterKeyArn,
        }),
        pointInTimeRecovery: reported({
            enabled: recovery?.PointInTimeRecoveryStatus === "ENABLED", recoveryPeriodInDays: recovery?.RecoveryPeriodInDays,
        }),
        ttl: reported({
            enabled: timeToLive?.TimeToLiveStatus === "ENABLED", attributeName: timeToLive?.AttributeName,
        }),
    });
}
