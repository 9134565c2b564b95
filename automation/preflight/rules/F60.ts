/** F60: a record that cannot be worked on does not hold up its shard. */
import type { PlannedResource } from "../../engine/engine.ts";
import type { PropertyMap } from "../../engine/provider.ts";
import { sourcesOf } from "../planReading/order.ts";
import { checkEach, findGaps } from "../planReading/remarks.ts";
import type { Remark } from "../planReading/remarks.ts";
import { sectionsOf } from "../planReading/sections.ts";
import { isUnknown } from "../planReading/values.ts";
import { buildPlanEvidence, urnOf, withoutAbsent } from "../samples.ts";
import type { SampleResource } from "../samples.ts";
import { defineRule } from "../rule.ts";
import type { Evidence, Having } from "../rule.ts";

const EVENT_SOURCE = "aws:lambda/eventSourceMapping:EventSourceMapping";
const STREAMS = ["aws:kinesis/stream:Stream", "aws:dynamodb/table:Table"] as const;
/** Lambda's own default of retries and age: until the records expire. https://docs.aws.amazon.com/lambda/latest/dg/with-kinesis.html */
const ENDLESS = -1;

export const rule = defineRule({
    id: "F60",
    kind: "plan",
    needs: ["plan"],
    title: "A bad record does not stop its stream",
    story: "Lambda tries a batch of a stream again until it succeeds or its records expire, and reads nothing behind it. One record that "
        + "was no JSON stopped a shard for a day; the records behind it were predicted on too late, or lost.",
    source: "https://docs.aws.amazon.com/lambda/latest/dg/kinesis-on-failure-destination.html",
    prevention: "The event source has a bound on retries, halves a bad batch, hears which records failed, and keeps what it gave up.",
    fix: "set maximumRetryAttempts, bisectBatchOnFunctionError, functionResponseTypes [\"ReportBatchItemFailures\"] and "
        + "destinationConfig.onFailure (components/stream/predictionStream.ts)",
    applies: (evidence) => streamSources(evidence).length > 0,
    check: (evidence) => checkEach(evidence, streamSources(evidence), ({ inputs }) => findFaults(inputs)),
    mustFind: [
        { title: "retries without an end", evidence: () => buildEvidence({ maximumRetryAttempts: undefined }) },
        { title: "retries without an end, said", evidence: () => buildEvidence({ maximumRetryAttempts: ENDLESS }) },
        { title: "batches that fail as a whole", evidence: () => buildEvidence({ bisectBatchOnFunctionError: undefined }) },
        { title: "a function that cannot say which record failed", evidence: () => buildEvidence({ functionResponseTypes: undefined }) },
        { title: "records that are given up and kept nowhere", evidence: () => buildEvidence({ destinationConfig: undefined }) },
        { title: "an empty destination", evidence: () => buildEvidence({ destinationConfig: { onFailure: {} } }) },
    ],
    mustPass: [
        { title: "all four", evidence: () => buildEvidence({}) },
        { title: "no retry at all", evidence: () => buildEvidence({ maximumRetryAttempts: 0 }) },
    ],
});

/** Of streams; a queue counts deliveries by itself. */
function streamSources({ plan }: Having<"plan">): readonly PlannedResource[] {
    return plan.resources.filter((resource) => resource.type === EVENT_SOURCE
        && (/:(kinesis|dynamodb):/.test(String(resource.inputs["eventSourceArn"]))
        || STREAMS.some((type) => sourcesOf(resource, "eventSourceArn", { plan, type }).length > 0)));
}

function findFaults(inputs: PropertyMap): readonly Remark[] {
    const { maximumRetryAttempts = ENDLESS, maximumRecordAgeInSeconds = ENDLESS, functionResponseTypes } = inputs;
    const end = maximumRecordAgeInSeconds === ENDLESS ? "its records expire" : `they are ${String(maximumRecordAgeInSeconds)} s old`;
    const destination = sectionsOf(inputs["destinationConfig"]).flatMap(({ onFailure }) => sectionsOf(onFailure))[0]?.["destinationArn"];
    const responses = Array.isArray(functionResponseTypes) ? functionResponseTypes : [];
    return [
        ...findGaps(inputs, ["maximumRetryAttempts", "functionResponseTypes"]),
        ...(maximumRetryAttempts === ENDLESS ? [{
            what: `tries a bad batch again and again, until ${end}`, setting: "stream.maxRetries", fix: "set maximumRetryAttempts, e.g. 3",
        }] : []),
        ...(inputs["bisectBatchOnFunctionError"] === true ? [] : [{
            severity: "warning" as const, what: "does not halve a batch that failed: good records are given up with the bad one",
            fix: "set bisectBatchOnFunctionError: true",
        }]),
        ...(isUnknown(functionResponseTypes) || responses.includes("ReportBatchItemFailures") ? [] : [{
            severity: "warning" as const,
            what: "does not ask which records failed: the good ones are worked on again",
            fix: "set functionResponseTypes: [\"ReportBatchItemFailures\"], and let the function answer with batchItemFailures",
        }]),
        ...(destination === undefined || destination === "" ? [{
            what: "keeps records that it gives up nowhere", fix: "set destinationConfig.onFailure.destinationArn to a bucket",
        }] : []),
    ];
}

function buildEvidence(fields: Parameters<typeof withoutAbsent>[0]): Evidence {
    const stream: SampleResource = { type: STREAMS[0], name: "records" };
    return buildPlanEvidence(stream, {
        type: EVENT_SOURCE, name: "event-source", propertyDependencies: { eventSourceArn: [urnOf(stream)] },
        inputs: withoutAbsent({
            eventSourceArn: "arn:aws:kinesis:eu-central-1:123456789012:stream/records",
            maximumRetryAttempts: 3,
            bisectBatchOnFunctionError: true,
            functionResponseTypes: ["ReportBatchItemFailures"],
            destinationConfig: { onFailure: { destinationArn: "arn:aws:s3:::processed" } },
            ...fields,
        }),
    });
}
