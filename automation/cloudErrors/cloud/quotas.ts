/** Quotas of the account. */
import type { ErrorEntry } from "../errorClass.ts";

const ASK = "ask for a higher one in Service Quotas, which takes hours to days";

export const quotaEntries: readonly ErrorEntry[] = [
    {
        id: "job-quota", failure: "F40",
        words: /account-level service limit '[^'\n]{1,80}(?:training|transform) job usage'/,
        what: "the account may not run that many instances of this type at a time; new accounts may run none",
        fix: `${ASK}, or choose another type in training.instanceType`,
        source: "https://github.com/gabehollombe-aws/jupyter-notebooks/issues/1",
    },
    {
        // No public page was found that shows the refusal itself: these are the words of the quota, which SageMaker's refusals name.
        id: "serverless-quota", failure: "F41",
        words: /\b[Mm]aximum total concurrency (?:that can be allocated )?across all serverless endpoints/,
        what: "the two endpoints want more concurrent invocations than the account has for serverless endpoints; new accounts have 10",
        fix: `lower inference.maxConcurrency (it counts once for each endpoint), or ${ASK}: quota L-96300102`,
        source: "https://www.repost.aws/zh-Hans/questions/QUY0gXNLrdTH6eqqA4hv5FeA/total-concurrency-for-serverless-infernece-is-not-200-only-10",
    },
    {
        id: "endpoint-quota",
        words: /account-level service limit '[^'\n]{1,80}endpoint usage'/,
        what: "the account may not have that many endpoint instances of this type",
        fix: ASK,
        source: "https://github.com/awsdocs/amazon-sagemaker-developer-guide/issues/70",
    },
    {
        id: "function-concurrency-quota", failure: "F53",
        words: /decreases account's UnreservedConcurrentExecution below its minimum/,
        what: "the account's quota of concurrent Lambda executions is too small to reserve any; new accounts have 10",
        fix: `${ASK}: Lambda, concurrent executions`,
        source: "https://github.com/milliHQ/terraform-aws-next-js/issues/251",
    },
    {
        id: "function-memory-quota",
        words: /'MemorySize' value failed to satisfy constraint: Member must have value less than or equal to/,
        what: "new accounts may give a function no more than 3008 MiB",
        fix: "lower functions.pipeline.memoryMiB (or inference, consumer) to 3008 or less, or ask AWS support for more",
        source: "https://github.com/alexcasalboni/aws-lambda-power-tuning/pull/181",
    },
    {
        id: "address-quota", failure: "F32",
        words: /\bAddressLimitExceeded\b|maximum number of addresses has been reached/,
        what: "the account has no elastic IP address left for a NAT gateway; the quota is 5 in a region",
        fix: `release unused addresses, set network.nat to single or none, or ${ASK}`,
        source: "https://github.com/okd-project/okd/issues/80",
    },
    {
        id: "vpc-quota", failure: "F32",
        words: /\bVpcLimitExceeded\b|maximum number of VPCs has been reached/,
        what: "the account has as many VPCs in this region as it may; the quota is 5",
        fix: `delete an unused VPC, leave training.private off so that none is needed, or ${ASK}`,
        source: "https://github.com/terraform-aws-modules/terraform-aws-vpc/issues/429",
    },
    {
        id: "log-policy-full", failure: "F05",
        words: /CloudWatch Logs Resource Policy size was exceeded|log resource policy failed: LimitExceededException/,
        what: "the region's resource policies of CloudWatch Logs are full: 10 of 5120 characters, and no more can be had",
        fix: "delete those that nobody needs: aws logs describe-resource-policies, delete-resource-policy",
        source: "https://github.com/aws-ia/terraform-aws-runtask-iam-access-analyzer/issues/119",
    },
    {
        id: "quota-reached",
        words: /\b(?:ResourceLimitExceeded|ServiceQuotaExceeded(?:Exception)?|LimitExceeded(?:Exception)?)\b/,
        what: "the account has as many of these as it may",
        fix: `delete what nobody needs, or ${ASK}`,
        source: "https://github.com/data-science-on-aws/data-science-on-aws/issues/200",
    },
];
