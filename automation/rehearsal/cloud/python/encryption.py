"""Customer keys: whoever reads or writes what a key encrypts needs the key too, through the service that encrypts."""

import json
from typing import Any, Callable
from urllib.parse import parse_qs, unquote

import authorization
import usage
from ministack.core.responses import error_response_json, error_response_xml, get_account_id, get_region
from ministack.services import cloudwatch_logs, dynamodb, kinesis, kms, s3, sns, sqs

Answer = Any
Handler = Callable[..., Any]
KEY_HEADER = "x-amz-server-side-encryption-aws-kms-key-id"
SNS_NAMESPACE = "http://sns.amazonaws.com/doc/2010-03-31/"
# What an operation needs of the key: https://docs.aws.amazon.com/streams/latest/dev/permissions-user-key-KMS.html
STREAM_ACTIONS = {"PutRecord": ("kms:GenerateDataKey",), "PutRecords": ("kms:GenerateDataKey",), "GetRecords": ("kms:Decrypt",)}
# https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html
QUEUE_ACTIONS = {
    "SendMessage": ("kms:GenerateDataKey", "kms:Decrypt"),
    "SendMessageBatch": ("kms:GenerateDataKey", "kms:Decrypt"),
    "ReceiveMessage": ("kms:Decrypt",),
}
TABLE_ACTIONS = {"GetItem", "BatchGetItem", "Query", "Scan", "PutItem", "UpdateItem", "DeleteItem", "BatchWriteItem"}
LOG_ACTIONS = ("kms:Encrypt", "kms:Decrypt", "kms:GenerateDataKey", "kms:ReEncryptTo", "kms:DescribeKey")


def of_objects(handle: Handler) -> Handler:
    """https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html"""

    async def handle_checked(method: str, path: str, headers: dict[str, str], body: bytes, query_params: Any, *args: Any, **kwargs: Any) -> Answer:
        caller = authorization.caller_of(headers, query_params)
        bucket, _, key = unquote(path).lstrip("/").partition("/")
        if caller is None or not key:
            return await handle(method, path, headers, body, query_params, *args, **kwargs)
        refused = _object_write_refusal(caller, method, bucket, key, headers, query_params)
        if refused:
            return refused
        answer = await handle(method, path, headers, body, query_params, *args, **kwargs)
        used = {name.lower(): value for name, value in answer[1].items()}.get(KEY_HEADER)
        if method == "GET" and answer[0] < 300 and used:
            return _object_refusal(caller, "kms:Decrypt", used, bucket, key) or answer
        return answer

    return handle_checked


def _object_write_refusal(caller: Any, method: str, bucket: str, key: str, headers: dict[str, str], query: Any) -> Answer | None:
    """Writing needs a new data key. Parts of an upload are decrypted again when they are put together."""
    starts_upload = method == "POST" and "uploads" in query
    if starts_upload or (method == "PUT" and not set(query) & {"partNumber", "tagging", "acl", "retention", "legal-hold"}):
        wanted, invalid = s3._resolve_sse_write_headers(headers, bucket)
        used = None if invalid else (wanted or {}).get(KEY_HEADER)
        actions = ("kms:GenerateDataKey", "kms:Decrypt") if starts_upload else ("kms:GenerateDataKey",)
        for action in actions if used else ():
            refused = _object_refusal(caller, action, used, bucket, key)
            if refused:
                return refused
    return None


def _object_refusal(caller: Any, action: str, key_id: str, bucket: str, key: str) -> Answer | None:
    message = _refusal(caller, action, key_id, "s3", {"kms:EncryptionContext:aws:s3:arn": f"arn:aws:s3:::{bucket}/{key}"})
    return error_response_xml("AccessDenied", message, 403) if message else None


def of_tables(handle: Handler) -> Handler:
    """https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/encryption.usagenotes.html"""

    async def handle_checked(method: str, path: str, headers: dict[str, str], body: bytes, query_params: Any) -> Answer:
        operation = headers.get("x-amz-target", "").rpartition(".")[2]
        caller = authorization.caller_of(headers, query_params) if operation in TABLE_ACTIONS else None
        for table in _tables(operation, body) if caller else ():
            key_id = ((dynamodb._tables.get(table) or {}).get("SSEDescription") or {}).get("KMSMasterKeyArn", "")
            message = key_id and ":alias/aws/" not in key_id and _refusal(caller, "kms:Decrypt", key_id, "dynamodb", {})
            if message:
                return error_response_json("AccessDeniedException", f"KMS key access denied error: {message}", 400)
        return await handle(method, path, headers, body, query_params)

    return handle_checked


def _tables(operation: str, body: bytes) -> list[str]:
    request = json.loads(body or b"{}")
    names = list(request.get("RequestItems", {})) if operation.startswith("Batch") else [request.get("TableName", "")]
    return [name.rsplit("/", 1)[-1] for name in names]


