"""Customer keys of objects, tables, topics and log groups."""

import encryption
from ministack.services import cloudwatch_logs, dynamodb, s3, sns
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
        name="log-group-keys",
        module=cloudwatch_logs,
        attribute="_create_log_group",
        sha256="ce6fd1931ae9eb644fd7d3e1cfb695f5de37f060f4290da375019d9f6fc58268",
        replace=encryption.of_log_groups,
        behaviour="A log group's key must let the logs service use it for that group",
        source="https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html",
        test="encryption.cloud.ts",
    ),
]
