/** Functions and what feeds them, APIs, state machines, rules, topics, queues, parameters. */
import { GetApisCommand } from "@aws-sdk/client-apigatewayv2";
import type { Api } from "@aws-sdk/client-apigatewayv2";
import { ListRulesCommand, ListTagsForResourceCommand as ListRuleTagsCommand } from "@aws-sdk/client-eventbridge";
import type { Rule } from "@aws-sdk/client-eventbridge";
import { ListTagsCommand, paginateListEventSourceMappings, paginateListFunctions } from "@aws-sdk/client-lambda";
import { ListTagsForResourceCommand as ListMachineTagsCommand, paginateListStateMachines } from "@aws-sdk/client-sfn";
import { ListTagsForResourceCommand as ListTopicTagsCommand, paginateListTopics } from "@aws-sdk/client-sns";
import { ListQueueTagsCommand, paginateListQueues } from "@aws-sdk/client-sqs";
import { ListTagsForResourceCommand as ListParameterTagsCommand, paginateDescribeParameters } from "@aws-sdk/client-ssm";
import { confirmOurs, fromTagList, gather, keepOurs, toOwned } from "./search.ts";
import type { Finder } from "./search.ts";

export const functions: Finder = {
    what: "functions of Lambda",
    async find(search) {
        const { lambda } = search.clients.aws;
        const listed = await gather(paginateListFunctions({ client: lambda }, {}), ({ Functions }) => Functions);
        const named = listed.map(({ FunctionName = "", FunctionArn = "" }) => ({ name: FunctionName, arn: FunctionArn }));
        return keepOurs(search, named, async ({ arn }) => (await lambda.send(new ListTagsCommand({ Resource: arn }))).Tags ?? {});
    },
};

/** They outlive their function. */
export const eventSourceMappings: Finder = {
    what: "event source mappings of Lambda",
    async find(search) {
        const { lambda } = search.clients.aws;
        const listed = await gather(paginateListEventSourceMappings({ client: lambda }, {}), ({ EventSourceMappings }) => EventSourceMappings);
        const named = listed.map(({ UUID = "", FunctionArn = "", EventSourceMappingArn }) => (
            { name: FunctionArn.split(":")[6] ?? "", arn: EventSourceMappingArn ?? search.arn("lambda", `event-source-mapping:${UUID}`) }));
        return keepOurs(search, named, async ({ arn }) => (await lambda.send(new ListTagsCommand({ Resource: arn }))).Tags ?? {});
    },
};

export const apis: Finder = {
    what: "HTTP APIs",
    async find(search) {
        const found: Api[] = [];
        let NextToken: string | undefined;
        do {
            const page = await search.clients.apigateway.send(new GetApisCommand(NextToken === undefined ? {} : { NextToken }));
            found.push(...page.Items ?? []);
            NextToken = page.NextToken;
        } while (NextToken !== undefined);
        const ours = found.filter(({ Tags }) => search.isOurs(Tags ?? {}));
        return ours.map(({ ApiId = "", Name = ApiId, Tags = {} }) => toOwned(apiArn(search.arn("apigateway", ""), ApiId), Tags, { label: Name }));
    },
};

/** An API's ARN names no account. https://docs.aws.amazon.com/apigateway/latest/developerguide/arn-format-reference.html */
function apiArn(regional: string, apiId: string): string {
    const [arn, partition, service, region] = regional.split(":");
    return `${arn}:${partition}:${service}:${region}::/apis/${apiId}`;
}

export const stateMachines: Finder = {
    what: "state machines of Step Functions",
    async find(search) {
        const { sfn } = search.clients.aws;
        const listed = await gather(paginateListStateMachines({ client: sfn }, {}), (page) => page.stateMachines);
        const named = listed.map(({ name = "", stateMachineArn = "" }) => ({ name, arn: stateMachineArn }));
        return keepOurs(search, named, async ({ arn }) => {
            const { tags = [] } = await sfn.send(new ListMachineTagsCommand({ resourceArn: arn }));
            return Object.fromEntries(tags.map(({ key = "", value = "" }) => [key, value]));
        });
    },
};

/** Without those that a service made for itself (`ManagedBy`): those are shared by all of the account, and AWS looks after them. */
export const rules: Finder = {
    what: "rules of EventBridge",
    async find(search) {
        const { events } = search.clients;
        const found: Rule[] = [];
        let NextToken: string | undefined;
        do {
            const page = await events.send(new ListRulesCommand(NextToken === undefined ? {} : { NextToken }));
            found.push(...page.Rules ?? []);
            NextToken = page.NextToken;
        } while (NextToken !== undefined);
        const named = found.flatMap(({ Name = "", Arn = "", ManagedBy }) => (ManagedBy === undefined ? [{ name: Name, arn: Arn }] : []));
        return keepOurs(search, named, async ({ arn }) => fromTagList((await events.send(new ListRuleTagsCommand({ ResourceARN: arn }))).Tags));
    },
};

export const topics: Finder = {
    what: "topics of SNS",
    async find(search) {
        const { sns } = search.clients.aws;
        const listed = await gather(paginateListTopics({ client: sns }, {}), ({ Topics }) => Topics);
        const named = listed.map(({ TopicArn = "" }) => ({ name: TopicArn.split(":").at(-1) ?? "", arn: TopicArn }));
        return keepOurs(search, named, async ({ arn }) => fromTagList((await sns.send(new ListTopicTagsCommand({ ResourceArn: arn }))).Tags));
    },
};

export const queues: Finder = {
    what: "queues of SQS",
    async find(search) {
        const { sqs } = search.clients.aws;
        // Without a size of pages SQS gives a thousand and no token for the rest.
        const listed = await gather(paginateListQueues({ client: sqs, pageSize: 1000 }, {}), ({ QueueUrls }) => QueueUrls);
        const named = listed.map((url) => {
            const name = url.slice(url.lastIndexOf("/") + 1);
            return { name, arn: search.arn("sqs", name), id: url };
        });
        return keepOurs(search, named, async ({ id }) => (await sqs.send(new ListQueueTagsCommand({ QueueUrl: id }))).Tags ?? {});
    },
};

export const parameters: Finder = {
    what: "parameters of Systems Manager",
    async find(search) {
        const { ssm } = search.clients.aws;
        const folder = search.naming.parameterPath.replace(/[^/]+$/, "");
        const filter = { ParameterFilters: [{ Key: "Name", Option: "BeginsWith", Values: [folder] }] };
        const listed = await gather(paginateDescribeParameters({ client: ssm }, filter), ({ Parameters }) => Parameters);
        const named = listed.map(({ Name = "" }) => ({ name: Name, arn: search.arn("ssm", `parameter${Name}`) }));
        return confirmOurs(search, named.filter(({ name }) => name.startsWith(folder)), async ({ name }) => (
            fromTagList((await ssm.send(new ListParameterTagsCommand({ ResourceType: "Parameter", ResourceId: name }))).TagList)));
    },
};
