/** F61: a bucket that receives access logs is encrypted with S3's own key. */
import type { Plan, PlannedResource } from "../../engine/engine.ts";
import { UNKNOWN } from "../../engine/provider.ts";
import { checkEach } from "../planReading/remarks.ts";
import type { Remark } from "../planReading/remarks.ts";
import { sectionsOf } from "../planReading/sections.ts";
import { buildPlanEvidence, urnOf } from "../samples.ts";
import type { SampleResource } from "../samples.ts";
import { defineRule } from "../rule.ts";
import type { Evidence, Having } from "../rule.ts";

const BUCKET = "aws:s3/bucket:Bucket";
const ENCRYPTION = "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration";
const LOGGING = "aws:s3/bucketLogging:BucketLogging";
/** Two names of one type. */
const BALANCERS = ["aws:lb/loadBalancer:LoadBalancer", "aws:alb/loadBalancer:LoadBalancer"] as const;

/**
 * Network load balancers write with keys of the account's too; application load balancers only with S3's.
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-access-logs.html,
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/application/enable-access-logging.html
 */
const CAN_USE_KEYS = "network";

export const rule = defineRule({
    id: "F61",
    kind: "plan",
    needs: ["plan"],
    title: "Access logs go to buckets with S3's own key",
    story: "All buckets got a key of the account's, the one for access logs too. Log delivery cannot use such a key: the bucket stayed "
        + "empty without an error, and the load balancer's attributes were refused. Who had read the data could not be found out.",
    source: "https://docs.aws.amazon.com/AmazonS3/latest/userguide/enable-server-access-logging.html",
    prevention: "The logs bucket is made without a key of its own, which is SSE-S3 (components/data/storage.ts).",
    fix: "encrypt the bucket that receives the logs with AES256 (SSE-S3)",
    applies: (evidence) => loggers(evidence).length > 0,
    check(evidence) {
        const { plan } = evidence;
        const all = loggers(evidence);
        const buckets = plan.resources.filter((bucket) => bucket.type === BUCKET && all.some((logger) => logsTo(logger, bucket)));
        const lost = all.filter((logger) => !buckets.some((bucket) => logsTo(logger, bucket)));
        return checkEach(evidence, [...buckets, ...lost], (resource): readonly Remark[] => {
            if (resource.type !== BUCKET) return [{ open: "the bucket that it logs to is not of this program" }];
            return checkBucket(resource, all.filter((logger) => logsTo(logger, resource)), plan);
        });
    },
    mustFind: [
        { title: "a logs bucket with a key of the account's", evidence: () => buildEvidence("aws:kms") },
        { title: "a logs bucket with two keys over each other", evidence: () => buildEvidence("aws:kms:dsse") },
        { title: "a load balancer that logs there", evidence: () => buildEvidence("aws:kms", true) },
        { title: "a bucket that is known by its name alone", evidence: () => buildEvidence("aws:kms", false, false) },
    ],
    mustPass: [
        { title: "a logs bucket with S3's own key", evidence: () => buildEvidence("AES256") },
        { title: "a network load balancer beside, which can use the key", evidence: () => addNetworkBalancer(buildEvidence("AES256")) },
        { title: "a logs bucket without a word, which is the same", evidence: () => buildEvidence(undefined) },
    ],
});

function loggers({ plan }: Having<"plan">): readonly PlannedResource[] {
    return plan.resources.filter(({ type, inputs }) => type === LOGGING || (BALANCERS.some((each) => each === type)
        && inputs["loadBalancerType"] !== CAN_USE_KEYS && sectionsOf(inputs["accessLogs"]).some(isOn)));
}

/** The provider's default is off. */
function isOn({ enabled }: Readonly<Record<string, unknown>>): boolean {
    return enabled === true;
}

function logsTo(logger: PlannedResource, bucket: PlannedResource): boolean {
    const { inputs, propertyDependencies } = logger;
    const [property, name] = logger.type === LOGGING
        ? ["targetBucket", inputs["targetBucket"]] as const
        : ["accessLogs", sectionsOf(inputs["accessLogs"])[0]?.["bucket"]] as const;
    return (propertyDependencies[property] ?? []).includes(bucket.urn) || (typeof name === "string" && bucket.inputs["bucket"] === name);
}

function checkBucket(bucket: PlannedResource, writers: readonly PlannedResource[], { resources }: Plan): readonly Remark[] {
    const encryptions = resources.filter(({ type, propertyDependencies }) => type === ENCRYPTION
        && (propertyDependencies["bucket"] ?? []).includes(bucket.urn));
    return encryptions.flatMap(({ name, inputs: { rules } }): readonly Remark[] => {
        if (rules === UNKNOWN) return [{ open: `its encryption (${name}) is not known before the deployment` }];
        const defaults = sectionsOf(rules).flatMap((each) => sectionsOf(each["applyServerSideEncryptionByDefault"]));
        const names = writers.map((writer) => writer.name).join(", ");
        return defaults.filter(({ sseAlgorithm }) => sseAlgorithm !== "AES256").map(({ sseAlgorithm }) => ({
            what: `is encrypted with ${String(sseAlgorithm)} (${name}), so ${names} cannot write into it`,
        }));
    });
}

const LOGS_THERE = { bucket: "logs", enabled: true };

function buildEvidence(sseAlgorithm: string | undefined, isBalancer = false, isLinked = true): Having<"plan"> {
    const logs: SampleResource = { type: BUCKET, name: "logs-bucket", inputs: { bucket: "logs" } };
    const encryption: SampleResource = {
        type: ENCRYPTION, name: "logs-encryption", propertyDependencies: { bucket: [urnOf(logs)] },
        inputs: { rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: sseAlgorithm ?? "AES256" } }] },
    };
    const links = isLinked ? [urnOf(logs)] : [];
    const logger: SampleResource = isBalancer
        ? { type: BALANCERS[0], name: "balancer", inputs: { accessLogs: LOGS_THERE }, propertyDependencies: { accessLogs: links } }
        : { type: LOGGING, name: "raw-access-logging", inputs: { targetBucket: "logs" }, propertyDependencies: { targetBucket: links } };
    return buildPlanEvidence(logs, ...(sseAlgorithm === undefined ? [] : [encryption]), logger);
}

function addNetworkBalancer(evidence: Having<"plan">): Evidence {
    const own: SampleResource = { type: BUCKET, name: "own-logs-bucket", inputs: { bucket: "own-logs" } };
    const encryption: SampleResource = {
        type: ENCRYPTION, name: "own-logs-encryption", propertyDependencies: { bucket: [urnOf(own)] },
        inputs: { rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms" } }] },
    };
    const balancer: SampleResource = {
        type: BALANCERS[0], name: "network-balancer",
        inputs: { loadBalancerType: CAN_USE_KEYS, accessLogs: { bucket: "own-logs", enabled: true } },
    };
    const { plan: { resources } } = buildPlanEvidence(own, encryption, balancer);
    return { ...evidence, plan: { ...evidence.plan, resources: [...evidence.plan.resources, ...resources] } };
}
