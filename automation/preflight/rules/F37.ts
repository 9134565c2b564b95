/** F37: a bucket tells of its objects whom it may tell, once, and after they allowed it. */
import type { Plan, PlannedResource } from "../../engine/engine.ts";
import { UNKNOWN } from "../../engine/provider.ts";
import type { PropertyMap } from "../../engine/provider.ts";
import { parseStatements } from "../planReading/policies.ts";
import { ancestorsOf, sharesSource } from "../planReading/order.ts";
import { checkEach } from "../planReading/remarks.ts";
import type { Remark } from "../planReading/remarks.ts";
import { sectionsOf } from "../planReading/sections.ts";
import { buildPlanEvidence, urnOf } from "../samples.ts";
import type { SampleResource } from "../samples.ts";
import { defineRule } from "../rule.ts";
import type { Evidence, Having } from "../rule.ts";

const NOTIFICATION = "aws:s3/bucketNotification:BucketNotification";
const PERMISSION = "aws:lambda/permission:Permission";
const BUCKET = "aws:s3/bucket:Bucket";
const SENDER = "s3.amazonaws.com";

/** Lists of a notification, where each names its target, and what lets S3 reach it: for a function a permission, else a policy. */
const LISTS = [
    { list: "lambdaFunctions", arn: "lambdaFunctionArn", grants: { type: PERMISSION, target: "function" } },
    { list: "queues", arn: "queueArn", grants: { type: "aws:sqs/queuePolicy:QueuePolicy", target: "queueUrl" } },
    { list: "topics", arn: "topicArn", grants: { type: "aws:sns/topicPolicy:TopicPolicy", target: "arn" } },
] as const;

type Grants = typeof LISTS[number]["grants"];

export const rule = defineRule({
    id: "F37",
    kind: "plan",
    needs: ["plan"],
    title: "A bucket's notifications have targets, which let S3 in before",
    story: "The notification's function ARN was null, in a nested section that nothing had checked; in another report the permission came "
        + "after the notification. S3 refuses both: \"Unable to validate the following destination configurations\".",
    source: "field reports S0-S4",
    prevention: "The raw bucket tells EventBridge, which needs no permission; the rule there names the bucket.",
    fix: "name an existing target, give S3 a permission with sourceArn of the bucket, and let the notification depend on it",
    applies: (evidence) => notificationsOf(evidence).length > 0,
    check(evidence) {
        const { plan } = evidence;
        const notifications = notificationsOf(evidence);
        return checkEach(evidence, notifications, (notification) => [
            ...LISTS.flatMap(({ list, arn, grants }) => sectionsOf(notification.inputs[list])
                .flatMap((target) => checkTarget(target[arn], { notification, list, grants, plan }))),
            ...findOverlaps(notification.inputs),
            ...findRival(notification, notifications.slice(0, notifications.indexOf(notification))),
        ]);
    },
    mustFind: [
        { title: "an empty ARN", evidence: () => buildEvidence([{ lambdaFunctionArn: "", events: [CREATED] }]) },
        { title: "a target without an ARN", evidence: () => buildEvidence([{ events: [CREATED] }]) },
        { title: "the text undefined", evidence: () => buildEvidence([{ lambdaFunctionArn: "undefined", events: [CREATED] }]) },
        { title: "a function that does not let S3 in", evidence: () => buildEvidence([TARGET], { principal: "events.amazonaws.com" }) },
        { title: "a permission for another bucket", evidence: () => buildEvidence([TARGET], { sourceArn: "arn:aws:s3:::processed" }) },
        { title: "a notification that does not wait for the permission", evidence: () => buildEvidence([TARGET], { waits: false }) },
        {
            title: "two targets for the same objects",
            evidence: () => buildEvidence([TARGET, { ...TARGET, events: ["s3:ObjectCreated:Put"] }]),
        },
        {
            title: "two targets whose prefixes overlap",
            evidence: () => buildEvidence([{ ...TARGET, filterPrefix: "data/" }, { ...TARGET, filterPrefix: "data/new/" }]),
        },
        { title: "a queue that lets another service in", evidence: () => buildQueue("sns.amazonaws.com") },
        { title: "two notifications of one bucket", evidence: buildTwo },
    ],
    mustPass: [
        { title: "a function that lets S3 in before", evidence: () => buildEvidence([TARGET]) },
        { title: "a queue that lets S3 in", evidence: () => buildQueue(SENDER) },
        {
            title: "two targets for two folders",
            evidence: () => buildEvidence([{ ...TARGET, filterPrefix: "data/" }, { ...TARGET, filterPrefix: "images/" }]),
        },
        {
            title: "two targets for two kinds of events",
            evidence: () => buildEvidence([TARGET, { ...TARGET, events: ["s3:ObjectRemoved:*"] }]),
        },
        {
            title: "a bucket that tells EventBridge alone",
            evidence: () => buildPlanEvidence({ type: NOTIFICATION, name: "events", inputs: { bucket: "raw", eventbridge: true } }),
        },
    ],
});

