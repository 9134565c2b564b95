/** F49: CloudWatch may use the key of the topic that its alarms are sent to. */
import type { Plan, PlannedResource } from "../../engine/engine.ts";
import { sourcesOf } from "../planReading/order.ts";
import { covers, readPolicies } from "../planReading/policies.ts";
import type { Statement } from "../planReading/policies.ts";
import { checkEach } from "../planReading/remarks.ts";
import type { Remark } from "../planReading/remarks.ts";
import { buildPlanEvidence, urnOf } from "../samples.ts";
import type { SampleResource } from "../samples.ts";
import { defineRule } from "../rule.ts";
import type { Evidence } from "../rule.ts";

const TOPIC = "aws:sns/topic:Topic";
const TOPIC_POLICY = "aws:sns/topicPolicy:TopicPolicy";
const KEY = "aws:kms/key:Key";
const KEY_POLICY = "aws:kms/keyPolicy:KeyPolicy";
/** The key that AWS keeps for SNS, whose policy nobody can change. */
const OF_AWS = "alias/aws/sns";
const ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm";
const BUDGET = "aws:budgets/budget:Budget";
const EVENT_TARGET = "aws:cloudwatch/eventTarget:EventTarget";

/** Who publishes, found by what names the topic, and what it does with the key. */
const PUBLISHERS = [
    { type: ALARM, property: "alarmActions", service: "cloudwatch.amazonaws.com", what: "alarms" },
    { type: "aws:cloudwatch/compositeAlarm:CompositeAlarm", property: "alarmActions", service: "cloudwatch.amazonaws.com", what: "alarms" },
    { type: EVENT_TARGET, property: "arn", service: "events.amazonaws.com", what: "events" },
    { type: BUDGET, property: "notifications", service: "budgets.amazonaws.com", what: "budget notices" },
] as const;

/** https://repost.aws/knowledge-center/cloudwatch-configure-alarm-sns */
const NEEDED = ["kms:Decrypt", "kms:GenerateDataKey"];

export const rule = defineRule({
    id: "F49",
    kind: "plan",
    needs: ["plan"],
    title: "What sends alarms may use the topic's key",
    story: "The alert topic was encrypted with a key whose policy did not name CloudWatch. Alarms went off, and their action failed "
        + "without a sign: nobody was told for weeks. The key that AWS keeps for SNS has the same gap, and cannot be changed.",
    source: "https://repost.aws/knowledge-center/cloudwatch-configure-alarm-sns",
    prevention: "The key's policy names every service that publishes to the topic; the rehearsal sends an alarm through it.",
    fix: "let the service use the key in the key's policy: kms:Decrypt and kms:GenerateDataKey*, on condition of the account",
    applies: ({ plan }) => publishedTopics(plan).length > 0,
    check: (evidence) => checkEach(evidence, publishedTopics(evidence.plan), (publication) => judge(publication, evidence.plan)),
    mustFind: [
        { title: "a key that knows nobody but the account", evidence: () => buildEvidence({ services: [] }) },
        { title: "a key that lets CloudWatch decrypt only", evidence: () => buildEvidence({ actions: ["kms:Decrypt"] }) },
        { title: "an alarm that has the topic from its policy", evidence: () => buildEvidence({ services: [], hasPolicy: true }) },
        { title: "AWS's own key for SNS", evidence: () => buildEvidence({ keyId: "alias/aws/sns" }) },
        { title: "a key that lets CloudWatch, and not the events that go there too", evidence: () => buildEvidence({ sender: TARGET }) },
        { title: "a key that lets CloudWatch, and not the budget", evidence: () => buildEvidence({ sender: NOTICE }) },
        { title: "a key whose policy stands apart", evidence: () => buildEvidence({ services: [], isApart: true }) },
    ],
    mustPass: [
        { title: "a key that lets CloudWatch", evidence: () => buildEvidence({}) },
        {
            title: "a key that lets both",
            evidence: () => buildEvidence({ sender: TARGET, services: ["cloudwatch.amazonaws.com", "events.amazonaws.com"] }),
        },
        { title: "a key whose policy stands apart and lets CloudWatch", evidence: () => buildEvidence({ isApart: true }) },
        { title: "a topic without a key", evidence: () => buildEvidence({ keyId: undefined }) },
    ],
});

interface Publication extends Pick<PlannedResource, "name" | "urn"> {
    readonly topic: PlannedResource;
    readonly service: string;
    readonly what: string;
}

/** Findings are about the key, when the program has it: there it has to be mended. */
function publishedTopics(plan: Plan): readonly Publication[] {
    return plan.resources.filter(({ type }) => type === TOPIC).flatMap((topic) => {
        const names = namesOf(topic, plan);
        const senders = PUBLISHERS.filter(({ type, property }) => plan.resources
            .some((other) => other.type === type && (other.propertyDependencies[property] ?? []).some((urn) => names.includes(urn))));
        const { name, urn } = findKey(topic, plan) ?? topic;
        return [...new Map(senders.map(({ service, what }) => [service, { name, urn, topic, service, what }])).values()];
    });
}

