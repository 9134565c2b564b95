/** F66: somebody hears of alerts. */
import type { StackResource } from "../../engine/engine.ts";
import type { TopicSubscriptions } from "../account/accountView.ts";
import { tryToAsk } from "../account/asking.ts";
import { buildAccount, urnOf } from "../samples.ts";
import { defineRule } from "../rule.ts";
import type { CheckResult, Evidence, Finding, Having } from "../rule.ts";

const TOPIC = "aws:sns/topic:Topic";

export const rule = defineRule({
    id: "F66",
    kind: "account",
    needs: ["state", "account"],
    title: "Somebody hears of alerts",
    story: "Alarms went off for a week and nobody knew: the link in SNS's mail was never followed, the mail lay in a spam folder, and a "
        + "subscription that nobody confirms looks in the program like any other.",
    source: "https://docs.aws.amazon.com/sns/latest/dg/sns-email-notifications.html",
    prevention: "`up` says which addresses have not confirmed, and `verify` asks again.",
    fix: "follow the link in the mail \"AWS Notification - Subscription Confirmation\" (look into the spam folder); name more addresses in alerts.emails or alerts.urls",
    applies: ({ state }) => topicsOf(state).length > 0,
    async check(evidence): Promise<CheckResult> {
        const { state, account } = evidence;
        const looks = await Promise.all(topicsOf(state).map(async (topic) => {
            const { answer, open } = await tryToAsk(account.subscriptions(topic.id));
            const gone = answer === undefined && open === undefined ? `topic ${topic.name} of the state does not exist` : undefined;
            return { findings: answer === undefined ? [] : judge(topic, answer, evidence), open: open ?? gone };
        }));
        const open = [...new Set(looks.flatMap((look) => look.open ?? []))];
        return { findings: looks.flatMap(({ findings }) => findings), ...(open.length === 0 ? {} : { open: open.join("; ") }) };
    },
    mustFind: [
        { title: "a topic that nobody has subscribed to", evidence: () => buildEvidence({ confirmed: 0, unconfirmed: [] }) },
        { title: "a topic whose only address has not confirmed", evidence: () => buildEvidence({ confirmed: 0, unconfirmed: ["ops@example.com"] }) },
        { title: "one of two addresses that has not confirmed", evidence: () => buildEvidence({ confirmed: 1, unconfirmed: ["ops@example.com"] }) },
    ],
    mustPass: [
        { title: "addresses that have all confirmed", evidence: () => buildEvidence({ confirmed: 2, unconfirmed: [] }) },
    ],
});

interface Topic { readonly urn: string; readonly name: string; readonly id: string }

/** Those that exist: before the first deployment nobody can have confirmed anything. */
function topicsOf(state: readonly StackResource[]): readonly Topic[] {
    return state.flatMap(({ type, urn, name, id }) => (type === TOPIC && id !== undefined ? [{ urn, name, id }] : []));
}

function judge({ urn, name }: Topic, { confirmed, unconfirmed }: TopicSubscriptions, { stack }: Having<"state">): readonly Finding[] {
    const finding = { severity: "warning", where: `${stack}/${name}`, urn, setting: "alerts.emails" } as const;
    const waiting = unconfirmed.length === 0 ? "" : `${unconfirmed.join(", ")} ${unconfirmed.length === 1 ? "has" : "have"} not confirmed`;
    if (confirmed > 0) return waiting === "" ? [] : [{ ...finding, what: `${waiting}, and get${unconfirmed.length === 1 ? "s" : ""} no alert` }];
    return [{ ...finding, what: `nobody hears of alerts: ${waiting === "" ? "the topic has no subscription" : waiting}` }];
}

function buildEvidence(answer: TopicSubscriptions): Evidence {
    const topic = { type: TOPIC, name: "alerts-topic" };
    const state: StackResource = {
        ...topic, urn: urnOf(topic), custom: true, id: "arn:aws:sns:eu-central-1:123456789012:firstlight-dev-alerts", dependencies: [], inputs: {}, outputs: {},
    };
    return { stack: "dev", state: [state], account: buildAccount({ subscriptions: async () => answer }) };
}
