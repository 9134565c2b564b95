/** The project's own three stacks in five regions of three partitions, and what is rightly found in them. */
import type { Severity } from "../../../automation/preflight/rule.ts";
import type { AlarmCase } from "./alarmCase.ts";

export const STACKS = ["dev", "staging", "prod"] as const;
export const REGIONS = ["us-east-1", "eu-central-1", "ap-northeast-1", "cn-north-1", "us-gov-west-1"] as const;

/** A finding that is no false alarm: whoever deploys there meets it. */
export interface TrueFinding {
    readonly rule: string;
    readonly severity: Severity;
    readonly regions: readonly string[];
    readonly what: RegExp;
    /** Whether the fix that the finding names takes it away. @default false */
    readonly isFixedBySettings?: true;
    readonly reason: string;
    readonly source: string;
}

/** Source of each: read on 2026-11-21. */
export const TRUE_FINDINGS: readonly TrueFinding[] = [
    {
        rule: "F64", severity: "blocker", regions: ["cn-north-1", "us-gov-west-1"], what: /does not have serverless inference/, isFixedBySettings: true,
        reason: "the page counts the regions that have it, and names none of China's and none of GovCloud's",
        source: "https://docs.amazonaws.cn/sagemaker/latest/dg/serverless-endpoints.md",
    },
    {
        rule: "F64", severity: "warning", regions: ["cn-north-1"], what: /does not have routes that anybody may call, unless the account has an ICP licence/,
        reason: "GET /health is open; in China only accounts with a licence are answered, and nothing offline says whether this one has it",
        source: "https://docs.amazonaws.cn/en_us/aws/latest/userguide/api-gateway.html",
    },
    {
        rule: "F60", severity: "warning", regions: ["cn-north-1", "us-gov-west-1"], what: /lay in the stream, and/,
        reason: "Lambda in China puts given-up records into no bucket, and of GovCloud nothing is known: there it is the queue, and a record that is not looked for in time is gone",
        source: "https://docs.amazonaws.cn/aws/latest/userguide/lambda.md",
    },
];

/** What a user changes for another region: the region. Zones are asked of the account, images come from a table. */
export function createStackCases(): readonly AlarmCase[] {
    return STACKS.flatMap((stack) => REGIONS.map((region): AlarmCase => ({
        id: `stack ${stack} ${region}`, group: "stack", region, settings: { stack, from: stack, values: { "aws:region": region } }, keys: [],
    })));
}

/** The same, after what the blocker says that is to be done. */
export function createFixedCases(): readonly AlarmCase[] {
    const regions = TRUE_FINDINGS.filter(({ isFixedBySettings }) => isFixedBySettings).flatMap((finding) => finding.regions);
    return createStackCases().filter(({ region }) => regions.includes(region)).map((each): AlarmCase => ({
        ...each, id: each.id.replace("stack", "fixed"), group: "fixed",
        settings: { ...each.settings, values: { ...each.settings.values, "firstlight:inference": { endpoints: "off" } } },
    }));
}
