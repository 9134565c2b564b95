import { expect } from "chai";
import { metricFamilies } from "../../../components/facts/metrics.ts";
import type { MetricFamily } from "../../../components/facts/metrics.ts";
import { nameRules } from "../../../components/facts/nameRules.ts";
import { AlertTopic } from "../../../components/observability/alertTopic.ts";
import { Observability } from "../../../components/observability/observability.ts";
import { runProgram } from "../../support/mocks.ts";
import { expectTags, statementsOf, testConfig, testContext } from "../../support/programContexts.ts";

const PARTS = ["inference", "stream-consumer"];
const TOPIC = "arn:aws:sns:eu-central-1:123456789012:firstlight-dev-alerts";
const ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm";

async function observe(values: Readonly<Record<string, unknown>> = {}) {
    const { resources } = await runProgram(() => void new Observability("observability", { context: testContext(), config: testConfig(values), functionParts: PARTS, alertTopicArn: TOPIC }));
    return resources;
}

describe("Observability", () => {
    it("has alarms on both variants, every function, the stream, the queue and the pipeline's runs", async () => {
        const alarms = (await observe()).ofType(ALARM);
        expect(alarms.map(({ inputs }) => inputs["name"])).to.have.members([
            "model-latency-champion", "model-latency-challenger", "invocation-errors-champion", "invocation-errors-challenger",
            ...PARTS.flatMap((part) => [`function-errors-${part}`, `function-throttles-${part}`]),
            "iterator-age", "dead-letters", "executions-failed", "executions-timed-out", "executions-aborted",
        ].map((part) => `firstlight-dev-${part}`));
        expectTags(...alarms);
    });

    it("looks at metrics that there are, under all of their dimensions", async () => {
        const families: readonly MetricFamily[] = Object.values(metricFamilies);
        for (const { name, inputs } of (await observe()).ofType(ALARM)) {
            const family = families.find(({ namespace, units }) => namespace === inputs["namespace"] && inputs["metricName"] in units);
            expect(family?.dimensions, name).to.have.members(Object.keys(inputs["dimensions"]));
            for (const value of Object.values(inputs["dimensions"])) expect(value, name).to.match(/^(arn:aws:states:.*:)?firstlight-dev-|^champion$|^challenger$/);
        }
    });

    it("takes thresholds from the configuration, in the unit of the metric", async () => {
        const resources = await observe({ alarms: { modelLatencyMilliseconds: 750, invocationErrors: 7, functionErrors: 9, iteratorAgeSeconds: 120 } });
        const found = (name: string) => { const { inputs } = resources.named(name); return [inputs["metricName"], inputs["extendedStatistic"] ?? inputs["statistic"], inputs["threshold"]]; };
        expect(found("model-latency-champion-alarm"), "microseconds").to.deep.equal(["ModelLatency", "p95", 750_000]);
        expect(found("invocation-errors-challenger-alarm")).to.deep.equal(["Invocation5XXErrors", "Sum", 7]);
        expect(found("function-errors-inference-alarm")).to.deep.equal(["Errors", "Sum", 9]);
        expect(found("function-throttles-inference-alarm")).to.deep.equal(["Throttles", "Sum", 0]);
        expect(found("iterator-age-alarm"), "milliseconds").to.deep.equal(["IteratorAge", "Maximum", 120_000]);
        expect(found("dead-letters-alarm")).to.deep.equal(["ApproximateNumberOfMessagesVisible", "Maximum", 0]);
        expect(found("executions-timed-out-alarm")).to.deep.equal(["ExecutionsTimedOut", "Sum", 0]);
    });

    it("tells when an alarm goes off and when it is over, and is silent while nothing is used", async () => {
        for (const { name, inputs } of (await observe()).ofType(ALARM)) {
            expect([inputs["alarmActions"], inputs["okActions"], inputs["treatMissingData"], inputs["comparisonOperator"]], name)
                .to.deep.equal([[TOPIC], [TOPIC], "notBreaching", "GreaterThanThreshold"]);
            expect(inputs["datapointsToAlarm"], name).to.be.at.most(inputs["evaluationPeriods"]);
        }
    });

    it("hears of our own endpoints and runs alone, and sends a text without a role", async () => {
        const resources = await observe();
        expect(JSON.parse(resources.named("endpoint-failed-rule").inputs["eventPattern"])).to.deep.equal({
            "source": ["aws.sagemaker"], "detail-type": ["SageMaker Endpoint State Change"],
            "detail": { EndpointName: ["firstlight-dev-champion", "firstlight-dev-challenger"], EndpointStatus: ["FAILED", "ROLLING_BACK", "UPDATE_ROLLBACK_FAILED"] },
        });
        expect(JSON.parse(resources.named("run-failed-rule").inputs["eventPattern"])).to.deep.equal({
            "source": ["aws.states"], "detail-type": ["Step Functions Execution Status Change"],
            "detail": { stateMachineArn: ["arn:aws:states:eu-central-1:123456789012:stateMachine:firstlight-dev-training"], status: ["FAILED", "TIMED_OUT", "ABORTED"] },
        });
        for (const part of ["endpoint-failed", "run-failed"]) {
            const { inputs } = resources.named(`${part}-target`);
            expect(inputs).to.include({ arn: TOPIC, rule: `firstlight-dev-${part}` }).and.not.to.have.property("roleArn");
            const { inputPaths, inputTemplate } = inputs["inputTransformer"];
            const used = [...(JSON.parse(inputTemplate) as string).matchAll(/<(\w+)>/g)].map(([, name]) => name);
            expect(used, "every path is used, and there is no other").to.have.members(Object.keys(inputPaths));
        }
        expectTags(resources.named("endpoint-failed-rule"), resources.named("run-failed-rule"));
    });

    it("saves queries on log groups of ours", async () => {
        const queries = (await observe()).ofType("aws:cloudwatch/queryDefinition:QueryDefinition");
        expect(queries.map(({ inputs }) => inputs["name"])).to.have.members(["errors", "slow-inferences", "bad-records", "failed-runs", "endpoint-logs"].map((part) => `firstlight-dev-${part}`));
        for (const { name, inputs } of queries) {
            expect(inputs["logGroupNames"], name).not.to.be.empty;
            for (const group of inputs["logGroupNames"]) expect(group, name).to.match(/^\/aws\/(lambda|vendedlogs\/states|sagemaker\/Endpoints)\/firstlight-dev-/);
            expect(inputs["queryString"], name).to.match(/^fields .*\n\| filter .*\n\| sort .*\n\| limit 100$/);
            expect(inputs["name"], name).to.match(nameRules.query.pattern);
        }
    });

    it("has a budget exactly when one is set, of what carries our tags, and tells of 80 % forecast and 100 % spent", async () => {
        expect((await observe()).has("monthly-budget")).to.equal(false);
        const { inputs } = (await observe({ budget: { monthlyUsd: 120 } })).named("monthly-budget");
        expect(inputs).to.deep.include({
            name: "firstlight-dev-monthly", limitAmount: "120", limitUnit: "USD", timeUnit: "MONTHLY", budgetType: "COST",
            costFilters: [{ name: "TagKeyValue", values: ["user:Project$firstlight", "user:Environment$dev"] }],
        });
        const common = { thresholdType: "PERCENTAGE", comparisonOperator: "GREATER_THAN", subscriberSnsTopicArns: [TOPIC] };
        expect(inputs["notifications"]).to.deep.equal([{ ...common, notificationType: "FORECASTED", threshold: 80 }, { ...common, notificationType: "ACTUAL", threshold: 100 }]);
    });
});

