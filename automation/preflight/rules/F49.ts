/** F49: CloudWatch may use the key of the topic that its alarms are sent to. */
import type { Plan, PlannedResource } from "../../engine/engine.ts";
import { covers, parseStatements } from "../planReading/policies.ts";
import { buildPlanEvidence, urnOf } from "../samples.ts";
import type { SampleResource } from "../samples.ts";
import { defineRule } from "../rule.ts";
import type { CheckResult, Evidence, Finding } from "../rule.ts";

const TOPIC = "aws:sns/topic:Topic";
const TOPIC_POLICY = "aws:sns/topicPolicy:TopicPolicy";
const KEY = "aws:kms/key:Key";
const ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm";
const EVENT_TARGET = "aws:cloudwatch/eventTarget:EventTarget";

/** Who publishes, found by what names the topic, and what it does with the key. */
const PUBLISHERS = [
    { type: ALARM, property: "alarmActions", service: "cloudwatch.amazonaws.com", what: "alarms" },
    { type: EVENT_TARGET, property: "arn", service: "events.amazonaws.com", what: "events" },
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
    check({ plan, stack }): CheckResult {
        const findings: Finding[] = [];
        for (const { topic, service, what } of publishedTopics(plan)) {
            const key = findKey(topic, plan);
            if (key === "none") continue;
            const statements = key === undefined ? [] : parseStatements(key.inputs["policy"]);
            if (statements === undefined) {
                return { findings: [], open: `the policy of ${key?.name ?? "a key"} is not known before the deployment` };
            }
            const granted = statements.filter(({ effect, services }) => effect === "Allow" && services.includes(service));
            const missing = NEEDED.filter((action) => !granted.some(({ actions }) => actions.some((pattern) => covers(pattern, action))));
            if (missing.length > 0) {
                findings.push({
                    severity: "blocker", where: `${stack}/${key?.name ?? topic.name}`,
                    what: `${service} may not ${missing.join(", ")}, so ${what} never reach ${topic.name}`,
                });
            }
        }
        return { findings };
    },
    mustFind: [
        { title: "a key that knows nobody but the account", evidence: () => buildEvidence({ services: [] }) },
        { title: "a key that lets CloudWatch decrypt only", evidence: () => buildEvidence({ actions: ["kms:Decrypt"] }) },
        { title: "an alarm that has the topic from its policy", evidence: () => buildEvidence({ services: [], hasPolicy: true }) },
        { title: "AWS's own key for SNS", evidence: () => buildEvidence({ keyId: "alias/aws/sns" }) },
        { title: "a key that lets CloudWatch, and not the events that go there too", evidence: () => buildEvidence({ hasRule: true }) },
    ],
    mustPass: [
        { title: "a key that lets CloudWatch", evidence: () => buildEvidence({}) },
        {
            title: "a key that lets both",
            evidence: () => buildEvidence({ hasRule: true, services: ["cloudwatch.amazonaws.com", "events.amazonaws.com"] }),
        },
        { title: "a topic without a key", evidence: () => buildEvidence({ keyId: undefined }) },
    ],
});

interface Publication { readonly topic: PlannedResource; readonly service: string; readonly what: string }

function publishedTopics(plan: Plan): readonly Publication[] {
    return plan.resources.filter(({ type }) => type === TOPIC).flatMap((topic) => {
        const names = namesOf(topic, plan);
        return PUBLISHERS
            .filter(({ type, property }) => plan.resources
                .some((other) => other.type === type && (other.propertyDependencies[property] ?? []).some((urn) => names.includes(urn))))
            .map(({ service, what }) => ({ topic, service, what }));
    });
}

/** What a publisher may have the topic's ARN from: the topic, or its policy, which hands it on to those who come after it. */
function namesOf({ urn: topic }: PlannedResource, { resources }: Plan): readonly string[] {
    const policies = resources.filter(({ type, propertyDependencies }) => type === TOPIC_POLICY
        && (propertyDependencies["arn"] ?? []).includes(topic));
    return [topic, ...policies.map(({ urn }) => urn)];
}

/** `none` when the topic has no key; undefined when its key is none of the plan's. */
function findKey(topic: PlannedResource, plan: Plan): PlannedResource | "none" | undefined {
    if (topic.inputs["kmsMasterKeyId"] === undefined) return "none";
    const urns = topic.propertyDependencies["kmsMasterKeyId"] ?? [];
    return plan.resources.find(({ urn, type }) => type === KEY && urns.includes(urn));
}

interface SampleArgs {
    readonly services?: readonly string[];
    readonly actions?: readonly string[];
    readonly keyId?: string | undefined;
    readonly hasRule?: boolean;
    readonly hasPolicy?: boolean;
}

function buildEvidence(sample: SampleArgs): Evidence {
    const { services = ["cloudwatch.amazonaws.com"], actions = ["kms:Decrypt", "kms:GenerateDataKey*"], hasRule = false } = sample;
    const statements = services.map((Service) => ({ Effect: "Allow", Principal: { Service }, Action: actions, Resource: "*" }));
    const policy = JSON.stringify({ Statement: statements });
    const key: SampleResource = { type: KEY, name: "lambda-key", inputs: { policy } };
    const isOwn = !("keyId" in sample);
    const kmsMasterKeyId = isOwn ? "<arn of lambda-key>" : sample.keyId;
    const topic: SampleResource = {
        type: TOPIC, name: "alerts-topic", inputs: kmsMasterKeyId === undefined ? {} : { kmsMasterKeyId },
        propertyDependencies: isOwn ? { kmsMasterKeyId: [urnOf(key)] } : {},
    };
    const topicPolicy: SampleResource = { type: TOPIC_POLICY, name: "alerts-topic-policy", propertyDependencies: { arn: [urnOf(topic)] } };
    const handedOn = urnOf(sample.hasPolicy === true ? topicPolicy : topic);
    const alarm: SampleResource = { type: ALARM, name: "errors", propertyDependencies: { alarmActions: [handedOn] } };
    const target: SampleResource = { type: EVENT_TARGET, name: "changes", propertyDependencies: { arn: [urnOf(topic)] } };
    return buildPlanEvidence(key, topic, topicPolicy, alarm, ...(hasRule ? [target] : []));
}
