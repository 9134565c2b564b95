import { expect } from "chai";
import type { PropertyMap } from "../../../../automation/engine/provider.ts";
import { startHandlerCloud, type HandlerCloud } from "./handlerCloud.ts";
import { begin } from "./life.ts";

describe("observability handlers", () => {
    let cloud: HandlerCloud;
    let topicArn: string;
    before(async () => {
        cloud = await startHandlerCloud();
        const topic = await begin(cloud.provider, "aws:sns/topic:Topic", { name: "example-alerts" });
        topicArn = String(topic.state.outputs["arn"]);
    });
    after(() => cloud.stop());

    it("leads an alarm through its life", async () => {
        const inputs: PropertyMap = {
            name: "example-errors", alarmDescription: "Something failed", namespace: "AWS/Lambda", metricName: "Errors", dimensions: { FunctionName: "example" },
            statistic: "Sum", comparisonOperator: "GreaterThanThreshold", threshold: 3, period: 300, evaluationPeriods: 3, datapointsToAlarm: 2,
            treatMissingData: "notBreaching", alarmActions: [topicArn], okActions: [topicArn], tags: { A: "1" },
        };
        const alarm = await begin(cloud.provider, "aws:cloudwatch/metricAlarm:MetricAlarm", inputs);
        expect(await cloud.cloud.inventory()).to.include("cloudwatch:alarm/example-errors");
        await alarm.update({ ...inputs, threshold: 5, okActions: [], tags: { B: "2" } });
        await alarm.end();
    });

    it("leads an alarm on a percentile through its life", async () => {
        const inputs: PropertyMap = {
            name: "example-latency", namespace: "AWS/SageMaker", metricName: "ModelLatency", dimensions: { EndpointName: "example", VariantName: "champion" },
            extendedStatistic: "p95", comparisonOperator: "GreaterThanThreshold", threshold: 2_000_000, period: 300, evaluationPeriods: 1, actionsEnabled: false,
            insufficientDataActions: [topicArn],
        };
        const alarm = await begin(cloud.provider, "aws:cloudwatch/metricAlarm:MetricAlarm", inputs);
        await alarm.update({ ...inputs, extendedStatistic: "p99" });
        await alarm.end();
    });

    it("leads a dashboard through its life", async () => {
        const body = (markdown: string): string => JSON.stringify({ widgets: [{ type: "text", x: 0, y: 0, width: 24, height: 1, properties: { markdown } }] });
        const dashboard = await begin(cloud.provider, "aws:cloudwatch/dashboard:Dashboard", { dashboardName: "example-overview", dashboardBody: body("one") });
        await dashboard.update({ dashboardName: "example-overview", dashboardBody: body("two") });
        expect(await cloud.cloud.inventory()).to.include("cloudwatch:dashboard/example-overview");
        await dashboard.end();
        expect(await cloud.cloud.inventory()).not.to.include("cloudwatch:dashboard/example-overview");
    });

    it("leads a topic's policy through its life, after which the topic has the one that SNS gives", async () => {
        const policy = (service: string): string => JSON.stringify({
            Version: "2012-10-17", Statement: [{ Effect: "Allow", Principal: { Service: service }, Action: "sns:Publish", Resource: topicArn }],
        });
        const created = await begin(cloud.provider, "aws:sns/topicPolicy:TopicPolicy", { arn: topicArn, policy: policy("cloudwatch.amazonaws.com") });
        await created.update({ arn: topicArn, policy: policy("events.amazonaws.com") });
        await created.end();
    });

    it("leads a budget through its life, with its notifications", async () => {
        const notification = (threshold: number, notificationType: string): PropertyMap => ({
            notificationType, threshold, thresholdType: "PERCENTAGE", comparisonOperator: "GREATER_THAN", subscriberSnsTopicArns: [topicArn],
        });
        const inputs: PropertyMap = {
            name: "example-monthly", budgetType: "COST", timeUnit: "MONTHLY", limitAmount: "100", limitUnit: "USD", tags: { A: "1" },
            costFilters: [{ name: "TagKeyValue", values: ["user:Project$example"] }], notifications: [notification(80, "FORECASTED"), notification(100, "ACTUAL")],
        };
        const budget = await begin(cloud.provider, "aws:budgets/budget:Budget", inputs);
        const mailed = { ...notification(90, "ACTUAL"), subscriberSnsTopicArns: [], subscriberEmailAddresses: ["ops@example.com"] };
        const { subscriberSnsTopicArns: _none, ...changed } = mailed;
        expect(await cloud.cloud.inventory()).to.include("budgets:budget/example-monthly");
        await budget.update({ ...inputs, limitAmount: "250", notifications: [changed], tags: { B: "2" } });
        expect(budget.state.outputs["timePeriodStart"]).to.match(/^\d{4}-\d\d-\d\d_00:00$/);
        await budget.end();
    });

    it("keeps a saved query in state, where its id stays when it is changed", async () => {
        const handler = cloud.provider.resources.get("aws:cloudwatch/queryDefinition:QueryDefinition")!;
        const inputs = { name: "example/errors", logGroupNames: ["/aws/lambda/example"], queryString: "fields @message" };
        const created = await handler.create({ urn: "urn", name: "example", inputs });
        const changed = { ...inputs, queryString: "fields @timestamp" };
        const updated = await handler.update!({ urn: "urn", name: "example", id: created.id, inputs: changed, oldInputs: inputs, oldOutputs: created.outputs });
        expect(updated).to.deep.equal({ id: created.id, outputs: { ...created.outputs, queryString: "fields @timestamp" } });
        expect(created.outputs["arn"]).to.match(/:query-definition:[0-9a-f-]{36}$/);
    });
});
