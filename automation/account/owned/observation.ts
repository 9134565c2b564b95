/** Log groups, alarms, the dashboard, saved queries, the budget. */
import { readdirSync } from "node:fs";
import path from "node:path";
import { DescribeBudgetCommand, ListTagsForResourceCommand as ListBudgetTagsCommand } from "@aws-sdk/client-budgets";
import { GetDashboardCommand, ListTagsForResourceCommand as ListAlarmTagsCommand, paginateDescribeAlarms } from "@aws-sdk/client-cloudwatch";
import {
    DescribeQueryDefinitionsCommand, ListTagsForResourceCommand as ListGroupTagsCommand, paginateDescribeLogGroups, paginateDescribeLogStreams,
} from "@aws-sdk/client-cloudwatch-logs";
import type { Naming } from "../../../components/naming.ts";
import { VARIANTS } from "../../../lambdas/shared/documents.ts";
import type { OwnedResource } from "../ownedResource.ts";
import { JOB_LOG_GROUPS, isJobOf } from "../../phases/jobLogs.ts";
import { confirmOurs, fromTagList, gather, keepOurs, toOwned, unlessGone } from "./search.ts";
import type { Finder, Tags } from "./search.ts";

const LAMBDAS = path.resolve(import.meta.dirname, "..", "..", "..", "lambdas");
/** Folders of log groups, as components/naming.ts has them. */
const GROUP_FOLDERS = ["/aws/lambda", "/aws/sagemaker/Endpoints", "/aws/vendedlogs/apigateway", "/aws/vendedlogs/states", "/aws/vendedlogs/vpc"] as const;
const NO_TAGS: Tags = {};

/**
 * With those that a service made anew after the stack's own had been deleted: they carry no tags, so they are known by their whole names.
 * A beginning alone would also match another environment's, whose name goes on.
 */
export const logGroups: Finder = {
    what: "log groups of CloudWatch",
    async find(search) {
        const { logs } = search.clients.aws;
        const names = new Set<string>();
        for (const folder of GROUP_FOLDERS) {
            const prefix = { logGroupNamePrefix: `${folder}/${search.naming.prefix}-` };
            for (const { logGroupName = "" } of await gather(paginateDescribeLogGroups({ client: logs }, prefix), (page) => page.logGroups)) names.add(logGroupName);
        }
        const written = writtenByServices(search.naming);
        const found: OwnedResource[] = [];
        for (const name of names) {
            const arn = search.arn("logs", `log-group:${name}`);
            const tags = fromMap((await unlessGone(() => logs.send(new ListGroupTagsCommand({ resourceArn: arn }))))?.tags);
            if (search.isOurs(tags) || (Object.keys(tags).length === 0 && written.has(name))) found.push(toOwned(arn, tags));
        }
        return found;
    },
};

function fromMap(tags: Readonly<Record<string, string>> | undefined): Tags {
    return tags ?? NO_TAGS;
}

/** Whole names of the groups to which Lambda and SageMaker write for this environment. */
function writtenByServices(naming: Naming): ReadonlySet<string> {
    const parts = readdirSync(LAMBDAS, { withFileTypes: true }).filter((entry) => entry.isDirectory()).map(({ name }) => name);
    return new Set([
        ...parts.map((part) => naming.logGroup("/aws/lambda", part)),
        ...VARIANTS.map((variant) => naming.logGroup("/aws/sagemaker/Endpoints", variant)),
    ]);
}

/** In groups that all jobs of the account share. */
export const jobLogStreams: Finder = {
    what: "log streams of SageMaker's jobs",
    async find({ clients, naming, arn }) {
        const found: OwnedResource[] = [];
        for (const group of JOB_LOG_GROUPS) {
            const pages = paginateDescribeLogStreams({ client: clients.aws.logs }, { logGroupName: group, logStreamNamePrefix: `${naming.prefix}-` });
            const streams = await unlessGone(() => gather(pages, ({ logStreams }) => logStreams)) ?? [];
            const ours = streams.map(({ logStreamName = "" }) => logStreamName).filter((name) => isJobOf(naming.prefix, name));
            found.push(...ours.map((name) => toOwned(arn("logs", `log-group:${group}:log-stream:${name}`), NO_TAGS, { label: `${group} ${name}` })));
        }
        return found;
    },
};

export const alarms: Finder = {
    what: "alarms of CloudWatch",
    async find(search) {
        const { cloudwatch } = search.clients;
        const pages = paginateDescribeAlarms({ client: cloudwatch }, { AlarmNamePrefix: `${search.naming.prefix}-` });
        const listed = await gather(pages, ({ MetricAlarms }) => MetricAlarms);
        const named = listed.map(({ AlarmName = "", AlarmArn = "" }) => ({ name: AlarmName, arn: AlarmArn }));
        return keepOurs(search, named, async ({ arn }) => fromTagList((await cloudwatch.send(new ListAlarmTagsCommand({ ResourceARN: arn }))).Tags));
    },
};

/** Dashboards carry no tags: this one is known by its whole name. */
export const dashboards: Finder = {
    what: "dashboards of CloudWatch",
    async find({ clients, naming, globalArn }) {
        const name = naming.name("dashboard", "overview");
        const found = await unlessGone(() => clients.cloudwatch.send(new GetDashboardCommand({ DashboardName: name })));
        return found === undefined ? [] : [toOwned(found.DashboardArn ?? globalArn("cloudwatch", `dashboard/${name}`), NO_TAGS)];
    },
};

/** Saved queries carry no tags either. */
export const queryDefinitions: Finder = {
    what: "saved queries of CloudWatch Logs",
    async find({ clients, naming, arn }) {
        const found: OwnedResource[] = [];
        let nextToken: string | undefined;
        do {
            const page = await clients.aws.logs.send(new DescribeQueryDefinitionsCommand({
                queryDefinitionNamePrefix: `${naming.prefix}-`, ...(nextToken === undefined ? {} : { nextToken }),
            }));
            const ours = (page.queryDefinitions ?? []).filter(({ name = "" }) => isQueryOf(naming, name));
            found.push(...ours.map(({ queryDefinitionId = "", name = "" }) => toOwned(arn("logs", `query-definition:${queryDefinitionId}`), NO_TAGS, { label: name })));
            nextToken = page.nextToken;
        } while (nextToken !== undefined);
        return found;
    },
};

/** Parts of components/observability/logQueries.ts. */
const QUERIES = ["errors", "slow-inferences", "bad-records", "failed-runs", "endpoint-logs"];

function isQueryOf(naming: Naming, name: string): boolean {
    return QUERIES.some((part) => naming.name("query", part) === name);
}

export const budgets: Finder = {
    what: "budgets",
    async find(search) {
        const { budgets: client, accountId } = search.clients;
        const name = search.naming.name("budget", "monthly");
        const found = await unlessGone(() => client.send(new DescribeBudgetCommand({ AccountId: accountId, BudgetName: name })));
        if (found === undefined) return [];
        const budget = { name, arn: search.globalArn("budgets", `budget/${name}`) };
        return confirmOurs(search, [budget], async ({ arn }) => fromTagList((await client.send(new ListBudgetTagsCommand({ ResourceARN: arn }))).ResourceTags));
    },
};