function notificationsOf({ plan }: Having<"plan">): readonly PlannedResource[] {
    return plan.resources.filter(({ type }) => type === NOTIFICATION);
}

interface TargetPlace { readonly notification: PlannedResource; readonly list: string; readonly grants: Grants; readonly plan: Plan }

function checkTarget(arn: unknown, { notification, list, grants, plan }: TargetPlace): readonly Remark[] {
    if (arn === undefined || arn === null || arn === "" || arn === "undefined" || arn === "null") {
        return [{ what: `a target of ${list} has the ARN ${JSON.stringify(arn ?? null)}` }];
    }
    const targets = plan.resources.filter(({ urn }) => (notification.propertyDependencies[list] ?? []).includes(urn));
    if (targets.length === 0) return [{ open: `nothing here says whether ${String(arn)} lets S3 in: it is not of this program` }];
    // A queue or a topic may have its policy on itself.
    const givers = [...targets, ...plan.resources.filter(({ type, propertyDependencies }) => type === grants.type
        && (propertyDependencies[grants.target] ?? []).some((urn) => targets.some((target) => target.urn === urn)))];
    if (givers.some(({ inputs }) => inputs["policy"] === UNKNOWN)) return [{ open: "a policy is not known before the deployment" }];
    const fitting = givers.filter((giver) => letsIn(giver, notification, plan));
    if (fitting.length === 0) return [{ what: `${targets.map(({ name }) => name).join(", ")} does not let ${SENDER} in for this bucket` }];
    const before = ancestorsOf(notification, plan);
    if (fitting.some(({ urn }) => before.has(urn))) return [];
    return [{ what: `does not wait for ${fitting.map(({ name }) => name).join(", ")}, without which S3 refuses the target` }];
}

function letsIn(giver: PlannedResource, notification: PlannedResource, plan: Plan): boolean {
    if (giver.type === PERMISSION) return giver.inputs["principal"] === SENDER && isFor(giver, notification, plan);
    const statements = parseStatements(giver.inputs["policy"]) ?? [];
    return statements.some(({ effect, services }) => effect === "Allow" && services.includes(SENDER));
}

/** A permission without a source is for every bucket. */
function isFor({ inputs, propertyDependencies }: PlannedResource, notification: PlannedResource, { resources }: Plan): boolean {
    const { sourceArn } = inputs;
    if (sourceArn === undefined) return true;
    const buckets = notification.propertyDependencies["bucket"] ?? [];
    if (buckets.some((urn) => (propertyDependencies["sourceArn"] ?? []).includes(urn))) return true;
    const names = resources.filter(({ urn, type }) => type === BUCKET && buckets.includes(urn)).map((bucket) => bucket.inputs["bucket"]);
    return [notification.inputs["bucket"], ...names].some((name) => typeof name === "string" && String(sourceArn).endsWith(`:::${name}`));
}

