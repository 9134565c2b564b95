"""Kinesis, whose client speaks HTTP/2, and the event source mappings that read it."""

import event_sources
import h2.connection
import streams
import transport
from ministack.core import iam_actions, sigv4
from ministack.services import kinesis, lambda_svc
from patching import Patch

PATCHES = [
    Patch(
        name="http2-signatures",
        module=sigv4,
        attribute="build_canonical_headers",
        sha256="1d032292f33750a1060ad4745de402fa862831cdc77a39e5fcf10656312bbf0d",
        replace=transport.signed_authority,
        behaviour="A request over HTTP/2 is signed with :authority in place of host",
        source="https://www.rfc-editor.org/rfc/rfc9113#section-8.3.1",
        test="streams.cloud.ts",
    ),
    Patch(
        name="http2-goodbye",
        module=h2.connection,
        attribute="H2Connection._receive_goaway_frame",
        sha256="adb9adfae94088c4b3a59114e4e0ce2da1f7a6db08db95ac350f5c24d0d1f249",
        replace=transport.keeps_streams,
        behaviour="A client that says that it opens no more streams still gets the answers it waits for",
        source="https://www.rfc-editor.org/rfc/rfc9113#section-6.8",
        test="streams.cloud.ts",
    ),
    Patch(
        name="stream-resources",
        module=iam_actions,
        attribute="extract_resource_arn",
        sha256="82f51700695c62fdca72583e1c264cc146fc22d5aa0a5faebabc3aa0a798f2e9",
        replace=streams.resource,
        behaviour="GetRecords is authorised on the stream that its iterator was made for",
        source="https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonkinesisdatastreams.html",
        test="streams.cloud.ts",
    ),
    Patch(
        name="stream-modes",
        module=kinesis,
        attribute="handle_request",
        sha256="e41884372bfdc1aa1a47bbf50520f1c67c6cef5733411b0687767eef0d74b98f",
        replace=streams.served,
        behaviour="A stream can change between on-demand and provisioned; readers look at once when something is written",
        source="https://docs.aws.amazon.com/kinesis/latest/APIReference/API_UpdateStreamMode.html",
        test="streams.cloud.ts",
    ),
    Patch(
        name="stream-on-demand",
        module=kinesis,
        attribute="_create_stream",
        sha256="d57ac0a660799ddf18f7e0e21f288c281f1fdfbcfb15cdd6dfc556dbcc8b24e3",
        replace=streams.created,
        behaviour="A stream on demand begins with four shards",
        source="https://docs.aws.amazon.com/streams/latest/dev/how-do-i-size-a-stream.html",
        test="streams.cloud.ts",
    ),
    Patch(
        name="event-source-create",
        module=lambda_svc,
        attribute="_create_esm",
        sha256="d351521bb6cdd30f024e04df12e2d607b091241cc46538f91b6ce693f5e9f2be",
        replace=event_sources.created,
        behaviour="Refuses a function whose role may not read the stream; fills the defaults of streams; LATEST begins when the mapping is made",
        source="https://docs.aws.amazon.com/lambda/latest/dg/services-kinesis-create.html",
        test="eventSources.cloud.ts",
    ),
    Patch(
        name="event-source-update",
        module=lambda_svc,
        attribute="_update_esm",
        sha256="1b7e0409cb6593c28bb2f07d88164708766a882863f761fd7a47d2cb6f9365e1",
        replace=event_sources.updated,
        behaviour="As on creation, when the function changes",
        source="https://docs.aws.amazon.com/lambda/latest/dg/services-kinesis-create.html",
        test="eventSources.cloud.ts",
    ),
    Patch(
        name="event-source-read",
        module=lambda_svc,
        attribute="_poll_kinesis",
        sha256="0d590120d060b0a8b10aadabb1a60cbb31a33d9eb78fcc29a9ade95d839302f9",
        replace=event_sources.polled,
        behaviour="Each shard is read with the function's role; failed records are retried, split off, aged out and sent to the destination, none is lost",
        source="https://docs.aws.amazon.com/lambda/latest/dg/kinesis-on-failure-destination.html",
        test="eventSources.cloud.ts",
    ),
]
