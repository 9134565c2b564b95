/** F62: an alarm's threshold is in the unit of its metric. */
import { metricFamilies } from "../../../components/facts/metrics.ts";
import type { PlatformConfig } from "../../../components/config.ts";
import type { PlannedResource } from "../../engine/engine.ts";
import { checkEach } from "../planReading/remarks.ts";
import type { Remark } from "../planReading/remarks.ts";
import { buildConfig, buildPlanEvidence } from "../samples.ts";
import { defineRule } from "../rule.ts";
import type { Evidence, Having } from "../rule.ts";

const ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm";
const MICROSECONDS_PER_SECOND = 1_000_000;
/** A serverless invocation ends after this. https://docs.aws.amazon.com/sagemaker/latest/dg/serverless-endpoints-invoke.html */
const LONGEST_CALL_SECONDS = 60;

/** Thresholds that are set in one unit and measured in another, a thousand times smaller. */
const SETTINGS: Readonly<Record<string, { readonly setting: string; readonly read: (config: PlatformConfig) => number }>> = {
    ModelLatency: { setting: "alarms.modelLatencyMilliseconds", read: ({ alarms }) => alarms.modelLatencyMilliseconds },
    IteratorAge: { setting: "alarms.iteratorAgeSeconds", read: ({ alarms }) => alarms.iteratorAgeSeconds },
};

export const rule = defineRule({
    id: "F62",
    kind: "plan",
    needs: ["plan", "config"],
    title: "Thresholds are in the unit of the metric",
    story: "SageMaker measures a model's latency in microseconds. The alarm's threshold was meant as milliseconds: it went off at two "
        + "thousandths of the latency that anybody would mind, all day long, until nobody looked at it any more.",
    source: "https://docs.aws.amazon.com/sagemaker/latest/dg/monitoring-cloudwatch.html",
    prevention: "Settings have their unit in their name and are converted in one place; the unit of every metric stands in "
        + "components/facts/metrics.ts.",
    fix: "give the threshold in the metric's unit: a thousand times the milliseconds for ModelLatency and OverheadLatency",
    applies: (evidence) => measuredAlarms(evidence).length > 0,
    check: (evidence) => checkEach(evidence, measuredAlarms(evidence), ({ alarm, unit }) => checkAlarm(alarm, unit, evidence.config)),
    mustFind: [
        { title: "milliseconds for the model's latency", evidence: () => buildEvidence({ threshold: 2000 }) },
        { title: "less than a millisecond", evidence: () => buildEvidence({ threshold: 500 }) },
        { title: "nanoseconds, above what a call can take", evidence: () => buildEvidence({ threshold: 2_000_000_000 }) },
        {
            title: "seconds for the age of records",
            evidence: () => buildEvidence({ namespace: "AWS/Lambda", metricName: "IteratorAge", threshold: 300 }),
        },
        { title: "a unit in which the metric has no data", evidence: () => buildEvidence({ threshold: 2_000_000, unit: "Milliseconds" }) },
        { title: "milliseconds for the overhead", evidence: () => buildEvidence({ metricName: "OverheadLatency", threshold: 200 }) },
    ],
    mustPass: [
        { title: "two seconds of latency", evidence: () => buildEvidence({ threshold: 2_000_000 }) },
        {
            title: "the shortest latency that can be set",
            evidence: () => buildEvidence({ threshold: 1000 }, { modelLatencyMilliseconds: 1 }),
        },
        { title: "the longest", evidence: () => buildEvidence({ threshold: 60_000_000 }, { modelLatencyMilliseconds: 60_000 }) },
        {
            title: "five minutes of age",
            evidence: () => buildEvidence({ namespace: "AWS/Lambda", metricName: "IteratorAge", threshold: 300_000 }),
        },
        { title: "a count, which has no time in it", evidence: () => buildEvidence({ metricName: "Invocation5XXErrors", threshold: 5 }) },
    ],
});

interface MeasuredAlarm extends Pick<PlannedResource, "name" | "urn"> { readonly alarm: PlannedResource; readonly unit: string }

/** Alarms on one metric whose unit is known. */
function measuredAlarms({ plan }: Having<"plan">): readonly MeasuredAlarm[] {
    return plan.resources.filter(({ type }) => type === ALARM).flatMap((alarm) => {
        const unit = unitOf(alarm.inputs["namespace"], alarm.inputs["metricName"]);
        return unit === undefined ? [] : [{ name: alarm.name, urn: alarm.urn, alarm, unit }];
    });
}

function unitOf(namespace: unknown, metricName: unknown): string | undefined {
    const families = Object.values(metricFamilies).filter((family) => "namespace" in family && family.namespace === namespace);
    return families.map(({ units }) => (units as Readonly<Record<string, string>>)[String(metricName)]).find((unit) => unit !== undefined);
}

function checkAlarm({ inputs }: PlannedResource, unit: string, config: PlatformConfig): readonly Remark[] {
    const { metricName, threshold, unit: asked } = inputs;
    const metric = String(metricName);
    if (typeof asked === "string" && asked !== unit) {
        return [{ what: `wants ${metric} in ${asked}, but there are only ${unit}: it never goes off` }];
    }
    if (threshold === undefined) return [];
    if (typeof threshold !== "number") return [{ open: "its threshold is not known before the deployment" }];
    const own = SETTINGS[metric];
    const because = `${metric} is in ${unit.toLowerCase()}`;
    if (own !== undefined && threshold === own.read(config)) {
        return [{ what: `has the threshold ${threshold}, which is ${own.setting} as it is; ${because}`, setting: own.setting }];
    }
    if (unit !== "Microseconds") return [];
    if (threshold < 1000) return [{ what: `has the threshold ${threshold}, less than a millisecond: ${because}` }];
    if (threshold <= LONGEST_CALL_SECONDS * MICROSECONDS_PER_SECOND) return [];
    return [{ what: `has the threshold ${threshold}, and no call takes longer than ${LONGEST_CALL_SECONDS} s: ${because}` }];
}

function buildEvidence(fields: PlannedResource["inputs"], alarms: object = {}): Evidence {
    const inputs = { namespace: "AWS/SageMaker", metricName: "ModelLatency", comparisonOperator: "GreaterThanThreshold", ...fields };
    return { ...buildPlanEvidence({ type: ALARM, name: "alarm", inputs }), config: buildConfig({ alarms }) };
}
