/** F59: a rule about objects of S3 names the bucket. */
import type { PlannedResource } from "../../engine/engine.ts";
import { UNKNOWN } from "../../engine/provider.ts";
import { checkEach } from "../planReading/remarks.ts";
import type { Remark } from "../planReading/remarks.ts";
import { buildPlanEvidence } from "../samples.ts";
import { defineRule } from "../rule.ts";
import type { Evidence, Having } from "../rule.ts";

const EVENT_RULE = "aws:cloudwatch/eventRule:EventRule";
/** Where an event names its bucket: one of S3's own, and one that CloudTrail has made of a call. */
const BUCKET_PATHS = [["bucket", "name"], ["requestParameters", "bucketName"]] as const;

export const rule = defineRule({
    id: "F59",
    kind: "plan",
    needs: ["plan"],
    title: "Rules about uploads name their bucket",
    story: "The rule that starts the training matched every new object of the account. A log file that some other team's bucket received "
        + "was taken for training data, and so were the pipeline's own results: each run started the next.",
    source: "https://docs.aws.amazon.com/AmazonS3/latest/userguide/EventBridge.html",
    prevention: "The pattern is built from the bucket's name, the data prefix and a size above zero (buildUploadPattern).",
    fix: "put the bucket into the pattern: \"detail\": { \"bucket\": { \"name\": [\"<bucket>\"] } }",
    applies: (evidence) => rulesOf(evidence).length > 0,
    check: (evidence) => checkEach(evidence, rulesOf(evidence), ({ inputs: { eventPattern } }): readonly Remark[] => {
        if (typeof eventPattern !== "string") return [{ open: "its pattern is not known before the deployment" }];
        const { source, "detail-type": type, detail } = JSON.parse(eventPattern) as Pattern;
        if (!isOfS3(source, type)) return [];
        const names = BUCKET_PATHS.map(([outer, inner]) => detail?.[outer]?.[inner]).find((value) => value !== undefined);
        if (names === undefined) return [{ what: "matches objects of every bucket in the account: its pattern names none" }];
        const wide = listOf(names).filter((name) => typeof name !== "string" && matchesMany(name));
        return wide.map((name) => ({ what: `matches objects of buckets that it does not name: ${JSON.stringify(name)}` }));
    }),
    mustFind: [
        { title: "a pattern without a bucket", evidence: () => buildEvidence({}) },
        { title: "a pattern that names neither bucket nor sender", evidence: () => buildEvidence({}, []) },
        { title: "a pattern with a key and no bucket", evidence: () => buildEvidence({ object: { key: [{ prefix: "data/" }] } }) },
        { title: "any bucket that has a name", evidence: () => buildEvidence({ bucket: { name: [{ exists: true }] } }) },
        { title: "all buckets but one", evidence: () => buildEvidence({ bucket: { name: [{ "anything-but": ["logs"] }] } }) },
        { title: "buckets whose names begin with nothing", evidence: () => buildEvidence({ bucket: { name: [{ prefix: "" }] } }) },
    ],
    mustPass: [
        {
            title: "one bucket and a prefix",
            evidence: () => buildEvidence({ bucket: { name: ["raw"] }, object: { key: [{ prefix: "data/" }] } }),
        },
        { title: "buckets of this stack", evidence: () => buildEvidence({ bucket: { name: [{ prefix: "firstlight-dev-raw-" }] } }) },
        { title: "a call that CloudTrail has seen", evidence: () => buildEvidence({ requestParameters: { bucketName: ["raw"] } }) },
        { title: "a rule about something else", evidence: () => buildEvidence({}, ["aws.states"]) },
    ],
});

interface Pattern {
    readonly source?: unknown;
    readonly "detail-type"?: unknown;
    readonly detail?: Readonly<Record<string, Readonly<Record<string, unknown>> | undefined>>;
}

/** By its sender, or, when it names none, by what only S3 sends. */
function isOfS3(source: unknown, type: unknown): boolean {
    return source === undefined ? listOf(type).some((each) => String(each).startsWith("Object ")) : listOf(source).includes("aws.s3");
}

/** Rules by pattern; those by the clock have none. */
function rulesOf({ plan }: Having<"plan">): readonly PlannedResource[] {
    return plan.resources.filter(({ type, inputs: { eventPattern } }) => type === EVENT_RULE
        && (eventPattern === UNKNOWN || typeof eventPattern === "string"));
}

function listOf(value: unknown): readonly unknown[] {
    return Array.isArray(value) ? value : [];
}

/**
 * A filter that is no beginning or end of a name.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html
 */
function matchesMany(filter: unknown): boolean {
    const [operator, value] = Object.entries(filter as Readonly<Record<string, unknown>>)[0] ?? [];
    if (operator === "exists" || operator === "anything-but") return true;
    return operator === "wildcard" ? /^\*+$/.test(String(value)) : value === "";
}

function buildEvidence(detail: object, source: readonly string[] = ["aws.s3"]): Evidence {
    const eventPattern = JSON.stringify({ ...(source.length === 0 ? {} : { source }), "detail-type": ["Object Created"], detail });
    return buildPlanEvidence({ type: EVENT_RULE, name: "upload-rule", inputs: { eventPattern } });
}
