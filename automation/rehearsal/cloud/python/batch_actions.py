"""Operations that IAM knows under another name: batches are as many of the single operation, and have no action of their own."""

from typing import Any, Callable

NAMES = {
    "sqs:SendMessageBatch": "sqs:SendMessage",
    "sqs:DeleteMessageBatch": "sqs:DeleteMessage",
    "sqs:ChangeMessageVisibilityBatch": "sqs:ChangeMessageVisibility",
    "sns:PublishBatch": "sns:Publish",
}


def action(extract: Callable[..., str | None]) -> Callable[..., str | None]:
    def extract_action(*args: Any, **kwargs: Any) -> str | None:
        found = extract(*args, **kwargs)
        return NAMES.get(found, found) if found else found

    return extract_action