/** S3 refuses two targets for one event of one object, whichever lists they stand in. */
function findOverlaps(inputs: PropertyMap): readonly Remark[] {
    const targets = LISTS.flatMap(({ list }) => sectionsOf(inputs[list]));
    return targets.flatMap((target, index) => targets.slice(0, index)
        .filter((other) => overlaps(target, other))
        .map((other) => ({ what: `two targets want the same events of the same objects: ${describe(other)}, and ${describe(target)}` })));
}

function overlaps(one: PropertyMap, other: PropertyMap): boolean {
    const text = (target: PropertyMap, property: string): string => String(target[property] ?? "");
    const [prefix, otherPrefix] = [text(one, "filterPrefix"), text(other, "filterPrefix")] as const;
    const [suffix, otherSuffix] = [text(one, "filterSuffix"), text(other, "filterSuffix")] as const;
    return eventsOf(one).some((event) => eventsOf(other).some((another) => isWithin(event, another) || isWithin(another, event)))
        && (prefix.startsWith(otherPrefix) || otherPrefix.startsWith(prefix))
        && (suffix.endsWith(otherSuffix) || otherSuffix.endsWith(suffix));
}

/** `s3:ObjectCreated:Put` within `s3:ObjectCreated:*`. */
function isWithin(event: string, group: string): boolean {
    return group.endsWith("*") ? event.startsWith(group.slice(0, -1)) : event === group;
}

function eventsOf({ events }: PropertyMap): readonly string[] {
    return Array.isArray(events) ? events.map(String) : [];
}

function describe(target: PropertyMap): string {
    return `${eventsOf(target).join(", ")} below ${JSON.stringify(target["filterPrefix"] ?? "")}`;
}

function findRival(notification: PlannedResource, others: readonly PlannedResource[]): readonly Remark[] {
    const rivals = others.filter((other) => sharesSource(notification, other, "bucket"));
    return rivals.map(({ name }) => ({ what: `is a second notification of the bucket of ${name}: the later one replaces the other` }));
}

const CREATED = "s3:ObjectCreated:*";
const TARGET: PropertyMap = { lambdaFunctionArn: "arn:aws:lambda:eu-central-1:123456789012:function:worker", events: [CREATED] };

interface PermissionArgs { readonly principal?: string; readonly sourceArn?: string; readonly waits?: boolean }

function buildEvidence(lambdaFunctions: readonly PropertyMap[], given: PermissionArgs = {}): Evidence {
    const { principal = SENDER, sourceArn = "arn:aws:s3:::raw", waits = true } = given;
    const worker: SampleResource = { type: "aws:lambda/function:Function", name: "worker" };
    const permission: SampleResource = {
        type: PERMISSION, name: "worker-permission", inputs: { principal, sourceArn }, propertyDependencies: { function: [urnOf(worker)] },
    };
    return buildPlanEvidence(worker, permission, {
        type: NOTIFICATION, name: "raw-events", inputs: { bucket: "raw", lambdaFunctions },
        propertyDependencies: { lambdaFunctions: [urnOf(worker)] }, dependencies: waits ? [urnOf(permission)] : [],
    });
}

function buildQueue(service: string): Evidence {
    const statement = { Effect: "Allow", Principal: { Service: service }, Action: "sqs:SendMessage", Resource: "*" };
    const policy = JSON.stringify({ Statement: [statement] });
    const queue: SampleResource = { type: "aws:sqs/queue:Queue", name: "letters", inputs: { policy } };
    const queues = [{ queueArn: "arn:aws:sqs:eu-central-1:123456789012:letters", events: [CREATED] }];
    return buildPlanEvidence(queue, {
        type: NOTIFICATION, name: "raw-events", inputs: { bucket: "raw", queues },
        propertyDependencies: { queues: [urnOf(queue)] }, dependencies: [urnOf(queue)],
    });
}

function buildTwo(): Evidence {
    const inputs = { bucket: "raw", eventbridge: true };
    return buildPlanEvidence({ type: NOTIFICATION, name: "first", inputs }, { type: NOTIFICATION, name: "second", inputs });
}
