/** F15: every rule of a bucket's lifecycle says which objects it is about, and keeps S3's order of days. */
import type { PlannedResource } from "../../engine/engine.ts";
import type { PropertyMap } from "../../engine/provider.ts";
import { sharesSource } from "../planReading/order.ts";
import { checkEach } from "../planReading/remarks.ts";
import type { Remark } from "../planReading/remarks.ts";
import { sectionsOf } from "../planReading/sections.ts";
import { isUnknown } from "../planReading/values.ts";
import { buildPlanEvidence, withoutAbsent } from "../samples.ts";
import { defineRule } from "../rule.ts";
import type { Evidence, Having } from "../rule.ts";

const LIFECYCLE = "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration";

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/lifecycle-transition-general-considerations.html */
const SHORTEST_STAY_DAYS = 30;
const NO_FILTER = "has no filter";
const STATUSES = ["Enabled", "Disabled"];
const INFREQUENT_ACCESS = new Set(["STANDARD_IA", "ONEZONE_IA"]);
const GLACIER = new Set(["GLACIER", "GLACIER_IR", "DEEP_ARCHIVE"]);

export const rule = defineRule({
    id: "F15",
    kind: "plan",
    needs: ["plan"],
    title: "Lifecycle rules have a filter, and their days are in S3's order",
    story: "A lifecycle rule was written without a filter, which the provider wants even when the rule is about all objects. The create "
        + "failed, and behind it everything that waited for the bucket's settings.",
    source: "field reports S0-S4",
    prevention: "Rules are built by components/data/lifecycle.ts, whose type has the filter; the configuration refuses days out of order.",
    fix: "give the rule a filter ({} for all objects) and no prefix; infrequent access after 30 days or more, Glacier 30 days after that, "
        + "and the expiration last",
    applies: (evidence) => lifecyclesOf(evidence).length > 0,
    check(evidence) {
        const lifecycles = lifecyclesOf(evidence);
        return checkEach(evidence, lifecycles, (lifecycle): readonly Remark[] => {
            if (isUnknown(lifecycle.inputs["rules"])) return [{ open: "its rules are not known before the deployment" }];
            const before = lifecycles.slice(0, lifecycles.indexOf(lifecycle));
            return [...findFaults(lifecycle), ...findOldPrefixes(lifecycle), ...findRival(lifecycle, before)];
        });
    },
    mustFind: [
        { title: "a rule without a filter", evidence: () => buildEvidence({ filter: undefined }) },
        { title: "a rule with a filter and the old prefix", evidence: () => buildEvidence({ prefix: "data/" }) },
        { title: "a rule with the old prefix alone", evidence: () => buildEvidence({ filter: undefined, prefix: "data/" }) },
        { title: "a rule without a status", evidence: () => buildEvidence({ status: undefined }) },
        {
            title: "infrequent access after 15 days",
            evidence: () => buildEvidence({ transitions: [{ days: 15, storageClass: "STANDARD_IA" }] }),
        },
        {
            title: "Glacier 15 days after infrequent access",
            evidence: () => buildEvidence({ transitions: [ARCHIVE[0], { days: 45, storageClass: "GLACIER" }] }),
        },
        { title: "an expiration before the archive", evidence: () => buildEvidence({ expiration: { days: 60 } }) },
        {
            title: "an expiration before the archive, in a rule of its own",
            evidence: () => buildEvidence({}, { id: "expire", status: "Enabled", filter: {}, expiration: { days: 60 } }),
        },
        {
            title: "Glacier 29 days after infrequent access",
            evidence: () => buildEvidence({ transitions: [ARCHIVE[0], { days: 59, storageClass: "GLACIER" }] }),
        },
        { title: "an expiration on the day of the archive", evidence: () => buildEvidence({ expiration: { days: 90 } }) },
        {
            title: "old versions in infrequent access after 29 days",
            evidence: () => buildEvidence({ noncurrentVersionTransitions: [{ noncurrentDays: 29, storageClass: "STANDARD_IA" }] }),
        },
        { title: "two configurations of one bucket", evidence: () => buildTwo("<id of raw>", "<id of raw>") },
    ],
    mustPass: [
        { title: "a rule about all objects", evidence: () => buildEvidence({}) },
        { title: "an expiration on the day after the archive", evidence: () => buildEvidence({ expiration: { days: 91 } }) },
        {
            title: "Glacier 30 days after infrequent access, and that after 30",
            evidence: () => buildEvidence({ transitions: [ARCHIVE[0], { days: 60, storageClass: "GLACIER" }] }),
        },
        {
            title: "objects of another folder that go earlier",
            evidence: () => buildEvidence({}, { id: "expire", status: "Enabled", filter: { prefix: "tmp/" }, expiration: { days: 7 } }),
        },
        {
            title: "a rule that removes marks of deletion",
            evidence: () => buildEvidence({ expiration: { expiredObjectDeleteMarker: true } }),
        },
        { title: "one configuration for each of two buckets", evidence: () => buildTwo("<id of raw>", "<id of models>") },
    ],
});

