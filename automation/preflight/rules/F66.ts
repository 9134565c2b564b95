/** F66: somebody hears of alerts. */
import type { Plan, PlannedResource } from "../../engine/engine.ts";
import type { AccountView, TopicSubscriptions } from "../account/accountView.ts";
import { tryToAsk } from "../account/asking.ts";
import { findPlace } from "../planReading/place.ts";
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
    prevention: "`up` says which addresses have not confirmed, and `verify` asks again.",
    fix: "follow the link in the mail \"AWS Notification - Subscription Confirmation\" (look into the spam folder); name more addresses in alerts.emails or alerts.urls",
    applies: ({ plan }) => topicsOf(plan).length > 0,
    async check(evidence): Promise<CheckResult> {
        const { stack, plan, account } = evidence;
        const place = findPlace(plan);
        return checkEach(evidence, topicsOf(plan), async (topic) => {
            const { name } = topic.inputs;
            if (place === undefined || typeof name !== "string" || isUnknown(name)) return [{ open: "its name is not known before the deployment" }];
            const { answer, open } = await tryToAsk(account.subscriptions(`arn:${place.partition}:sns:${account.region}:${place.account}:${name}`));
            // Before the first deployment there is no topic, and nobody can have confirmed anything.
            if (open !== undefined) return [{ open }];
            return answer === undefined ? [] : judge(answer, stack);
        });
    },
    mustFind: [
        { title: "a topic that nobody has subscribed to", evidence: () => buildEvidence({ confirmed: 0, unconfirmed: [] }) },
        { title: "a topic whose only address has not confirmed", evidence: () => buildEvidence({ confirmed: 0, unconfirmed: ["ops@example.com"] }) },
        { title: "one of two addresses that has not confirmed", evidence: () => buildEvidence({ confirmed: 1, unconfirmed: ["ops@example.com"] }) },
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
    const waiting = unconfirmed.length === 0 ? "" : `${unconfirmed.join(", ")} ${unconfirmed.length === 1 ? "has" : "have"} not confirmed`;
    if (confirmed > 0) return waiting === "" ? [] : [{ severity: "warning", what: `${waiting}, and get${unconfirmed.length === 1 ? "s" : ""} no alert` }];
    if (waiting !== "") return [{ severity: "warning", what: `nobody hears of alerts: ${waiting}` }];
    return [{
        severity: "warning", what: "nobody hears of alerts: the topic has no subscription",
        fix: `name addresses in alerts.emails or alerts.urls, and run \`node automation/deploy.ts up --stack ${stack}\``,
    }];
}

function buildEvidence(answer: TopicSubscriptions | undefined): Evidence {
    const role: SampleResource = { type: "aws:iam/rolePolicy:RolePolicy", name: "policy", inputs: { policy: "arn:aws:sns:eu-central-1:123456789012:other" } };
    const subscriptions: AccountView["subscriptions"] = async (topicArn) => (topicArn === "arn:aws:sns:eu-central-1:123456789012:alerts" ? answer : undefined);
    return { ...buildPlanEvidence(role, { type: TOPIC, name: "alerts-topic", inputs: { name: "alerts" } }), account: buildAccount({ subscriptions }) };
}
