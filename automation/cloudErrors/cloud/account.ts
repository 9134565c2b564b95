/** What the account or the region does not offer, or does not let go. */
import type { ErrorEntry } from "../errorClass.ts";

export const accountEntries: readonly ErrorEntry[] = [
    {
        id: "not-subscribed",
        words: /\bOptInRequired\b|\bSubscriptionRequiredException\b|You are not subscribed to this service|needs a subscription for the service/,
        what: "the account may not use this service yet: it is new, not verified, or its payment is not settled",
        fix: "finish the sign-up in the console (address, payment, phone), wait up to a day; if that does not help, ask AWS support",
        source: "https://github.com/Appliscale/cloud-security-audit/issues/24",
    },
    {
        id: "not-in-region", failure: "F64",
        words: /The requested resource \S{1,120} is not available in this region/,
        what: "this region does not offer that",
        fix: "choose another type in training.instanceType, or another aws:region",
        source: "https://github.com/aws/amazon-sagemaker-examples/issues/1001",
    },
    {
        id: "key-unusable",
        words: /\bDisabledException: \S|\bKMSInvalidStateException\b/,
        what: "a KMS key is disabled, or on its way to be deleted, and with it everything that it encrypts",
        fix: "at once: aws kms cancel-key-deletion --key-id KEY, then aws kms enable-key --key-id KEY; a deleted key can never be had back",
        source: "https://github.com/awsdocs/aws-kms-developer-guide/blob/1b73693f08e19a05bc38e94e1123bfabf640f06a/doc_source/key-state.md",
    },
    {
        id: "endpoint-unhealthy", failure: "F03",
        words: /did not pass the ping health check/,
        what: "the container started and could not load the model, so the endpoint failed",
        fix: "read the endpoint's log group /aws/sagemaker/Endpoints/NAME; then train again: `node automation/deploy.ts train --stack STACK`",
        source: "https://github.com/awslabs/llm-hosting-container/issues/18",
    },
    {
        id: "network-in-use",
        words: /\bDependencyViolation\b|has dependencies and cannot be deleted/,
        what: "something still uses the subnet, security group or VPC: mostly network interfaces of Lambda or SageMaker, which go up to 40 minutes "
            + "after their owner",
        fix: "run it again later: `destroy` and `sweep` wait for them; else look in the EC2 console under Network interfaces who holds it",
        source: "https://github.com/gruntwork-io/cloud-nuke/issues/285",
    },
];