function judge({ topic, service, what }: Publication, plan: Plan): readonly Remark[] {
    const { kmsMasterKeyId } = topic.inputs;
    if (kmsMasterKeyId === undefined || kmsMasterKeyId === "") return [];
    if (kmsMasterKeyId === OF_AWS) {
        const fix = "give the topic a key of the program's own (kmsMasterKeyId)";
        return [{ what: `${topic.name} has AWS's own key for SNS, which ${service} may not use, so ${what} never reach it`, fix }];
    }
    const key = findKey(topic, plan);
    if (key === undefined) return [{ open: "its key is not of this program" }];
    const statements = readKeyStatements(key, plan);
    if (statements === undefined) return [{ open: "its policy is not known before the deployment" }];
    const granted = statements.filter(({ effect, services, isForEverybody }) => effect === "Allow"
        && (isForEverybody || services.includes(service)));
    const missing = NEEDED.filter((action) => !granted.some(({ actions }) => actions.some((pattern) => covers(pattern, action))));
    if (missing.length === 0) return [];
    return [{ what: `${service} may not ${missing.join(", ")}, so ${what} never reach ${topic.name}` }];
}

/** Of the policy on the key, or apart from it. Undefined when one is not known. */
function readKeyStatements(key: PlannedResource, plan: Plan): readonly Statement[] | undefined {
    const policies = readPolicies(plan).filter(({ resource }) => resource.urn === key.urn
        || (resource.type === KEY_POLICY && sourcesOf(resource, "keyId", { plan, type: KEY }).includes(key)));
    return policies.every(({ statements }) => statements !== undefined) ? policies.flatMap(({ statements = [] }) => statements) : undefined;
}

/** What a publisher may have the topic's ARN from: the topic, or its policy, which hands it on to those who come after it. */
function namesOf({ urn: topic }: PlannedResource, { resources }: Plan): readonly string[] {
    const policies = resources.filter(({ type, propertyDependencies }) => type === TOPIC_POLICY
        && (propertyDependencies["arn"] ?? []).includes(topic));
    return [topic, ...policies.map(({ urn }) => urn)];
}

function findKey(topic: PlannedResource, plan: Plan): PlannedResource | undefined {
    return sourcesOf(topic, "kmsMasterKeyId", { plan, type: KEY })[0];
}

const TARGET = { type: EVENT_TARGET, property: "arn" };
const NOTICE = { type: BUDGET, property: "notifications" };

interface SampleArgs {
    readonly services?: readonly string[];
    readonly actions?: readonly string[];
    readonly keyId?: string | undefined;
    /** Beside the alarm. */
    readonly sender?: { readonly type: string; readonly property: string };
    readonly isApart?: boolean;
    readonly hasPolicy?: boolean;
}

function buildEvidence(sample: SampleArgs): Evidence {
    const { services = ["cloudwatch.amazonaws.com"], actions = ["kms:Decrypt", "kms:GenerateDataKey*"], sender, isApart = false } = sample;
    const statements = services.map((Service) => ({ Effect: "Allow", Principal: { Service }, Action: actions, Resource: "*" }));
    const policy = JSON.stringify({ Statement: statements });
    const key: SampleResource = { type: KEY, name: "lambda-key", inputs: isApart ? {} : { policy } };
    const keyPolicy: SampleResource = {
        type: KEY_POLICY, name: "lambda-key-policy", inputs: { policy }, propertyDependencies: { keyId: [urnOf(key)] },
    };
    const isOwn = !("keyId" in sample);
    const kmsMasterKeyId = isOwn ? "<arn of lambda-key>" : sample.keyId;
    const topic: SampleResource = {
        type: TOPIC, name: "alerts-topic", inputs: kmsMasterKeyId === undefined ? {} : { kmsMasterKeyId },
        propertyDependencies: isOwn ? { kmsMasterKeyId: [urnOf(key)] } : {},
    };
    const topicPolicy: SampleResource = { type: TOPIC_POLICY, name: "alerts-topic-policy", propertyDependencies: { arn: [urnOf(topic)] } };
    const handedOn = urnOf(sample.hasPolicy === true ? topicPolicy : topic);
    const alarm: SampleResource = { type: ALARM, name: "errors", propertyDependencies: { alarmActions: [handedOn] } };
    const others = sender === undefined ? [] : [{
        type: sender.type, name: "sender", propertyDependencies: { [sender.property]: [urnOf(topic)] },
    }];
    return buildPlanEvidence(key, ...(isApart ? [keyPolicy] : []), topic, topicPolicy, alarm, ...others);
}
