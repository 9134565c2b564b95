/** `aws:cloudwatch/metricAlarm:MetricAlarm`, of one metric; expressions over several (`metricQueries`) are refused by name. */
import {
    DeleteAlarmsCommand, DescribeAlarmsCommand, ListTagsForResourceCommand, PutMetricAlarmCommand, TagResourceCommand, UntagResourceCommand,
    type ComparisonOperator, type MetricAlarm, type PutMetricAlarmCommandInput, type StandardUnit, type Statistic,
} from "@aws-sdk/client-cloudwatch";
import type { PropertyMap } from "../../engine/provider.ts";
import { regionalArn } from "./arn.ts";
import { predictNamed, type ResourceDefinition } from "./definition.ts";
import { amount, flag, reported, requiredText, text, textMap, texts } from "./inputs.ts";
import { applied, appliedFree, appliedReplaces, recorded, region, registryPage } from "./rules.ts";
import { applyTagChange, observeTagged, readTags, tagChange, tagList, toTagList } from "./tags.ts";

function toAlarm(inputs: PropertyMap): PutMetricAlarmCommandInput {
    return {
        AlarmName: requiredText(inputs, "name"),
        AlarmDescription: text(inputs, "alarmDescription"),
        Namespace: requiredText(inputs, "namespace"),
        MetricName: requiredText(inputs, "metricName"),
        Dimensions: Object.entries(textMap(inputs, "dimensions") ?? {}).map(([Name, Value]) => ({ Name, Value })),
        Statistic: text(inputs, "statistic") as Statistic | undefined,
        ExtendedStatistic: text(inputs, "extendedStatistic"),
        ComparisonOperator: requiredText(inputs, "comparisonOperator") as ComparisonOperator,
        Threshold: amount(inputs, "threshold"),
        Period: amount(inputs, "period"),
        EvaluationPeriods: amount(inputs, "evaluationPeriods"),
        DatapointsToAlarm: amount(inputs, "datapointsToAlarm"),
        TreatMissingData: text(inputs, "treatMissingData"),
        Unit: text(inputs, "unit") as StandardUnit | undefined,
        ActionsEnabled: flag(inputs, "actionsEnabled"),
        AlarmActions: texts(inputs, "alarmActions"),
        OKActions: texts(inputs, "okActions"),
        InsufficientDataActions: texts(inputs, "insufficientDataActions"),
    };
}

function fromAlarm(alarm: MetricAlarm): PropertyMap {
    const given = (list: readonly string[] | undefined) => (list === undefined || list.length === 0 ? undefined : list);
    const dimensions = Object.fromEntries((alarm.Dimensions ?? []).map(({ Name = "", Value = "" }) => [Name, Value]));
    return reported({
        name: alarm.AlarmName,
        alarmDescription: alarm.AlarmDescription === "" ? undefined : alarm.AlarmDescription,
        namespace: alarm.Namespace,
        metricName: alarm.MetricName,
        dimensions: Object.keys(dimensions).length === 0 ? undefined : dimensions,
        // An alarm has one of the two.
        statistic: alarm.ExtendedStatistic === undefined ? alarm.Statistic : undefined,
        extendedStatistic: alarm.ExtendedStatistic,
        comparisonOperator: alarm.ComparisonOperator,
        threshold: alarm.Threshold,
        period: alarm.Period,
        evaluationPeriods: alarm.EvaluationPeriods,
        datapointsToAlarm: alarm.DatapointsToAlarm,
        treatMissingData: alarm.TreatMissingData,
        unit: alarm.Unit,
        actionsEnabled: alarm.ActionsEnabled,
        alarmActions: given(alarm.AlarmActions),
        okActions: given(alarm.OKActions),
        insufficientDataActions: given(alarm.InsufficientDataActions),
    });
}

export const metricAlarm: ResourceDefinition = {
    table: {
        type: "aws:cloudwatch/metricAlarm:MetricAlarm",
        source: registryPage("cloudwatch/metricalarm"),
        inputs: {
            ...region,
            name: appliedReplaces,
            alarmDescription: applied,
            namespace: applied,
            metricName: applied,
            dimensions: appliedFree,
            statistic: applied,
            extendedStatistic: applied,
            comparisonOperator: applied,
            threshold: applied,
            period: applied,
            evaluationPeriods: applied,
            datapointsToAlarm: applied,
            treatMissingData: applied,
            unit: applied,
            actionsEnabled: applied,
            alarmActions: applied,
            okActions: applied,
            insufficientDataActions: applied,
            evaluateLowSampleCountPercentiles: recorded,
            tags: appliedFree,
        },
        outputs: [
            "actionsEnabled", "alarmActions", "alarmDescription", "arn", "comparisonOperator", "datapointsToAlarm", "dimensions",
            "evaluateLowSampleCountPercentiles", "evaluationCriteria", "evaluationInterval", "evaluationPeriods", "extendedStatistic",
            "insufficientDataActions", "metricName", "metricQueries", "name", "namespace", "okActions", "period", "region", "statistic", "tags",
            "tagsAll", "threshold", "thresholdMetricId", "treatMissingData", "unit", "warmUpConfiguration",
        ],
        autoName: { property: "name", maxLength: 255 },
    },
    predict: ({ inputs }, place) => predictNamed(inputs, place, (name) => regionalArn(place, "cloudwatch", `alarm:${name}`)),
    async create({ inputs }, { clients }) {
        await clients.cloudwatch.send(new PutMetricAlarmCommand({ ...toAlarm(inputs), Tags: tagList(inputs) }));
        return requiredText(inputs, "name");
    },
    async read({ id }, { clients, place }) {
        const alarm = (await clients.cloudwatch.send(new DescribeAlarmsCommand({ AlarmNames: [id] }))).MetricAlarms?.[0];
        if (alarm === undefined) return undefined;
        const { Tags } = await clients.cloudwatch.send(new ListTagsForResourceCommand({ ResourceARN: alarm.AlarmArn }));
        return observeTagged({ id, values: fromAlarm(alarm), tags: readTags(Tags), computed: { arn: alarm.AlarmArn, region: place.region } });
    },
    async update({ inputs, oldInputs, oldOutputs }, { clients }) {
        // Tags of a put are heeded at creation only.
        await clients.cloudwatch.send(new PutMetricAlarmCommand(toAlarm(inputs)));
        const ResourceARN = requiredText(oldOutputs, "arn");
        await applyTagChange(
            tagChange(oldInputs, inputs),
            (tags) => clients.cloudwatch.send(new TagResourceCommand({ ResourceARN, Tags: toTagList(tags) })),
            (TagKeys) => clients.cloudwatch.send(new UntagResourceCommand({ ResourceARN, TagKeys })),
        );
    },
    async delete({ id }, { clients }) {
        // Deleting what is not there is no error.
        await clients.cloudwatch.send(new DeleteAlarmsCommand({ AlarmNames: [id] }));
    },
};
