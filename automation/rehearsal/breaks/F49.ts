/** F49: CloudWatch may not use the key of the topic that its alarms go to. AWS says nothing. */
import { auditAlarms } from "./auditAlarms.ts";
import type { Break } from "./break.ts";

const KEY = "aws:kms/key:Key";
const SERVICE = "cloudwatch.amazonaws.com";

type Statement = Readonly<Record<string, unknown>>;

export const broken: Break = {
    id: "F49",
    what: "the alert topic's key lets its account use it, and nobody else",
    needs: "nothing",
    stopsAt: "audit",
    message: /went off, and no message came/,
    onAws: "never: alarms go off and nobody is told",
    source: "https://repost.aws/knowledge-center/cloudwatch-configure-alarm-sns",
    audit: auditAlarms,
    transformInputs({ type }, inputs) {
        const { policy } = inputs;
        if (type !== KEY || typeof policy !== "string") return inputs;
        const document = JSON.parse(policy) as { readonly Statement: readonly Statement[] };
        const statements = document.Statement.filter((statement) => !namesCloudWatch(statement));
        return { ...inputs, policy: JSON.stringify({ ...document, Statement: statements }) };
    },
};

function namesCloudWatch({ Principal }: Statement): boolean {
    return [(Principal as { readonly Service?: unknown } | undefined)?.Service].flat().includes(SERVICE);
}
