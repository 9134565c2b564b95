/** A report's input in which every text from outside tries to become markup. */
import type { HtmlReportInput } from "../../automation/report/htmlInput.ts";

const ATTACK = `"'></style></svg><script>alert(1)</script><img src=x onerror="alert(1)">`;

/** Words of our own that decide what is shown; the rest are names and messages. */
const OWN_WORDS = new Set(["kind", "status", "phase", "operation", "variant", "severity", "direction", "task", "parent", "urn", "dependencies", "type", "state", "metric", "startedAt"]);

export function makeHostile(input: HtmlReportInput): HtmlReportInput {
    return attack(input) as HtmlReportInput;
}

function attack(value: unknown): unknown {
    if (typeof value === "string") return `${value}${ATTACK}`;
    if (Array.isArray(value)) return value.map(attack);
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, OWN_WORDS.has(key) ? each : attack(each)]));
}