function lifecyclesOf({ plan }: Having<"plan">): readonly PlannedResource[] {
    return plan.resources.filter(({ type }) => type === LIFECYCLE);
}

function findFaults({ inputs }: PlannedResource): readonly Remark[] {
    const rules = sectionsOf(inputs["rules"]);
    return rules.flatMap((each) => {
        const { id, status, filter, prefix } = each;
        const faults = [
            ...(filter === undefined && prefix === undefined ? [NO_FILTER] : []),
            ...(filter !== undefined && prefix !== undefined ? ["has a filter and the old prefix; S3 takes one of them"] : []),
            ...(STATUSES.includes(String(status)) || isUnknown(status) ? [] : [`has the status ${JSON.stringify(status ?? null)}`]),
            ...findHastyTransitions(each),
            ...findEarlyExpiration(each, rules),
        ];
        return faults.map((fault) => ({
            what: `rule ${JSON.stringify(id ?? "without id")} ${fault}`,
            ...(fault === NO_FILTER ? { fix: "add filter: {} for all objects, or filter: { prefix: \"...\" }" } : {}),
        }));
    });
}

/** S3 still takes it, and the provider says that it will not for long. */
function findOldPrefixes({ inputs }: PlannedResource): readonly Remark[] {
    const old = sectionsOf(inputs["rules"]).filter(({ filter, prefix }) => filter === undefined && prefix !== undefined);
    return old.map(({ id, prefix }) => ({
        severity: "warning",
        what: `rule ${JSON.stringify(id ?? "without id")} has the old prefix ${JSON.stringify(prefix)} instead of filter.prefix`,
    }));
}

/** S3 keeps one configuration a bucket: the one that is written last. */
function findRival(lifecycle: PlannedResource, others: readonly PlannedResource[]): readonly Remark[] {
    const rivals = others.filter((other) => sharesSource(lifecycle, other, "bucket"));
    return rivals.map(({ name }) => ({ what: `is a second configuration of the bucket of ${name}: the later one replaces the other` }));
}

function findHastyTransitions(lifecycleRule: PropertyMap): readonly string[] {
    return ["transitions", "noncurrentVersionTransitions"].flatMap((property) => {
        const moves = readMoves(lifecycleRule, property);
        const infrequent = moves.filter(({ storageClass }) => INFREQUENT_ACCESS.has(storageClass));
        return [
            ...infrequent.filter(({ days }) => days < SHORTEST_STAY_DAYS)
                .map(({ days, storageClass }) => `moves objects to ${storageClass} after ${days} days; S3 wants ${SHORTEST_STAY_DAYS}`),
            ...infrequent.flatMap((before) => moves
                .filter(({ days, storageClass }) => GLACIER.has(storageClass) && days < before.days + SHORTEST_STAY_DAYS)
                .map(({ days, storageClass }) => `moves objects to ${storageClass} after ${days} days, ${days - before.days} after `
                    + `${before.storageClass}; S3 wants ${SHORTEST_STAY_DAYS} between them`)),
        ];
    });
}

/** S3 compares the days of all rules about the same objects. */
function findEarlyExpiration({ expiration, filter }: PropertyMap, rules: readonly PropertyMap[]): readonly string[] {
    const days = sectionsOf(expiration)[0]?.["days"];
    if (typeof days !== "number") return [];
    const same = rules.filter((other) => JSON.stringify(other["filter"]) === JSON.stringify(filter));
    const late = same.flatMap((other) => readMoves(other, "transitions")).filter((move) => move.days >= days);
    return late.map((move) => `removes objects after ${days} days, but moves them to ${move.storageClass} after ${move.days}`);
}

interface Move { readonly days: number; readonly storageClass: string }

function readMoves(lifecycleRule: PropertyMap, property: string): readonly Move[] {
    return sectionsOf(lifecycleRule[property]).flatMap((move) => {
        const days = move["days"] ?? move["noncurrentDays"];
        return typeof days === "number" ? [{ days, storageClass: String(move["storageClass"]) }] : [];
    });
}

const ARCHIVE = [{ days: 30, storageClass: "STANDARD_IA" }, { days: 90, storageClass: "GLACIER_IR" }] as const;

function buildEvidence(fields: Parameters<typeof withoutAbsent>[0], ...more: readonly PropertyMap[]): Evidence {
    const given = withoutAbsent({ id: "archive", status: "Enabled", filter: {}, transitions: ARCHIVE, ...fields });
    return buildPlanEvidence({ type: LIFECYCLE, name: "raw-lifecycle", inputs: { bucket: "<id of raw>", rules: [given, ...more] } });
}

function buildTwo(...buckets: readonly string[]): Evidence {
    const rules = [{ id: "clean-up", status: "Enabled", filter: {}, abortIncompleteMultipartUpload: { daysAfterInitiation: 7 } }];
    const resources = buckets.map((bucket, index) => ({ type: LIFECYCLE, name: `lifecycle-${index}`, inputs: { bucket, rules } }));
    return buildPlanEvidence(...resources);
}
