/** Log groups, saved queries, alarms, dashboards and budgets. */
import { DescribeBudgetCommand, ListTagsForResourceCommand as ListBudgetTagsCommand } from "@aws-sdk/client-budgets";
import { DescribeAlarmsCommand, GetDashboardCommand, ListTagsForResourceCommand as ListAlarmTagsCommand } from "@aws-sdk/client-cloudwatch";
import {
    DescribeLogGroupsCommand, DescribeQueryDefinitionsCommand, ListTagsForResourceCommand as ListLogTagsCommand, type CloudWatchLogsClient,
    type QueryDefinition,
} from "@aws-sdk/client-cloudwatch-logs";
import { findPartition } from "../../../components/facts/partitions.ts";
import { gather, importPage, knownText, outputsOf, readTags, unless } from "./lookup.ts";
import type { Lookup } from "./lookup.ts";

const logGroup: Lookup = {
    type: "aws:cloudwatch/logGroup:LogGroup",
    source: importPage("cloudwatch/loggroup"),
    async candidates(inputs, { aws: { logs } }) {
        const name = knownText(inputs, "name");
        if (name === undefined) return [];
        const groups = await gather(async (nextToken) => {
            const page = await logs.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: name, nextToken }));
            return { items: page.logGroups, next: page.nextToken };
        });
        // Tags are asked for by the ARN without the `:*` that the list appends.
        const arn = groups.find(({ logGroupName }) => logGroupName === name)?.arn?.replace(/:\*$/, "");
        if (arn === undefined) return [];
        const { tags = {} } = await logs.send(new ListLogTagsCommand({ resourceArn: arn }));
        return [{ id: name, outputs: { arn }, tags }];
    },
};

interface QueryPage { readonly queryDefinitions?: readonly QueryDefinition[] | undefined; readonly nextToken?: string | undefined }

/** An emulator that has no saved queries does not know the question, and then there are none. */
async function askQueries(logs: CloudWatchLogsClient, queryDefinitionNamePrefix: string, nextToken: string | undefined): Promise<QueryPage> {
    try {
        return await logs.send(new DescribeQueryDefinitionsCommand({ queryDefinitionNamePrefix, nextToken }));
    } catch (error) {
        if (error instanceof Error && /unknown (action|operation)/i.test(`${error.name} ${error.message}`)) return {};
        throw error;
    }
}

/** Carries no tags; its name begins with the stack's prefix, and several with one name are possible. */
const queryDefinition: Lookup = {
    type: "aws:cloudwatch/queryDefinition:QueryDefinition",
    source: importPage("cloudwatch/querydefinition"),
    async candidates(inputs, { aws: { logs, target }, accountId }) {
        const name = knownText(inputs, "name");
        if (name === undefined) return [];
        const found = await gather(async (nextToken) => {
            const { queryDefinitions: items, nextToken: next } = await askQueries(logs, name, nextToken);
            return { items, next };
        });
        const prefix = `arn:${findPartition(target.region).partition}:logs:${target.region}:${accountId}:query-definition`;
        return found.filter((query) => query.name === name).map(({ queryDefinitionId = "" }) => (
            { id: `${prefix}:${queryDefinitionId}`, stateId: queryDefinitionId, outputs: { queryDefinitionId } }));
    },
};

const alarm: Lookup = {
    type: "aws:cloudwatch/metricAlarm:MetricAlarm",
    source: importPage("cloudwatch/metricalarm"),
    repeatable: true,
    async candidates(inputs, { cloudwatch }) {
        const name = knownText(inputs, "name");
        if (name === undefined) return [];
        const { MetricAlarms = [] } = await cloudwatch.send(new DescribeAlarmsCommand({ AlarmNames: [name], AlarmTypes: ["MetricAlarm"] }));
        const arn = MetricAlarms.find(({ AlarmName }) => AlarmName === name)?.AlarmArn;
        if (arn === undefined) return [];
        const { Tags } = await cloudwatch.send(new ListAlarmTagsCommand({ ResourceARN: arn }));
        return [{ id: name, outputs: { arn }, tags: readTags(Tags) }];
    },
};

/** Carries no tags: its name alone says whose it is. */
const dashboard: Lookup = {
    type: "aws:cloudwatch/dashboard:Dashboard",
    source: importPage("cloudwatch/dashboard"),
    repeatable: true,
    async candidates(inputs, { cloudwatch }) {
        const name = knownText(inputs, "dashboardName");
        if (name === undefined) return [];
        const found = await unless(["ResourceNotFound", "DashboardNotFoundError", "ResourceNotFoundException"], () => (
            cloudwatch.send(new GetDashboardCommand({ DashboardName: name }))));
        return found === undefined ? [] : [{ id: name, outputs: outputsOf({ dashboardArn: found.DashboardArn }) }];
    },
};

const budget: Lookup = {
    type: "aws:budgets/budget:Budget",
    source: importPage("budgets/budget"),
    async candidates(inputs, { aws: { target }, budgets, accountId }) {
        const name = knownText(inputs, "name");
        if (name === undefined) return [];
        const found = await unless(["NotFoundException"], () => budgets.send(new DescribeBudgetCommand({ AccountId: accountId, BudgetName: name })));
        if (found?.Budget === undefined) return [];
        const arn = `arn:${findPartition(target.region).partition}:budgets::${accountId}:budget/${name}`;
        const { ResourceTags } = await budgets.send(new ListBudgetTagsCommand({ ResourceARN: arn }));
        return [{ id: `${accountId}:${name}`, outputs: { arn }, tags: readTags(ResourceTags) }];
    },
};

export const observabilityLookups: readonly Lookup[] = [logGroup, queryDefinition, alarm, dashboard, budget];
