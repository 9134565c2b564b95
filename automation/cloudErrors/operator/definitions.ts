/** What the program or its settings ask for, and AWS does not take. */
import type { ErrorEntry } from "../errorClass.ts";

export const definitionEntries: readonly ErrorEntry[] = [
    {
        id: "name-invalid",
        words: /failed to satisfy constraint: Member must satisfy regular expression pattern/,
        what: "a name has characters that the service does not allow",
        fix: "shorten or correct the stack's name or suffix: letters, digits and hyphens; preflight checks all names (--until preflight)",
        source: "https://github.com/aws/amazon-sagemaker-examples/issues/2236",
    },
    {
        id: "policy-invalid",
        words: /The policy failed legacy parsing|Syntax errors in policy|Policy has invalid (?:resource|action|condition key)/,
        what: "AWS cannot read a policy that the program made",
        fix: "look at the policy of the resource that is named; preflight checks all policies (--until preflight)",
        source: "https://github.com/amancevice/terraform-aws-custom-ecr-domain/issues/2",
    },
    {
        id: "state-machine-invalid",
        words: /Invalid State Machine Definition/,
        what: "Step Functions cannot read the pipeline's definition",
        fix: "look at the place in the definition that the message names (components/inference/); preflight checks the definition too",
        source: "https://github.com/serverless-operations/serverless-step-functions/issues/36",
    },
    {
        id: "package-too-large", failure: "F34",
        words: /\b(?:Unz|Z)ipped size must be smaller than|\bRequestEntityTooLargeException\b/,
        what: "a function's archive is larger than Lambda takes: 50 MB zipped, 250 MB unzipped",
        fix: "take the largest dependency out of the function's bundle in lambdas/",
        source: "https://github.com/Miserlou/Zappa/issues/612",
    },
    {
        id: "handler-missing", failure: "F34",
        words: /\bRuntime\.(?:HandlerNotFound|ImportModuleError|MalformedHandlerName)\b/,
        what: "a function's archive does not hold the file or the function that Lambda should call",
        fix: "delete .firstlight/bundles and run up again; if that does not help, look at handler.ts of the function in lambdas/",
        source: "https://github.com/serverless/serverless/issues/9432",
    },
    {
        id: "runtime-retired",
        words: /The runtime parameter of \S{1,40} is no longer supported/,
        what: "Lambda does not take this runtime any more",
        fix: "change the runtime in components/facts/runtimes.ts to the one that the message recommends",
        source: "https://github.com/pulumi/pulumi-awsx/issues/714",
    },
    {
        id: "bucket-not-empty",
        words: /\bBucketNotEmpty\b/,
        what: "the bucket still holds objects or old versions of them",
        fix: "`node automation/deploy.ts destroy --stack STACK --delete-data` empties buckets first",
        source: "https://github.com/dspace-group/dspace-reference-architecture-aws/issues/104",
    },
    {
        id: "role-has-policies", failure: "F38",
        words: /Cannot delete entity, must (?:detach all|delete) policies first/,
        what: "somebody attached a policy to a role of this stack, and IAM deletes no role that has one",
        fix: "detach it in the IAM console, and run the same command again",
        source: "https://github.com/hashicorp/boundary/pull/5646",
    },
];
