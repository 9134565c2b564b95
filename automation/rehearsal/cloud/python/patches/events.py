"""EventBridge, and what S3 tells it."""

import object_events
import role_use
from ministack.services import eventbridge, s3
from patching import Patch

PATCHES = [
    Patch(
        name="pass-role-events",
        module=eventbridge,
        attribute="handle_request",
        sha256="129d025f18994a77a496a5f5044700f48742c9b35c81df78cd40d840c070fbe1",
        replace=role_use.for_event_targets,
        behaviour="A state machine as a target needs a role that events.amazonaws.com may assume, and iam:PassRole on it",
        source="https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-events-iam-roles.html",
        test="roleUse.cloud.ts",
    ),
    Patch(
        name="event-target-role",
        module=eventbridge,
        attribute="_invoke_target",
        sha256="550e304af08095637ed4de07798e4acc1b1f89316f91ab60d4d865f9f46c58f2",
        replace=role_use.starts_executions,
        behaviour="An event starts an execution only if the target's role has states:StartExecution",
        source="https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-events-iam-roles.html",
        test="roleUse.cloud.ts",
    ),
    Patch(
        name="object-version-known",
        module=s3,
        attribute="_fire_s3_event",
        sha256="2ab38cfade76bf2e1f76f9a467af19a3d5bc3e5f0a6d944a8c879677facbfdc4",
        replace=object_events.remember_version,
        behaviour="An event of a versioned bucket says which version of the object it is about",
        source="https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html",
        test="objectEvents.cloud.ts",
    ),
    Patch(
        name="object-version-told",
        module=eventbridge,
        attribute="_dispatch_event",
        sha256="d1bfe064f602d11c9700f4890bde62c7641b4442a9f2d61da81c075c8186416d",
        replace=object_events.with_version,
        behaviour="As above: detail.object.version-id",
        source="https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html",
        test="objectEvents.cloud.ts",
    ),
]
