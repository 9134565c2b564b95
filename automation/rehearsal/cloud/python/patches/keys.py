"""Customer keys of objects, tables, topics, streams, queues and log groups."""

import encryption
import key_policies
from ministack.services import cloudwatch_logs, dynamodb, kinesis, kms, s3, sns, sqs
from patching import Patch

PATCHES = [
    Patch(
        name="object-keys",
        module=s3,
        attribute="handle_request",
        sha256="0856144f19e733b438aed58ad5095720e48f8fd3b86ce1a6bbdaa9a44459a246",
        replace=encryption.of_objects,
        behaviour="Objects under a customer key need kms:GenerateDataKey to write and kms:Decrypt to read",
        source="https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html",
        test="encryption.cloud.ts",
    ),
    Patch(
        name="table-keys",
        module=dynamodb,
        attribute="handle_request",
        sha256="1201f2ac993ce1a07339816d280e7b86da8395988b41f91ce72caade86e12406",
        replace=encryption.of_tables,
        behaviour="Items of a table under a customer key need kms:Decrypt",
        source="https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/encryption.usagenotes.html",
        test="encryption.cloud.ts",
    ),
    Patch(
        name="topic-keys",
        module=sns,
        attribute="handle_request",
        sha256="a6cb34ecce860f66b656cc556ad59c8c7de1c783a30262652cdb9603164b7fdf",
        replace=encryption.of_topics,
        behaviour="Publishing to a topic under a customer key needs kms:GenerateDataKey and kms:Decrypt",
        source="https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html",
        test="encryption.cloud.ts",
    ),
    Patch(
        name="stream-keys",
        module=kinesis,
        attribute="handle_request",
        sha256="e41884372bfdc1aa1a47bbf50520f1c67c6cef5733411b0687767eef0d74b98f",
        replace=encryption.of_streams,
        behaviour="Records of a stream under a customer key need kms:GenerateDataKey to write and kms:Decrypt to read",
        source="https://docs.aws.amazon.com/streams/latest/dev/permissions-user-key-KMS.html",
        test="encryption.cloud.ts",
    ),
    Patch(
        name="queue-keys",
        module=sqs,
        attribute="handle_request",
        sha256="a838f9d3e2667278cb5d57e6f04c9f43c720857ac5fe7b993de44dc1994501b7",
        replace=encryption.of_queues,
        behaviour="Messages of a queue under a customer key need kms:GenerateDataKey and kms:Decrypt to send and kms:Decrypt to receive",
        source="https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html",
        test="encryption.cloud.ts",
    ),
    Patch(
        name="log-group-keys",
        module=cloudwatch_logs,
        attribute="_create_log_group",
        sha256="ce6fd1931ae9eb644fd7d3e1cfb695f5de37f060f4290da375019d9f6fc58268",
        replace=encryption.of_log_groups,
        behaviour="A log group's key must let the logs service use it for that group",
        source="https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html",
        test="encryption.cloud.ts",
    ),
    Patch(
        name="key-policy-create",
        module=kms,
        attribute="_create_key",
        sha256="b2509f44b316e4ea7756282979fd410419349e038b79dea35b47f5d7385b61fe",
        replace=key_policies.checked,
        behaviour="A key policy that nobody of the account could change again is refused",
        source="https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html",
        test="keyPolicies.cloud.ts",
    ),
    Patch(
        name="key-policy-put",
        module=kms,
        attribute="_put_key_policy",
        sha256="996b086b167a43ab837131db5c6fc62bb5c53891c20870b7f3282e32cee03485",
        replace=key_policies.checked,
        behaviour="As above",
        source="https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html",
        test="keyPolicies.cloud.ts",
    ),
]