describe("AlertTopic", () => {
    const create = async (alerts: { emails: readonly string[]; urls: readonly string[] }) => (
        await runProgram(() => void new AlertTopic("alerts", { context: testContext(), alerts, kmsKeyArn: "arn:key" }))
    ).resources;

    it("is encrypted and tagged, and asks every address to confirm", async () => {
        const resources = await create({ emails: ["a@x.org", "b@x.org"], urls: ["https://x.org/hook"] });
        expect(resources.named("alerts-topic").inputs).to.include({ name: "firstlight-dev-alerts", kmsMasterKeyId: "arn:key" });
        expectTags(resources.named("alerts-topic"));
        expect(resources.ofType("aws:sns/topicSubscription:TopicSubscription").map(({ inputs }) => [inputs["protocol"], inputs["endpoint"]])).to.deep.equal([
            ["email", "a@x.org"], ["email", "b@x.org"], ["https", "https://x.org/hook"],
        ]);
    });

    it("is sent to by our alarms, our budgets and EventBridge, and by nobody else's", async () => {
        const { inputs } = (await create({ emails: [], urls: [] })).named("alerts-topic-policy");
        const ours = (sourceArn: string) => ({ StringEquals: { "aws:SourceAccount": "123456789012" }, ArnLike: { "aws:SourceArn": sourceArn } });
        expect(statementsOf(inputs["policy"]).map(({ Principal, Action, Resource, Condition }) => [Principal, Action, Resource, Condition])).to.deep.equal([
            [{ Service: ["cloudwatch.amazonaws.com"] }, ["sns:Publish"], [TOPIC], ours("arn:aws:cloudwatch:eu-central-1:123456789012:alarm:firstlight-dev-*")],
            [{ Service: ["events.amazonaws.com"] }, ["sns:Publish"], [TOPIC], undefined],
            [{ Service: ["budgets.amazonaws.com"] }, ["sns:Publish"], [TOPIC], ours("arn:aws:budgets::123456789012:budget/firstlight-dev-*")],
        ]);
    });

    it("is handed on when its policy is there, so that nothing is sent in vain", async () => {
        const { resources } = await runProgram(() => {
            const { topicArn } = new AlertTopic("alerts", { context: testContext(), alerts: { emails: [], urls: [] }, kmsKeyArn: "arn:key" });
            new Observability("observability", { context: testContext(), config: testConfig(), functionParts: PARTS, alertTopicArn: topicArn });
        });
        expect(resources.named("dead-letters-alarm").inputDependencies).to.include("alerts-topic-policy");
        expect(resources.named("dead-letters-alarm").inputs["alarmActions"]).to.deep.equal([TOPIC]);
    });

    it("is the one that stood among inference before", async () => {
        const { all } = await create({ emails: [], urls: [] });
        expect(all.find(({ type }) => type === "firstlight:observability:AlertTopic")?.aliases).to.have.length(1);
    });
});
