/** `aws:sns/topicPolicy:TopicPolicy`. */
import { GetTopicAttributesCommand, SetTopicAttributesCommand } from "@aws-sdk/client-sns";
import type { HandlerContext, ResourceDefinition } from "./definition.ts";
import { whenKnown } from "./arn.ts";
import { asAsked } from "./documents.ts";
import { requiredText, text } from "./inputs.ts";
import { appliedFree, appliedReplaces, region, registryPage } from "./rules.ts";
import { unless } from "./wait.ts";

const GONE = ["NotFoundException", "NotFound"];

async function setPolicy(TopicArn: string, policy: string, { clients }: HandlerContext): Promise<void> {
    await clients.sns.send(new SetTopicAttributesCommand({ TopicArn, AttributeName: "Policy", AttributeValue: policy }));
}

/** What the provider leaves behind when a policy is deleted: the account alone. SNS has no topics without a policy. */
function ownerPolicy(topicArn: string, accountId: string): string {
    const actions = ["GetTopicAttributes", "SetTopicAttributes", "AddPermission", "RemovePermission", "DeleteTopic", "Subscribe", "ListSubscriptionsByTopic", "Publish"];
    return JSON.stringify({
        Version: "2008-10-17", Id: "__default_policy_ID",
        Statement: [{
            Sid: "__default_statement_ID", Effect: "Allow", Principal: { AWS: "*" }, Action: actions.map((action) => `SNS:${action}`),
            Resource: topicArn, Condition: { StringEquals: { "AWS:SourceOwner": accountId } },
        }],
    });
}

export const snsTopicPolicy: ResourceDefinition = {
    table: {
        type: "aws:sns/topicPolicy:TopicPolicy",
        source: registryPage("sns/topicpolicy"),
        inputs: { ...region, arn: appliedReplaces, policy: appliedFree },
        outputs: ["arn", "owner", "policy", "region"],
    },
    predict: ({ inputs }, place) => ({ id: whenKnown(inputs["arn"], (arn) => arn), outputs: { owner: place.accountId, region: place.region } }),
    async create({ inputs }, context) {
        const topicArn = requiredText(inputs, "arn");
        await setPolicy(topicArn, requiredText(inputs, "policy"), context);
        return topicArn;
    },
    async read({ id, inputs }, { clients, place }) {
        const actual = (await unless(GONE, () => clients.sns.send(new GetTopicAttributesCommand({ TopicArn: id }))))?.Attributes;
        if (actual?.["Policy"] === undefined || actual["Policy"] === ownerPolicy(id, place.accountId)) return undefined;
        const values = { arn: id, policy: asAsked(text(inputs, "policy"), actual["Policy"]) ?? "" };
        return { id, inputs: values, outputs: { ...values, owner: actual["Owner"] ?? place.accountId, region: place.region } };
    },
    async update({ id, inputs }, context) {
        await setPolicy(id, requiredText(inputs, "policy"), context);
    },
    async delete({ id }, context) {
        await unless(GONE, () => setPolicy(id, ownerPolicy(id, context.place.accountId), context));
    },
};
