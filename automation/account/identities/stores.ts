/** Tables, parameters, the record stream and the queue. */
import { DescribeTableCommand, ListTagsOfResourceCommand } from "@aws-sdk/client-dynamodb";
import { DescribeStreamSummaryCommand, ListTagsForStreamCommand } from "@aws-sdk/client-kinesis";
import { GetQueueUrlCommand, ListQueueTagsCommand } from "@aws-sdk/client-sqs";
import { DescribeParametersCommand, ListTagsForResourceCommand } from "@aws-sdk/client-ssm";
import { importPage, knownText, outputsOf, readTags, unless } from "./lookup.ts";
import type { Lookup } from "./lookup.ts";

const table: Lookup = {
    type: "aws:dynamodb/table:Table",
    source: importPage("dynamodb/table"),
    async candidates(inputs, { aws: { dynamodb } }) {
        const name = knownText(inputs, "name");
        if (name === undefined) return [];
        const found = (await unless(["ResourceNotFoundException"], () => dynamodb.send(new DescribeTableCommand({ TableName: name }))))?.Table;
        if (found === undefined || found.TableStatus === "DELETING") return [];
        const { Tags } = await dynamodb.send(new ListTagsOfResourceCommand({ ResourceArn: found.TableArn }));
        return [{ id: name, outputs: outputsOf({ arn: found.TableArn, streamArn: found.LatestStreamArn }), tags: readTags(Tags) }];
    },
};

/** The state calls a stream by its ARN, an import by its name. */
const stream: Lookup = {
    type: "aws:kinesis/stream:Stream",
    source: importPage("kinesis/stream"),
    async candidates(inputs, { aws: { kinesis } }) {
        const name = knownText(inputs, "name");
        if (name === undefined) return [];
        const answer = await unless(["ResourceNotFoundException"], () => kinesis.send(new DescribeStreamSummaryCommand({ StreamName: name })));
        const found = answer?.StreamDescriptionSummary;
        if (found === undefined || found.StreamStatus === "DELETING") return [];
        const { Tags } = await kinesis.send(new ListTagsForStreamCommand({ StreamName: name }));
        return [{ id: name, stateId: found.StreamARN ?? name, outputs: outputsOf({ arn: found.StreamARN }), tags: readTags(Tags) }];
    },
};

const QUEUE_GONE = ["QueueDoesNotExist", "AWS.SimpleQueueService.NonExistentQueue"];

const queue: Lookup = {
    type: "aws:sqs/queue:Queue",
    source: importPage("sqs/queue"),
    async candidates(inputs, { aws: { sqs } }) {
        const name = knownText(inputs, "name");
        if (name === undefined) return [];
        const answer = await unless(QUEUE_GONE, () => sqs.send(new GetQueueUrlCommand({ QueueName: name })));
        const url = answer?.QueueUrl;
        if (url === undefined) return [];
        const { Tags = {} } = await sqs.send(new ListQueueTagsCommand({ QueueUrl: url }));
        return [{ id: url, outputs: { url }, tags: Tags }];
    },
};

/** Its value is not read: it may be a secret, and nobody needs it. */
const parameter: Lookup = {
    type: "aws:ssm/parameter:Parameter",
    source: importPage("ssm/parameter"),
    async candidates(inputs, { aws: { ssm } }) {
        const name = knownText(inputs, "name");
        if (name === undefined) return [];
        const { Parameters = [] } = await ssm.send(new DescribeParametersCommand({ ParameterFilters: [{ Key: "Name", Option: "Equals", Values: [name] }] }));
        if (!Parameters.some(({ Name }) => Name === name)) return [];
        const { TagList } = await ssm.send(new ListTagsForResourceCommand({ ResourceType: "Parameter", ResourceId: name }));
        return [{ id: name, outputs: {}, tags: readTags(TagList) }];
    },
};

export const storeLookups: readonly Lookup[] = [table, stream, queue, parameter];
