"""Who may send to a topic, and who has confirmed that alerts reach him."""

import alerting
from ministack.services import cloudwatch, eventbridge, sns
from patching import Patch

PATCHES = [
    Patch(
        name="alarm-actions",
        module=cloudwatch,
        attribute="_dispatch_alarm_actions",
        sha256="fcf47c0d1e6ec4a03a219d7bf8d5a7218ed085cb29f497c8a98f417c45ecbd49",
        replace=alerting.of_alarms,
        behaviour="An alarm reaches a topic only if the topic's policy and that of its key let CloudWatch",
        source="https://repost.aws/knowledge-center/cloudwatch-configure-alarm-sns",
        test="alerting.cloud.ts",
    ),
    Patch(
        name="rule-topics",
        module=eventbridge,
        attribute="_dispatch_to_sns",
        sha256="72c921fe20b631e3b417117219f3e88cefeaaae334fd98e80049b2c0ebf8f15f",
        replace=alerting.of_rules,
        behaviour="An event reaches a topic only if the topic's policy and that of its key let EventBridge, without a condition on its source",
        source="https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html",
        test="alerting.cloud.ts",
    ),
    Patch(
        name="subscription-confirmation",
        module=sns,
        attribute="_subscribe",
        sha256="db260c543268f95325430f30a65e3702434d897d7fc2f4d7b7faaa8962257bc1",
        replace=alerting.as_asked,
        behaviour="A mail address confirms its subscription before it gets anything; a caller may ask for the ARN before that",
        source="https://docs.aws.amazon.com/sns/latest/api/API_Subscribe.html",
        test="alerting.cloud.ts",
    ),
    Patch(
        name="unconfirmed-subscriptions",
        module=sns,
        attribute="_list_subscriptions_by_topic",
        sha256="02119f3da93568ca57215d4efebc526f210446932b4a0bff219ec383880daa9c",
        replace=alerting.unconfirmed_named,
        behaviour="A subscription that nobody has confirmed is listed as PendingConfirmation",
        source="https://docs.aws.amazon.com/sns/latest/api/API_ListSubscriptionsByTopic.html",
        test="alerting.cloud.ts",
    ),
    Patch(
        name="no-invitations",
        module=sns,
        attribute="_send_subscription_confirmation",
        sha256="dd409e62606897a26f0e84576f4efb01a160fbaca20850669045888a48b33a05",
        replace=alerting.no_invitation,
        behaviour="None of AWS: nothing leaves this machine",
        source="https://docs.aws.amazon.com/sns/latest/dg/SendMessageToHttp.prepare.html",
        test="alerting.cloud.ts",
    ),
]
