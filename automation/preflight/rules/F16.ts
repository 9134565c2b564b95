/** F16: a flow log says what it watches, where it writes, and who may write there. */
import type { PlannedResource } from "../../engine/engine.ts";
import type { PropertyMap } from "../../engine/provider.ts";
import { checkEach } from "../planReading/remarks.ts";
import type { Remark } from "../planReading/remarks.ts";
import { isUnknown } from "../planReading/values.ts";
import { buildPlanEvidence, withoutAbsent } from "../samples.ts";
import { defineRule } from "../rule.ts";
import type { Evidence, Having } from "../rule.ts";

const FLOW_LOG = "aws:ec2/flowLog:FlowLog";
/** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateFlowLogs.html */
const TO_LOGS = "cloud-watch-logs";
const DESTINATIONS: Readonly<Record<string, { readonly pattern: RegExp; readonly what: string }>> = {
    [TO_LOGS]: { pattern: /^arn:[a-z-]+:logs:[a-z0-9-]+:\d{12}:log-group:/, what: "a log group" },
    "s3": { pattern: /^arn:[a-z-]+:s3:::/, what: "a bucket" },
    "kinesis-data-firehose": { pattern: /^arn:[a-z-]+:firehose:/, what: "a delivery stream" },
};
const WATCHED = ["vpcId", "subnetId", "eniId", "transitGatewayId", "transitGatewayAttachmentId", "regionalNatGatewayId"] as const;

export const rule = defineRule({
    id: "F16",
    kind: "plan",
    needs: ["plan"],
    title: "Flow logs name their target, their destination and their role",
    story: "The flow log's destination stood in an attribute that the provider does not have, and the role that writes to CloudWatch Logs "
        + "was missing. The VPC came up, the flow log did not, and the deployment stopped there.",
    source: "field reports S0-S4",
    prevention: "One component makes log group, role and flow log together; the SDK's types know the attributes.",
    fix: "set logDestination to the log group's ARN and iamRoleArn to the role that may write there (components/networking/flowLogs.ts)",
    applies: (evidence) => flowLogsOf(evidence).length > 0,
    check: (evidence) => checkEach(
        evidence, flowLogsOf(evidence), ({ inputs }) => [...findWatchedFaults(inputs), ...checkDestination(inputs)],
    ),
    mustFind: [
        { title: "a flow log without a role", evidence: () => buildEvidence({ iamRoleArn: undefined }) },
        {
            title: "a destination in an attribute that there is not",
            evidence: () => buildEvidence({ logDestination: undefined, logDestinationArn: GROUP }),
        },
        { title: "a destination of another kind", evidence: () => buildEvidence({ logDestination: "arn:aws:s3:::logs" }) },
        { title: "a kind of destination that there is not", evidence: () => buildEvidence({ logDestinationType: "cloudwatch" }) },
        { title: "a flow log of nothing", evidence: () => buildEvidence({ vpcId: undefined }) },
        { title: "a flow log of a VPC and a subnet", evidence: () => buildEvidence({ subnetId: "subnet-0123456789abcdef0" }) },
    ],
    mustPass: [
        { title: "a VPC's flow log to a log group", evidence: () => buildEvidence({}) },
        { title: "the same without the type, which is the default", evidence: () => buildEvidence({ logDestinationType: undefined }) },
        {
            title: "a flow log to a bucket, which needs no role",
            evidence: () => buildEvidence({ logDestinationType: "s3", logDestination: "arn:aws-cn:s3:::logs/vpc/", iamRoleArn: undefined }),
        },
    ],
});

function flowLogsOf({ plan }: Having<"plan">): readonly PlannedResource[] {
    return plan.resources.filter(({ type }) => type === FLOW_LOG);
}

function findWatchedFaults(inputs: PropertyMap): readonly Remark[] {
    const watched = WATCHED.filter((property) => isGiven(inputs[property]));
    return watched.length === 1 ? [] : [{ what: `must have one of ${WATCHED.join(", ")}, got ${watched.join(" and ") || "none"}` }];
}

function checkDestination({ logDestinationType = TO_LOGS, logDestination, iamRoleArn }: PropertyMap): readonly Remark[] {
    if (isUnknown(logDestinationType)) return [{ open: "its logDestinationType is not known before the deployment" }];
    const destination = DESTINATIONS[String(logDestinationType)];
    if (destination === undefined) {
        const what = `has the logDestinationType ${JSON.stringify(logDestinationType)}; there are ${Object.keys(DESTINATIONS).join(", ")}`;
        return [{ what }];
    }
    const role = logDestinationType === TO_LOGS && !isGiven(iamRoleArn)
        ? [{ what: "has no iamRoleArn: nobody may write into the log group" }] : [];
    if (!isGiven(logDestination)) return [...role, { what: `has no logDestination, the ARN of ${destination.what}` }];
    // The beginning of an ARN tells, even when its end is not known yet.
    const isArn = typeof logDestination === "string" && logDestination.startsWith("arn:");
    if (isUnknown(logDestination) && !isArn) return [...role, { open: "its logDestination is not known before the deployment" }];
    if (destination.pattern.test(String(logDestination))) return role;
    return [...role, { what: `writes to ${String(logDestination)}, which is not the ARN of ${destination.what}` }];
}

/** Also what is not known yet. */
function isGiven(value: unknown): boolean {
    return value !== undefined && value !== null && value !== "";
}

const GROUP = "arn:aws:logs:eu-central-1:123456789012:log-group:/aws/vendedlogs/vpc/dev";

function buildEvidence(fields: Readonly<Record<string, string | undefined>>): Evidence {
    const inputs = withoutAbsent({
        vpcId: "<id of network>", trafficType: "ALL", logDestinationType: TO_LOGS, logDestination: GROUP,
        iamRoleArn: "arn:aws:iam::123456789012:role/flow-logs", ...fields,
    });
    return buildPlanEvidence({ type: FLOW_LOG, name: "flow-logs-log", inputs });
}
