/** `aws:ssm/parameter:Parameter`. */
import {
    AddTagsToResourceCommand, DeleteParameterCommand, DescribeParametersCommand, GetParameterCommand, ListTagsForResourceCommand,
    PutParameterCommand, RemoveTagsFromResourceCommand, type ParameterTier, type ParameterType, type PutParameterCommandInput,
} from "@aws-sdk/client-ssm";
import type { PropertyMap } from "../../engine/provider.ts";
import { regionalArn } from "./arn.ts";
import { predictNamed, type ResourceDefinition } from "./definition.ts";
import { flag, reported, requiredText, text } from "./inputs.ts";
import { applied, appliedFree, appliedReplaces, recorded, region, registryPage } from "./rules.ts";
import { applyTagChange, observeTagged, readTags, tagChange, tagList, toTagList } from "./tags.ts";
import { unless } from "./wait.ts";

const GONE = ["ParameterNotFound"];

/** ARN of a parameter: a name that is a path brings its own slash. */
export function parameterArnPath(name: string): string {
    return `parameter${name.startsWith("/") ? "" : "/"}${name}`;
}

function putInput(inputs: PropertyMap): PutParameterCommandInput {
    const value = text(inputs, "value") ?? text(inputs, "insecureValue");
    if (value === undefined || value === "") throw new Error("value: is required; Parameter Store has no empty parameters");
    return {
        Name: requiredText(inputs, "name"),
        Type: requiredText(inputs, "type") as ParameterType,
        Value: value,
        Description: text(inputs, "description"),
        KeyId: text(inputs, "keyId"),
        Tier: text(inputs, "tier") as ParameterTier | undefined,
        AllowedPattern: text(inputs, "allowedPattern"),
        DataType: text(inputs, "dataType"),
    };
}

export const ssmParameter: ResourceDefinition = {
    table: {
        type: "aws:ssm/parameter:Parameter",
        source: registryPage("ssm/parameter"),
        inputs: {
            ...region,
            name: appliedReplaces,
            type: applied,
            value: applied,
            insecureValue: applied,
            description: applied,
            keyId: applied,
            dataType: appliedReplaces,
            // The way up, from Standard to Advanced; the way down would replace. Source: `docs/property-tables.md`.
            tier: recorded,
            allowedPattern: recorded,
            overwrite: recorded,
            tags: appliedFree,
        },
        outputs: [
            "allowedPattern", "arn", "dataType", "description", "hasValueWo", "insecureValue", "keyId", "name", "overwrite", "region", "tags",
            "tagsAll", "tier", "type", "value", "valueWo", "valueWoVersion", "version",
        ],
        secretOutputs: ["value", "valueWo"],
    },
    usage: {
        actions: ["ssm:GetParameter", "ssm:GetParameters", "ssm:GetParametersByPath"],
        resourceArn: (outputs) => text(outputs, "arn") ?? "",
    },
    predict: ({ inputs }, place) => predictNamed(inputs, place, (name) => regionalArn(place, "ssm", parameterArnPath(name))),
    async create({ inputs }, { clients }) {
        const input = putInput(inputs);
        // Tags and Overwrite exclude each other: the API refuses both in one call.
        if (flag(inputs, "overwrite") === true) await clients.ssm.send(new PutParameterCommand({ ...input, Overwrite: true }));
        else await clients.ssm.send(new PutParameterCommand({ ...input, Tags: tagList(inputs) }));
        return input.Name!;
    },
    async read({ id, inputs }, { clients, place }) {
        const found = (await unless(GONE, () => clients.ssm.send(new GetParameterCommand({ Name: id, WithDecryption: true }))))?.Parameter;
        if (found === undefined) return undefined;
        const details = (await clients.ssm.send(new DescribeParametersCommand({
            ParameterFilters: [{ Key: "Name", Option: "Equals", Values: [id] }],
        }))).Parameters?.[0];
        const list = await clients.ssm.send(new ListTagsForResourceCommand({ ResourceType: "Parameter", ResourceId: id }));
        const tags = readTags(list.TagList);
        const values = reported({
            name: found.Name,
            type: found.Type,
            [text(inputs, "insecureValue") === undefined ? "value" : "insecureValue"]: found.Value,
            description: details?.Description,
            keyId: found.Type === "SecureString" ? details?.KeyId : undefined,
            dataType: found.DataType ?? "text",
        });
        return observeTagged({
            id, values, tags,
            computed: {
                value: found.Value, arn: found.ARN, version: found.Version, tier: details?.Tier ?? "Standard", region: place.region, hasValueWo: false,
            },
        });
    },
    async update({ id, inputs, oldInputs }, { clients }) {
        await clients.ssm.send(new PutParameterCommand({ ...putInput(inputs), Overwrite: true }));
        const target = { ResourceType: "Parameter" as const, ResourceId: id };
        await applyTagChange(
            tagChange(oldInputs, inputs),
            (tags) => clients.ssm.send(new AddTagsToResourceCommand({ ...target, Tags: toTagList(tags) })),
            (TagKeys) => clients.ssm.send(new RemoveTagsFromResourceCommand({ ...target, TagKeys })),
        );
    },
    async delete({ id }, { clients }) {
        await unless(GONE, () => clients.ssm.send(new DeleteParameterCommand({ Name: id })));
    },
};
