/** `aws:cloudwatch/eventRule:EventRule` (EventBridge; the package name is historical). */
import {
    DeleteRuleCommand, DescribeRuleCommand, ListTagsForResourceCommand, PutRuleCommand, TagResourceCommand, UntagResourceCommand, type RuleState,
} from "@aws-sdk/client-eventbridge";
import { UNKNOWN, type PropertyMap } from "../../engine/provider.ts";
import { regionalArn } from "./arn.ts";
import type { HandlerContext, ResourceDefinition } from "./definition.ts";
import { eventRuleId } from "./importIds.ts";
import { asAsked } from "./documents.ts";
import { flag, reported, requiredText, text } from "./inputs.ts";
import type { Place } from "./place.ts";
import { applied, appliedFree, appliedReplaces, recorded, recordedReplaces, region, registryPage } from "./rules.ts";
import { applyTagChange, observeTagged, readTags, tagChange, tagList, toTagList } from "./tags.ts";
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

/** The event bus that a rule or a target names. @default default */
export function busOf(inputs: PropertyMap): string {
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
    importId: eventRuleId,
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
        return observeTagged({ id, values, tags, computed: { arn: rule.Arn, region: place.region } });
    },
    async update({ inputs, oldInputs, oldOutputs }, context) {
        await putRule(inputs, context, false);
        const ResourceARN = requiredText(oldOutputs, "arn");
        await applyTagChange(
            tagChange(oldInputs, inputs),
            (tags) => context.clients.events.send(new TagResourceCommand({ ResourceARN, Tags: toTagList(tags) })),
            (TagKeys) => context.clients.events.send(new UntagResourceCommand({ ResourceARN, TagKeys })),
        );
    },
    async delete({ id, inputs }, { clients }) {
        const Name = id.split("/").at(-1);
        await unless(GONE, () => clients.events.send(new DeleteRuleCommand({ Name, EventBusName: busOf(inputs) })));
    },
};
