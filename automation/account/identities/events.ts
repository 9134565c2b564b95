/** Rules of EventBridge and their targets. */
import { DescribeRuleCommand, ListTagsForResourceCommand, ListTargetsByRuleCommand, type EventBridgeClient } from "@aws-sdk/client-eventbridge";
import type { PropertyMap } from "../../engine/provider.ts";
import { gather, importPage, knownText, outputsOf, readTags, unless } from "./lookup.ts";
import type { Lookup, Tags } from "./lookup.ts";

const GONE = ["ResourceNotFoundException"];
const DEFAULT_BUS = "default";

function busOf(inputs: PropertyMap): string {
    return knownText(inputs, "eventBusName") ?? DEFAULT_BUS;
}

interface FoundRule { readonly arn: string | undefined; readonly tags: Tags }

/** Undefined when there is no such rule. */
async function findRule(events: EventBridgeClient, Name: string, EventBusName: string): Promise<FoundRule | undefined> {
    const rule = await unless(GONE, () => events.send(new DescribeRuleCommand({ Name, EventBusName })));
    if (rule === undefined) return undefined;
    const { Tags } = await events.send(new ListTagsForResourceCommand({ ResourceARN: rule.Arn }));
    return { arn: rule.Arn, tags: readTags(Tags) };
}

/** The state leaves the default bus out. */
const rule: Lookup = {
    type: "aws:cloudwatch/eventRule:EventRule",
    source: importPage("cloudwatch/eventrule"),
    repeatable: true,
    async candidates(inputs, { events }) {
        const name = knownText(inputs, "name");
        const bus = busOf(inputs);
        const found = name === undefined ? undefined : await findRule(events, name, bus);
        if (name === undefined || found === undefined) return [];
        const id = `${bus}/${name}`;
        return [{ id, stateId: bus === DEFAULT_BUS ? name : id, outputs: outputsOf({ arn: found.arn }), tags: found.tags }];
    },
};

/** Without an id of the program's, the target with the same receiver. */
const target: Lookup = {
    type: "aws:cloudwatch/eventTarget:EventTarget",
    source: importPage("cloudwatch/eventtarget"),
    async candidates(inputs, { events }) {
        const Rule = knownText(inputs, "rule");
        const EventBusName = busOf(inputs);
        const parent = Rule === undefined ? undefined : await findRule(events, Rule, EventBusName);
        if (Rule === undefined || parent === undefined) return [];
        const targets = await gather(async (NextToken) => {
            const page = await events.send(new ListTargetsByRuleCommand({ Rule, EventBusName, NextToken }));
            return { items: page.Targets, next: page.NextToken };
        });
        const asked = knownText(inputs, "targetId");
        const meant = targets.filter(({ Id, Arn }) => (asked === undefined ? Arn === inputs["arn"] : Id === asked));
        return meant.map(({ Id }) => ({
            id: `${EventBusName}/${Rule}/${Id}`,
            stateId: EventBusName === DEFAULT_BUS ? `${Rule}-${Id}` : `${EventBusName}-${Rule}-${Id}`,
            outputs: outputsOf({ targetId: Id }), parentTags: parent.tags,
        }));
    },
};

export const eventLookups: readonly Lookup[] = [rule, target];
