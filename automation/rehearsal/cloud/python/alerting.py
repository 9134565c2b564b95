"""Services that send to a topic: the topic's policy must let them, and so must the policy of its key. Nobody hears of a refusal."""

from typing import Any, Callable

import authorization
import usage
from ministack.core.arn import parse_arn
from ministack.core.responses import get_account_id, get_region
from ministack.services import kms, sns

KEY_ACTIONS = ("kms:GenerateDataKey", "kms:Decrypt")


def of_alarms(dispatch: Callable[..., None]) -> Callable[..., None]:
    """CloudWatch says which alarm it sends for.

    https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Notify_Users_Alarm_Changes.html
    """
    fields = ("AlarmActions", "OKActions", "InsufficientDataActions")

    def dispatch_checked(alarm: dict[str, Any], old_state: str, new_state: str, reason: str) -> None:
        source = {"aws:SourceArn": alarm.get("AlarmArn", ""), "aws:SourceAccount": get_account_id()}
        allowed = {field: [action for action in alarm.get(field) or [] if _may_send(action, "cloudwatch.amazonaws.com", source)] for field in fields}
        dispatch({**alarm, **allowed}, old_state, new_state, reason)

    return dispatch_checked


def of_rules(dispatch: Callable[[str, str], None]) -> Callable[[str, str], None]:
    """EventBridge says nothing of itself, neither to SNS nor to the key: a statement with a condition on its source lets nothing through.

    https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html
    https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
    """

    def dispatch_checked(topic_arn: str, payload: str) -> None:
        if _may_send(topic_arn, "events.amazonaws.com", {}):
            dispatch(topic_arn, payload)

    return dispatch_checked


def _may_send(topic_arn: str, service: str, source: dict[str, str]) -> bool:
    topic = sns._topics.get(topic_arn)
    if topic is None:
        return not topic_arn.startswith("arn:") or parse_arn(topic_arn).service != "sns"
    attributes = topic.get("attributes") or {}
    # The policy that SNS gives to every topic lets whatever belongs to the account, by this key.
    context = {**source, **({"aws:SourceOwner": get_account_id()} if source else {})}
    may = authorization.service_may(attributes.get("Policy"), service, "sns:Publish", context)
    usage.record("sns:Publish", topic_arn, service, may)
    return may and _may_use_key(attributes.get("KmsMasterKeyId", ""), service, source)


def _may_use_key(key_id: str, service: str, source: dict[str, str]) -> bool:
    """The key that AWS keeps for SNS names no service: https://repost.aws/knowledge-center/cloudwatch-configure-alarm-sns"""
    if not key_id:
        return True
    key = kms._resolve_key(key_id)
    if key is None or "alias/aws/" in key_id:
        return False
    context = {**source, "kms:ViaService": f"sns.{get_region()}.amazonaws.com"}
    answers = [authorization.service_may(key.get("Policy"), service, action, context) for action in KEY_ACTIONS]
    for action, may in zip(KEY_ACTIONS, answers):
        usage.record(action, key["Arn"], service, may)
    return all(answers)


def as_asked(subscribe: Callable[[dict[str, Any]], Any]) -> Callable[[dict[str, Any]], Any]:
    """Mail addresses confirm too; who asks for the ARN gets it before that.

    https://docs.aws.amazon.com/sns/latest/api/API_Subscribe.html
    """

    def subscribe_checked(params: dict[str, Any]) -> Any:
        status, headers, body = subscribe(params)
        topic = sns._topics.get(sns._normalize_arn(sns._p(params, "TopicArn"))) or {}
        found = [sub for sub in topic.get("subscriptions", []) if (sub["protocol"], sub["endpoint"]) == (sns._p(params, "Protocol"), sns._p(params, "Endpoint"))]
        if status >= 300 or not found:
            return status, headers, body
        if found[0]["protocol"].startswith("email"):
            found[0]["confirmed"] = False
            found[0]["attributes"].update(PendingConfirmation="true", ConfirmationWasAuthenticated="false")
        if sns._p(params, "ReturnSubscriptionArn") == "true":
            body = body.replace(b"pending confirmation", found[0]["arn"].encode())
        elif not found[0]["confirmed"]:
            body = body.replace(found[0]["arn"].encode(), b"pending confirmation")
        return status, headers, body

    return subscribe_checked


def unconfirmed_named(listing: Callable[[dict[str, Any]], Any]) -> Callable[[dict[str, Any]], Any]:
    """Lists show no ARN of a subscription that nobody has confirmed.

    https://docs.aws.amazon.com/sns/latest/api/API_ListSubscriptionsByTopic.html
    """

    def list_checked(params: dict[str, Any]) -> Any:
        status, headers, body = listing(params)
        topic = sns._topics.get(sns._normalize_arn(sns._p(params, "TopicArn"))) or {}
        for sub in topic.get("subscriptions", []):
            if not sub.get("confirmed"):
                body = body.replace(sub["arn"].encode(), b"PendingConfirmation")
        return status, headers, body

    return list_checked


def no_invitation(_send: Callable[..., Any]) -> Callable[..., Any]:
    """A rehearsal sends nothing to addresses outside of this machine, also no invitation to confirm."""

    async def send_nothing(_topic_arn: str, _sub: dict[str, Any]) -> None:
        return None

    return send_nothing
