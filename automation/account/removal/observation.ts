/** Deletes what observes, what tells, and what is told. */
import { DeleteBudgetCommand } from "@aws-sdk/client-budgets";
import { DeleteAlarmsCommand, DeleteDashboardsCommand } from "@aws-sdk/client-cloudwatch";
import { DeleteLogGroupCommand, DeleteLogStreamCommand, DeleteQueryDefinitionCommand } from "@aws-sdk/client-cloudwatch-logs";
import { DeleteTopicCommand, paginateListSubscriptionsByTopic, UnsubscribeCommand } from "@aws-sdk/client-sns";
import { DeleteQueueCommand } from "@aws-sdk/client-sqs";
import { DeleteParameterCommand } from "@aws-sdk/client-ssm";
import { nameOf } from "./remover.ts";
import type { Remover } from "./remover.ts";

/** Subscriptions that nobody has confirmed have no ARN; AWS takes them away by itself. https://docs.aws.amazon.com/sns/latest/api/API_DeleteTopic.html */
export const topic: Remover = {
    kind: "sns:topic",
    async remove({ arn }, { clients: { aws: { sns } } }) {
        for await (const { Subscriptions = [] } of paginateListSubscriptionsByTopic({ client: sns }, { TopicArn: arn })) {
            const confirmed = Subscriptions.filter(({ SubscriptionArn = "" }) => SubscriptionArn.startsWith("arn:"));
            for (const { SubscriptionArn } of confirmed) await sns.send(new UnsubscribeCommand({ SubscriptionArn }));
        }
        await sns.send(new DeleteTopicCommand({ TopicArn: arn }));
    },
};

export const queue: Remover = {
    kind: "sqs:queue",
    async remove(resource, { clients }) {
        await clients.aws.sqs.send(new DeleteQueueCommand({ QueueUrl: nameOf(resource) }));
    },
};

export const alarm: Remover = {
    kind: "cloudwatch:alarm",
    async remove(resource, { clients }) {
        await clients.cloudwatch.send(new DeleteAlarmsCommand({ AlarmNames: [nameOf(resource)] }));
    },
};

export const dashboard: Remover = {
    kind: "cloudwatch:dashboard",
    async remove(resource, { clients }) {
        await clients.cloudwatch.send(new DeleteDashboardsCommand({ DashboardNames: [nameOf(resource)] }));
    },
};

export const queryDefinition: Remover = {
    kind: "logs:query-definition",
    async remove({ arn }, { clients }) {
        await clients.aws.logs.send(new DeleteQueryDefinitionCommand({ queryDefinitionId: arn.slice(arn.lastIndexOf(":") + 1) }));
    },
};

export const budget: Remover = {
    kind: "budgets:budget",
    async remove(resource, { clients: { budgets, accountId } }) {
        await budgets.send(new DeleteBudgetCommand({ AccountId: accountId, BudgetName: nameOf(resource).slice(accountId.length + 1) }));
    },
};

export const parameter: Remover = {
    kind: "ssm:parameter",
    async remove(resource, { clients }) {
        await clients.aws.ssm.send(new DeleteParameterCommand({ Name: nameOf(resource) }));
    },
};

export const logGroup: Remover = {
    kind: "logs:log-group",
    async remove(resource, { clients }) {
        await clients.aws.logs.send(new DeleteLogGroupCommand({ logGroupName: nameOf(resource) }));
    },
};

/** In a group that all jobs of the account share. */
export const logStream: Remover = {
    kind: "logs:log-stream",
    async remove({ arn }, { clients }) {
        const [, logGroupName, logStreamName] = /:log-group:([^:]+):log-stream:(.+)$/.exec(arn) ?? [];
        await clients.aws.logs.send(new DeleteLogStreamCommand({ logGroupName, logStreamName }));
    },
};
