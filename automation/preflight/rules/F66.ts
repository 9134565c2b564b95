/** F66: somebody hears of alerts. */
import type { Plan, PlannedResource } from "../../engine/engine.ts";
import type { AccountView, TopicSubscriptions } from "../account/accountView.ts";
import { answerOf } from "../account/answerOf.ts";
import { findPlace } from "../planReading/place.ts";
import { ROLE_POLICY } from "../planReading/policies.ts";
import { checkEach } from "../planReading/remarks.ts";
import type { Fault } from "../planReading/remarks.ts";
import { isUnknown } from "../planReading/values.ts";
import { buildAccount, buildPlanEvidence } from "../samples.ts";
import type { SampleResource } from "../samples.ts";
import { defineRule } from "../rule.ts";
import type { CheckResult, Evidence } from "../rule.ts";

const TOPIC = "aws:sns/topic:Topic";

export const rule = defineRule({
    id: "F66",
    kind: "account",
    needs: ["plan", "account"],
    title: "Somebody hears of alerts",
    story: "Alarms went off for a week and nobody knew: the link in SNS's mail was never followed, the mail lay in a spam folder, and a "
        + "subscription that nobody confirms looks in the program like any other.",
    source: "https://docs.aws.amazon.com/sns/latest/dg/sns-email-notifications.html",
    prevention: "prod is refused without an address; `up` says which addresses have not confirmed, and `verify` asks again.",
    fix: "follow the link in the mail \"AWS Notification - Subscription Confirmation\" (look into the spam folder), or name other "
        + "addresses in alerts.emails or alerts.urls",
    applies: ({ plan }) => topicsOf(plan).length > 0,
    async check(evidence): Promise<CheckResult> {
        const { stack, plan, account } = evidence;
        const place = findPlace(plan);
        return checkEach(evidence, topicsOf(plan), async (topic) => {
            const { name } = topic.inputs;
            if (place === undefined || typeof name !== "string" || isUnknown(name)) {
                return [{ open: "its name is not known before the deployment" }];
            }
            const arn = `arn:${place.partition}:sns:${account.region}:${place.account}:${name}`;
            const look = await answerOf(account.subscriptions(arn));
            if ("unanswered" in look) return [{ open: look.unanswered }];
            // Before the first deployment there is no topic, and nobody can have confirmed anything.
            return look.answer === undefined ? [] : judge(look.answer, stack);
        });
    },
    mustFind: [
        { title: "a topic that nobody has subscribed to", evidence: () => buildEvidence({ confirmed: 0, unconfirmed: [] }) },
        { title: "a topic whose only address has not confirmed", evidence: () => buildEvidence({ confirmed: 0, unconfirmed: [PERSON] }) },
        { title: "one of two addresses that has not confirmed", evidence: () => buildEvidence({ confirmed: 1, unconfirmed: [PERSON] }) },
    ],
    mustPass: [
        { title: "addresses that have all confirmed", evidence: () => buildEvidence({ confirmed: 2, unconfirmed: [] }) },
        { title: "a topic that the first deployment is to make", evidence: () => buildEvidence(undefined) },
    ],
});

function topicsOf({ resources }: Plan): readonly PlannedResource[] {
    return resources.filter(({ type }) => type === TOPIC);
}

function judge({ confirmed, unconfirmed }: TopicSubscriptions, stack: string): readonly Fault[] {
    if (unconfirmed.length > 0) {
        const whoever = confirmed > 0 ? "somebody does not hear" : "nobody hears";
        return [{ severity: "warning", what: `${whoever} of alerts: not confirmed by ${unconfirmed.join(", ")}`, setting: "alerts" }];
    }
    if (confirmed > 0) return [];
    return [{
        severity: "warning", what: "nobody hears of alerts: the topic has no subscription", setting: "alerts",
        fix: `name addresses in alerts.emails or alerts.urls, and run \`node automation/deploy.ts up --stack ${stack}\``,
    }];
}

const PERSON = "ops@example.com";
const TOPICS = "arn:aws:sns:eu-central-1:123456789012";

function buildEvidence(answer: TopicSubscriptions | undefined): Evidence {
    const policy: SampleResource = { type: ROLE_POLICY, name: "policy", inputs: { policy: `${TOPICS}:other` } };
    const topic: SampleResource = { type: TOPIC, name: "alerts-topic", inputs: { name: "alerts" } };
    const subscriptions: AccountView["subscriptions"] = async (topicArn) => (topicArn === `${TOPICS}:alerts` ? answer : undefined);
    return { ...buildPlanEvidence(policy, topic), account: buildAccount({ subscriptions }) };
}
