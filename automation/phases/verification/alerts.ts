import { findUnconfirmedSubscriptions } from "../subscriptions.ts";
import type { Check, VerificationWorld } from "./check.ts";

/** Whether alerts reach somebody. Nobody can be made to confirm, so one who has not is shown and fails nothing. */
export const alerts: Check = {
    name: "alerts",
    level: "smoke",
    async run({ context, outputs }: VerificationWorld) {
        const unconfirmed = await findUnconfirmedSubscriptions(context.aws, outputs.alertTopicArn);
        const { emails, urls } = context.config.alerts;
        const subscribed = emails.length + urls.length;
        if (unconfirmed.length === 0) return subscribed === 0 ? "nobody is subscribed (alerts.emails, alerts.urls)" : `${subscribed} subscribed, all have confirmed`;
        return `${unconfirmed.join(", ")} has not confirmed, and gets no alert until then`;
    },
};
