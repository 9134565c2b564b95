import { expect } from "chai";
import { couldName } from "../../../../automation/preflight/iam/arnPatterns.ts";

const BUCKET = "arn:${Partition}:s3:::${BucketName}";
const OBJECT = "arn:${Partition}:s3:::${BucketName}/${ObjectName}";
const LOG_GROUP = "arn:${Partition}:logs:${Region}:${Account}:log-group:${LogGroupName}";
const LOG_STREAM = `${LOG_GROUP}:log-stream:\${LogStreamName}`;
const ROLE = "arn:${Partition}:iam::${Account}:role/${RoleNameWithPath}";

/** A resource of a policy, an ARN format, and whether some ARN fits both. */
const CASES: readonly (readonly [resource: string, format: string, fits: boolean])[] = [
    ["*", BUCKET, true],
    ["arn:aws:s3:::raw", BUCKET, true],
    ["arn:aws:s3:::raw", OBJECT, false],
    ["arn:aws:s3:::raw/*", BUCKET, false],
    ["arn:aws:s3:::raw/data/*", OBJECT, true],
    ["arn:aws:s3:::raw*", BUCKET, true],
    ["arn:aws:s3:::raw*", OBJECT, true],
    ["arn:aws-cn:s3:::dev-raw-<hex6>/training/*", OBJECT, true],
    ["arn:aws:logs:eu-central-1:123456789012:log-group:/aws/lambda/worker", LOG_GROUP, true],
    ["arn:aws:logs:eu-central-1:123456789012:log-group:/aws/lambda/worker:*", LOG_GROUP, true],
    ["arn:aws:logs:eu-central-1:123456789012:log-group:/aws/lambda/worker", LOG_STREAM, false],
    ["arn:aws:logs:eu-central-1:123456789012:log-group:/aws/lambda/worker:*", LOG_STREAM, true],
    ["arn:aws:iam::123456789012:role/service/worker", ROLE, true],
    ["arn:aws:iam:eu-central-1:123456789012:role/worker", ROLE, false],
    ["arn:aws:sqs:eu-central-1:123456789012:letters", ROLE, false],
    ["arn:aws:sagemaker:eu-central-1:123456789012:model/dev-????????????-a-*", "arn:${Partition}:sagemaker:${Region}:${Account}:model/${ModelName}", true],
    ["arn:aws:sagemaker:eu-central-1:123456789012:model/dev-a", "arn:${Partition}:sagemaker:${Region}:${Account}:endpoint/${EndpointName}", false],
    ["<arn of s3-key>", "arn:${Partition}:kms:${Region}:${Account}:key/${KeyId}", true],
];

describe("a resource of a policy and an ARN format", () => {
    for (const [resource, format, fits] of CASES) {
        it(`${resource} ${fits ? "can be" : "is never"} ${format}`, () => {
            expect(couldName(resource, format)).to.equal(fits);
        });
    }
});