def of_topics(handle: Handler) -> Handler:
    """https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html"""

    async def handle_checked(method: str, path: str, headers: dict[str, str], body: bytes, query_params: Any) -> Answer:
        form = {**(query_params or {}), **parse_qs(body.decode("utf-8", "replace"))} if method == "POST" else query_params or {}
        caller = authorization.caller_of(headers, query_params) if form.get("Action") in (["Publish"], "Publish") else None
        topic = sns._topics.get((form.get("TopicArn") or [""])[0]) if caller else None
        key_id = ((topic or {}).get("attributes") or {}).get("KmsMasterKeyId", "")
        for action in ("kms:GenerateDataKey", "kms:Decrypt") if key_id and "alias/aws/" not in key_id else ():
            message = _refusal(caller, action, key_id, "sns", {})
            if message:
                return error_response_xml("KMSAccessDenied", message, 400, SNS_NAMESPACE)
        return await handle(method, path, headers, body, query_params)

    return handle_checked


def of_streams(handle: Handler) -> Handler:
    async def handle_checked(method: str, path: str, headers: dict[str, str], body: bytes, query_params: Any) -> Answer:
        actions = STREAM_ACTIONS.get(headers.get("x-amz-target", "").rpartition(".")[2], ())
        caller = authorization.caller_of(headers, query_params) if actions else None
        stream = kinesis._streams.get(stream_name(json.loads(body or b"{}"))) if caller else None
        key_id = (stream or {}).get("KeyId", "")
        for action in actions if key_id and "alias/aws/" not in key_id else ():
            message = _refusal(caller, action, key_id, "kinesis", {"kms:EncryptionContext:aws:kinesis:arn": stream["StreamARN"]})
            if message:
                return error_response_json("KMSAccessDeniedException", message, 400)
        return await handle(method, path, headers, body, query_params)

    return handle_checked


def stream_name(request: dict[str, Any]) -> str:
    """By name, by ARN, or by what an iterator was made for; empty when the request names none."""
    arn = request.get("StreamARN") or (kinesis._shard_iterators.get(request.get("ShardIterator", "")) or {}).get("stream_arn") or ""
    return str(request.get("StreamName") or arn.rpartition("/")[2])


def of_queues(handle: Handler) -> Handler:
    """For the JSON protocol, which the SDKs of today speak; the older form-encoded one passes."""

    async def handle_checked(method: str, path: str, headers: dict[str, str], body: bytes, query_params: Any) -> Answer:
        operation = headers.get("x-amz-target", "").rpartition(".")[2]
        caller = authorization.caller_of(headers, query_params) if operation in QUEUE_ACTIONS else None
        key_id, arn = _queue_key(json.loads(body or b"{}").get("QueueUrl", "")) if caller else ("", "")
        for action in QUEUE_ACTIONS[operation] if key_id and "alias/aws/" not in key_id else ():
            message = _refusal(caller, action, key_id, "sqs", {"kms:EncryptionContext:aws:sqs:arn": arn})
            if message:
                return error_response_json("KmsAccessDenied", message, 400)
        return await handle(method, path, headers, body, query_params)

    return handle_checked


def _queue_key(url: str) -> tuple[str, str]:
    """Key and ARN of a queue; empty when there is no such queue, which SQS itself then says."""
    try:
        attributes = sqs._get_q(url)["attributes"]
    except sqs._Err:
        return "", ""
    return attributes.get("KmsMasterKeyId", ""), attributes.get("QueueArn", "")


def of_log_groups(save: Callable[[dict[str, Any]], Answer]) -> Callable[[dict[str, Any]], Answer]:
    """The key's policy must let the logs service use it for this very group."""

    def save_checked(data: dict[str, Any]) -> Answer:
        key_id, name = data.get("kmsKeyId"), data.get("logGroupName", "")
        if key_id and not _logs_may_use(key_id, cloudwatch_logs._make_group_arn(name).removesuffix(":*")):
            arn = cloudwatch_logs._make_group_arn(name).removesuffix(":*")
            return error_response_json(
                "InvalidParameterException", f"The specified KMS key does not exist or is not allowed to be used with Arn '{arn}'", 400
            )
        return save(data)

    return save_checked


def _logs_may_use(key_id: str, group_arn: str) -> bool:
    key = kms._resolve_key(key_id)
    principal = f"logs.{get_region()}.{_dns_suffix()}"
    context = {"kms:EncryptionContext:aws:logs:arn": group_arn, "aws:SourceArn": group_arn, "aws:SourceAccount": get_account_id()}
    return key is not None and all(authorization.service_may(key.get("Policy"), principal, action, context) for action in LOG_ACTIONS)


def record_log_write(group: str) -> None:
    """Writing to an encrypted group uses its key, by the logs service."""
    key = kms._resolve_key((cloudwatch_logs._log_groups.get(group) or {}).get("kmsKeyId") or "")
    if key is not None:
        usage.record("kms:GenerateDataKey", key["Arn"], f"logs.{get_region()}.{_dns_suffix()}", True)


def _refusal(caller: Any, action: str, key_id: str, service: str, context: dict[str, str]) -> str | None:
    """AWS's words when the caller may not use the key through the service."""
    key = kms._resolve_key(key_id)
    if key is None:
        return f"Key '{key_id}' does not exist"
    via = {"kms:ViaService": f"{service}.{get_region()}.{_dns_suffix()}", "kms:CallerAccount": get_account_id()}
    return authorization.denial(caller, action, key["Arn"], {**via, **context})


def _dns_suffix() -> str:
    return "amazonaws.com.cn" if get_region().startswith("cn-") else "amazonaws.com"
