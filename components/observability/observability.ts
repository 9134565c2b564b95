/** Alarms, rules, dashboard, saved queries and budget of the platform. */
import * as pulumi from "@pulumi/pulumi";
import { Budget } from "@pulumi/aws/budgets/budget.js";
import { Dashboard } from "@pulumi/aws/cloudwatch/dashboard.js";
import { EventRule } from "@pulumi/aws/cloudwatch/eventRule.js";
import { EventTarget } from "@pulumi/aws/cloudwatch/eventTarget.js";
import { MetricAlarm } from "@pulumi/aws/cloudwatch/metricAlarm.js";
import { QueryDefinition } from "@pulumi/aws/cloudwatch/queryDefinition.js";
import type { PlatformConfig } from "../config.ts";
import type { PlatformContext } from "../context.ts";
import { ALARM_PERIOD, buildAlarms, describeAlarm } from "./alarms.ts";
import type { AlarmDefinition } from "./alarms.ts";
import { buildBudgetNotifications, buildCostFilters } from "./budget.ts";
import { buildDashboard } from "./dashboard.ts";
import { buildLogQueries } from "./logQueries.ts";
import { buildStateChangeRules, buildTemplate } from "./stateChangeRules.ts";
import type { StateChangeRule } from "./stateChangeRules.ts";
import { nameWatched } from "./watched.ts";
import type { Watched } from "./watched.ts";

export interface ObservabilityArgs {
    readonly context: PlatformContext;
    readonly config: Pick<PlatformConfig, "alarms" | "budget">;
    /** Of every function, as the part stands in its name. */
    readonly functionParts: readonly string[];
    readonly alertTopicArn: pulumi.Input<string>;
}

/**
 * About 3 USD a month: 31 alarms at 0.10 each, of which an account has ten free; rules, queries, the first dashboards and the budget cost
 * nothing.
 */
export class Observability extends pulumi.ComponentResource {
    readonly dashboardName: pulumi.Output<string>;

    constructor(name: string, args: ObservabilityArgs, opts?: pulumi.ComponentResourceOptions) {
        super("firstlight:observability:Observability", name, {}, opts);
        const watched = nameWatched(args.context, args.functionParts);
        for (const alarm of buildAlarms(watched, args.config.alarms)) this.createAlarm(alarm, args);
        for (const rule of buildStateChangeRules(watched)) this.createRule(rule, args);
        this.createQueries(watched, args);
        if (args.config.budget.monthlyUsd !== undefined) this.createBudget(args.config.budget.monthlyUsd, args);
        this.dashboardName = this.createDashboard(watched, args).dashboardName;
        this.registerOutputs({ dashboardName: this.dashboardName });
    }

    private createAlarm(alarm: AlarmDefinition, { context, alertTopicArn }: ObservabilityArgs): void {
        const { metric, statistic, periods } = alarm;
        new MetricAlarm(`${alarm.part}-alarm`, {
            name: context.naming.name("alarm", alarm.part),
            alarmDescription: describeAlarm(alarm),
            namespace: metric.namespace,
            metricName: metric.name,
            dimensions: { ...metric.dimensions },
            ...(statistic.startsWith("p") ? { extendedStatistic: statistic } : { statistic }),
            comparisonOperator: "GreaterThanThreshold",
            threshold: alarm.threshold,
            period: ALARM_PERIOD,
            evaluationPeriods: periods.looked,
            datapointsToAlarm: periods.above,
            // No endpoint, no traffic, no run: nothing is wrong.
            treatMissingData: "notBreaching",
            alarmActions: [alertTopicArn],
            okActions: [alertTopicArn],
            tags: context.tags,
        }, { parent: this });
    }

    private createRule(definition: StateChangeRule, { context, alertTopicArn }: ObservabilityArgs): void {
        const { part, paths } = definition;
        const rule = new EventRule(`${part}-rule`, {
            name: context.naming.name("eventRule", part),
            description: definition.meaning,
            eventPattern: JSON.stringify(definition.pattern),
            tags: context.tags,
        }, { parent: this });
        new EventTarget(`${part}-target`, {
            rule: rule.name,
            targetId: "alerts",
            // Without a role: SNS is sent to by the topic's policy alone.
            arn: alertTopicArn,
            inputTransformer: { inputPaths: { ...paths }, inputTemplate: buildTemplate(definition) },
        }, { parent: this });
    }

    private createQueries(watched: Watched, { context }: ObservabilityArgs): void {
        for (const { part, logGroups, query } of buildLogQueries(watched)) {
            new QueryDefinition(`${part}-query`, {
                name: context.naming.name("query", part),
                logGroupNames: [...logGroups],
                queryString: query,
            }, { parent: this });
        }
    }

    private createBudget(monthlyUsd: number, { context, alertTopicArn }: ObservabilityArgs): void {
        new Budget("monthly-budget", {
            name: context.naming.name("budget", "monthly"),
            budgetType: "COST",
            timeUnit: "MONTHLY",
            limitAmount: String(monthlyUsd),
            limitUnit: "USD",
            costFilters: buildCostFilters(context.tags),
            notifications: pulumi.output(alertTopicArn).apply(buildBudgetNotifications),
            tags: context.tags,
        }, { parent: this });
    }

    private createDashboard(watched: Watched, { context }: ObservabilityArgs): Dashboard {
        return new Dashboard("dashboard", {
            dashboardName: context.naming.name("dashboard", "overview"),
            dashboardBody: JSON.stringify(buildDashboard(watched, context.location.region)),
        }, { parent: this });
    }
}
