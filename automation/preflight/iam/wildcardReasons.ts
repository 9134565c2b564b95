/** Every wildcard that a policy may hold, and why. What stands in none of these lists is too wide. */
import type { Statement } from "../planReading/statements.ts";

interface EverythingReason {
    readonly actions: readonly string[];
    readonly because: string;
    /** Condition key that has to narrow it. */
    readonly condition?: string;
}

/** The reason that IAM itself gives. */
export const NO_RESOURCE_TYPE = "no resource type is listed for it in the Service Authorization Reference";

/** Actions that may stand on Resource `*`. A test holds those with the first reason to the data of IAM. */
export const ON_EVERYTHING: readonly EverythingReason[] = [
    {
        because: NO_RESOURCE_TYPE,
        actions: [
            "logs:CreateLogDelivery", "logs:GetLogDelivery", "logs:UpdateLogDelivery", "logs:DeleteLogDelivery", "logs:ListLogDeliveries",
            "logs:PutResourcePolicy", "logs:DescribeResourcePolicies", "logs:DescribeLogGroups", "ecr:GetAuthorizationToken",
            "xray:PutTraceSegments", "xray:PutTelemetryRecords", "xray:GetSamplingRules", "xray:GetSamplingTargets",
            "ec2:DescribeNetworkInterfaces", "ec2:DescribeVpcs", "ec2:DescribeDhcpOptions", "ec2:DescribeSubnets", "ec2:DescribeSecurityGroups",
        ],
    },
    {
        because: "metrics have no ARN (a dataset has one, which nothing here uses); the namespace narrows it",
        actions: ["cloudwatch:PutMetricData"], condition: "cloudwatch:namespace",
    },
    { because: "Step Functions lists tags before the job has a name to narrow this to", actions: ["sagemaker:ListTags"] },
    {
        // https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html#configuration-vpc-permissions
        because: "Lambda makes the network interfaces of a function in a VPC, and EC2 chooses their ids",
        actions: ["ec2:CreateNetworkInterface", "ec2:DeleteNetworkInterface"],
    },
    {
        // https://docs.aws.amazon.com/sagemaker/latest/dg/sagemaker-roles.html#sagemaker-roles-createtrainingjob-perms
        because: "SageMaker takes back the permission on an interface of a private job; the permission has an id of its own",
        actions: ["ec2:DeleteNetworkInterfacePermission"],
    },
];

/** The reason that lets the action stand on Resource `*`; undefined when none is listed. */
export function reasonFor(action: string): EverythingReason | undefined {
    return ON_EVERYTHING.find(({ actions }) => actions.some((each) => each.toLowerCase() === action.toLowerCase()));
}

/** Patterns of actions, as AWS's own pages write them: each covers one operation in its variants. */
export const ACTION_PATTERNS: Readonly<Record<string, string>> = {
    "kms:GenerateDataKey*": "with and without the plain text, and as a pair",
    "kms:ReEncrypt*": "from the one key and to the other",
    // https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
    "kms:Encrypt*": "one action, as CloudWatch Logs wants it written",
    "kms:Decrypt*": "one action, as CloudWatch Logs wants it written",
    "kms:Describe*": "reads what the key is, as CloudWatch Logs wants it written",
};

/** The reason for a pattern; undefined when none is listed. IAM ignores case. */
export function reasonForPattern(pattern: string): string | undefined {
    return Object.entries(ACTION_PATTERNS).find(([each]) => each.toLowerCase() === pattern.toLowerCase())?.[1];
}

/**
 * Whether a key's policy hands the key to its account: without this IAM policies have no effect on it, and nobody could change it again.
 * https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html#key-policy-default-allow-root-enable-iam
 */
export function isOwnersKey(action: string, { accounts, services, isForEverybody }: Statement): boolean {
    return action.toLowerCase() === "kms:*" && !isForEverybody && services.length === 0 && accounts.length === 1
        && /^(\d{12}|arn:[^:]*:iam::\d{12}:root)$/.test(accounts[0] ?? "");
}

/** AWS's own policies that allow whole services, or to read everything that is stored. */
export const WIDE_POLICIES = /\/(\w*FullAccess|\w*FullAccess[-_]?V\d|AdministratorAccess\S*|PowerUserAccess|ReadOnlyAccess|\w*_FullAccess)$/;

interface WholeKindReason { readonly action: string; readonly resource: RegExp; readonly because: string }

/** ARNs that match everything of their kind in the account. */
export const WHOLE_KINDS: readonly WholeKindReason[] = [
    { action: "logs:DescribeLogGroups", resource: /:log-group:\*$/, because: "whoever looks for its group looks among all of the region" },
    { action: "ec2:*NetworkInterface*", resource: /:network-interface\/\*$/, because: "EC2 chooses the ids of interfaces; the subnet narrows them" },
];
