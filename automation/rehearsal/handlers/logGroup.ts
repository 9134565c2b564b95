/** `aws:cloudwatch/logGroup:LogGroup`. */
import {
    AssociateKmsKeyCommand, CreateLogGroupCommand, DeleteLogGroupCommand, DeleteRetentionPolicyCommand, DescribeLogGroupsCommand,
    DisassociateKmsKeyCommand, ListTagsForResourceCommand, PutRetentionPolicyCommand, TagResourceCommand, UntagResourceCommand,
    type LogGroup, type LogGroupClass,
} from "@aws-sdk/client-cloudwatch-logs";
import type { PropertyMap } from "../../engine/provider.ts";
import { regionalArn } from "./arn.ts";
import { predictNamed, type HandlerContext, type ResourceDefinition } from "./definition.ts";
import { amount, flag, reported, requiredText, text } from "./inputs.ts";
import { applied, appliedFree, appliedReplaces, hasChanged, recorded, recordedReplaces, region, registryPage } from "./rules.ts";
import { applyTagChange, observeTagged, tagChange, tagsOf, withoutSystemTags } from "./tags.ts";
import { unless } from "./wait.ts";

const GONE = ["ResourceNotFoundException"];

async function findLogGroup(name: string, { clients }: HandlerContext): Promise<LogGroup | undefined> {
    let nextToken: string | undefined;
    do {
        const page = await clients.logs.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: name, nextToken }));
        const found = page.logGroups?.find((group) => group.logGroupName === name);
        if (found !== undefined) return found;
        nextToken = page.nextToken;
    } while (nextToken !== undefined);
    return undefined;
}

/** Zero and absent both mean: kept for ever. */
async function setRetention(name: string, inputs: PropertyMap, { clients }: HandlerContext): Promise<void> {
    const days = amount(inputs, "retentionInDays") ?? 0;
    if (days > 0) await clients.logs.send(new PutRetentionPolicyCommand({ logGroupName: name, retentionInDays: days }));
    else await clients.logs.send(new DeleteRetentionPolicyCommand({ logGroupName: name }));
}

/** Log groups are tagged by their ARN without the `:*` that DescribeLogGroups appends. */
function plainArn(arn: string | undefined): string | undefined {
    return arn?.replace(/:\*$/, "");
}

export const logGroup: ResourceDefinition = {
    table: {
        type: "aws:cloudwatch/logGroup:LogGroup",
        source: registryPage("cloudwatch/loggroup"),
        inputs: {
            ...region,
            name: appliedReplaces,
            namePrefix: recordedReplaces,
            retentionInDays: applied,
            // Measured: MiniStack 1.5.33 takes a key at creation, and answers "Unknown action" when it is to change.
            kmsKeyId: applied,
            logGroupClass: recordedReplaces,
            skipDestroy: recorded,
            tags: appliedFree,
        },
        outputs: [
            "arn", "deletionProtectionEnabled", "kmsKeyId", "logGroupClass", "name", "namePrefix", "region", "retentionInDays",
            "skipDestroy", "tags", "tagsAll",
        ],
        autoName: { property: "name", maxLength: 512 },
    },
    usage: { actions: ["logs:PutLogEvents"], resourceArn: (outputs) => text(outputs, "arn") ?? "" },
    predict: ({ inputs }, place) => predictNamed(inputs, place, (name) => regionalArn(place, "logs", `log-group:${name}`)),
    async create({ inputs }, context) {
        const name = requiredText(inputs, "name");
        const tags = tagsOf(inputs);
        await context.clients.logs.send(new CreateLogGroupCommand({
            logGroupName: name,
            kmsKeyId: text(inputs, "kmsKeyId"),
            logGroupClass: text(inputs, "logGroupClass") as LogGroupClass | undefined,
            ...(Object.keys(tags).length === 0 ? {} : { tags }),
        }));
        if ((amount(inputs, "retentionInDays") ?? 0) > 0) await setRetention(name, inputs, context);
        return name;
    },
    async read({ id }, context) {
        const group = await findLogGroup(id, context);
        if (group === undefined) return undefined;
        const arn = plainArn(group.arn);
        const answer = await context.clients.logs.send(new ListTagsForResourceCommand({ resourceArn: arn }));
        const tags = withoutSystemTags(answer.tags);
        const values = reported({ name: id, retentionInDays: group.retentionInDays ?? 0, kmsKeyId: group.kmsKeyId });
        return observeTagged({
            id, values, tags,
            computed: { arn, region: context.place.region, logGroupClass: group.logGroupClass ?? "STANDARD", deletionProtectionEnabled: false },
        });
    },
    async update({ id, inputs, oldInputs, oldOutputs }, context) {
        const { logs } = context.clients;
        if (hasChanged(oldInputs, inputs, "retentionInDays")) await setRetention(id, inputs, context);
        if (hasChanged(oldInputs, inputs, "kmsKeyId")) {
            const kmsKeyId = text(inputs, "kmsKeyId");
            if (kmsKeyId === undefined) await logs.send(new DisassociateKmsKeyCommand({ logGroupName: id }));
            else await logs.send(new AssociateKmsKeyCommand({ logGroupName: id, kmsKeyId }));
        }
        const resourceArn = requiredText(oldOutputs, "arn");
        await applyTagChange(
            tagChange(oldInputs, inputs),
            (tags) => logs.send(new TagResourceCommand({ resourceArn, tags })),
            (tagKeys) => logs.send(new UntagResourceCommand({ resourceArn, tagKeys })),
        );
    },
    async delete({ id, inputs }, { clients }) {
        if (flag(inputs, "skipDestroy") === true) return;
        await unless(GONE, () => clients.logs.send(new DeleteLogGroupCommand({ logGroupName: id })));
    },
};
