/** Services that are busy, slow, out of reach, or do not yet see what they made. */
import { anyOf } from "../anyOf.ts";
import type { ErrorEntry } from "../errorClass.ts";

export const serviceEntries: readonly ErrorEntry[] = [
    {
        // Before throttling: some report it as such, and here it is known how long it lasts.
        id: "queue-deleted-recently",
        words: /QueueDeletedRecently|must wait 60 seconds after deleting a queue/,
        what: "a queue of that name was deleted less than 60 seconds ago, and SQS keeps the name that long",
        fix: "run it again after a minute",
        source: "https://github.com/hashicorp/terraform/issues/15139",
    },
    {
        id: "throttled",
        words: /\bThrottling(?:Exception)?\b|Rate exceeded|TooManyRequestsException|RequestLimitExceeded|Request limit exceeded|\bSlowDown\b/,
        what: "AWS takes no more requests of this account for the moment",
        fix: "run it again; if it comes often, look what else calls the same service in this account and region",
        source: "https://github.com/turbot/steampipe-mod-aws-thrifty/issues/130",
    },
    {
        id: "bucket-operation-in-progress",
        words: /\bOperationAborted\b|conflicting conditional operation is currently in progress/,
        what: "S3 is still busy with an earlier change of this bucket, for example with its deletion",
        fix: "run it again; the name of a deleted bucket can take an hour to become free",
        source: "https://github.com/ansible/ansible/pull/67811",
    },
    {
        id: "concurrent-modification",
        words: /due to concurrent modification|\bConcurrentModificationException\b/,
        what: "two changes of one API or policy met each other",
        fix: "run it again",
        source: "https://github.com/hashicorp/terraform-provider-aws/issues/776",
    },
    {
        id: "function-update-in-progress",
        words: /An update is in progress for resource/,
        what: "Lambda is still busy with an earlier change of the function",
        fix: "run it again; if it stays so, look at the function's LastUpdateStatus in the Lambda console",
        source: "https://github.com/rackerlabs/lambda-uploader/pull/169",
    },
    {
        id: "table-being-changed",
        words: /resource which is still in use: Table is being/,
        what: "DynamoDB is still creating, changing or deleting the table",
        fix: "run it again",
        source: "https://github.com/terraform-aws-modules/terraform-aws-dynamodb-table/issues/51",
    },
    {
        id: "network-not-yet-visible",
        words: anyOf(
            /\bInvalid(?:Subnet|RouteTable|Vpc|Group|InternetGateway|NatGateway|VpcEndpoint|Allocation|Association)(?:I[Dd])?\.NotFound\b/,
            /reading [^\n]{1,160}: couldn't find resource/,
        ),
        what: "EC2 does not see yet what it has just made, or somebody deleted it",
        fix: "run it again; if that does not help, somebody deleted it: up without --no-refresh finds that out and makes it again",
        source: "https://github.com/hashicorp/terraform/issues/6813",
    },
    {
        id: "model-not-yet-visible", failure: "F58",
        words: /Could not find model "arn:|Could not find endpoint configuration\b/,
        what: "SageMaker does not see yet the model or endpoint configuration that it has just made, or somebody deleted it",
        fix: "run it again; if that does not help, train again: the pipeline makes models and configurations anew",
        source: "https://github.com/aws/sagemaker-python-sdk/issues/2112",
    },
    {
        id: "no-capacity",
        words: /\bCapacityError: |\bInsufficientInstanceCapacity\b/,
        what: "AWS has no instance of this type free in this region",
        fix: "run it again later, or choose another type in training.instanceType",
        source: "https://github.com/DIAGNijmegen/rse-grand-challenge/issues/2631",
    },
    {
        id: "service-unavailable",
        words: anyOf(
            /\bInternalFailure\b|\bInternalServiceError(?:Exception)?\b|\bInternalServerError\b|\bServiceUnavailable(?:Exception)?\b/,
            /We encountered an internal error\. Please try again/,
        ),
        what: "a service of AWS failed on its own side",
        fix: "run it again; if it stays so, look at https://health.aws.amazon.com",
        source: "https://github.com/hashicorp/terraform-provider-aws/issues/8014",
    },
    {
        id: "connection-broken",
        words: anyOf(
            // Of the CLI and its plugins, which are written in Go, and of Node.
            /connection reset by peer|TLS handshake timeout|: i\/o timeout|: no such host|\bunexpected EOF\b/,
            /\bECONNRESET\b|\bETIMEDOUT\b|\bEAI_AGAIN\b|\bENOTFOUND\b|socket hang up/,
        ),
        what: "the way to AWS broke off between here and there",
        fix: "run it again; if it stays so, look at this machine's network, its proxy and the region's name",
        source: "https://github.com/hashicorp/terraform-provider-aws/issues/10715",
    },
];
